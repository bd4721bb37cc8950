/** Who signs: a parsed key, or a caller's own signer, so that a key may stay in an HSM or a KMS. */
import { shownKid } from './look-alikes.ts'

export type SigningAlgorithm = 'RS256' | 'RS384' | 'RS512'

/** Raw signature over the signing input ([RFC 7515 §5.1](https://www.rfc-editor.org/rfc/rfc7515#section-5.1)); core owns header and encoding. */
export interface Signer {
  readonly alg: SigningAlgorithm
  /** Id of the key registered on the client. One of `kid` and `x5c`. */
  readonly kid?: string | undefined
  /** Certificate chain, leaf first, standard base64 of DER ([RFC 7515 §4.1.6](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.6)). */
  readonly x5c?: readonly string[] | undefined
  sign(input: Uint8Array<ArrayBuffer>, options: { readonly signal: AbortSignal }): Promise<Uint8Array>
}

/**
 * Signers that are loaded, such as the versions of a key in a vault. Asked like a config source: at the start, every
 * `refreshMs` milliseconds (absent: never), and when Maskinporten rejects the key. A failure later keeps the last ones.
 */
export interface SignerSource {
  /** Newest first. The same `kid` (or leaf certificate) is the same key: the signer that came first stays in use. */
  load(context: {
    readonly signal: AbortSignal
    readonly why: 'start' | 'poll' | 'rejected'
  }): Promise<readonly Signer[]>
  readonly refreshMs?: number | undefined
}

/** A signer that the settings made of key material. */
export interface SigningKey extends Signer {
  /** Thumbprint of the public key ([RFC 7638](https://www.rfc-editor.org/rfc/rfc7638)); for a caller's signer its `kid` or leaf certificate. */
  readonly id: string
  /** When it was first seen here, milliseconds since the Unix epoch. */
  readonly addedAt: number
  /** Start of its life, milliseconds since the Unix epoch, where the key itself says: `iat` or `nbf` of the JWK, or its certificate. */
  readonly issuedAt?: number | undefined
  /** Milliseconds since the Unix epoch, where the key or its store says; the earlier of the two. */
  readonly expiresAt?: number | undefined
}

export const isAlgorithm = (alg: unknown): alg is SigningAlgorithm =>
  typeof alg === 'string' && /^RS(?:256|384|512)$/.test(alg)

/** The name that people know a key by. A key with a certificate chain has no kid. */
export const keyName = ({ kid, id }: SigningKey): string => (kid === undefined ? id : shownKid(kid, id))

/** A caller's signer as a key of the ring. `now`: milliseconds since the Unix epoch. */
export function signingKeyOf(signer: Signer, now: number): SigningKey {
  // From plain JavaScript it may be anything; the settings refuse it then.
  const { alg, kid, x5c } = Object(signer) as Signer
  return {
    id: kid ?? x5c?.[0] ?? '',
    alg,
    kid,
    x5c,
    addedAt: now,
    sign: (input, options) => signer.sign(input, options),
  }
}
