/** How Altinn signs its tokens, and for how long. */
import type { JsonObject } from '../json.ts'
import { signCompactJws } from '../tokens/jws.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'

/** Independent of the life of a Maskinporten token. */
export const lifetimeSeconds: number = 30 * 60

export async function signAltinnToken(claims: JsonObject, keys: SigningKeys): Promise<string> {
  const key = await keys.current()
  // The kid is the certificate's SHA-1 in hex; x5t is the same in base64url (RFC 7515 §4.1.7).
  const x5t = Buffer.from(key.kid, 'hex').toString('base64url')
  return signCompactJws({ alg: 'RS256', kid: key.kid, x5t, typ: 'JWT' }, claims, key)
}
