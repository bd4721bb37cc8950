/** Just enough DER to make a certificate that says what a test needs; nobody verifies its signature. */
import { type KeyObject, createPublicKey } from 'node:crypto'

function element(tag: number, ...bodies: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(bodies)
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

const sequence = (...bodies: readonly Uint8Array[]): Uint8Array => element(0x30, ...bodies)
const algorithm = sequence(element(6, Buffer.from('2a864886f70d01010b', 'hex')), element(5))
const name = (text: string): Uint8Array =>
  sequence(element(0x31, sequence(element(6, Buffer.from('550403', 'hex')), element(12, Buffer.from(text)))))

export interface CertificateFields {
  readonly subject: string
  readonly issuer: string
  readonly key: KeyObject
  /** `491231235959Z` or `20991231235959Z`. */
  readonly notAfter?: string
}

/** RFC 5280 §4.1. */
export function certificate({ subject, issuer, key, notAfter = '491231235959Z' }: CertificateFields): Uint8Array {
  const time = (text: string): Uint8Array => element(text.length > 13 ? 0x18 : 0x17, Buffer.from(text))
  const validity = sequence(time('250101000000Z'), time(notAfter))
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const version = element(0xa0, element(2, Buffer.from([2])))
  const signed = sequence(
    version,
    element(2, Buffer.from([1])),
    algorithm,
    name(issuer),
    validity,
    name(subject),
    publicKey,
  )
  return sequence(signed, algorithm, element(3, Buffer.alloc(257)))
}

export const certificatePem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`

/** The outside of a PKCS#12 store: version 3, then a content info. */
export const pkcs12 = (): Uint8Array =>
  sequence(
    element(2, Buffer.from([3])),
    sequence(element(6, Buffer.from('2a864886f70d010701', 'hex')), element(0xa0, Buffer.alloc(300, 7))),
  )
