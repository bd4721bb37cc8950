/** An enterprise certificate's chain for the header `x5c` ([RFC 7515 §4.1.6](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.6)): leaf first, whatever the file's order. */
import { readSequence } from './der.ts'
import { refuse } from './key-refusal.ts'

export interface CertificateChain {
  readonly x5c: readonly string[]
  /** Start of the leaf, milliseconds since the Unix epoch. */
  readonly issuedAt: number
  /** End of the leaf, milliseconds since the Unix epoch. */
  readonly expiresAt: number
}

interface Certificate {
  readonly binary: string
  readonly issuer: string
  readonly subject: string
  readonly notBefore: number
  readonly notAfter: number
}

/** `modulus` finds the leaf: it is the certificate that holds the key. */
export function orderChain(certificates: readonly Uint8Array[], modulus: Uint8Array): CertificateChain {
  const all = certificates.map(readCertificate)
  const leaf = all.find((one) => one.binary.includes(binaryOf(modulus)))
  if (leaf === undefined)
    return refuse(
      'KEY_PAIR_MISMATCH',
      'holds certificates, but none for its private key. Export both from one key store.',
      'the PEM of both',
    )
  const chain = [leaf]
  for (let last = leaf; ;) {
    const next = all.find((one) => one.subject === last.issuer && !chain.includes(one))
    if (next === undefined) break
    chain.push(next)
    last = next
  }
  return { x5c: chain.map((one) => btoa(one.binary)), issuedAt: leaf.notBefore, expiresAt: leaf.notAfter }
}

const binaryOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')

/** [RFC 5280 §4.1](https://www.rfc-editor.org/rfc/rfc5280#section-4.1): version, serial, algorithm, issuer, validity, subject; the version may be absent. */
function readCertificate(bytes: Uint8Array): Certificate {
  const [signed] = readSequence(bytes) ?? []
  const fields = signed && readSequence(signed.whole)
  const [, , issuer, validity, subject] = fields?.[0]?.tag === 0xa0 ? fields.slice(1) : (fields ?? [])
  const [notBefore, notAfter] = (validity && readSequence(validity.whole)) ?? []
  if (!issuer || !subject || !notBefore || !notAfter)
    return refuse(
      'KEY_PEM_BAD',
      'holds a certificate that does not parse. Export the chain again.',
      'the PEM of key and chain',
    )
  return {
    binary: binaryOf(bytes),
    issuer: binaryOf(issuer.whole),
    subject: binaryOf(subject.whole),
    notBefore: timeOf(binaryOf(notBefore.body)),
    notAfter: timeOf(binaryOf(notAfter.body)),
  }
}

/** `260131120000Z` (years 1950–2049) or `20500131120000Z`. */
function timeOf(text: string): number {
  const full = text.length > 13 ? text : `${Number(text.slice(0, 2)) < 50 ? 20 : 19}${text}`
  return Date.parse(full.replace(/^(....)(..)(..)(..)(..)(..).*/, '$1-$2-$3T$4:$5:$6Z'))
}
