/** The cache key: every input that changes the token, encoded so that two different inputs never give the same key. */
import type { Grant } from '../grant/token-request.ts'
import type { ResolvedSettings } from '../settings/settings-provider.ts'

/**
 * What the settings give to the identity. Not the key: tokens outlive keys, so a rotation leaves the cache alone. Its type
 * counts, since `client_amr` differs; and the token endpoint as configured, not as discovered.
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

/** What the request gives. JSON lists keep the parts apart whatever they hold; the order of claims does not count. */
export function grantIdentity({ kind, scopes, claims }: Grant): string {
  return JSON.stringify([kind, scopes, Object.entries(claims).toSorted(([a], [b]) => (a < b ? -1 : 1))])
}
