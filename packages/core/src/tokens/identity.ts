/** The cache key: every input that changes the token, encoded so that two different inputs never give the same key. */
import type { Grant } from '../grant/token-request.ts'
import type { ResolvedSettings } from '../settings/settings-provider.ts'

/**
 * The settings' part of the identity. The signing key is no part of it: a token outlives its key, so a rotation leaves the
 * cache as it is. The type of the key is a part, because the token's claim `client_amr` differs. The token endpoint is the
 * configured one, not the discovered one.
 */
export function settingsIdentity(settings: ResolvedSettings): string {
  const { authority, audience = null, metadataUrl = null, tokenEndpoint = null, clientId, keys, exchange } = settings
  const credential = keys[0]?.kid === undefined ? 'x5c' : 'kid'
  return JSON.stringify([
    authority,
    audience,
    metadataUrl,
    tokenEndpoint,
    clientId,
    credential,
    exchange?.url ?? null,
    exchange?.testOrg ?? null,
  ])
}

/** The request's part of the identity. In a JSON list the parts stay apart, whatever they hold. The order of claims does not count. */
export function grantIdentity({ kind, scopes, claims }: Grant): string {
  return JSON.stringify([kind, scopes, Object.entries(claims).toSorted(([a], [b]) => (a < b ? -1 : 1))])
}
