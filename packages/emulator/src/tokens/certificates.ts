/** The emulator's own certificate authority: server certificates, enterprise certificates, and the chains it trusts. */
import { KeyObject, X509Certificate } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { machineNow } from '../clock.ts'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from './certificate-libraries.ts'
import { generateRsaKey } from './rsa-key.ts'

const day = 86_400_000
const year = 365 * day
/** The emulator's clock may be set to any of these years. */
const always = { from: Date.UTC(2000, 0), to: Date.UTC(2100, 0) }
const elliptic = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

export interface Certificate {
  readonly pem: string
  /** Standard base64 of the DER, as in `x5c` (RFC 7515 §4.1.6). */
  readonly base64: string
}

export interface EnterpriseCertificate {
  /** PKCS #8. */
  readonly privateKeyPem: string
  /** Leaf first, then the issuing authority. */
  readonly chainPem: string
  /** The same chain as the header `x5c` wants it. */
  readonly x5c: readonly string[]
}

/** What is wrong with an enterprise certificate that is made to be refused. */
export type CertificateFlaw = 'expired' | 'revoked' | 'foreign'

export interface CertificateAuthority {
  readonly pem: string
  issueServer(hosts: {
    readonly dns: readonly string[]
    readonly ip: readonly string[]
  }): Promise<{ readonly key: string; readonly cert: string }>
  issueForKey(name: string, publicKey: KeyObject): Promise<Certificate>
  /** Valid for three years (Buypass and Commfides) from `now`, milliseconds since the epoch, unless it has a flaw. */
  issueEnterprise(
    subject: { readonly orgNumber: string; readonly name: string; readonly flaw?: CertificateFlaw | undefined },
    now: number,
  ): Promise<EnterpriseCertificate>
  /** The leaf's organisation number and key, or why the chain is not trusted at `now`. */
  verifyChain(x5c: readonly string[], now: number): VerifiedChain | { readonly distrusted: string }
}

export interface VerifiedChain {
  readonly orgNumber: string | undefined
  /** SPKI, PEM. */
  readonly publicKeyPem: string
}

export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  const keys = await newPair()
  const name = nameOf({ CN: 'Maskinporten Kit emulator CA' }, { O: 'Maskinporten Kit' })
  const root = await X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    notBefore: new Date(always.from),
    notAfter: new Date(always.to),
    signingAlgorithm: elliptic,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  const pem = root.toString('pem')
  // Strict verifiers, Python's since 3.13 among them, want both identifiers (RFC 5280 §4.2.1.1 and §4.2.1.2).
  const authorityKeyId = await AuthorityKeyIdentifierExtension.create(keys.publicKey)
  const trusted = new X509Certificate(pem)
  /** Leaves, as in `x5c`. */
  const revoked = new Set<string>()

  async function issue(
    subject: Name,
    key: KeyObject,
    valid: { readonly from: number; readonly to: number },
    extensions: readonly Extension[],
  ): Promise<Certificate> {
    const publicKey = new Uint8Array(key.export({ type: 'spki', format: 'der' }))
    const certificate = await X509CertificateGenerator.create({
      subject,
      issuer: name,
      publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: elliptic,
      notBefore: new Date(valid.from),
      notAfter: new Date(valid.to),
      extensions: [...extensions, authorityKeyId, await SubjectKeyIdentifierExtension.create(publicKey)],
    })
    return { pem: certificate.toString('pem'), base64: certificate.toString('base64') }
  }

  return {
    pem,
    async issueServer({ dns, ip }) {
      const pair = await newPair()
      // Apple refuses a server certificate of more than 398 days.
      const valid = { from: machineNow() - day, to: machineNow() + 396 * day }
      const subject = nameOf({ CN: 'Maskinporten Kit emulator' })
      const leaf = await issue(subject, KeyObject.from(pair.publicKey), valid, [
        new SubjectAlternativeNameExtension([
          ...dns.map((value) => ({ type: 'dns' as const, value })),
          ...ip.map((value) => ({ type: 'ip' as const, value: plainAddress(value) })),
        ]),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      ])
      return { key: pemOf(KeyObject.from(pair.privateKey)), cert: `${leaf.pem}\n${pem}` }
    },
    issueForKey: (commonName, publicKey) =>
      issue(nameOf({ CN: commonName }), publicKey, always, [new KeyUsagesExtension(KeyUsageFlags.digitalSignature)]),
    async issueEnterprise({ flaw, ...holder }, now) {
      // One that says the same of itself, and is another.
      if (flaw === 'foreign') return (await createCertificateAuthority()).issueEnterprise(holder, now)
      const from = flaw === 'expired' ? now - 3 * year - day : now
      const pair = await generateRsaKey()
      const { orgNumber } = holder
      const subject = nameOf(
        { CN: holder.name },
        { '2.5.4.5': orgNumber },
        { '2.5.4.97': `NTRNO-${orgNumber}` },
        { O: holder.name },
        { C: 'NO' },
      )
      const leaf = await issue(subject, pair.publicKey, { from: from - day, to: from + 3 * year }, [
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation, true),
      ])
      if (flaw === 'revoked') revoked.add(leaf.base64)
      return {
        privateKeyPem: pemOf(pair.privateKey),
        chainPem: `${leaf.pem}\n${pem}\n`,
        x5c: [leaf.base64, root.toString('base64')],
      }
    },
    verifyChain(x5c, at) {
      const chain = x5c.map(parseDer)
      const leaf = chain[0]
      const distrust = (distrusted: string): { readonly distrusted: string } => ({ distrusted })
      if (!leaf) return distrust('The first of x5c is not a certificate.')
      if (leaf.ca) return distrust('The first of x5c is the certificate of an authority.')
      if (revoked.has(leaf.raw.toString('base64'))) return distrust('The certificate is revoked.')
      for (const [index, certificate] of chain.entries()) {
        const which = `Certificate ${index + 1} of x5c`
        if (!certificate) return distrust(`${which} cannot be read.`)
        if (at < certificate.validFromDate.getTime()) return distrust(`${which} begins at ${certificate.validFrom}.`)
        if (at > certificate.validToDate.getTime()) return distrust(`${which} ended at ${certificate.validTo}.`)
        const issuer = chain[index + 1] ?? trusted
        if (!issuer.ca || !certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) {
          return distrust(`${which} was not issued by the next one, or by the emulator's authority.`)
        }
      }
      const organisation =
        /^organizationIdentifier=NTRNO-(\d{9})$/m.exec(leaf.subject) ?? /^serialNumber=(\d{9})$/m.exec(leaf.subject)
      return {
        orgNumber: organisation?.[1],
        publicKeyPem: leaf.publicKey.export({ type: 'spki', format: 'pem' }),
      }
    },
  }
}

function parseDer(base64: string): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'))
  } catch {
    return undefined
  }
}

function newPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(elliptic, true, ['sign', 'verify'])
}

/** Typed, since @peculiar/x509 reads signs of its own in a value of no type: quotes, backslashes and a first #. */
function nameOf(...parts: readonly Readonly<Record<string, string>>[]): Name {
  // What X.520 lets be a PrintableString only.
  const printable = new Set(['C', '2.5.4.5'])
  return new Name(
    parts.map((part) =>
      Object.fromEntries(
        Object.entries(part).map(([type, value]) => [
          type,
          [printable.has(type) ? { printableString: value } : { utf8String: value }],
        ]),
      ),
    ),
  )
}

/** In hexadecimal groups and without a zone, as @peculiar/x509 reads IPv6. */
function plainAddress(address: string): string {
  if (!isIPv6(address)) return address
  return new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1)
}

/** PKCS #8. */
function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' })
}
