/** Keys in the forms that people store them in. A kid has the same RSA key in each run, so that a test which fails fails again. */
import { type KeyObject, checkPrime, createHash, createPrivateKey, generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'

export interface TestKey {
  readonly key: KeyObject
  readonly jwk: TestJwk
  readonly publicJwk: Record<string, unknown>
}

export type TestJwk = Readonly<Record<'kty' | 'kid' | 'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi', string>>

const generate = promisify(generateKeyPair)
const isPrime = promisify(checkPrime) as (candidate: bigint) => Promise<boolean>
const EXPONENT = 65_537n
const SMALL_PRIMES = Array.from({ length: 2_000 }, (_, at) => 2 * at + 3).filter((n, at, odd) =>
  odd.slice(0, at).every((smaller) => smaller * smaller > n || n % smaller !== 0),
)

export async function rsaKey(kid: string, modulusLength = 2048): Promise<TestKey> {
  const half = modulusLength / 2
  const primes = await Promise.all(['one', 'two'].map((name) => primeFrom(`${kid} ${modulusLength} ${name}`, half)))
  const [q = 0n, p = 0n] = primes.toSorted((a, b) => (a < b ? -1 : 1))
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n))
  const publicJwk = { kty: 'RSA', kid, n: encode(p * q), e: encode(EXPONENT) }
  const crt = { dp: encode(d % (p - 1n)), dq: encode(d % (q - 1n)), qi: encode(inverse(q, p)) }
  const jwk = { ...publicJwk, d: encode(d), p: encode(p), q: encode(q), ...crt }
  return { key: createPrivateKey({ key: jwk, format: 'jwk' }), jwk, publicJwk }
}

/** The first prime after a number that the seed gives. Its two highest bits are set, so that the modulus has its whole length. */
async function primeFrom(seed: string, bits: number): Promise<bigint> {
  const drawn = createHash('shake256', { outputLength: bits / 8 })
    .update(seed)
    .digest('hex')
  const start = BigInt(`0x${drawn}`) | (3n << BigInt(bits - 2)) | 1n
  const rests = SMALL_PRIMES.map((prime) => [prime, Number(start % BigInt(prime))] as const)
  for (let step = 0; ; step += 2) {
    if (rests.some(([prime, rest]) => (rest + step) % prime === 0)) continue
    const candidate = start + BigInt(step)
    if (candidate % EXPONENT !== 1n && (await isPrime(candidate))) return candidate
  }
}

/** By Euclid's extended algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [rest, next] = [value % modulus, modulus]
  let [factor, nextFactor] = [1n, 0n]
  while (next !== 0n) {
    const times = rest / next
    ;[rest, next] = [next, rest - times * next]
    ;[factor, nextFactor] = [nextFactor, factor - times * nextFactor]
  }
  return ((factor % modulus) + modulus) % modulus
}

/** Base64urlUInt ([RFC 7518 §2](https://www.rfc-editor.org/rfc/rfc7518#section-2)). */
function encode(value: bigint): string {
  const hex = value.toString(16)
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url')
}

export async function otherKey(type: 'ec' | 'rsa-pss'): Promise<KeyObject> {
  if (type === 'ec') return (await generate('ec', { namedCurve: 'P-256' })).privateKey
  return (await generate('rsa-pss', { modulusLength: 2048 })).privateKey
}

export const pem = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1' = 'pkcs8'): string =>
  key.export({ type, format: 'pem' })
export const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64')
export const encoded = (json: unknown): string => base64(JSON.stringify(json))
