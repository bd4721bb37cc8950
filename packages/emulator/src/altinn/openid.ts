/** Altinn's discovery and keys. `n` and `e` are standard base64 with padding, as Altinn publishes them: RFC 7518 §6.3 wants base64url. */
import type { Names } from '../network/names.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'

export function openIdConfiguration({ platform, platformIssuer }: Names): object {
  return {
    issuer: platformIssuer,
    authorization_endpoint: `${platform}/authentication/api/v1/authorize/`,
    token_endpoint: `${platform}/authentication/api/v1/token/`,
    jwks_uri: `${platformIssuer}.well-known/openid-configuration/jwks`,
    end_session_endpoint: `${platform}/authentication/api/v1/openid/logout/`,
    response_types_supported: ['token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
  }
}

export async function altinnJwks(keys: SigningKeys): Promise<object> {
  const published = await keys.published()
  return {
    keys: published.map(({ jwk, kid, certificate }) => ({
      kty: 'RSA',
      use: 'sig',
      kid,
      x5c: [certificate.base64],
      e: standardBase64(jwk.e),
      n: standardBase64(jwk.n),
    })),
  }
}

function standardBase64(base64url: string): string {
  return Buffer.from(base64url, 'base64url').toString('base64')
}
