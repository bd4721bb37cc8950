/** Binary private keys as a JWK: PKCS#1 (RFC 8017 A.1.2) and PKCS#8 around it (RFC 5958 §2). */
import { encode } from 'jose/base64url'
import { type DerElement, SEQUENCE, readSequence } from './der.ts'
import { KeyRefusal } from './key-refusal.ts'

const INTEGER = 2
const BIT_STRING = 3
const OCTET_STRING = 4
/** 1.2.840.113549.1.1.1 rsaEncryption, in base64url. */
const RSA_ENCRYPTION = 'KoZIhvcNAQEB'
const PKCS1_MEMBERS = ['version', 'n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi']

/** @throws KeyRefusal for every other kind of DER: public, encrypted, PKCS#12, certificate, EC. */
export function jwkOfDer(bytes: Uint8Array): Record<string, unknown> {
  const parts = readSequence(bytes) ?? []
  const [first, second, third] = parts
  const is = (...tags: number[]): boolean => tags.every((tag, index) => parts[index]?.tag === tag)
  if (is(INTEGER, SEQUENCE, OCTET_STRING) && second && third) {
    if (!isRsa(second))
      throw new KeyRefusal(
        'KEY_NOT_RSA',
        'is not an RSA key; Maskinporten takes RSA keys (RS256, RS384, RS512). Make one with 2048 bits or more.',
      )
    return jwkOfDer(third.body)
  }
  if (is(INTEGER, INTEGER, INTEGER) && parts.length >= PKCS1_MEMBERS.length) {
    return Object.fromEntries<unknown>([
      ['kty', 'RSA'],
      ...PKCS1_MEMBERS.map((name, index): [string, unknown] => [name, encode(parts[index]?.body ?? '')]),
    ])
  }
  if (is(INTEGER, OCTET_STRING))
    throw new KeyRefusal(
      'KEY_NOT_RSA',
      'is an EC key; Maskinporten takes RSA keys (RS256, RS384, RS512). Make one with 2048 bits or more.',
    )
  if (is(SEQUENCE, BIT_STRING) || is(INTEGER, INTEGER)) throw publicOnly()
  if (is(SEQUENCE, OCTET_STRING) && first) throw encrypted()
  throw new KeyRefusal(
    'KEY_IS_PKCS12',
    'is base64 of a binary key store or certificate (DER), not of a JWK. Convert a .p12/.pfx to PEM: openssl pkcs12 -in store.p12 -nodes -out chain.pem',
  )
}

export const publicOnly = (): KeyRefusal =>
  new KeyRefusal('KEY_PUBLIC_ONLY', 'is a certificate or public key; the private key is needed. Store that one.')

export const encrypted = (): KeyRefusal =>
  new KeyRefusal(
    'KEY_PEM_ENCRYPTED',
    'is a password-protected key. Decrypt it first: openssl pkey -in key.pem -out plain.pem',
  )

function isRsa(algorithm: DerElement): boolean {
  const [oid] = readSequence(algorithm.whole) ?? []
  return oid !== undefined && encode(oid.body) === RSA_ENCRYPTION
}
