/** A signing key out of the text that a setting holds. */
import { calculateJwkThumbprint } from 'jose/jwk/thumbprint'
import { importJWK } from 'jose/key/import'
import { MaskinportenError } from '../errors.ts'
import { type CertificateChain, orderChain } from './certificate-chain.ts'
import { type RsaJwk, chooseJwk, readRsaJwk } from './jwk.ts'
import { KeyRefusal, type WarnKey } from './key-refusal.ts'
import { readKeyText } from './key-text.ts'
import type { SigningAlgorithm, SigningKey } from './signer.ts'
import { vacancy, vacancyText } from './vacancy.ts'

export interface KeyOptions {
  readonly kid?: string | undefined
  /** What messages call the place of the kid: `MaskinportenSettings:Kid`. */
  readonly kidName: string
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  /** Where the key itself does not say, milliseconds since the Unix epoch. */
  readonly expiresAt?: number | undefined
  readonly warn: WarnKey
}

/** A signing key, and what `describe()` says of it. */
export class RsaSigningKey implements SigningKey {
  readonly id: string
  readonly alg: SigningAlgorithm
  readonly kid: string | undefined
  readonly x5c: readonly string[] | undefined
  readonly bits: number
  readonly addedAt: number
  readonly expiresAt: number | undefined
  /** Not exportable; the text it came from is dropped. */
  readonly #key: CryptoKey

  constructor(id: string, key: CryptoKey, jwk: RsaJwk, chain: CertificateChain | undefined, options: KeyOptions) {
    this.id = id
    this.alg = jwk.alg
    this.kid = chain ? undefined : jwk.kid
    this.x5c = chain?.x5c
    this.bits = jwk.bits
    this.addedAt = options.now
    this.expiresAt = chain?.expiresAt ?? jwk.expiresAt ?? options.expiresAt
    this.#key = key
  }

  async sign(input: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', this.#key, input))
  }
}

/**
 * Reads a private RSA key as people store it: base64 of a JWK, the JWK itself, a JWKS, PEM (PKCS#1, PKCS#8, with its
 * certificate chain), DER in base64. `kid` names the key in a set, and is needed where the text has none.
 *
 * @throws MaskinportenError `settings_invalid`; `detail` says what it is instead (`KEY_PUBLIC_ONLY`, `KEY_IS_JWT`,
 * `CONFIG_PLACEHOLDER`, …). No message quotes the text.
 */
export async function parseSigningKey(
  text: string,
  options: { readonly kid?: string | undefined } = {},
): Promise<SigningKey> {
  try {
    return await readSigningKey(text, {
      kid: options.kid,
      kidName: 'the option kid',
      now: Date.now(),
      warn: () => undefined,
    })
  } catch (error) {
    const { code, message } = refusalOf(error)
    throw new MaskinportenError('settings_invalid', `the signing key ${message}`, {
      detail: code,
      hint: message.slice(message.search(/\. \S[^.]*\.?$/) + 2),
    })
  }
}

/** @throws KeyRefusal, or what `refusalOf` makes one of. */
export async function readSigningKey(text: string, options: KeyOptions): Promise<RsaSigningKey> {
  const vacant = vacancy(text)
  if (vacant === 'CONFIG_MISSING')
    throw new KeyRefusal(vacant, 'is empty. Set it to the base64 of the JWK that holds the private key.')
  if (vacant !== undefined) throw new KeyRefusal(vacant, vacancyText(vacant, ''))
  const content = readKeyText(text, options.warn)
  const kid = options.kid?.trim() || undefined
  if ('json' in content)
    return importKey(
      readRsaJwk(chooseJwk(content.json, kid, options.kidName, options.warn), kid, options.warn),
      options,
    )
  const jwk = readRsaJwk(content.jwk, kid, options.warn)
  if (content.certificates.length === 0) return importKey(jwk, options, 'is a PEM key, which carries no key id.')
  if (kid !== undefined) {
    throw new KeyRefusal(
      'KEY_KID_AND_CHAIN',
      `holds a certificate chain, and ${options.kidName} is set. A client needs one of them: the kid of a registered key, or the chain of an enterprise certificate.`,
    )
  }
  return importKey(jwk, options, '', orderChain(content.certificates, jwk.modulus))
}

/** From a JWK that the settings hold as an object. */
export async function readJwkObject(
  jwk: Readonly<Record<string, unknown>>,
  options: KeyOptions,
): Promise<RsaSigningKey> {
  return importKey(
    readRsaJwk(chooseJwk(jwk, options.kid, options.kidName, options.warn), options.kid, options.warn),
    options,
  )
}

/** Whatever else went wrong must not be shown: it may quote the text. */
export function refusalOf(error: unknown): KeyRefusal {
  return error instanceof KeyRefusal
    ? error
    : new KeyRefusal('KEY_JWK_BAD', 'could not be read as an RSA key. Export the key pair again.')
}

async function importKey(
  jwk: RsaJwk,
  options: KeyOptions,
  without = 'has no "kid". Maskinporten finds the public key by it.',
  chain?: CertificateChain,
): Promise<RsaSigningKey> {
  if (jwk.kid === undefined && chain === undefined) {
    throw new KeyRefusal('KEY_KID_MISSING', `${without} Set ${options.kidName} to the kid shown in Samarbeidsportalen.`)
  }
  const { n, e } = jwk.members
  const id = await calculateJwkThumbprint({ kty: 'RSA', n, e })
  // Some runtimes notice at the import that the members are not of one key, others sign nonsense with them.
  const imported = await cryptoKey(jwk.members, jwk.alg).catch(() => undefined)
  const key = imported && new RsaSigningKey(id, imported, jwk, chain, options)
  if (key === undefined || !(await fitsTogether(key, { n, e }))) {
    throw new KeyRefusal(
      'KEY_PAIR_MISMATCH',
      'does not fit together: a test signature did not verify. Was the public part of another key pasted in?',
    )
  }
  return key
}

async function cryptoKey(members: Readonly<Record<string, string>>, alg: SigningAlgorithm): Promise<CryptoKey> {
  const key = await importJWK({ kty: 'RSA', ...members }, alg)
  if (key instanceof Uint8Array) throw new TypeError('not an RSA key')
  return key
}

async function fitsTogether(key: RsaSigningKey, members: Readonly<Record<'n' | 'e', string>>): Promise<boolean> {
  const input = new Uint8Array(32)
  const signature = await key.sign(input).catch(() => undefined)
  const pub = await cryptoKey(members, key.alg)
  return (
    signature !== undefined && (await crypto.subtle.verify('RSASSA-PKCS1-v1_5', pub, new Uint8Array(signature), input))
  )
}
