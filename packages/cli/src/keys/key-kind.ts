/** What a text or a file is, of all that people take for a signing key. Nothing private is kept. */
import { type KeyObject, X509Certificate, createPrivateKey, createPublicKey } from 'node:crypto'
import type { Text } from '../language.ts'

export interface KeyKind {
  /** Stable, for machines. */
  readonly id: KindId
  /** How often base64 lies around it. */
  readonly base64Layers: number
  /** The public half, where there is one key. */
  readonly publicKey?: KeyObject | undefined
  /** Members that are not secret: `kid`, `alg`, `use`, `iat`, `exp`. */
  readonly members?: Readonly<Record<string, unknown>> | undefined
  readonly certificates: readonly X509Certificate[]
}

export type KindId =
  | 'private-jwk'
  | 'public-jwk'
  | 'private-jwks'
  | 'public-jwks'
  | 'symmetric-jwk'
  | 'pkcs8-pem'
  | 'pkcs1-pem'
  | 'encrypted-pem'
  | 'ec-pem'
  | 'key-and-certificate-pem'
  | 'public-pem'
  | 'certificate-pem'
  | 'certificate-request'
  | 'openssh-key'
  | 'private-der'
  | 'public-der'
  | 'certificate-der'
  | 'pkcs12'
  | 'jwt'
  | 'json'
  | 'empty'
  | 'text'
  | 'binary'

export const kindNames: Readonly<Record<KindId, Text>> = {
  'private-jwk': { en: 'a private JWK', nb: 'en privat JWK' },
  'public-jwk': { en: 'a public JWK', nb: 'en offentlig JWK' },
  'private-jwks': { en: 'a set of keys (JWKS) with private ones', nb: 'et nøkkelsett (JWKS) med private nøkler' },
  'public-jwks': { en: 'a set of public keys (JWKS)', nb: 'et sett med offentlige nøkler (JWKS)' },
  'symmetric-jwk': { en: 'a symmetric JWK', nb: 'en symmetrisk JWK' },
  'pkcs8-pem': { en: 'a private key, PEM (PKCS #8)', nb: 'en privat nøkkel, PEM (PKCS #8)' },
  'pkcs1-pem': { en: 'a private key, PEM (PKCS #1)', nb: 'en privat nøkkel, PEM (PKCS #1)' },
  'encrypted-pem': { en: 'a private key with a password, PEM', nb: 'en privat nøkkel med passord, PEM' },
  'ec-pem': { en: 'a private EC key, PEM', nb: 'en privat EC-nøkkel, PEM' },
  'key-and-certificate-pem': {
    en: 'a private key with its certificate, PEM',
    nb: 'en privat nøkkel med sertifikat, PEM',
  },
  'public-pem': { en: 'a public key, PEM', nb: 'en offentlig nøkkel, PEM' },
  'certificate-pem': { en: 'a certificate, PEM', nb: 'et sertifikat, PEM' },
  'certificate-request': { en: 'a certificate request, PEM', nb: 'en sertifikatforespørsel, PEM' },
  'openssh-key': { en: 'a key of OpenSSH', nb: 'en OpenSSH-nøkkel' },
  'private-der': { en: 'a private key, DER', nb: 'en privat nøkkel, DER' },
  'public-der': { en: 'a public key, DER', nb: 'en offentlig nøkkel, DER' },
  'certificate-der': { en: 'a certificate, DER', nb: 'et sertifikat, DER' },
  pkcs12: { en: 'a key store, PKCS #12 (.p12, .pfx)', nb: 'et nøkkellager, PKCS #12 (.p12, .pfx)' },
  jwt: { en: 'a JWT: a token or an assertion', nb: 'en JWT: et token eller en assertion' },
  json: { en: 'JSON, but not a key', nb: 'JSON, men ikke en nøkkel' },
  empty: { en: 'empty', nb: 'tomt' },
  text: { en: 'a text that is not a key', nb: 'en tekst som ikke er en nøkkel' },
  binary: { en: 'bytes that are not a key', nb: 'bytes som ikke er en nøkkel' },
}

const MOST_LAYERS = 3

export function kindOf(bytes: Buffer): KeyKind {
  return read(bytes, 0)
}

/** As text: UTF-8, or UTF-16 with its mark as PowerShell writes it. `undefined`: the bytes are no text. */
export function textOf(bytes: Buffer): string | undefined {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe
  try {
    const text = new TextDecoder(isWide ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

function read(bytes: Buffer, base64Layers: number): KeyKind {
  const plain = (id: KindId): KeyKind => ({ id, base64Layers, certificates: [] })
  const text = textOf(bytes)
    ?.trim()
    .replace(/^(["'`])([^]*)\1$/, '$2')
  if (text === undefined) return { ...kindOfDer(bytes), base64Layers }
  if (text === '') return plain('empty')
  if (text.includes('-----BEGIN')) return { ...kindOfPem(text.replaceAll('\\n', '\n')), base64Layers }
  const json = parsed(text)
  if (json !== undefined) return { ...kindOfJson(json), base64Layers }
  if (/^(?:Bearer )?[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return plain('jwt')
  if (/^[\w+/=\s-]{64,}$/.test(text) && base64Layers < MOST_LAYERS) {
    const inner = read(Buffer.from(text, 'base64'), base64Layers + 1)
    if (inner.id !== 'binary' && inner.id !== 'text' && inner.id !== 'empty') return inner
  }
  return plain('text')
}

type Bare = Omit<KeyKind, 'base64Layers'>

function kindOfPem(text: string): Bare {
  const labels = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, label = '']) => label)
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? []
  const certificates = blocks.flatMap((block) => certificateOf(block) ?? [])
  const key = labels.find((label) => label.endsWith('PRIVATE KEY'))
  const publicKey = publicHalf(text)
  const found = (id: KindId): Bare => ({ id, publicKey, certificates })
  if (key === 'OPENSSH PRIVATE KEY') return found('openssh-key')
  if (key === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type:.*ENCRYPTED/m.test(text)) return found('encrypted-pem')
  if (key === 'EC PRIVATE KEY') return found('ec-pem')
  if (key !== undefined && certificates.length > 0) return found('key-and-certificate-pem')
  if (key !== undefined) return found(key === 'RSA PRIVATE KEY' ? 'pkcs1-pem' : 'pkcs8-pem')
  if (labels.some((label) => label.endsWith('CERTIFICATE REQUEST'))) return found('certificate-request')
  if (labels.some((label) => label.endsWith('CERTIFICATE'))) return found('certificate-pem')
  return found(labels.some((label) => label.endsWith('PUBLIC KEY')) ? 'public-pem' : 'text')
}

function kindOfDer(bytes: Buffer): Bare {
  const certificate = certificateOf(bytes)
  if (certificate !== undefined)
    return { id: 'certificate-der', certificates: [certificate], publicKey: certificate.publicKey }
  const found = (id: KindId, publicKey?: KeyObject): Bare => ({ id, publicKey, certificates: [] })
  for (const type of ['pkcs8', 'pkcs1'] as const) {
    const key = privateOf(bytes, type)
    if (key !== undefined) return found('private-der', createPublicKey(key))
  }
  for (const type of ['spki', 'pkcs1'] as const) {
    const key = publicHalf({ key: bytes, format: 'der', type })
    if (key !== undefined) return found('public-der', key)
  }
  // A sequence that begins with version 3 ([RFC 7292 §4](https://www.rfc-editor.org/rfc/rfc7292#section-4)).
  return found(/^30(?:80|81..|82....|83......|[0-7].)020103/.test(bytes.toString('hex', 0, 12)) ? 'pkcs12' : 'binary')
}

function kindOfJson(json: unknown): Bare {
  const found = (id: KindId): Bare => ({ id, certificates: [] })
  const list = Array.isArray(json) ? json : isObject(json) && Array.isArray(json['keys']) ? json['keys'] : undefined
  if (list !== undefined) {
    const keys: readonly unknown[] = list
    const own = keys.filter((key) => isObject(key) && key['d'] !== undefined)
    const one = own.length === 1 ? own[0] : keys.length === 1 ? keys[0] : undefined
    const id: KindId = own.length > 0 ? 'private-jwks' : keys.some(isJwk) ? 'public-jwks' : 'json'
    return isJwk(one) ? { ...kindOfJwk(one), id } : found(id)
  }
  return isJwk(json) ? kindOfJwk(json) : found('json')
}

function kindOfJwk(jwk: Readonly<Record<string, unknown>>): Bare {
  const { kty, n, e, d, kid, alg, use, iat, exp } = jwk
  const members = { kty, kid, alg, use, iat, exp }
  if (kty === 'oct') return { id: 'symmetric-jwk', members, certificates: [] }
  const publicKey =
    typeof n === 'string' && typeof e === 'string' && typeof kty === 'string'
      ? publicHalf({ key: { kty, n, e }, format: 'jwk' })
      : undefined
  return { id: d === undefined ? 'public-jwk' : 'private-jwk', publicKey, members, certificates: [] }
}

function publicHalf(input: Parameters<typeof createPublicKey>[0]): KeyObject | undefined {
  try {
    return createPublicKey(input)
  } catch {
    return undefined
  }
}

function privateOf(key: Buffer, type: 'pkcs1' | 'pkcs8'): KeyObject | undefined {
  try {
    return createPrivateKey({ key, format: 'der', type })
  } catch {
    return undefined
  }
}

function certificateOf(input: string | Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(input)
  } catch {
    return undefined
  }
}

function parsed(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? json : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isJwk = (value: unknown): value is Readonly<Record<string, unknown>> => isObject(value) && 'kty' in value
