/** A token and its life, from an endpoint or a store. */
import type { TokenKind } from '../token-source.ts'

/** An opaque token has at least this many characters: a word such as `Unauthorized` is not a token. */
const OPAQUE_LENGTH = 32

/** The longest life of a token, whatever its server says, seconds: a day. No longer life is documented anywhere. */
export const MAX_LIFETIME_SECONDS = 86_400

/**
 * The exchange answers with the bare token, so its form tells it from a word: three base64url parts, or at least 32
 * characters of the token alphabet. The token endpoint names its token in JSON, so any text in the alphabet is one, except
 * what a serializer writes for nothing. An HTTP client quotes all other characters in its error
 * ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)).
 */
export function isTokenOf(kind: TokenKind, value: unknown): value is string {
  if (typeof value !== 'string' || !/^[\w.~+/-]+=*$/.test(value)) return false
  if (kind === 'maskinporten') return !/^(?:null|undefined)$/.test(value)
  return value.length >= OPAQUE_LENGTH || /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value)
}

/** A number as JSON has it, or in digits as some servers write it; all else is NaN. */
export function numberIn(value: unknown): number {
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value)
  return typeof value === 'number' ? value : Number.NaN
}

/** A life in milliseconds: as the server gave it, else the documented default. */
export function lifetimeMs(seconds: number, defaultSeconds: number): number {
  return 1000 * Math.min(seconds >= 0 ? seconds : defaultSeconds, MAX_LIFETIME_SECONDS)
}
