/** RFC 8414 metadata, member for member as captured from the test environment. */
import { authorizationTypes } from './authorization-details.ts'
import { grantAlgorithms, jwtBearer } from './grant.ts'

/** Skyporten's issuer has no final slash. */
export function metadataOf(issuer: string): object {
  const base = issuer.replace(/\/?$/, '/')
  return {
    authorization_details_types_supported: authorizationTypes,
    grant_types_supported: [jwtBearer],
    issuer,
    jwks_uri: `${base}jwk`,
    token_endpoint: `${base}token`,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: grantAlgorithms,
  }
}
