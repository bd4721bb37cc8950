/** Binary private keys as a JWK: PKCS#1 (RFC 8017 A.1.2) and PKCS#8 around it (RFC 5958 §2). */
import { encode } from 'jose/base64url'
import { readSequence } from './der.ts'
import { refuse, refuseNotRsa } from './key-refusal.ts'

/** 1.2.840.113549.1.1.1 rsaEncryption, in base64url. */
const RSA_ENCRYPTION = 'KoZIhvcNAQEB'
const PKCS1_MEMBERS = ['version', 'n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi']

/** Told apart by the tags of the outer members: 2 INTEGER, 3 BIT STRING, 4 OCTET STRING, 48 SEQUENCE. */
export function jwkOfDer(bytes: Uint8Array): Record<string, unknown> {
  const parts = readSequence(bytes) ?? []
  const shape = parts.map(({ tag }) => tag).join()
  const [, algorithm, inner] = parts
  if (/^2,48,4\b/.test(shape) && algorithm && inner) {
    const [oid] = readSequence(algorithm.whole) ?? []
    return oid && encode(oid.body) === RSA_ENCRYPTION ? jwkOfDer(inner.body) : refuseNotRsa('is not an RSA key')
  }
  if (/^(?:2,){8}2$/.test(shape)) {
    const members = PKCS1_MEMBERS.map((name, index): [string, unknown] => [name, encode(parts[index]?.body ?? '')])
    return { ...Object.fromEntries(members), kty: 'RSA' }
  }
  if (/^2,4\b/.test(shape)) refuseNotRsa('is not an RSA key')
  if (/^(?:48,3|2,2)$/.test(shape)) refusePublic()
  if (shape === '48,4') refuseEncrypted()
  if (shape === '') refuseCutShort('a binary key (DER)')
  return refuse(
    'KEY_IS_PKCS12',
    'is base64 of a binary key store or certificate (DER), not of a JWK. A certificate holds no private key. Convert a .p12/.pfx to PEM: openssl pkcs12 -in store.p12 -nodes -out chain.pem',
  )
}

export const refusePublic = (): never =>
  refuse('KEY_PUBLIC_ONLY', 'is a certificate or public key; the private key is needed. Store that one.')

export const refuseCutShort = (what: string): never =>
  refuse('KEY_PEM_BAD', `is ${what} that does not parse. Was the value cut short when pasted?`)

export const refuseEncrypted = (): never =>
  refuse('KEY_PEM_ENCRYPTED', 'is a password-protected key. Decrypt it first: openssl pkey -in key.pem -out plain.pem')
