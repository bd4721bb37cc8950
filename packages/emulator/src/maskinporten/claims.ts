/** The body of an access token: names, shapes and order as captured from the test environment. */
import type { JsonObject } from '../json.ts'
import type { AcceptedGrant } from './grant-checks.ts'
import type { Rules } from './rules.ts'
import type { ScopeRegistry } from './scopes.ts'

/** Seconds (Digdir, "Klientregistrering"). */
export const defaultLifetimeSeconds = 120

/** Seconds, of a client's tokens and of a scope's: the longest that was seen (altinn-studio#19603). */
export const longestLifetimeSeconds = 7200

/** An organisation as ISO 6523 writes it. */
export function actor(orgNumber: string): { readonly authority: string; readonly ID: string } {
  return { authority: 'iso6523-actorid-upis', ID: `0192:${orgNumber}` }
}

/** The client's setting, bounded by the lowest `at_max_age` of the scopes; 0 bounds nothing. Seconds. */
export function lifetimeOf({ grant, client }: AcceptedGrant, scopes: ScopeRegistry): number {
  const bounds = grant.scopes.map((scope) => scopes.get(scope)?.atMaxAge ?? 0).filter((seconds) => seconds > 0)
  return Math.min(client.accessTokenLifetime, ...bounds)
}

export interface TokenFacts {
  readonly issuer: string
  readonly delegationSource: string
  /** Seconds since the epoch. */
  readonly iat: number
  /** Seconds. */
  readonly lifetime: number
  readonly authorizationDetails: readonly JsonObject[] | undefined
  readonly legacy: boolean
  readonly audienceForm: Rules['audienceForm']
  readonly jti: string
  /** Skyporten's: who and for what stands in `sub`, for clouds that look at nothing else. */
  readonly skyporten: boolean
}

/** What stands after `consumer` has been seen in no capture: its order is a guess. */
export function accessTokenClaims(
  { grant, client, authentication, consumer }: AcceptedGrant,
  facts: TokenFacts,
): JsonObject {
  if (facts.skyporten) return skyportenClaims({ grant, client, authentication, consumer }, facts)
  const delegated = grant.consumerOrg !== undefined
  const supplied = consumer !== client.orgNumber
  return {
    ...(facts.authorizationDetails ? { authorization_details: facts.authorizationDetails } : {}),
    scope: grant.scopes.join(' '),
    iss: facts.issuer,
    client_amr: authentication,
    token_type: 'Bearer',
    exp: facts.iat + facts.lifetime,
    iat: facts.iat,
    client_id: client.clientId,
    jti: facts.jti,
    consumer: actor(consumer),
    ...(supplied ? { supplier: actor(client.orgNumber) } : {}),
    ...(delegated ? { delegation_source: facts.delegationSource } : {}),
    ...audience(grant.resource, facts),
    ...(facts.legacy ? { client_orgno: client.orgNumber } : {}),
    ...(grant.pid === undefined ? {} : { pid: grant.pid }),
  }
}

/** In the order of the token that Digdir shows ("Skyporten med Azure"). */
function skyportenClaims(accepted: AcceptedGrant, facts: TokenFacts): JsonObject {
  const { aud, scope, ...rest } = accessTokenClaims(accepted, { ...facts, skyporten: false })
  return { aud, sub: `0192:${accepted.consumer};${String(scope)}`, scope, ...rest }
}

function audience(resource: string | readonly string[] | undefined, { legacy, audienceForm }: TokenFacts): JsonObject {
  if (resource !== undefined) return { aud: audienceForm === 'list' ? [resource].flat() : resource }
  return legacy ? { aud: 'unspecified' } : {}
}
