/** A trust store of Java: PKCS #12 (RFC 7292) with certificates alone, as keytool writes it, but without password and MAC. */
import {
  Constructed,
  Integer,
  ObjectIdentifier,
  OctetString,
  Sequence,
  Set as SetOf,
} from '../tokens/certificate-libraries.ts'

type Value = Sequence | SetOf | Integer | ObjectIdentifier | OctetString | Constructed

const data = '1.2.840.113549.1.7.1'
const certBag = '1.2.840.113549.1.12.10.1.3'
const x509Certificate = '1.2.840.113549.1.9.22.1'
/** Java's own, without which it takes a certificate for that of a key, and trusts it in nothing. */
const trustedKeyUsage = '2.16.840.1.113894.746875.1.1'
const anyExtendedKeyUsage = '2.5.29.37.0'

/** `certificates`: PEM, one each; what comes twice is written once. */
export function trustStore(certificates: readonly string[]): Uint8Array {
  const bags = distinctCertificates(certificates).map((pem) => bagOf(derOf(pem)))
  const authenticatedSafe = sequence([contentOf(sequence(bags))])
  return new Uint8Array(sequence([new Integer({ value: 3 }), contentOf(authenticatedSafe)]).toBER())
}

/** PEM, one each: each certificate once, whatever stands around it and however its lines are broken. */
export function distinctCertificates(certificates: readonly string[]): readonly string[] {
  return [...new Map(certificates.map((pem) => [bodyOf(pem), pem.trim()])).values()]
}

function bodyOf(pem: string): string {
  return pem.replaceAll(/-----[^-]+-----|\s/g, '')
}

function derOf(pem: string): Uint8Array {
  return new Uint8Array(Buffer.from(bodyOf(pem), 'base64'))
}

/** SafeBag (RFC 7292 §4.2) with a CertBag. */
function bagOf(der: Uint8Array): Sequence {
  const certificate = sequence([id(x509Certificate), tagged(new OctetString({ valueHex: der }))])
  const trusted = sequence([id(trustedKeyUsage), setOf(id(anyExtendedKeyUsage))])
  return sequence([id(certBag), tagged(certificate), setOf(trusted)])
}

/** ContentInfo (RFC 2315 §7) of the type `data`. */
function contentOf(content: Sequence): Sequence {
  return sequence([id(data), tagged(new OctetString({ valueHex: content.toBER() }))])
}

/** [0] EXPLICIT */
function tagged(value: Value): Constructed {
  return new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [value] })
}

function sequence(value: Value[]): Sequence {
  return new Sequence({ value })
}

function setOf(value: Value): SetOf {
  return new SetOf({ value: [value] })
}

function id(value: string): ObjectIdentifier {
  return new ObjectIdentifier({ value })
}
