/** Which JWK (RFC 7517, RFC 7518 §6.3), and whether it is an RSA key pair that Maskinporten takes. */
import { encode } from 'jose/base64url'
import { decodeBase64 } from './base64.ts'
import { KeyRefusal, type WarnKey } from './key-refusal.ts'
import { quote } from './quote.ts'
import type { SigningAlgorithm } from './signer.ts'

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi']
const SMALLEST_BITS = 2048
const COPY_BOTH = 'From mkjwk, copy "Public and Private Keypair", not "Public Key".'

type Jwk = Readonly<Record<string, unknown>>

export interface RsaJwk {
  /** Only the members that make the key, in unpadded base64url without leading zeros. */
  readonly members: Readonly<Record<'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi', string>>
  readonly modulus: Uint8Array
  readonly bits: number
  readonly alg: SigningAlgorithm
  readonly kid: string | undefined
  /** `exp` of the JWK, milliseconds since the Unix epoch. */
  readonly expiresAt: number | undefined
}

/** One JWK out of what the JSON holds: itself, the only one of a list, or the one of a set that has the kid. */
export function chooseJwk(json: unknown, kid: string | undefined, kidName: string, warn: WarnKey): Jwk {
  const one = Array.isArray(json) && json.length === 1 ? asJwk(json[0]) : undefined
  if (one !== undefined) warn('KEY_UNWRAPPED_LIST', 'is a list with one key; it was taken out.')
  const outer = one ?? (Array.isArray(json) ? { keys: json } : asJwk(json))
  const set = outer['keys']
  if (!Array.isArray(set)) return outer
  const all = set.map(asJwk)
  const usable = all.filter((key) => key['d'] !== undefined)
  const [only] = usable
  if (only === undefined)
    throw new KeyRefusal('KEY_PUBLIC_ONLY', `is a JWKS (key set) without any private key. ${COPY_BOTH}`)
  warn('KEY_UNWRAPPED_JWKS', 'is a JWKS (key set); the private key was taken out.')
  if (usable.length === 1) return only
  if (kid === undefined)
    throw new KeyRefusal(
      'KEY_JWKS',
      `is a JWKS with ${usable.length} private keys; one must be chosen. Set ${kidName}, or store one JWK only.`,
    )
  const named = usable.find((key) => key['kid'] === kid)
  if (named === undefined) {
    const kids = usable.map(kidOf).filter((found) => typeof found === 'string')
    const held = kids.slice(0, 6).map(quote).join(', ')
    throw new KeyRefusal(
      'KEY_KID_NOT_FOUND',
      `has no key with kid ${quote(kid)}; it holds ${held}. Correct ${kidName}.`,
    )
  }
  return named
}

/** Names in lower case, since the .NET original takes them in any. */
function asJwk(json: unknown): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new KeyRefusal('KEY_NOT_JWK', 'is JSON but no JWK object. Store the private JWK.')
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name.toLowerCase(), value]))
}

export function readRsaJwk(jwk: Jwk, kid: string | undefined, warn: WarnKey): RsaJwk {
  const { kty, alg, use, exp } = jwk as { kty?: unknown; alg?: unknown; use?: unknown; exp?: unknown }
  if (kty === undefined)
    throw new KeyRefusal(
      'KEY_NOT_JWK',
      `is JSON but has no "kty", so it is not a JWK${memberNames(jwk)}. Store the private JWK.`,
    )
  if (kty === 'oct')
    throw new KeyRefusal(
      'KEY_SYMMETRIC',
      'is a symmetric key ("kty":"oct"); Maskinporten needs an RSA key pair. Make one with 2048 bits or more.',
    )
  if (kty !== 'RSA')
    throw new KeyRefusal(
      'KEY_NOT_RSA',
      `has ${shown('kty', kty)}; Maskinporten takes RSA keys (RS256, RS384, RS512). Make one with 2048 bits or more.`,
    )
  if (blank(jwk['d']))
    throw new KeyRefusal('KEY_PUBLIC_ONLY', `holds only the public half ("d" is missing). ${COPY_BOTH}`)
  const absent = ['n', 'e', ...PRIVATE].filter((name) => blank(jwk[name]))
  if (absent.length > 0)
    throw new KeyRefusal('KEY_INCOMPLETE', `lacks ${absent.join(', ')}. Export the whole key pair.`)
  const bytes = (name: string): Uint8Array => integer(name, jwk[name])
  const modulus = bytes('n')
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24
  if (bits < SMALLEST_BITS)
    throw new KeyRefusal('KEY_TOO_SMALL', `is ${bits} bits; at least ${SMALLEST_BITS} are needed. Make a larger key.`)
  if (use !== undefined && use !== null && use !== 'sig')
    warn('KEY_USE', `has ${shown('use', use)}. Register it with "use":"sig".`)
  const known = typeof alg === 'string' && /^RS(?:256|384|512)$/.test(alg)
  if (!known && !blank(alg))
    warn('KEY_ALG', `has ${shown('alg', alg)}, which Maskinporten does not take; signing with RS256.`)
  const of = (name: string): string => encode(bytes(name))
  return {
    members: { n: of('n'), e: of('e'), d: of('d'), p: of('p'), q: of('q'), dp: of('dp'), dq: of('dq'), qi: of('qi') },
    modulus,
    bits,
    alg: known ? (alg as SigningAlgorithm) : 'RS256',
    kid: chooseKid(kidOf(jwk), kid, warn),
    expiresAt: Number(exp) > 0 ? Number(exp) * 1000 : undefined,
  }
}

/** The JWK's own, unless a piece of the key was pasted there. */
function kidOf(jwk: Jwk): unknown {
  const own = jwk['kid']
  if (typeof own !== 'string') return own
  for (let at = 0; at + 8 <= own.length; at++) {
    if (PRIVATE.some((name) => String(jwk[name]).includes(own.slice(at, at + 8)))) {
      throw new KeyRefusal(
        'KEY_JWK_BAD',
        'has a "kid" that holds a part of the private key. Export the key pair again.',
      )
    }
  }
  return own
}

function chooseKid(own: unknown, beside: string | undefined, warn: WarnKey): string | undefined {
  if (beside !== undefined) {
    if (own !== beside && !blank(own))
      warn('KEY_KID_OVERRIDDEN', 'has another "kid" than the one set beside it; the one beside it is used.')
    return beside
  }
  if (blank(own)) return undefined
  if (typeof own !== 'string') throw new KeyRefusal('KEY_KID_TYPE', 'has a "kid" that is not text. Write it in quotes.')
  return own
}

/** Base64urlUInt, RFC 7518 §2; standard base64, padding and leading zeros are let through, as the .NET original does. */
function integer(name: string, value: unknown): Uint8Array {
  const bytes = typeof value === 'string' ? decodeBase64(value) : undefined
  if (bytes === undefined)
    throw new KeyRefusal('KEY_JWK_BAD', `has a member "${name}" that is not base64url. Export the key pair again.`)
  const start = bytes.findIndex((byte) => byte !== 0)
  return bytes.subarray(Math.max(start, 0))
}

const blank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

/** Only what is too short to be a part of a key. */
const shown = (name: string, value: unknown): string =>
  typeof value === 'string' && value.length < 8 ? `"${name}":"${value}"` : `a "${name}" of its own`

/** Names only, and only those that look like names. */
function memberNames(jwk: Jwk): string {
  const names = Object.keys(jwk).filter(
    (name) => /^[a-z]+(?:_[a-z]+)*$/.test(name) && name.length < 20 && !PRIVATE.includes(name),
  )
  return names.length > 0 ? ` (members: ${names.slice(0, 6).join(', ')})` : ''
}
