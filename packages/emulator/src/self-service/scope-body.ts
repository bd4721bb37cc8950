/** Scopes and accesses as the self-service API reads and shows them (protocol reference §6.5, §7.4). */
import type { JsonObject } from '../json.ts'
import { longestLifetimeSeconds } from '../maskinporten/claims.ts'
import type { DefinedScope, ScopeAccess, ScopeDefinition } from '../maskinporten/scopes.ts'
import { type Fields, readFields } from './fields.ts'

export interface ScopeBody {
  readonly scope: ScopeDefinition
  readonly registration: JsonObject
}

/** `name` of the scope that is changed; `undefined` for a new one. @throws SelfServiceRefusal 400 */
export function readScope(text: string, sources: readonly string[], name?: string): ScopeBody {
  const fields = readFields(text, 'Scope')
  const required = name === undefined ? { required: true as const } : {}
  const [prefix, subscope] = [fields.text('prefix', required), fields.text('subscope', required)]
  const own = nameOf(fields, name, prefix, subscope)
  const source = fields.text('delegation_source', { oneOf: sources })
  const registration = {
    description: fields.text('description', { required: true }),
    ...localTexts(fields),
    visibility: fields.text('visibility', { oneOf: ['PUBLIC', 'PRIVATE', 'INTERNAL'] }),
    token_type: fields.text('token_type', { oneOf: ['SELF_CONTAINED', 'OPAQUE'] }),
    authorization_max_lifetime: fields.seconds('authorization_max_lifetime', Number.MAX_SAFE_INTEGER),
    requires_user_consent: fields.flag('requires_user_consent'),
    requires_user_authentication: fields.flag('requires_user_authentication'),
    requires_pseudonymous_tokens: fields.flag('requires_pseudonymous_tokens'),
    protected: fields.flag('protected'),
    supports_european_businesses: fields.flag('supports_european_businesses'),
    delegation_source: source,
  }
  const scope = {
    name: own,
    accessibleForAll: fields.flag('accessible_for_all'),
    allowedIntegrationTypes: fields.list('allowed_integration_types'),
    atMaxAge: fields.seconds('at_max_age', longestLifetimeSeconds),
    delegable: source !== undefined,
  }
  fields.end()
  return {
    scope,
    registration: Object.fromEntries(Object.entries(registration).filter(([, value]) => value !== undefined)),
  }
}

/** `prefix ':' subscope`; it never changes. */
function nameOf(
  fields: Fields,
  name: string | undefined,
  prefix: string | undefined,
  subscope: string | undefined,
): string {
  if (name === undefined) {
    if (prefix !== undefined && !/^[^\s:]+$/.test(prefix))
      fields.wrong('prefix', 'prefix must have no space and no colon')
    if (subscope !== undefined && !/^\S+$/.test(subscope)) fields.wrong('subscope', 'subscope must have no space')
    return `${prefix}:${subscope}`
  }
  const [before = '', ...rest] = name.split(':')
  const given = [fields.text('name') ?? name, `${prefix ?? before}:${subscope ?? rest.join(':')}`]
  if (given.some((one) => one !== name)) fields.wrong('name', `the name of ${name} cannot be changed`)
  return name
}

/** `long_description`, and `description` and `long_description` in other languages, as `description#en`. */
function localTexts(fields: Fields): JsonObject {
  const names = Object.keys(fields.body).filter((name) =>
    /^(?:long_description|(?:long_)?description#[a-z]{2})$/.test(name),
  )
  return Object.fromEntries(names.map((name) => [name, fields.text(name)]))
}

export function scopeBody(scope: DefinedScope, delegationSource: string): JsonObject {
  const [prefix = '', ...subscope] = scope.name.split(':')
  return {
    name: scope.name,
    prefix,
    subscope: subscope.join(':'),
    description: scope.name,
    visibility: 'PUBLIC',
    token_type: 'SELF_CONTAINED',
    requires_user_consent: false,
    requires_user_authentication: false,
    requires_pseudonymous_tokens: false,
    protected: false,
    ...(scope.delegable ? { delegation_source: delegationSource } : {}),
    ...scope.registration,
    at_max_age: scope.atMaxAge,
    accessible_for_all: scope.accessibleForAll,
    allowed_integration_types: scope.allowedIntegrationTypes,
    created: new Date(scope.changed.createdAt).toISOString(),
    last_updated: new Date(scope.changed.updatedAt).toISOString(),
    owner_orgno: scope.owner,
    active: scope.active,
  }
}

export function accessBody({ scope, orgNumber, approved, changed }: ScopeAccess, owner: string): JsonObject {
  return {
    scope,
    state: approved ? 'APPROVED' : 'DENIED',
    consumer_orgno: orgNumber,
    owner_orgno: owner,
    created: new Date(changed.createdAt).toISOString(),
    last_updated: new Date(changed.updatedAt).toISOString(),
  }
}
