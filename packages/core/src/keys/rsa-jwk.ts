/** A private RSA JWK ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517), [RFC 7518 §6.3](https://www.rfc-editor.org/rfc/rfc7518#section-6.3)), and whether Maskinporten takes it. */
import { encode } from 'jose/base64url'
import {
  EXPORT_AGAIN,
  PRIVATE_JWK,
  type WarnKey,
  refuse,
  refuseMismatch,
  refuseNotRsa,
  refuseSmall,
  refuseSymmetric,
} from './key-refusal.ts'
import { decodeBase64 } from './pem.ts'
import { type SigningAlgorithm, isAlgorithm } from './signer.ts'

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi']
const SMALLEST_BITS = 2048
/** Longer than any id; the search for key parts takes time that grows with the length. */
const LONGEST_KID = 200
/** The year 5138. */
const LATEST_SECONDS = 1e11
export const PAIR = 'the private JWK of the same pair in base64 (if it is lost, make a new pair, and register its public half on the client in Samarbeidsportalen)'

/** Its names are in lower case. */
export type Jwk = Readonly<Record<string, unknown>>

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

/** `kid`: the one set beside the key. @throws KeyRefusal */
export function readRsaJwk(jwk: Jwk, kid: string | undefined, warn: WarnKey): RsaJwk {
  const { kty, alg, use } = jwk as { kty?: unknown; alg?: unknown; use?: unknown }
  if (kty === undefined)
    refuse('KEY_NOT_JWK', `is JSON but has no "kty", so it is not a JWK${memberNames(jwk)}.`, PRIVATE_JWK)
  if (kty === 'oct') refuseSymmetric()
  if (typeof kty !== 'string' || !/^rsa$/i.test(kty)) refuseNotRsa(`has ${shown('kty', kty)}`)
  if (isBlank(jwk['d'])) refuse('KEY_PUBLIC_ONLY', 'holds only the public half ("d" is missing).', PAIR)
  const names = ['n', 'e', ...PRIVATE]
  const absent = names.filter((name) => isBlank(jwk[name])).join(', ')
  if (absent !== '') refuse('KEY_INCOMPLETE', `lacks ${absent}. ${EXPORT_AGAIN}`, PRIVATE_JWK)
  const integers = names.map((name): [string, Uint8Array] => [name, integer(name, jwk[name])])
  const bytes = integers.map(([, one]) => one)
  const [modulus = new Uint8Array()] = bytes
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24
  if (bits < SMALLEST_BITS) refuseSmall(bits, SMALLEST_BITS)
  if (!isOneKey(bytes)) refuseMismatch()
  if (!isBlank(use) && use !== 'sig') warn('KEY_USE', `has ${shown('use', use)}. Register it with "use":"sig".`)
  const known = isAlgorithm(alg)
  if (!known && !isBlank(alg))
    warn('KEY_ALG', `has ${shown('alg', alg)}, which Maskinporten does not take; signing with RS256.`)
  return {
    members: Object.fromEntries(integers.map(([name, one]) => [name, encode(one)])),
    modulus,
    bits,
    alg: known ? alg : 'RS256',
    kid: chooseKid(ownKid(jwk), kid, warn),
    issuedAt: timeOf(jwk['iat']) ?? timeOf(jwk['nbf']),
    expiresAt: timeOf(jwk['exp']),
  }
}

/**
 * [RFC 8017 §3.2](https://www.rfc-editor.org/rfc/rfc8017#section-3.2), in the order of `names` above. A key signs with its
 * CRT members or with `d`, so one of the two may be wrong: both kinds are in use.
 */
function isOneKey(integers: readonly Uint8Array[]): boolean {
  const [n = 0n, e = 0n, d = 0n, p = 0n, q = 0n] = integers.slice(0, 5).map(bigintOf)
  const isInverse = (ofP: bigint, ofQ: bigint): boolean => (e * ofP) % (p - 1n) === 1n && (e * ofQ) % (q - 1n) === 1n
  if (n !== p * q || p <= 1n || q <= 1n) return false
  if (isInverse(d, d)) return true
  const [dp = 0n, dq = 0n, qi = 0n] = integers.slice(5).map(bigintOf)
  return isInverse(dp, dq) && (qi * q) % p === 1n
}

function bigintOf(bytes: Uint8Array): bigint {
  let hex = '0x'
  for (const byte of bytes) hex += (byte + 256).toString(16).slice(1)
  return BigInt(hex)
}

/** The JWK's kid. A kid is shown and sent, so one that holds a part of the private key is refused. */
export function ownKid(jwk: Jwk): unknown {
  const { kid } = jwk as { kid?: unknown }
  if (typeof kid !== 'string') return kid
  const secret = PRIVATE.map((name) => String(jwk[name])).join(' ')
  const pieces = Array.from(kid.slice(0, LONGEST_KID + 8), (_, at) => kid.slice(at, at + 8))
  if (pieces.length > LONGEST_KID || pieces.some((piece) => piece.length === 8 && secret.includes(piece)))
    refuse(
      'KEY_JWK_BAD',
      `has a "kid" that is too long, or holds a part of the private key. ${EXPORT_AGAIN}`,
      PRIVATE_JWK,
    )
  return kid
}

function chooseKid(own: unknown, beside: string | undefined, warn: WarnKey): string | undefined {
  if (beside !== undefined && own !== beside && !isBlank(own))
    warn('KEY_KID_OVERRIDDEN', 'has another "kid" than the one set beside it; the one beside it is used.')
  if (beside !== undefined) return beside
  if (isBlank(own)) return undefined
  return typeof own === 'string' ? own : refuse('KEY_KID_TYPE', 'has a "kid" that is not text. Write it in quotes.')
}

/**
 * Base64urlUInt ([RFC 7518 §2](https://www.rfc-editor.org/rfc/rfc7518#section-2)). As in the .NET original, standard
 * base64, padding and leading zeros are accepted.
 */
function integer(name: string, value: unknown): Uint8Array {
  const bytes =
    (typeof value === 'string' ? decodeBase64(value) : undefined) ??
    refuse('KEY_JWK_BAD', `has a member "${name}" that is not base64url. ${EXPORT_AGAIN}`, PRIVATE_JWK)
  return bytes.subarray(bytes.findIndex((byte) => byte !== 0))
}

/** Seconds since the Unix epoch, or milliseconds, as some write them. Altinn writes 0 for no time. */
function timeOf(value: unknown): number | undefined {
  const time = Number(value)
  if (!(time > 0)) return undefined
  return time < LATEST_SECONDS ? time * 1000 : time
}

const isBlank = (value: unknown): boolean => (typeof value === 'string' ? value.trim() : (value ?? '')) === ''

/** A longer text may be a part of a key. */
const shown = (name: string, value: unknown): string =>
  typeof value === 'string' && value.length < 8 ? `"${name}":"${value}"` : `a "${name}" of its own`

/** Names only, and only those that look like names. */
function memberNames(jwk: Jwk): string {
  const names = Object.keys(jwk).filter((name) => /^(?=.{3,20}$)[a-z]+(?:_[a-z]+)*$/.test(name))
  return names.length > 0 ? ` (members: ${names.slice(0, 6).join(', ')})` : ''
}
