/** What a token says: header, claims and life. Never its signature, so that what is shown cannot be used. */
import type { AccessToken } from '@maskinporten-kit/core'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { Terminal } from '../terminal.ts'

type Claims = Readonly<Record<string, unknown>>

export interface Inspection {
  readonly kind: AccessToken['kind']
  readonly scopes: readonly string[]
  /** Absent with `claims` when the token is not a JWT. */
  readonly header?: Claims | undefined
  readonly claims?: Claims | undefined
  /** ISO 8601, UTC. */
  readonly issued_at?: string | undefined
  readonly expires_at: string
  /** Seconds. */
  readonly lifetime?: number | undefined
  readonly expires_in: number
}

export function inspection({ value, kind, scopes, expiresAt }: AccessToken, now: number = Date.now()): Inspection {
  const { header, claims } = decoded(value)
  const { iat, exp } = claims ?? {}
  return {
    kind,
    scopes,
    header,
    claims,
    issued_at: typeof iat === 'number' ? new Date(iat * 1000).toISOString() : undefined,
    expires_at: new Date(expiresAt).toISOString(),
    lifetime: typeof iat === 'number' && typeof exp === 'number' ? exp - iat : undefined,
    expires_in: Math.max(0, Math.floor((expiresAt - now) / 1000)),
  }
}

/** Of the column of names, characters. */
const WIDTH = 8

/** The same for people. */
export function inspectToken(token: AccessToken, terminal: Terminal): string {
  const { kind, scopes, header, claims, expires_at, lifetime, expires_in } = inspection(token)
  const title = (en: string, nb: string): string => terminal.style('bold', terminal.text({ en, nb }).padEnd(WIDTH))
  const life =
    lifetime === undefined
      ? terminal.text({ en: `${expires_in} s left`, nb: `${expires_in} s igjen` })
      : terminal.text({ en: `${expires_in} s left of ${lifetime} s`, nb: `${expires_in} s igjen av ${lifetime} s` })
  return [
    `${title('Kind', 'Type')}${kind}`,
    `${title('Scopes', 'Scopes')}${scopes.join(' ')}`,
    `${title('Life', 'Levetid')}${life}, ${terminal.text({ en: 'until', nb: 'til' })} ${expires_at}`,
    ...(header === undefined || claims === undefined
      ? [terminal.text({ en: 'The token is not a JWT.', nb: 'Tokenet er ikke en JWT.' })]
      : [title('Header', 'Hode'), json(header), title('Claims', 'Claims'), json(claims)]),
  ].join('\n')
}

const json = (value: Claims): string => JSON.stringify(value, null, 2)

function decoded(token: string): { readonly header?: Claims; readonly claims?: Claims } {
  try {
    return { header: { ...decodeProtectedHeader(token) }, claims: decodeJwt(token) }
  } catch {
    return {}
  }
}
