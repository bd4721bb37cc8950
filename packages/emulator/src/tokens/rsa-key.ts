/** RSA keys: made on the thread pool, read from JWKs, and named by their thumbprint. */
import { createHash, createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

/** What is read of a JWK (RFC 7517, RFC 7518 §6.3). */
export interface RsaJwk {
  readonly kty?: string
  readonly kid?: string
  readonly alg?: string
  readonly use?: string
  readonly n?: string
  readonly e?: string
  readonly d?: string
  readonly p?: string
  readonly q?: string
  readonly dp?: string
  readonly dq?: string
  readonly qi?: string
}

export interface RsaKeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const generateOnPool = promisify(generateKeyPair)

/** `modulusLength`: bits. Takes 20 to 200 ms of processor time, by chance. */
export function generateRsaKey(modulusLength = 2048): Promise<RsaKeyPair> {
  return generateOnPool('rsa', { modulusLength })
}

/** @throws TypeError or Error for what is not a private RSA JWK. */
export function privateKeyOf({ kty, n, e, d, p, q, dp, dq, qi }: RsaJwk): KeyObject {
  const key = Object.fromEntries(
    Object.entries({ kty, n, e, d, p, q, dp, dq, qi }).filter(([, value]) => value !== undefined),
  )
  return createPrivateKey({ key, format: 'jwk' })
}

/** Private with a private key, public with a public one. */
export function jwkOf(key: KeyObject): RsaJwk {
  return key.export({ format: 'jwk' })
}

/** RFC 7638 §3.2. */
export function thumbprintOf({ e, kty, n }: RsaJwk): string {
  return createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url')
}
