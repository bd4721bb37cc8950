/** Maskinporten's token endpoint and metadata, as strict as the real one about keys, time and `jti`. */
import { type KeyObject, createPublicKey, verify, type webcrypto } from 'node:crypto'
import { environments } from '@maskinporten-kit/core'
import type { Active } from '../faults.ts'
import { WORLD_BEGAN } from '../machine.ts'
import type { Random } from '../random.ts'
import { CANARY, type Issued, type Tokens } from './tokens.ts'

export interface Reply {
  readonly status: number
  readonly text: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** What it gave, for those who watch. */
  readonly issued?: Issued | undefined
}

/** What an assertion says, as far as the server looks. */
export interface Assertion {
  readonly kid: string
  readonly client: string
  readonly scope: string
  readonly consumerOrg: string | undefined
  readonly jti: string
  readonly iat: number
  readonly exp: number
  readonly aud: string
}

/** How far a client's clock may be off, milliseconds. */
const LEEWAY_MS = 10_000
const { issuer, tokenEndpoint } = environments.test
const PAGE = '<html><body>Please wait</body></html>'

export class Maskinporten {
  /** By kid; `true`: of a modelled signer. */
  readonly keys: Map<string, KeyObject | true> = new Map()
  /** Said of what no client may do. */
  breach: (what: string) => void = () => {}
  readonly #active: Active
  readonly #random: Random
  readonly #tokens: Tokens
  readonly #jtis = new Set<string>()
  #count = 0

  constructor(active: Active, random: Random, tokens: Tokens) {
    this.#active = active
    this.#random = random
    this.#tokens = tokens
  }

  register(kid: string, publicJwk?: webcrypto.JsonWebKey): void {
    this.keys.set(kid, publicJwk === undefined ? true : createPublicKey({ key: publicJwk, format: 'jwk' }))
  }

  metadata(): Reply {
    return { status: 200, text: JSON.stringify({ issuer, token_endpoint: tokenEndpoint }) }
  }

  answer(body: string, now: number): Reply {
    const headers = { date: new Date(WORLD_BEGAN + now).toUTCString() }
    const reply = this.#outage(now) ?? this.#judge(body, now)
    return { ...reply, headers: { ...headers, ...reply.headers } }
  }

  #outage(now: number): Reply | undefined {
    if (this.#active.of('maskinporten unavailable')) return { status: 503, text: PAGE }
    if (this.#active.of('maskinporten babbles')) return { status: 200, text: PAGE }
    const throttle = this.#active.of('maskinporten throttles')
    if (throttle === undefined) return undefined
    const seconds = throttle.amount ?? 1
    const asDate = new Date(WORLD_BEGAN + now + seconds * 1_000).toUTCString()
    return { status: 429, text: '', headers: { 'retry-after': this.#random.chance(0.5) ? String(seconds) : asDate } }
  }

  #judge(body: string, now: number): Reply {
    const text = new URLSearchParams(body).get('assertion') ?? ''
    const { kid, client, scope, consumerOrg, jti, iat, exp, aud } = readAssertion(text)
    if (this.#jtis.has(jti)) {
      this.breach(`an assertion was sent twice: jti ${jti}`)
      return refusal('jti was used before', 'MP-012')
    }
    this.#jtis.add(jti)
    if (this.#jtis.size > 100_000) this.#jtis.clear()
    if (aud !== issuer) return refusal('wrong audience', 'MP-110')
    const key = this.keys.get(kid)
    if (key === undefined)
      return refusal('Invalid assertion. Client authentication failed. Unknown key identifier (kid) for client.')
    if (!isSignedBy(text, key))
      return refusal('Invalid assertion. Client authentication failed. Invalid JWT signature.', 'MP-124')
    const wall = WORLD_BEGAN + now
    if (iat * 1_000 > wall + LEEWAY_MS)
      return refusal('Invalid assertion. Client authentication failed. Issue time is in the future.')
    if (exp * 1_000 < wall - LEEWAY_MS)
      return refusal('Invalid assertion. Client authentication failed. JWT has expired.', 'MP-130')
    if (this.#active.of('maskinporten refuses'))
      return refusal(`Token request contains invalid scopes for client, ${scope}`, 'MP-200', 'invalid_scope')
    const seconds = Number(scope.split(':').at(-1))
    const value = `mp-${CANARY}-${++this.#count}`
    const lifetimeMs = seconds * 1_000
    const issued = {
      value,
      kind: 'maskinporten',
      client,
      scope,
      consumerOrg,
      issuedAt: now,
      lifetimeMs,
      parentIssuedAt: now,
    } as const
    this.#tokens.issue(issued)
    const answer = { access_token: value, token_type: 'Bearer', expires_in: seconds, scope }
    return { status: 200, text: JSON.stringify(answer), issued }
  }
}

export function readAssertion(assertion: string): Assertion {
  const [head = '', claims = ''] = assertion.split('.')
  const read = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
  const { kid } = read(head)
  const { iss, scope, consumer_org: org, jti, iat, exp, aud } = read(claims)
  const consumerOrg = typeof org === 'string' ? org : undefined
  return {
    kid: String(kid),
    client: String(iss),
    scope: String(scope),
    consumerOrg,
    jti: String(jti),
    iat: Number(iat),
    exp: Number(exp),
    aud: String(aud),
  }
}

/** A modelled signer signs with its kid. */
export const modelledSignature = (kid: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(`${CANARY}00${Buffer.from(kid).toString('hex')}`, 'base64url'))

function isSignedBy(text: string, key: KeyObject | true): boolean {
  const end = text.lastIndexOf('.')
  const signature = text.slice(end + 1)
  if (key === true) return signature.startsWith(CANARY)
  return verify('sha256', Buffer.from(text.slice(0, end)), key, Buffer.from(signature, 'base64url'))
}

function refusal(description: string, code?: string, error = 'invalid_grant'): Reply {
  const body = {
    error,
    error_description: `${description} (trace_id: 0123456789abcdef0123456789abcdef)`,
    ...(code === undefined ? {} : { error_uri: `https://maskinporten.no/errors/${code}` }),
  }
  return { status: 400, text: JSON.stringify(body) }
}
