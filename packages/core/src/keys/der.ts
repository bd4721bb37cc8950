/** Keys in DER ([X.690](https://www.itu.int/rec/T-REC-X.690)), and the reader that certificates need too. */
import { encode } from 'jose/base64url'
import { refuse, refuseCutShort, refuseEncrypted, refuseNotRsa, refusePublic } from './key-refusal.ts'

export interface DerElement {
  readonly tag: number
  readonly body: Uint8Array
  /** With tag and length. */
  readonly whole: Uint8Array
}

const SEQUENCE = 0x30
/** A private key has nine, a certificate ten. */
const MOST_ELEMENTS = 32
/** 1.2.840.113549.1.1.1 rsaEncryption, in base64url. */
const RSA_ENCRYPTION = 'KoZIhvcNAQEB'
const PKCS1_MEMBERS = ['version', 'n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi']

/** The members of a sequence that is all of `bytes`; `undefined` when it is not one. */
export function readSequence(bytes: Uint8Array): readonly DerElement[] | undefined {
  const [outer, ...others] = readElements(bytes) ?? []
  return outer?.tag === SEQUENCE && others.length === 0 ? readElements(outer.body) : undefined
}

/** The elements that `bytes` consists of; `undefined` when they do not fill it exactly. */
function readElements(bytes: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = []
  for (let at = 0; at < bytes.length;) {
    let start = at + 2
    let length = bytes[at + 1] ?? Infinity
    if (length > 0x84) return undefined
    if (length >= 0x80) {
      start += length - 0x80
      length = bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0)
    }
    const end = start + length
    if (end > bytes.length || elements.length === MOST_ELEMENTS) return undefined
    elements.push({ tag: bytes[at] ?? 0, body: bytes.subarray(start, end), whole: bytes.subarray(at, end) })
    at = end
  }
  return elements
}

/**
 * The JWK of a private key: PKCS#1 ([RFC 8017 A.1.2](https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2)), or PKCS#8
 * around it ([RFC 5958 §2](https://www.rfc-editor.org/rfc/rfc5958#section-2)).
 *
 * The tags of the outer members tell what it is: 2 INTEGER, 3 BIT STRING, 4 OCTET STRING, 48 SEQUENCE.
 */
export function jwkOfDer(bytes: Uint8Array): Record<string, unknown> {
  const parts = readSequence(bytes) ?? []
  const shape = parts.map(({ tag }) => tag).join()
  const [, algorithm, inner] = parts
  if (/^(?:2,){8}2$/.test(shape)) {
    const members = PKCS1_MEMBERS.map((name, index): [string, unknown] => [name, encode(parts[index]?.body ?? '')])
    return { ...Object.fromEntries(members), kty: 'RSA' }
  }
  if (/^2,48,4\b/.test(shape) && algorithm && inner) {
    const [oid] = readSequence(algorithm.whole) ?? []
    if (oid && encode(oid.body) === RSA_ENCRYPTION) return jwkOfDer(inner.body)
  }
  if (/^2,(?:48,)?4\b/.test(shape)) refuseNotRsa('is not an RSA key')
  if (/^(?:48,3|2,2)$/.test(shape)) refusePublic()
  if (shape === '48,4') refuseEncrypted()
  if (shape === '') refuseCutShort('a binary key (DER)')
  return refuse(
    'KEY_IS_PKCS12',
    'is base64 of a binary key store or certificate (DER), not of a JWK. A certificate holds no private key. Convert a .p12/.pfx to PEM (openssl pkcs12 -in store.p12 -nodes -out chain.pem).',
    'the text of chain.pem',
  )
}
