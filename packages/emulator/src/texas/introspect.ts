/** Texas's own verification of a Maskinporten token (RFC 7662 §2.2), in its words. */
import type { EmulatorClock } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import { readCompactJws, verifyCompactJws } from '../tokens/jws.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'

export interface IntrospectionParts {
  /** Maskinporten's. */
  readonly issuer: string
  readonly keys: SigningKeys
  readonly clock: EmulatorClock
}

/** Seconds. */
const leeway = 60

/** The claims, or why there are none. */
export async function introspect(
  token: string,
  { issuer, keys, clock }: IntrospectionParts,
): Promise<{ readonly claims: JsonObject } | { readonly error: string }> {
  const jws = readCompactJws(token)
  if (!jws) return { error: 'invalid token header: InvalidToken' }
  const { kid, alg } = jws.header
  if (typeof kid !== 'string') return { error: 'missing key id from token header' }
  const key = await keys.find(kid)
  if (!key) return { error: 'token can not be validated with this identity provider' }
  if (alg !== 'RS256') return { error: 'invalid token: InvalidAlgorithm' }
  if (!verifyCompactJws(token, jws, key.publicKey, alg)) return { error: 'invalid token: InvalidSignature' }
  const wrong = wrongClaim(jws.claims, issuer, Math.floor(clock.now() / 1000))
  return wrong === undefined ? { claims: jws.claims } : { error: `invalid token: ${wrong}` }
}

function wrongClaim(claims: JsonObject, issuer: string, now: number): string | undefined {
  const { iss, exp, nbf, iat } = claims
  if (iss === undefined) return 'Missing required claim: iss'
  if (typeof exp !== 'number') return 'Missing required claim: exp'
  if (exp < now - leeway) return 'ExpiredSignature'
  if (typeof nbf === 'number' && nbf > now + leeway) return 'ImmatureSignature'
  if (iss !== issuer) return 'InvalidIssuer'
  if (typeof iat !== 'number') return 'Missing required claim: iat'
  return iat > now + leeway ? 'ImmatureSignature' : undefined
}
