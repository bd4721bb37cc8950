/** A client as the self-service API reads and shows it (protocol reference §7.4). */
import type { JsonObject } from '../json.ts'
import { defaultLifetimeSeconds, longestLifetimeSeconds } from '../maskinporten/claims.ts'
import type { Client } from '../maskinporten/clients.ts'
import { jwtBearer } from '../maskinporten/grant.ts'
import type { ScopeRegistry } from '../maskinporten/scopes.ts'
import { type Fields, readFields } from './fields.ts'

const integrationTypes = [
  'ansattporten',
  'api_klient',
  'eformidling',
  'idporten',
  'idporten_saml2',
  'krr',
  'maskinporten',
]
const applicationTypes = ['web', 'browser', 'native']
const authMethods = ['client_secret_post', 'client_secret_basic', 'private_key_jwt', 'none']
const grantTypes = ['authorization_code', 'implicit', 'refresh_token', jwtBearer]
const longestOther = 10 * 365 * 86_400

export interface ClientBody {
  readonly integrationType: string
  readonly scopes: readonly string[]
  readonly accessTokenLifetime: number
  /** `undefined` for the caller's own organisation. */
  readonly orgNumber: string | undefined
  readonly registration: JsonObject
}

export interface ClientBodyRules {
  readonly scopes: ScopeRegistry
  /** Whose access to the scopes counts: nine digits. */
  readonly orgNumber: (given: string | undefined) => string
  /** Of the client that is changed: it stays. */
  readonly integrationType?: string
}

/** @throws SelfServiceRefusal 400 */
export function readClient(text: string, rules: ClientBodyRules): ClientBody {
  const fields = readFields(text, 'Client')
  const integrationType = fields.text('integration_type', { required: true, oneOf: integrationTypes }) ?? ''
  if (rules.integrationType !== undefined && integrationType !== rules.integrationType) {
    fields.wrong('integration_type', `integration_type cannot be changed from ${rules.integrationType}`)
  }
  const registration = {
    client_name: fields.text('client_name', { required: true }),
    description: fields.text('description', { required: true }),
    application_type: fields.text('application_type', { oneOf: applicationTypes }),
    token_endpoint_auth_method: fields.text('token_endpoint_auth_method', { required: true, oneOf: authMethods }),
    grant_types: fields.list('grant_types', { required: true, oneOf: grantTypes }),
    authorization_lifetime: fields.seconds('authorization_lifetime', longestOther),
    refresh_token_lifetime: fields.seconds('refresh_token_lifetime', longestOther),
    refresh_token_usage: fields.text('refresh_token_usage', { oneOf: ['REUSE', 'ONETIME'] }),
    redirect_uris: fields.list('redirect_uris'),
    post_logout_redirect_uris: fields.list('post_logout_redirect_uris'),
    sso_disabled: fields.flag('sso_disabled'),
    client_uri: fields.text('client_uri'),
    logo_uri: fields.text('logo_uri'),
    jwks_uri: fields.text('jwks_uri'),
    code_challenge_method: fields.text('code_challenge_method'),
    frontchannel_logout_uri: fields.text('frontchannel_logout_uri'),
    frontchannel_logout_session_required: fields.flag('frontchannel_logout_session_required'),
  }
  const scopes = fields.list('scopes', { required: true }) ?? []
  const accessTokenLifetime = fields.seconds('access_token_lifetime', longestLifetimeSeconds) ?? 0
  const orgNumber = fields.text('client_orgno')
  checkScopes(fields, scopes, { integrationType, registry: rules.scopes, orgNumber: rules.orgNumber(orgNumber) })
  fields.end()
  const given = Object.fromEntries(Object.entries(registration).filter(([, value]) => value !== undefined))
  return {
    integrationType,
    scopes,
    accessTokenLifetime: accessTokenLifetime === 0 ? defaultLifetimeSeconds : accessTokenLifetime,
    orgNumber,
    registration: given,
  }
}

/** A scope that can be delegated may be registered by every supplier (protocol reference §6.1). */
function checkScopes(
  fields: Fields,
  scopes: readonly string[],
  rules: { readonly integrationType: string; readonly registry: ScopeRegistry; readonly orgNumber: string },
): void {
  const { integrationType, registry, orgNumber } = rules
  for (const name of scopes) {
    const scope = registry.get(name)
    if (!scope?.active) {
      fields.wrong('scopes', `Scope ${name} does not exist`)
    } else if (scope.allowedIntegrationTypes.length > 0 && !scope.allowedIntegrationTypes.includes(integrationType)) {
      fields.wrong('scopes', `Scope ${name} is not allowed for integration type ${integrationType}`)
    } else if (!scope.delegable && !registry.hasAccess(name, orgNumber)) {
      fields.wrong('scopes', `Organization ${orgNumber} has no access to scope ${name}`)
    }
  }
}

export function clientBody(client: Client): JsonObject {
  const { registration = {}, supplier, changed } = client
  return {
    client_id: client.clientId,
    client_name: client.clientId,
    description: '',
    application_type: 'web',
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: [jwtBearer],
    authorization_lifetime: 7200,
    refresh_token_lifetime: 600,
    refresh_token_usage: 'ONETIME',
    redirect_uris: [],
    post_logout_redirect_uris: [],
    sso_disabled: false,
    onbehalfof: [],
    ...registration,
    integration_type: client.integrationType,
    scopes: [...client.scopes],
    access_token_lifetime: client.accessTokenLifetime,
    client_orgno: client.orgNumber,
    ...(supplier === undefined ? {} : { supplier_orgno: supplier }),
    active: client.active,
    created: new Date(changed.createdAt).toISOString(),
    last_updated: new Date(changed.updatedAt).toISOString(),
  }
}
