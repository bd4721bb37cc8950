/** The emulator's own certificate authority: server certificates, enterprise certificates, and the chains it trusts. */
import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { machineNow } from '../clock.ts'
import { generateRsaKey } from './rsa-key.ts'
import {
  alternativeNames,
  authorityOfLeaves,
  type Certificate,
  type DistinguishedName,
  forServers,
  keyUsage,
  writeCertificate,
} from './x509.ts'

const day = 86_400_000
const year = 365 * day
/** The emulator's clock may be set to any of these years. */
const always = { from: Date.UTC(2000, 0), to: Date.UTC(2100, 0) }
const authorityName: DistinguishedName = [
  ['CN', 'Maskinporten Kit emulator CA'],
  ['O', 'Maskinporten Kit'],
]
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
  issueServer(hosts: { readonly dns: readonly string[]; readonly ip: readonly string[] }): {
    readonly key: string
    readonly cert: string
  }
  issueForKey(name: string, publicKey: KeyObject): Certificate
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

/** Takes a millisecond: its key is an elliptic one. */
export function createCertificateAuthority(): CertificateAuthority {
  const keys = newPair()
  const root = writeCertificate({
    subject: authorityName,
    issuer: authorityName,
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    issuerKey: keys.publicKey,
    valid: always,
    extensions: [authorityOfLeaves(), keyUsage(['keyCertSign', 'cRLSign'], true)],
  })
  const { pem } = root
  const trusted = new X509Certificate(pem)
  /** Leaves, as in `x5c`. */
  const revoked = new Set<string>()

  function issue(
    subject: DistinguishedName,
    publicKey: KeyObject,
    valid: { readonly from: number; readonly to: number },
    extensions: readonly Uint8Array[],
  ): Certificate {
    const issuer = { issuer: authorityName, signingKey: keys.privateKey, issuerKey: keys.publicKey }
    return writeCertificate({ ...issuer, subject, publicKey, valid, extensions })
  }

  return {
    pem,
    issueServer(hosts) {
      const pair = newPair()
      // Apple refuses a server certificate of more than 398 days.
      const valid = { from: machineNow() - day, to: machineNow() + 396 * day }
      const subject: DistinguishedName = [['CN', 'Maskinporten Kit emulator']]
      const leaf = issue(subject, pair.publicKey, valid, [alternativeNames(hosts), forServers()])
      return { key: pemOf(pair.privateKey), cert: `${leaf.pem}\n${pem}` }
    },
    issueForKey: (commonName, publicKey) =>
      issue([['CN', commonName]], publicKey, always, [keyUsage(['digitalSignature'], false)]),
    async issueEnterprise({ flaw, ...holder }, now) {
      // One that says the same of itself, and is another.
      if (flaw === 'foreign') return createCertificateAuthority().issueEnterprise(holder, now)
      const from = flaw === 'expired' ? now - 3 * year - day : now
      const pair = await generateRsaKey()
      const { name, orgNumber } = holder
      const subject: DistinguishedName = [
        ['CN', name],
        ['serialNumber', orgNumber],
        ['organizationIdentifier', `NTRNO-${orgNumber}`],
        ['O', name],
        ['C', 'NO'],
      ]
      const leaf = issue(subject, pair.publicKey, { from: from - day, to: from + 3 * year }, [
        keyUsage(['digitalSignature', 'nonRepudiation'], true),
      ])
      if (flaw === 'revoked') revoked.add(leaf.base64)
      return {
        privateKeyPem: pemOf(pair.privateKey),
        chainPem: `${leaf.pem}\n${pem}\n`,
        x5c: [leaf.base64, root.base64],
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

function newPair(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

/** PKCS #8. */
function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' })
}
