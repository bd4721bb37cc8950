/** What writes certificates and ASN.1. The build makes one file of it (rolldown.config.ts), which loads in a quarter of the time. */
// It must be there before @peculiar/x509 is loaded.
import 'reflect-metadata'

export { Constructed, Integer, ObjectIdentifier, OctetString, Sequence, Set } from 'asn1js'
export {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  Name,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
