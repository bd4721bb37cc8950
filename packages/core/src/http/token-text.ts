/** What a token looks like, whoever gives it: an endpoint or a store. */
import type { TokenKind } from '../token-source.ts'

/** An opaque token has at least this many characters: a word such as `Unauthorized` is not a token. */
const OPAQUE_LENGTH = 32

/** Characters that an Authorization header may carry (RFC 6750 §2.1): an HTTP client quotes any others in its error. */
function isBearerText(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.~+/-]+=*$/.test(value)
}

/** Three base64url parts, or at least 32 characters of the token alphabet. For answers that are nothing but the token. */
function isTokenText(value: unknown): value is string {
  return isBearerText(value) && (value.length >= OPAQUE_LENGTH || /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value))
}

/**
 * The exchange answers with the bare token, so a word in its place is told by its form. The token endpoint names its token
 * in JSON, so any text in the alphabet is one, except what a serializer writes for nothing.
 */
export function isTokenOf(kind: TokenKind, value: unknown): value is string {
  return kind === 'altinn' ? isTokenText(value) : isBearerText(value) && !/^(?:null|undefined)$/.test(value)
}
