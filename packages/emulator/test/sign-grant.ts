/** Grants for the tests of this package, made with jose alone. */
import { randomUUID } from 'node:crypto'
import { importJWK, SignJWT, type JWTPayload } from 'jose'
import type { EmulatedClient, EmulatedClientWithoutKey, Emulator } from '@maskinporten-kit/emulator'

export const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

export interface GrantChanges {
  /** `undefined` takes a claim away. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  readonly header?: Readonly<Record<string, unknown>> | undefined
  readonly key?: object | CryptoKey | undefined
}

export async function signGrant(
  emulator: { readonly clock: Pick<Emulator['clock'], 'now'>; readonly maskinporten: { readonly issuer: string } },
  client: EmulatedClient | EmulatedClientWithoutKey,
  changes: GrantChanges = {},
): Promise<string> {
  const now = Math.floor(emulator.clock.now() / 1000)
  const claims: JWTPayload = {
    aud: emulator.maskinporten.issuer,
    iss: client.clientId,
    scope: client.scopes.join(' '),
    iat: now,
    exp: now + 119,
    jti: randomUUID(),
    ...changes.claims,
  }
  const header = withoutUndefined({ alg: 'RS256', kid: client.kid, ...changes.header })
  const key = changes.key ?? client.jwk
  if (!key) throw new TypeError('this client has no key; give one')
  const imported = key instanceof CryptoKey ? key : await importJWK(key, String(header['alg']))
  return new SignJWT(withoutUndefined(claims)).setProtectedHeader({ alg: 'RS256', ...header }).sign(imported)
}

function withoutUndefined(members: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

export function postGrant(emulator: Emulator, assertion: string): Promise<Response> {
  return fetch(`${emulator.maskinporten.url}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: jwtBearer, assertion }),
  })
}

export async function tokenFor(
  emulator: Emulator,
  client: EmulatedClient | EmulatedClientWithoutKey,
  changes?: GrantChanges,
): Promise<string> {
  const response = await postGrant(emulator, await signGrant(emulator, client, changes))
  const body = await readJson(response)
  if (response.status !== 200) throw new Error(`no token: ${response.status} ${String(body['error_description'])}`)
  return String(body['access_token'])
}

export async function altinnTokenFor(emulator: Emulator, client: EmulatedClient): Promise<string> {
  const response = await exchange(emulator, await tokenFor(emulator, client), '?test=true')
  if (response.status !== 200) throw new Error(`no exchange: ${response.status}`)
  return response.text()
}

export function exchange(
  emulator: Emulator,
  token: string,
  query = '',
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${emulator.altinn.url}/authentication/api/v1/exchange/maskinporten${query}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  })
}

export async function readJson(response: Response): Promise<Record<string, unknown>> {
  const value: unknown = await response.json()
  if (typeof value !== 'object' || value === null) throw new TypeError('the answer is no JSON object')
  return Object.fromEntries(Object.entries(value))
}
