/** A trust store of Java: PKCS #12 (RFC 7292) with certificates alone, as keytool writes it, but without password and MAC. */
import { explicit, integer, objectIdentifier, octets, sequence, setOf } from '../tokens/der.ts'

const data = '1.2.840.113549.1.7.1'
const certBag = '1.2.840.113549.1.12.10.1.3'
const x509Certificate = '1.2.840.113549.1.9.22.1'
/** Java's own, without which it takes a certificate for that of a key, and trusts it in nothing. */
const trustedKeyUsage = '2.16.840.1.113894.746875.1.1'
const anyExtendedKeyUsage = '2.5.29.37.0'

/** `certificates`: PEM, one each; what comes twice is written once. */
export function trustStore(certificates: readonly string[]): Uint8Array {
  const bags = distinctCertificates(certificates).map((pem) => bagOf(Buffer.from(bodyOf(pem), 'base64')))
  const authenticatedSafe = sequence(contentOf(sequence(...bags)))
  return sequence(integer(Buffer.from([3])), contentOf(authenticatedSafe))
}

/** PEM, one each: each certificate once, whatever stands around it and however its lines are broken. */
export function distinctCertificates(certificates: readonly string[]): readonly string[] {
  return [...new Map(certificates.map((pem) => [bodyOf(pem), pem.trim()])).values()]
}

function bodyOf(pem: string): string {
  return pem.replaceAll(/-----[^-]+-----|\s/g, '')
}

/** SafeBag (RFC 7292 §4.2) with a CertBag. */
function bagOf(der: Uint8Array): Uint8Array {
  const certificate = sequence(objectIdentifier(x509Certificate), explicit(0, octets(der)))
  const trusted = sequence(objectIdentifier(trustedKeyUsage), setOf(objectIdentifier(anyExtendedKeyUsage)))
  return sequence(objectIdentifier(certBag), explicit(0, certificate), setOf(trusted))
}

/** ContentInfo (RFC 2315 §7) of the type `data`. */
function contentOf(content: Uint8Array): Uint8Array {
  return sequence(objectIdentifier(data), explicit(0, octets(content)))
}
