/** Keys made for a run, in the forms that people store them in. */
import { type KeyObject, generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'

export interface TestKey {
  readonly key: KeyObject
  readonly jwk: TestJwk
  readonly publicJwk: Record<string, unknown>
}

export type TestJwk = Readonly<Record<'kty' | 'kid' | 'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi', string>>

const generate = promisify(generateKeyPair)

export async function rsaKey(kid: string, modulusLength = 2048): Promise<TestKey> {
  const { privateKey } = await generate('rsa', { modulusLength })
  const {
    kty = '',
    n = '',
    e = '',
    d = '',
    p = '',
    q = '',
    dp = '',
    dq = '',
    qi = '',
  } = privateKey.export({ format: 'jwk' })
  return { key: privateKey, jwk: { kty, kid, n, e, d, p, q, dp, dq, qi }, publicJwk: { kty, kid, n, e } }
}

export async function otherKey(type: 'ec' | 'rsa-pss'): Promise<KeyObject> {
  if (type === 'ec') return (await generate('ec', { namedCurve: 'P-256' })).privateKey
  return (await generate('rsa-pss', { modulusLength: 2048 })).privateKey
}

export const pem = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1' = 'pkcs8'): string =>
  key.export({ type, format: 'pem' })
export const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64')
export const encoded = (json: unknown): string => base64(JSON.stringify(json))
