/** Tokens of the emulator's own, as its APIs see them. */
import { isJsonObject, type JsonObject } from '../json.ts'
import { withoutTokens } from '../http/log.ts'
import { shownJson } from '../shown-json.ts'
import { readCompactJws, verifyCompactJws } from './jws.ts'
import type { SigningKeys } from './signing-keys.ts'

/** RFC 6750 §2.1; the scheme's name in any case. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
}

/** Why a token is not taken: for the recorder, since the answers say little or nothing. */
export interface Refusal {
  /** A label of the emulator's, or the code of a row of a table: 'token_expired', 'MP-121'. */
  readonly rule: string
  readonly reason: string
  /** What the rule compared, where it compares something. */
  readonly compared?: Comparison | undefined
}

/** In short words, for people. */
export interface Comparison {
  /** What was looked at: 'aud', 'scope', 'end of the key'. */
  readonly of: string
  readonly expected: string
  readonly received: string
}

interface Judging {
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly skewSeconds: number
}

/** The claims, or why they are not taken. */
export async function judgeToken(
  token: string | undefined,
  keys: SigningKeys,
  { now, skewSeconds }: Judging,
): Promise<{ readonly claims: JsonObject } | { readonly refusal: Refusal }> {
  const refuse = (rule: string, reason: string, compared?: Comparison): { readonly refusal: Refusal } => ({
    refusal: { rule, reason, ...(compared ? { compared } : {}) },
  })
  if (token === undefined) return refuse('token_missing', 'The header Authorization has no bearer token.')
  const jws = readCompactJws(token)
  if (!jws) return refuse('token_unreadable', 'The bearer token is not a JWT.')
  const kid = jws.header['kid']
  const key = typeof kid === 'string' ? await keys.find(kid) : undefined
  if (!key) {
    return refuse('token_foreign', 'The kid of the token is none of the keys of the issuer that is wanted here.', {
      of: 'kid',
      expected: 'that of a key that the issuer publishes',
      received: shortly(kid),
    })
  }
  if (!verifyCompactJws(token, jws, key.publicKey, 'RS256')) {
    return refuse('token_signature', 'The signature of the token does not hold: its text was changed.')
  }
  const { exp, nbf } = jws.claims
  const seconds = now / 1000
  if (typeof exp !== 'number' || seconds >= exp + skewSeconds) {
    return refuse('token_expired', `The token ended at exp ${String(exp)}; it is ${Math.floor(seconds)} now.`, {
      of: 'exp',
      expected: `after ${Math.floor(seconds) - skewSeconds}`,
      received: shortly(exp),
    })
  }
  if (typeof nbf === 'number' && seconds < nbf - skewSeconds) {
    return refuse('token_not_yet_valid', `The token begins at nbf ${nbf}; it is ${Math.floor(seconds)} now.`, {
      of: 'nbf',
      expected: `${Math.floor(seconds) + skewSeconds} or earlier`,
      received: String(nbf),
    })
  }
  return { claims: jws.claims }
}

/** A value of the caller's, for `received`. */
export function shortly(value: unknown): string {
  if (value === undefined) return 'none'
  const text = withoutTokens(typeof value === 'string' ? value : (shownJson(value) ?? 'none'))
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

/** For `expected`. */
export function oneOf(values: readonly string[]): string {
  return values.length === 0 ? 'none' : values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`
}

/** The claims, or `undefined` for a token that is not ours, not intact or, with `skewSeconds`, not alive. */
export async function verifyToken(
  token: string | undefined,
  keys: SigningKeys,
  judging: Judging,
): Promise<JsonObject | undefined> {
  const judged = await judgeToken(token, keys, judging)
  return 'claims' in judged ? judged.claims : undefined
}

export function scopesOf(claims: JsonObject): readonly string[] {
  const scope = claims['scope']
  return typeof scope === 'string' ? scope.split(' ') : []
}

/** The number in `consumer`, when it is written by ISO 6523. */
export function consumerOf(claims: JsonObject): string | undefined {
  const consumer = claims['consumer']
  if (!isJsonObject(consumer) || consumer['authority'] !== 'iso6523-actorid-upis') return undefined
  const id = consumer['ID']
  return typeof id === 'string' ? id.split(':')[1] : undefined
}
