/** Which JWK (RFC 7517, RFC 7518 §6.3), and whether it is an RSA key pair that Maskinporten takes. */
import { encode } from 'jose/base64url'
import { decodeBase64 } from './base64.ts'
import { type WarnKey, refuse, refuseNotRsa } from './key-refusal.ts'
import { quote } from '../quote.ts'
import type { SigningAlgorithm } from './signer.ts'

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi']
const SMALLEST_BITS = 2048
const MAX_DEPTH = 4
/** The year 5138. */
const LATEST_SECONDS = 1e11
const LONGEST_KID_SHOWN = 64
const COPY_BOTH = 'From mkjwk, copy "Public and Private Keypair", not "Public Key".'
const EXPORT_AGAIN = 'Export the key pair again.'

type Jwk = Readonly<Record<string, unknown>>

export interface RsaJwk {
  /** Only the members that make the key, in unpadded base64url without leading zeros. */
  readonly members: Readonly<Record<string, string>>
  readonly modulus: Uint8Array
  readonly bits: number
  readonly alg: SigningAlgorithm
  readonly kid: string | undefined
  /** `iat` of the JWK, else its `nbf`, milliseconds since the Unix epoch. */
  readonly issuedAt: number | undefined
  /** `exp` of the JWK, milliseconds since the Unix epoch. */
  readonly expiresAt: number | undefined
}

/** One JWK out of what the JSON holds: itself, the only private one, or the one of a set that has the kid. */
export function chooseJwk(json: unknown, kid: string | undefined, kidName: string, warn: WarnKey): Jwk {
  const list = Array.isArray(json) ? json.map(asJwk) : undefined
  const single = list?.length === 1 ? list[0] : undefined
  if (single !== undefined) warn('KEY_UNWRAPPED_LIST', 'is a list with one key; it was taken out.')
  const outer = single ?? (list ? { keys: list } : asJwk(json))
  const set = Array.isArray(outer['keys']) ? outer['keys'].map(asJwk) : undefined
  const all = set ?? (outer['kty'] === undefined ? jwksIn(outer, 0) : [])
  if (set === undefined && all.length === 0) return outer
  const usable = all.filter((key) => key['d'] !== undefined)
  const [only] = usable
  const what = set ? 'is a JWKS (key set)' : 'is other JSON around a JWK'
  if (only === undefined) return refuse('KEY_PUBLIC_ONLY', `${what} without any private key. ${COPY_BOTH}`)
  warn(set ? 'KEY_UNWRAPPED_JWKS' : 'KEY_UNWRAPPED_JSON', `${what}; the private key was taken out.`)
  if (usable.length === 1) return only
  if (kid === undefined)
    refuse(
      'KEY_JWKS',
      `is ${set ? 'a JWKS' : 'JSON'} with ${usable.length} private keys; one must be chosen. Set ${kidName}, or store one JWK only.`,
    )
  const held = usable.map(ownKid)
  return (
    usable[held.indexOf(kid)] ??
    refuse(
      'KEY_KID_NOT_FOUND',
      `has no key with kid ${quote(kid)}; it holds ${held
        .slice(0, 6)
        .map((one) => JSON.stringify(String(one).slice(0, LONGEST_KID_SHOWN)))
        .join(', ')}. Correct ${kidName}.`,
    )
  )
}

/** All JWKs inside other JSON. */
function jwksIn(json: unknown, depth: number): readonly Jwk[] {
  if (typeof json !== 'object' || json === null || depth > MAX_DEPTH) return []
  const jwk = Array.isArray(json) ? {} : asJwk(json)
  return jwk['kty'] === undefined ? Object.values(json).flatMap((value) => jwksIn(value, depth + 1)) : [jwk]
}

/** Names in lower case, since the .NET original takes them in any. */
function asJwk(json: unknown): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return refuse('KEY_NOT_JWK', 'is JSON but no JWK object. Store the private JWK.')
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name.toLowerCase(), value]))
}

export function readRsaJwk(jwk: Jwk, kid: string | undefined, warn: WarnKey): RsaJwk {
  const { kty, alg, use } = jwk as { kty?: unknown; alg?: unknown; use?: unknown }
  if (kty === undefined)
    refuse('KEY_NOT_JWK', `is JSON but has no "kty", so it is not a JWK${memberNames(jwk)}. Store the private JWK.`)
  if (kty === 'oct')
    refuse(
      'KEY_SYMMETRIC',
      'is a symmetric key ("kty":"oct"); Maskinporten needs an RSA key pair. Make one of 2048 bits or more.',
    )
  if (typeof kty !== 'string' || !/^rsa$/i.test(kty)) refuseNotRsa(`has ${shown('kty', kty)}`)
  if (isBlank(jwk['d'])) refuse('KEY_PUBLIC_ONLY', `holds only the public half ("d" is missing). ${COPY_BOTH}`)
  const names = ['n', 'e', ...PRIVATE]
  const absent = names.filter((name) => isBlank(jwk[name])).join(', ')
  if (absent !== '') refuse('KEY_INCOMPLETE', `lacks ${absent}. ${EXPORT_AGAIN}`)
  const integers = names.map((name): [string, Uint8Array] => [name, integer(name, jwk[name])])
  const modulus = integers[0]?.[1] ?? new Uint8Array()
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24
  if (bits < SMALLEST_BITS)
    refuse('KEY_TOO_SMALL', `is ${bits} bits; at least ${SMALLEST_BITS} are needed. Make a larger one.`)
  if (!isBlank(use) && use !== 'sig') warn('KEY_USE', `has ${shown('use', use)}. Register it with "use":"sig".`)
  const known = isAlgorithm(alg)
  if (!known && !isBlank(alg))
    warn('KEY_ALG', `has ${shown('alg', alg)}, which Maskinporten does not take; signing with RS256.`)
  return {
    members: Object.fromEntries(integers.map(([name, bytes]) => [name, encode(bytes)])),
    modulus,
    bits,
    alg: known ? alg : 'RS256',
    kid: chooseKid(ownKid(jwk), kid, warn),
    issuedAt: timeOf(jwk['iat']) ?? timeOf(jwk['nbf']),
    expiresAt: timeOf(jwk['exp']),
  }
}

export const isAlgorithm = (alg: unknown): alg is SigningAlgorithm =>
  typeof alg === 'string' && /^RS(?:256|384|512)$/.test(alg)

/** All runs of eight characters. */
const piecesOf = (text: string): readonly string[] =>
  Array.from({ length: Math.max(0, text.length - 7) }, (_, at) => text.slice(at, at + 8))

/** The JWK's kid, unless a piece of the key was pasted there: a kid is shown and sent. */
function ownKid(jwk: Jwk): unknown {
  const { kid } = jwk as { kid?: unknown }
  if (typeof kid !== 'string' || kid.length < 8) return kid
  // A set: searching each piece in each member takes time that grows with the square of their length.
  const ofKey = new Set(PRIVATE.flatMap((name) => piecesOf(String(jwk[name]))))
  if (piecesOf(kid).some((piece) => ofKey.has(piece)))
    refuse('KEY_JWK_BAD', `has a "kid" that holds a part of the private key. ${EXPORT_AGAIN}`)
  return kid
}

function chooseKid(own: unknown, beside: string | undefined, warn: WarnKey): string | undefined {
  if (beside !== undefined && own !== beside && !isBlank(own))
    warn('KEY_KID_OVERRIDDEN', 'has another "kid" than the one set beside it; the one beside it is used.')
  if (beside !== undefined) return beside
  if (isBlank(own)) return undefined
  return typeof own === 'string' ? own : refuse('KEY_KID_TYPE', 'has a "kid" that is not text. Write it in quotes.')
}

/** Base64urlUInt, RFC 7518 §2; standard base64, padding and leading zeros are let through, as the .NET original does. */
function integer(name: string, value: unknown): Uint8Array {
  const bytes =
    (typeof value === 'string' ? decodeBase64(value) : undefined) ??
    refuse('KEY_JWK_BAD', `has a member "${name}" that is not base64url. ${EXPORT_AGAIN}`)
  return bytes.subarray(bytes.findIndex((byte) => byte !== 0))
}

/** Seconds since the Unix epoch, or milliseconds, as some write them. 0 is what Altinn writes for none. */
function timeOf(value: unknown): number | undefined {
  const time = Number(value)
  if (!(time > 0)) return undefined
  return time < LATEST_SECONDS ? time * 1000 : time
}

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

/** Only what is too short to be a part of a key. */
const shown = (name: string, value: unknown): string =>
  typeof value === 'string' && value.length < 8 ? `"${name}":"${value}"` : `a "${name}" of its own`

/** Names only, and only those that look like names. */
function memberNames(jwk: Jwk): string {
  const names = Object.keys(jwk).filter(
    (name) => /^(?=.{1,20}$)[a-z]+(?:_[a-z]+)*$/.test(name) && !PRIVATE.includes(name),
  )
  return names.length > 0 ? ` (members: ${names.slice(0, 6).join(', ')})` : ''
}
