/** Tokens of the emulator's own, as its APIs see them. */
import { isJsonObject, type JsonObject } from '../json.ts'
import { readCompactJws, verifyCompactJws } from './jws.ts'
import type { SigningKeys } from './signing-keys.ts'

/** RFC 6750 §2.1; the scheme's name in any case. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
}

/** The claims, or `undefined` for a token that is not ours, not intact or, with `skewSeconds`, not alive. `now`: milliseconds. */
export async function verifyToken(
  token: string | undefined,
  keys: SigningKeys,
  { now, skewSeconds }: { readonly now: number; readonly skewSeconds: number },
): Promise<JsonObject | undefined> {
  const jws = token === undefined ? undefined : readCompactJws(token)
  const kid = jws?.header['kid']
  const key = typeof kid === 'string' ? await keys.find(kid) : undefined
  if (token === undefined || !jws || !key) return undefined
  if (!verifyCompactJws(token, jws, key.publicKey, 'RS256')) return undefined
  const { exp, nbf } = jws.claims
  const seconds = now / 1000
  if (typeof exp !== 'number' || seconds >= exp + skewSeconds) return undefined
  if (typeof nbf === 'number' && seconds < nbf - skewSeconds) return undefined
  return jws.claims
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
