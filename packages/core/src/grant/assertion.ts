/**
 * The JWT grant ([RFC 7523 §2.1](https://www.rfc-editor.org/rfc/rfc7523#section-2.1);
 * [Digdir](https://docs.digdir.no/docs/Maskinporten/maskinporten_protocol_jwtgrant)). Header and claims are encoded here, so
 * that any `Signer` can sign them.
 */
import { encode } from 'jose/base64url'
import { fault } from '../errors.ts'
import { type SigningKey, keyName } from '../keys/signer.ts'
import type { Grant } from './token-request.ts'

/** `exp − iat` of a grant: Digdir's documented maximum, in seconds. */
const GRANT_LIFETIME_SECONDS = 120

const text = new TextEncoder()

/**
 * A newly signed assertion with its own `jti`: Maskinporten takes each once (MP-012).
 *
 * @param issuedAt corrected now, milliseconds since the Unix epoch.
 */
export async function createAssertion(
  key: SigningKey,
  claims: { readonly issuer: string; readonly clientId: string; readonly grant: Grant; readonly issuedAt: number },
  signal: AbortSignal,
): Promise<string> {
  const iat = Math.floor(claims.issuedAt / 1000)
  // One of kid and x5c: a client with registered keys needs kid, one with an enterprise certificate the chain.
  const header = key.kid === undefined ? { alg: key.alg, x5c: key.x5c } : { alg: key.alg, kid: key.kid }
  const body = {
    // The authorization server ([RFC 7523 §3](https://www.rfc-editor.org/rfc/rfc7523#section-3)): exactly its issuer. Maskinporten refuses the address of
    // the token endpoint (MP-110).
    aud: claims.issuer,
    iss: claims.clientId,
    scope: claims.grant.scopes.join(' '),
    iat,
    exp: iat + GRANT_LIFETIME_SECONDS,
    jti: crypto.randomUUID(),
    ...claims.grant.claims,
  }
  const input = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(body))}`
  const signature: unknown = await key.sign(text.encode(input), { signal })
  if (!isBytes(signature)) {
    const what = `the signer of ${keyName(key)} gave no signature`
    throw fault('token_unavailable', what, 'sign() must resolve to the bytes, a Uint8Array', { detail: 'SIGNER' })
  }
  return `${input}.${encode(signature)}`
}

/** Whether the value is a Uint8Array, also of another realm. Text would be encoded as if it were the signature. */
function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === '[object Uint8Array]' && (value as Uint8Array).length > 0
}
