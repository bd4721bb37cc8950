/** The scopes of an API owner, and who has access to them (protocol reference §7.3). */
import type { Context } from 'hono'
import type { EmulatorClock } from '../clock.ts'
import type { ServiceEnv } from '../http/service.ts'
import { isOrgNumber } from '../organisation-number.ts'
import type { DefinedScope, ScopeRegistry } from '../maskinporten/scopes.ts'
import { allowed, type Caller } from './caller.ts'
import { SelfServiceRefusal } from './refusal.ts'
import { json, type Route } from './route.ts'
import { accessBody, readScope, scopeBody } from './scope-body.ts'

export interface ScopeParts {
  readonly scopes: ScopeRegistry
  /** As the tokens of this emulator say it. */
  readonly delegationSource: string
  readonly clock: EmulatorClock
}

/** What clients of the test environment write. */
const testDelegationSource = 'https://tt02.altinn.no/'

export function scopeRoutes({ scopes, delegationSource, clock }: ScopeParts): readonly Route[] {
  const sources = [...new Set([delegationSource, testDelegationSource])]
  const started = new Date(clock.now()).toISOString()
  const body = (scope: DefinedScope): ReturnType<typeof scopeBody> => scopeBody(scope, delegationSource)
  const found = ({ orgNumber }: Caller, c: Context<ServiceEnv>): DefinedScope => {
    const name = c.req.query('scope')
    const scope = name === undefined ? undefined : scopes.get(name)
    if (scope?.owner === orgNumber) return scope
    const reason = `No scope ${name} belongs to organization ${orgNumber}.`
    throw new SelfServiceRefusal(404, 'scope_unknown', 'Scope', reason)
  }
  const active = (caller: Caller, c: Context<ServiceEnv>): DefinedScope => {
    const scope = found(caller, c)
    if (scope.active) return scope
    throw new SelfServiceRefusal(409, 'scope_deactivated', 'Scope', `Scope ${scope.name} is deactivated.`)
  }
  const stored = (name: string): Response => {
    const scope = scopes.get(name)
    if (!scope) throw new Error(`scope ${name} is gone; define it before it is shown`)
    return json(body(scope))
  }
  const access = (scope: DefinedScope, orgNumber: string): Response => {
    const [item] = scopes.accesses({ scope: scope.name, orgNumber })
    if (item) return json(accessBody(item, scope.owner))
    const reason = `Organization ${orgNumber} has no access to scope ${scope.name}.`
    throw new SelfServiceRefusal(404, 'access_unknown', 'ScopeAccess', reason)
  }
  return [
    {
      method: 'GET',
      path: '/scopes',
      scopes: allowed.scopes,
      answer: ({ caller, c }) => {
        if (c.req.query('scope') !== undefined) return json(body(found(caller, c)))
        const wanted = c.req.query('inactive') !== 'true'
        return json(
          scopes
            .all()
            .filter((one) => one.owner === caller.orgNumber && one.active === wanted)
            .map(body),
        )
      },
    },
    {
      method: 'POST',
      path: '/scopes',
      scopes: allowed.scopes,
      answer: ({ caller, c }) => {
        const { scope, registration } = readScope(c.get('body'), sources)
        const before = scopes.get(scope.name)
        if (before) {
          const reason = `Scope ${scope.name} exists${before.active ? '' : ', and is deactivated'}.`
          throw new SelfServiceRefusal(409, 'scope_exists', 'Scope', reason)
        }
        scopes.define({ ...scope, owner: caller.orgNumber }, registration)
        return new Response(stored(scope.name).body, { status: 201, headers: { 'content-type': 'application/json' } })
      },
    },
    {
      method: 'PUT',
      path: '/scopes',
      scopes: allowed.scopes,
      answer: ({ caller, c }) => {
        const { name, owner } = active(caller, c)
        const { scope, registration } = readScope(c.get('body'), sources, name)
        scopes.define({ ...scope, owner }, registration)
        return stored(name)
      },
    },
    {
      method: 'DELETE',
      path: '/scopes',
      scopes: allowed.scopes,
      answer: ({ caller, c }) => {
        const scope = active(caller, c)
        scopes.define({ ...scope, active: false }, scope.registration)
        return stored(scope.name)
      },
    },
    {
      method: 'GET',
      path: '/scopes/access/all',
      scopes: allowed.own,
      answer: ({ caller: { orgNumber } }) =>
        json(
          scopes
            .accesses({ orgNumber })
            .filter(({ approved }) => approved)
            .map((item) => accessBody(item, scopes.get(item.scope)?.owner ?? '')),
        ),
    },
    {
      method: 'GET',
      path: '/scopes/access',
      scopes: allowed.scopes,
      answer: ({ caller, c }) => {
        const { name, owner } = found(caller, c)
        return json(scopes.accesses({ scope: name }).map((item) => accessBody(item, owner)))
      },
    },
    {
      method: 'PUT',
      path: '/scopes/access/:orgNumber',
      scopes: allowed.scopes,
      answer: ({ caller, c }) => {
        const scope = active(caller, c)
        const orgNumber = c.req.param('orgNumber') ?? ''
        if (!isOrgNumber(orgNumber)) {
          const message = `${orgNumber} is not an organization number`
          throw new SelfServiceRefusal(400, 'body_fields', 'ScopeAccess', [{ field: 'consumer_orgno', message }])
        }
        scopes.grantAccess(scope.name, orgNumber)
        return access(scope, orgNumber)
      },
    },
    {
      method: 'DELETE',
      path: '/scopes/access/:orgNumber',
      scopes: allowed.scopes,
      answer: ({ caller, c }) => {
        const scope = found(caller, c)
        const orgNumber = c.req.param('orgNumber') ?? ''
        const [before] = scopes.accesses({ scope: scope.name, orgNumber })
        if (before?.approved === false) {
          const reason = `The access of organization ${orgNumber} to scope ${scope.name} is revoked.`
          throw new SelfServiceRefusal(409, 'access_revoked', 'ScopeAccess', reason)
        }
        scopes.revokeAccess(scope.name, orgNumber)
        return access(scope, orgNumber)
      },
    },
    {
      method: 'GET',
      path: '/delegationsources',
      scopes: [...new Set([...allowed.read, ...allowed.scopes])],
      answer: () => json([{ name: 'altinn', issuer: delegationSource, created: started, last_updated: started }]),
    },
  ]
}

/** The list that needs no token: the public scopes. */
export function publicScopes(c: Context<ServiceEnv>, { scopes, delegationSource }: ScopeParts): Response {
  const [forAll, type] = [c.req.query('accessible_for_all'), c.req.query('integration_type')]
  const active = c.req.query('inactive') !== 'true'
  const shown = scopes.all().filter((scope) => {
    const types = scope.allowedIntegrationTypes
    return (
      scope.active === active &&
      (scope.registration['visibility'] ?? 'PUBLIC') === 'PUBLIC' &&
      (forAll === undefined || String(scope.accessibleForAll) === forAll) &&
      (type === undefined || types.length === 0 || types.includes(type))
    )
  })
  return json(shown.map((scope) => scopeBody(scope, delegationSource)))
}
