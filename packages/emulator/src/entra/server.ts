/** Entra ID as the client-secret credential meets it: discovery, keys, and the token endpoint (RFC 6749 §4.4). */
import type { Context } from 'hono'
import type { EmulatorClock } from '../clock.ts'
import { vaultResource } from '../network/names.ts'
import { because, createService, issued, type Service, type ServiceEnv, type World } from '../http/service.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { entraLifetimeSeconds, issueEntraToken } from './access-token.ts'
import type { ApplicationRegistry } from './applications.ts'
import { entraError, entraMessage, type EntraErrorFacts, type EntraErrorName, isEntraErrorName } from './error-table.ts'

export interface Entra {
  /** An origin without final slash: where its documents say that it is. */
  readonly authority: string
  readonly applications: ApplicationRegistry
  readonly keys: SigningKeys
  readonly clock: EmulatorClock
}

/** For others than Key Vault, so that a token for the wrong one can be had. */
const resources: readonly string[] = [vaultResource, 'https://graph.microsoft.com', 'https://management.azure.com']

export function entraService(world: World, entra: Entra): Service {
  const { applications, clock } = entra
  const service = createService(
    world,
    (path) => (path.endsWith('/token') ? 'entra' : 'entra-metadata'),
    (error, c) => {
      const client = new URLSearchParams(c.get('body')).get('client_id') ?? ''
      const facts = { tenant: applications.tenantId, client, name: nameIn(error, c.get('body')), at: clock.now() }
      return entraError(isEntraErrorName(error) ? error : 'AADSTS90033', facts)
    },
  )
  const inTenant =
    (answer: (c: Context<ServiceEnv>) => Response | Promise<Response>) =>
    (c: Context<ServiceEnv>): Response | Promise<Response> => {
      const tenant = c.req.param('tenant') ?? ''
      if (tenant.toLowerCase() === applications.tenantId.toLowerCase()) return answer(c)
      return refuse(c, 'AADSTS90002', { tenant, at: clock.now() })
    }
  service.get('/common/discovery/instance', (c) => c.json(instances(entra)))
  service.get(
    '/:tenant/v2.0/.well-known/openid-configuration',
    inTenant((c) => c.json(openIdConfiguration(entra))),
  )
  service.get(
    '/:tenant/discovery/v2.0/keys',
    inTenant(async (c) => c.json(await jwks(entra.keys))),
  )
  service.post(
    '/:tenant/oauth2/v2.0/token',
    inTenant((c) => answerTokenRequest(c, entra)),
  )
  return service
}

/** What a refusal that was ordered by name speaks of. */
function nameIn(error: string, body: string): string {
  const form = new URLSearchParams(body)
  if (error === 'AADSTS70003') return form.get('grant_type') ?? ''
  return error === 'AADSTS900144' ? 'client_id' : (form.get('scope') ?? '')
}

/** In Entra ID's order: the form, the client, its secret, the resource. */
async function answerTokenRequest(c: Context<ServiceEnv>, entra: Entra): Promise<Response> {
  const { applications, clock, keys } = entra
  const form = new URLSearchParams(c.get('body'))
  const client = form.get('client_id') ?? ''
  const deny = (error: EntraErrorName, more: Partial<EntraErrorFacts> = {}): Response =>
    refuse(c, error, { tenant: applications.tenantId, client, at: clock.now(), ...more })
  for (const name of ['grant_type', 'client_id', 'scope']) {
    if (!form.get(name)) return deny('AADSTS900144', { name })
  }
  const grantType = form.get('grant_type') ?? ''
  if (grantType !== 'client_credentials') return deny('AADSTS70003', { name: grantType })
  const application = applications.get(client)
  if (!application) return deny('AADSTS700016')
  const secret = form.get('client_secret')
  if (!secret) return deny('AADSTS7000216')
  if (secret !== application.clientSecret) return deny('AADSTS7000215')
  if (application.secretExpiresAt <= clock.now()) return deny('AADSTS7000222')
  const scope = form.get('scope') ?? ''
  const resource = /^(\S+)\/\.default$/.exec(scope)?.[1]
  if (resource === undefined) return deny('AADSTS1002012', { name: scope })
  if (!resources.includes(resource)) return deny('AADSTS500011', { name: resource })
  const token = await issueEntraToken(application, resource, keys)
  issued(c, token)
  return Response.json(
    {
      token_type: 'Bearer',
      expires_in: entraLifetimeSeconds,
      ext_expires_in: entraLifetimeSeconds,
      access_token: token,
    },
    { headers: { 'cache-control': 'no-store' } },
  )
}

function refuse(c: Context<ServiceEnv>, error: EntraErrorName, facts: EntraErrorFacts): Response {
  because(c, { rule: error, reason: entraMessage(error, facts) })
  return entraError(error, facts)
}

function openIdConfiguration({ authority, applications: { tenantId } }: Entra): object {
  return {
    token_endpoint: `${authority}/${tenantId}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    jwks_uri: `${authority}/${tenantId}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${authority}/${tenantId}/v2.0`,
    authorization_endpoint: `${authority}/${tenantId}/oauth2/v2.0/authorize`,
    cloud_instance_name: 'microsoftonline.com',
  }
}

/** By which a client makes sure that a host is Microsoft's. */
function instances({ authority, applications: { tenantId } }: Entra): object {
  const { host } = new URL(authority)
  return {
    tenant_discovery_endpoint: `${authority}/${tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  }
}

async function jwks(keys: SigningKeys): Promise<object> {
  const published = await keys.published()
  return {
    keys: published.map(({ jwk, kid, certificate }) => ({
      kty: jwk.kty,
      use: 'sig',
      kid,
      x5t: kid,
      n: jwk.n,
      e: jwk.e,
      x5c: [certificate.base64],
    })),
  }
}
