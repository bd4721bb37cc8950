/** Steps 5 to 18 of the token endpoint, in their order (protocol reference §10.1). */
import { createHash } from 'node:crypto'
import { isJsonObject } from '../json.ts'
import type { CertificateAuthority } from '../tokens/certificates.ts'
import type { EmulatorClock } from '../clock.ts'
import type { Client, ClientRegistry } from './clients.ts'
import type { Grant } from './grant.ts'
import { checkKey, type ClientAuthentication } from './grant-key.ts'
import { TokenRefusal } from './refusal.ts'
import type { UsedGrants } from './replay.ts'
import type { Rules } from './rules.ts'
import type { ScopeRegistry } from './scopes.ts'

export interface Judge {
  readonly issuer: string
  readonly tokenEndpoint: string
  readonly clients: ClientRegistry
  readonly scopes: ScopeRegistry
  readonly authority: CertificateAuthority
  readonly used: UsedGrants
  readonly rules: Rules
  readonly clock: EmulatorClock
}

export interface AcceptedGrant {
  readonly grant: Grant
  readonly client: Client
  readonly authentication: ClientAuthentication
  /** Nine digits: the organisation whose token it is. */
  readonly consumer: string
}

/** @throws TokenRefusal */
export function checkGrant(grant: Grant, judge: Judge): AcceptedGrant {
  const client = judge.clients.get(grant.iss)
  if (!client?.active) throw new TokenRefusal('MP-100')
  checkAudience(grant, judge)
  const now = judge.clock.now()
  const authentication = checkKey(grant, client, {
    authority: judge.authority,
    rules: judge.rules,
    now,
    monotonic: judge.clock.monotonic(),
  })
  checkTimes(grant, judge.rules, now / 1000)
  checkUnused(grant, judge, now / 1000)
  if (judge.rules.refuseUnknownClaims) checkClaimNames(grant)
  for (const scope of grant.scopes) checkScope(scope, client, judge.scopes)
  checkResource(grant.resource)
  const consumer = consumerOf(grant, client)
  checkAccess(grant, { client, consumer }, judge.scopes)
  return { grant, client, authentication, consumer }
}

/** Exactly one value, and that the issuer (RFC 7523 §3 leaves the choice to the server). */
function checkAudience({ aud }: Grant, { issuer, tokenEndpoint, rules }: Judge): void {
  const accepted = aud[0] === issuer || (rules.acceptTokenEndpointAudience && aud[0] === tokenEndpoint)
  if (aud.length !== 1 || !accepted) throw new TokenRefusal('MP-110')
}

/** In the server's order, which decides the error when several are broken. `now` in seconds. */
function checkTimes({ iat, exp }: Grant, rules: Rules, now: number): void {
  if (exp - iat > rules.maxLifetimeSeconds) throw new TokenRefusal('lifetime_too_long')
  if (now + rules.skewSeconds < iat) throw new TokenRefusal('iat_in_future')
  if (rules.refuseOldIat && now - rules.skewSeconds > iat) throw new TokenRefusal('iat_in_past')
  if (now - rules.skewSeconds > exp) throw new TokenRefusal('MP-130')
}

function checkUnused(grant: Grant, { used, rules }: Judge, now: number): void {
  if (grant.jti === undefined && !rules.rememberGrantsWithoutJti) return
  const id = grant.jti ?? createHash('sha256').update(grant.assertion).digest('base64url')
  if (!used.use(`${grant.iss} ${id}`, grant.exp + rules.rememberGrantsSeconds, now)) throw new TokenRefusal('MP-012')
}

const documentedClaims: ReadonlySet<string> = new Set([
  'aud',
  'iss',
  'iat',
  'exp',
  'jti',
  'scope',
  'resource',
  'pid',
  'consumer_org',
  'authorization_details',
  'iss_onbehalfof',
  // Not documented, but sent by widespread libraries and accepted.
  'nbf',
  'sub',
])

function checkClaimNames({ claimNames }: Grant): void {
  const unknown = claimNames.find((name) => !documentedClaims.has(name))
  if (unknown !== undefined) throw new TokenRefusal('unknown_claim', { name: unknown })
}

function checkScope(name: string, client: Client, scopes: ScopeRegistry): void {
  const scope = scopes.get(name)
  if (!client.scopes.has(name) || !scope?.active) throw new TokenRefusal('MP-200', { scope: name })
  const allowed = scope.allowedIntegrationTypes
  if (client.integrationType !== 'maskinporten' || (allowed.length > 0 && !allowed.includes('maskinporten'))) {
    throw new TokenRefusal('MP-201')
  }
}

const isTarget = (value: string): boolean =>
  /^[a-z][a-z0-9+.-]*:./i.test(value) && URL.canParse(value) && !value.includes('#')

/** RFC 8707 §2: absolute, without a fragment. */
function checkResource(resource: Grant['resource']): void {
  if (resource === undefined) return
  const values = typeof resource === 'string' ? [resource] : resource
  if (values.length === 0 || !values.every(isTarget)) throw new TokenRefusal('invalid_target')
}

/** Who has delegated, whom a registration of the client names (Digdir, "OnBehalfOf"), or the client's own organisation. */
function consumerOf({ consumerOrg, onBehalfOf }: Grant, client: Client): string {
  if (consumerOrg === client.orgNumber) throw new TokenRefusal('consumer_org_is_self')
  if (onBehalfOf === undefined) return consumerOrg ?? client.orgNumber
  const all = client.registration?.['onbehalfof']
  const found = Array.isArray(all)
    ? all.filter(isJsonObject).find((one) => one['onbehalfof'] === onBehalfOf)
    : undefined
  const orgNumber = found?.['orgno']
  if (consumerOrg !== undefined || typeof orgNumber !== 'string') {
    const detail =
      consumerOrg === undefined
        ? `The client has no registration ${onBehalfOf}; /clients/{id}/onbehalfof of the self-service API adds one.`
        : 'Of consumer_org and iss_onbehalfof one may stand there.'
    throw new TokenRefusal('onbehalfof_unknown', {}, detail)
  }
  return orgNumber
}

function checkAccess(
  { scopes, consumerOrg, pid }: Grant,
  { client, consumer }: Pick<AcceptedGrant, 'client' | 'consumer'>,
  registry: ScopeRegistry,
): void {
  for (const scope of scopes) {
    if (registry.get(scope)?.pidRestricted === true && pid === undefined) {
      throw new TokenRefusal('pid_required', { scope })
    }
    if (!registry.hasAccess(scope, consumer)) throw new TokenRefusal('MP-250', { scope })
    if (consumerOrg === undefined) continue
    const delegated = registry.isDelegated({ scope, from: consumerOrg, to: client.orgNumber })
    if (!delegated) throw new TokenRefusal('MP-251', { scope, consumer: consumerOrg, supplier: client.orgNumber })
  }
}
