/** A signing key out of the text that a setting holds. */
import { encode } from 'jose/base64url'
import { MaskinportenError } from '../errors.ts'
import { KV_REFERENCE_TEXT, unsetReason } from './placeholder.ts'
import { type CertificateChain, orderChain } from './certificate-chain.ts'
import { chooseJwk } from './jwk-in-json.ts'
import { PRIVATE_JWK, type WarnKey, refusalOf, refuse, refuseMismatch } from './key-refusal.ts'
import { readKeyText } from './key-text.ts'
import { type RsaJwk, readRsaJwk } from './rsa-jwk.ts'
import type { SigningKey } from './signer.ts'

const RSA = 'RSASSA-PKCS1-v1_5'

export interface ParsedKey extends SigningKey {
  /** Length of the modulus. */
  readonly bits: number
}

export interface KeyOptions {
  readonly kid?: string | undefined
  /** What messages call the place of the kid: `MaskinportenSettings:Kid`. */
  readonly kidName: string
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  /** As its store says, milliseconds since the Unix epoch. */
  readonly expiresAt?: number | undefined
  readonly warn: WarnKey
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
      kid: options.kid?.trim() || undefined,
      kidName: 'the option kid',
      now: Date.now(),
      warn: () => undefined,
    })
  } catch (error) {
    const { code, why, right } = refusalOf(error)
    // Of a refusal without `right`, the last sentence is the way out.
    const hint = right === undefined ? why.split(/(?<=[.)]) (?=[A-Z])/).at(-1) : `Set the signing key to ${right}.`
    const message = `the signing key ${right === undefined ? why : `${why} ${hint}`}`
    throw new MaskinportenError('settings_invalid', message, { detail: code, hint })
  }
}

/** @throws KeyRefusal, or what `refusalOf` makes one of. */
export async function readSigningKey(text: string, options: KeyOptions): Promise<ParsedKey> {
  const vacant = unsetReason(text)
  if (vacant === 'CONFIG_KV_REFERENCE') refuse(vacant, KV_REFERENCE_TEXT)
  if (vacant !== undefined) {
    const why = vacant === 'CONFIG_MISSING' ? 'is empty' : 'still holds a placeholder text'
    refuse(vacant, `${why}.`, PRIVATE_JWK)
  }
  const content = readKeyText(text, options.warn)
  if ('json' in content) return readJwk(content.json, options)
  const jwk = readRsaJwk(content.jwk, options.kid, options.warn)
  if (content.certificates.length === 0)
    return finish(jwk, options, 'is a PEM key, which is accepted but carries no key id.')
  if (options.kid !== undefined) {
    refuse(
      'KEY_KID_AND_CHAIN',
      `holds a certificate chain, and ${options.kidName} is set. A client needs one of them: the kid of a registered key, or the chain of an enterprise certificate.`,
    )
  }
  return finish(jwk, options, '', orderChain(content.certificates, jwk.modulus))
}

/** From JSON that was read already. */
export async function readJwk(json: unknown, options: KeyOptions): Promise<ParsedKey> {
  const { kid, kidName, warn } = options
  return finish(
    readRsaJwk(chooseJwk(json, kid, kidName, warn), kid, warn),
    options,
    'has no "kid". Maskinporten finds the public key by it.',
  )
}

/** The private half is not exportable, and the text it came from is dropped. */
async function finish(
  jwk: RsaJwk,
  { kidName, now, expiresAt }: KeyOptions,
  without: string,
  chain?: CertificateChain,
): Promise<ParsedKey> {
  const { members, alg, bits, kid } = jwk
  if (kid === undefined && chain === undefined)
    refuse(
      'KEY_KID_MISSING',
      `${without} Set ${kidName} to the kid shown in Samarbeidsportalen, beside this key on the client.`,
    )
  const { n = '', e = '' } = members
  // The thumbprint is of the members that make the key, by name, without blanks ([RFC 7638 §3](https://www.rfc-editor.org/rfc/rfc7638#section-3)).
  const publicHalf = new TextEncoder().encode(JSON.stringify({ e, kty: 'RSA', n }))
  const algorithm = { name: RSA, hash: `SHA-${alg.slice(2)}` }
  const [key, thumbprint] = await Promise.all([
    // Some runtimes know more rules than `isOneKey`.
    crypto.subtle.importKey('jwk', { kty: 'RSA', ...members }, algorithm, false, ['sign']).catch(refuseMismatch),
    crypto.subtle.digest('SHA-256', publicHalf),
  ])
  const ends = [chain ? chain.expiresAt : jwk.expiresAt, expiresAt].filter((end) => end !== undefined)
  return {
    id: encode(new Uint8Array(thumbprint)),
    alg,
    kid: chain ? undefined : kid,
    x5c: chain?.x5c,
    bits,
    addedAt: now,
    issuedAt: chain ? chain.issuedAt : jwk.issuedAt,
    expiresAt: ends.length > 0 ? Math.min(...ends) : undefined,
    sign: async (input) => new Uint8Array(await crypto.subtle.sign(RSA, key, input)),
  }
}
