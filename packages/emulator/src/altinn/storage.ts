/** Altinn Storage: the list, one instance, its data, and `complete` (Altinn/altinn-storage, `InstancesController.cs`). */
import type { Context } from 'hono'
import type { EmulatorClock } from '../clock.ts'
import type { Names } from '../network/names.ts'
import { because, type Service, type ServiceEnv } from '../http/service.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { oneOf, type Refusal, shortly } from '../tokens/verify-token.ts'
import { type AltinnIdentity, identify } from './identity.ts'
import type { Instance, InstanceStore } from './instance.ts'
import { queryInstances } from './instance-query.ts'
import { ownerNumber, unreadableParameter } from './instance-parameters.ts'
import type { Rules } from '../maskinporten/rules.ts'
import type { Parties } from './parties.ts'
import type { Asked, Policy } from './policy.ts'

export interface Storage {
  readonly names: Names
  readonly clock: EmulatorClock
  readonly keys: SigningKeys
  readonly parties: Parties
  readonly instances: InstanceStore
  readonly policy: Policy
  readonly rules: Pick<Rules, 'sendNullNext'>
}

const syncAdapter = 'altinn:storage/instances.syncadapter'
const readScopes: readonly string[] = ['altinn:serviceowner/instances.read', syncAdapter]
const base = '/storage/api/v1/instances'

export function addStorage(service: Service, storage: Storage): void {
  const one =
    (answer: (instance: Instance, identity: AltinnIdentity, c: Context<ServiceEnv>) => Response) =>
    async (c: Context<ServiceEnv>): Promise<Response> => {
      const known = await identify(c.req.header('authorization'), storage)
      if ('refusal' in known) return refuse(c, 401, known.refusal)
      const { identity } = known
      const guid = c.req.param('guid') ?? ''
      const instance = storage.instances.get(guid)
      const party = c.req.param('party')
      if (!instance || (party !== undefined && party !== instance.instanceOwner.partyId)) {
        return text(404, `Unable to find instance ${guid}`)
      }
      const denial = storage.policy.denial(identity, 'instance', askedFor(instance))
      return denial ? refuse(c, 403, { rule: 'storage_policy', ...denial }) : answer(instance, identity, c)
    }
  service.get(base, (c) => list(c, storage))
  service.get(
    `${base}/:guid`,
    one((instance) => Response.json(instance)),
  )
  service.get(
    `${base}/:party{[0-9]+}/:guid`,
    one((instance) => Response.json(instance)),
  )
  service.get(
    `${base}/:party{[0-9]+}/:guid/data/:data`,
    one((instance, _identity, c) => data(instance, c, storage)),
  )
  service.post(
    `${base}/:party{[0-9]+}/:guid/complete`,
    one((instance, identity, c) => {
      if (identity.org !== undefined) return complete(instance, identity.org, storage)
      // A receipt is the service owner's.
      const reason = `The instance is one of ${instance.org}, and the token is no service owner’s.`
      const compared = { of: 'urn:altinn:org', expected: instance.org, received: 'none' }
      return refuse(c, 403, { rule: 'storage_policy', reason, compared })
    }),
  )
}

function askedFor({ org, appId, instanceOwner: { partyId } }: Instance): Asked {
  return { org, app: appId.slice(org.length + 1), partyId }
}

/** The authorisation order of Altinn's InstancesController. */
async function list(c: Context<ServiceEnv>, storage: Storage): Promise<Response> {
  const known = await identify(c.req.header('authorization'), storage)
  if ('refusal' in known) return refuse(c, 401, known.refusal)
  const { identity } = known
  const query = new URL(c.req.url).searchParams
  const owner = c.req.header('x-ai-instanceowneridentifier')
  const unreadable = unreadableParameter(query)
  if (unreadable !== undefined) {
    because(c, { rule: 'storage_query', reason: `The query member ${unreadable} has a value of the wrong type.` })
    return invalidParameter(unreadable, query.get(unreadable) ?? '')
  }
  if (query.has('instanceOwner.partyId') && owner !== undefined) {
    return text(400, 'Both InstanceOwner.PartyId and InstanceOwnerIdentifier cannot be present at the same time.')
  }
  const refused = refusalOf(c, identity, query, owner)
  if (refused) return refused
  try {
    if (owner !== undefined) {
      query.set('instanceOwner.partyId', storage.parties.find(ownerNumber(owner)) ?? 'none')
    }
    return page(c, storage, { query, identity })
  } catch (error) {
    if (error instanceof RangeError) return text(400, error.message)
    throw error
  }
}

/** Who may not list at all. */
function refusalOf(
  c: Context<ServiceEnv>,
  { org, systemUserId, userId, scopes }: AltinnIdentity,
  query: URLSearchParams,
  owner: string | undefined,
): Response | undefined {
  if (org === undefined) {
    if (systemUserId === undefined && userId === undefined)
      return refuse(c, 400, { rule: 'storage_no_owner', reason: noOwner })
    return query.has('instanceOwner.partyId') || owner !== undefined
      ? undefined
      : text(400, 'Either InstanceOwnerPartyId or InstanceOwnerIdentifier need to be defined.')
  }
  if (!scopes.some((scope) => readScopes.includes(scope))) {
    const reason = `The token has none of these scopes: ${readScopes.join(', ')}.`
    const compared = { of: 'scope', expected: oneOf(readScopes), received: shortly(scopes.join(' ')) }
    return refuse(c, 403, { rule: 'storage_scope', reason, compared })
  }
  const appId = query.get('appId')
  if (!query.has('org') && appId === null) return text(400, 'Org or AppId must be defined.')
  const asked = query.get('org') ?? appId?.split('/')[0] ?? ''
  if (asked.toLowerCase() === org.toLowerCase() || scopes.includes(syncAdapter)) return undefined
  if (appId === null) return text(400, 'AppId must be defined.')
  const reason = `The app is one of ${asked}, and the token is one of ${org}.`
  return refuse(c, 403, {
    rule: 'storage_policy',
    reason,
    compared: { of: 'urn:altinn:org', expected: asked, received: org },
  })
}

/**
 * Of a page, those that a person or a system user may read: Altinn leaves the others out and refuses nothing, so that a page may have fewer
 * than its size.
 */
function permitted(
  c: Context<ServiceEnv>,
  found: readonly Instance[],
  { identity, policy }: { readonly identity: AltinnIdentity; readonly policy: Policy },
): readonly Instance[] {
  if (identity.org !== undefined) return found
  const denials = found.map((instance) => policy.denial(identity, 'instance', askedFor(instance)))
  const denied = denials.filter((denial) => denial !== undefined)
  if (denied[0] !== undefined) {
    because(c, {
      rule: 'storage_policy',
      ...denied[0],
      reason: `${denied.length} left out of the list. ${denied[0].reason}`,
    })
  }
  return found.filter((_instance, at) => denials[at] === undefined)
}

interface Listing {
  readonly query: URLSearchParams
  readonly identity: AltinnIdentity
}

function page(c: Context<ServiceEnv>, storage: Storage, listing: Listing): Response {
  const { query, identity } = listing
  const org = query.get('org') ?? query.get('appId')?.split('/')[0]
  const all = org === undefined ? storage.instances.all() : storage.instances.ofOrg(org)
  const { instances: found, continuationToken } = queryInstances(all, query, identity.org)
  const instances = permitted(c, found, { identity, policy: storage.policy })
  const { pathname, search } = new URL(c.req.url)
  const self = new URL(`${storage.names.platform}${pathname}${search}`)
  const next = new URL(self)
  if (continuationToken !== undefined) next.searchParams.set('continuationToken', continuationToken)
  const nothing = storage.rules.sendNullNext ? { next: null } : {}
  return Response.json({
    count: instances.length,
    self: self.href,
    ...(continuationToken === undefined ? nothing : { next: next.href }),
    instances,
  })
}

function data(instance: Instance, c: Context<ServiceEnv>, storage: Storage): Response {
  const guid = c.req.param('data')?.toLowerCase()
  const element = instance.data.find(({ id }) => id === guid)
  const bytes = element && storage.instances.bytes(element.id)
  if (!element || !bytes) return text(404, `Unable to find data element ${guid ?? ''}`)
  return new Response(bytes, { headers: { 'content-type': element.contentType } })
}

/** The service owner's receipt; once per organisation. */
function complete(instance: Instance, org: string, storage: Storage): Response {
  const confirmations = instance.completeConfirmations ?? []
  if (confirmations.some(({ stakeholderId }) => stakeholderId === org)) return Response.json(instance)
  const now = new Date(storage.clock.now()).toISOString()
  const confirmed: Instance = {
    ...instance,
    completeConfirmations: [...confirmations, { stakeholderId: org, confirmedOn: now }],
    lastChanged: now,
    lastChangedBy: org,
  }
  storage.instances.put(confirmed)
  return Response.json(confirmed)
}

function text(status: number, message: string): Response {
  return new Response(message, { status })
}

/** What the framework answers for a value of the wrong type (ASP.NET Core's ValidationProblemDetails). */
function invalidParameter(name: string, value: string): Response {
  const errors = { [name]: [`The value '${value}' is not valid.`] }
  const body = { title: 'One or more validation errors occurred.', status: 400, errors }
  return Response.json(body, { status: 400, headers: { 'content-type': 'application/problem+json' } })
}

/** Without a body, as Storage does. */
function refuse(c: Context<ServiceEnv>, status: number, refusal: Refusal): Response {
  because(c, refusal)
  return new Response(null, { status })
}

const noOwner =
  'The token names neither a service owner nor a system user nor a person: the exchange adds the owner for a scope that begins with altinn:serviceowner, of an organisation that Altinn knows.'
