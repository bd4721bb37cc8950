/** A new pair of keys for a client in Maskinporten. */
import { generateKeyPair, randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { CommandFailed } from '../failure.ts'

/** The public half, as a client in Samarbeidsportalen has it; `use` is needed there since 2025-05-22. */
export interface PublicJwk {
  readonly kty: 'RSA'
  readonly n: string
  readonly e: string
  readonly kid: string
  readonly alg: 'RS256'
  readonly use: 'sig'
}

export interface PrivateJwk extends PublicJwk {
  readonly d: string
  readonly p: string
  readonly q: string
  readonly dp: string
  readonly dq: string
  readonly qi: string
  /** When it was made, seconds since the Unix epoch: its age is told from it. */
  readonly iat: number
}

export interface NewKey {
  readonly privateJwk: PrivateJwk
  readonly publicJwk: PublicJwk
}

/** What Maskinporten takes and what others use; more bits make each signature slower. */
export const keySizes = [2048, 3072, 4096] as const
export type KeySize = (typeof keySizes)[number]

export interface CreateKeyOptions {
  /** Length of the modulus. Default 2048. */
  readonly bits?: KeySize | undefined
  /** Letters, digits and `._-`. Default: a UUID, since older pages want it unique across all customers. */
  readonly kid?: string | undefined
}

/** Letters, digits, `._-` ([Digdir](https://docs.digdir.no/docs/Maskinporten/maskinporten_sjolvbetjening_api)). */
export const isKid = (kid: string): boolean => /^[\w.-]+$/.test(kid)

/** @throws CommandFailed `usage` for a kid that Digdir would refuse. */
export function refuseKid(kid: string | undefined): void {
  if (kid === undefined || isKid(kid)) return
  throw new CommandFailed('usage', {
    en: '--kid takes letters, digits and ._- only, as Digdir does; leave it out for a UUID',
    nb: '--kid tar bare bokstaver (a–z), sifre og ._-, slik Digdir gjør; utelat den for en UUID',
  })
}

/** @throws TypeError for a kid that Digdir would refuse. */
export async function createKey({ bits = 2048, kid = randomUUID() }: CreateKeyOptions = {}): Promise<NewKey> {
  if (!isKid(kid)) throw new TypeError('a kid has letters, digits and ._- only')
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: bits })
  const { n = '', e = '', d = '', p = '', q = '', dp = '', dq = '', qi = '' } = privateKey.export({ format: 'jwk' })
  const publicJwk: PublicJwk = { kty: 'RSA', n, e, kid, alg: 'RS256', use: 'sig' }
  return { publicJwk, privateJwk: { ...publicJwk, d, p, q, dp, dq, qi, iat: Math.floor(Date.now() / 1000) } }
}

/** One line of base64, for the settings `EncodedJwk` and `JwkBase64`. */
export const encodeJwk = (jwk: PrivateJwk): string => Buffer.from(JSON.stringify(jwk)).toString('base64')
