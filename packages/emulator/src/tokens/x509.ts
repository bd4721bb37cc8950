/** Writes certificates (RFC 5280 §4.1), signed by an authority with a P-256 key. Read and judged they are by `node:crypto`. */
import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'
import {
  bits,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octets,
  printable,
  sequence,
  setOf,
  time,
  utf8,
} from './der.ts'

export interface Certificate {
  readonly pem: string
  /** Standard base64 of the DER, as in `x5c` (RFC 7515 §4.1.6). */
  readonly base64: string
}

/** A name of X.500, in its order. */
export type DistinguishedName = readonly (readonly [type: keyof typeof nameTypes, value: string])[]

const nameTypes = {
  CN: '2.5.4.3',
  serialNumber: '2.5.4.5',
  C: '2.5.4.6',
  O: '2.5.4.10',
  organizationIdentifier: '2.5.4.97',
} as const

export interface CertificateFacts {
  readonly subject: DistinguishedName
  readonly issuer: DistinguishedName
  readonly publicKey: KeyObject
  /** Of the issuer, P-256. */
  readonly signingKey: KeyObject
  readonly issuerKey: KeyObject
  /** Milliseconds since the epoch. */
  readonly valid: { readonly from: number; readonly to: number }
  readonly extensions: readonly Uint8Array[]
}

const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'))
const version3 = explicit(0, integer(Buffer.from([2])))

export function writeCertificate(facts: CertificateFacts): Certificate {
  const { subject, issuer, publicKey, signingKey, issuerKey, valid, extensions } = facts
  const identifiers = [
    // Strict verifiers, Python's since 3.13 among them, want both (RFC 5280 §4.2.1.1 and §4.2.1.2). An issuer of its own is one.
    ...(issuerKey === publicKey ? [] : [extension('2.5.29.35', sequence(implicit(0, keyId(issuerKey))))]),
    extension('2.5.29.14', octets(keyId(publicKey))),
  ]
  const signed = sequence(
    version3,
    integer(randomBytes(16).fill(0x40, 0, 1)),
    ecdsaWithSha256,
    nameOf(issuer),
    sequence(time(valid.from), time(valid.to)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions, ...identifiers)),
  )
  const base64 = sequence(signed, ecdsaWithSha256, bits(sign('sha256', signed, signingKey))).toString('base64')
  const lines = base64.match(/.{1,64}/g) ?? []
  return { base64, pem: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n') }
}

function nameOf(name: DistinguishedName): Buffer {
  const parts = name.map(([type, value]) => {
    const text = type === 'C' || type === 'serialNumber' ? printable(value) : utf8(value)
    return setOf(sequence(objectIdentifier(nameTypes[type]), text))
  })
  return sequence(...parts)
}

/** Any hash of the key will do (RFC 5280 §4.2.1.2). */
function keyId(publicKey: KeyObject): Buffer {
  const der = publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(der).digest().subarray(0, 20)
}

function extension(id: string, content: Uint8Array, critical = false): Buffer {
  return sequence(objectIdentifier(id), ...(critical ? [boolean(true)] : []), octets(content))
}

/** An authority whose certificates are all leaves. */
export function authorityOfLeaves(): Buffer {
  return extension('2.5.29.19', sequence(boolean(true), integer(Buffer.from([0]))), true)
}

/** Bits of RFC 5280 §4.2.1.3. */
const usages = { digitalSignature: 0, nonRepudiation: 1, keyCertSign: 5, cRLSign: 6 } as const

export function keyUsage(names: readonly (keyof typeof usages)[], critical: boolean): Buffer {
  const set = names.map((name) => usages[name])
  const byte = set.reduce<number>((sum, bit) => sum | (0x80 >> bit), 0)
  return extension('2.5.29.15', bits(Buffer.from([byte]), 7 - Math.max(...set)), critical)
}

export function forServers(): Buffer {
  return extension('2.5.29.37', sequence(objectIdentifier('1.3.6.1.5.5.7.3.1')))
}

export function alternativeNames(hosts: { readonly dns: readonly string[]; readonly ip: readonly string[] }): Buffer {
  const names = [
    ...hosts.dns.map((name) => implicit(2, Buffer.from(name, 'latin1'))),
    ...hosts.ip.map((address) => implicit(7, addressBytes(address))),
  ]
  return extension('2.5.29.17', sequence(...names))
}

/** 4 bytes, or 16. */
function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  // The URL writes all forms of an address as one, and leaves out the longest row of zeros.
  const [withoutZone = ''] = address.split('%')
  const [head = '', tail] = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1).split('::')
  const groups = (text: string): readonly string[] => (text === '' ? [] : text.split(':'))
  const [front, back] = [groups(head), groups(tail ?? '')]
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0')
  return Buffer.from([...front, ...zeros, ...back].map((group) => group.padStart(4, '0')).join(''), 'hex')
}
