/** Altinn Storage: the service owner's list, one instance, its data, and `complete`. */
import type { Context } from 'hono'
import type { EmulatorClock } from '../clock.ts'
import type { Names } from '../network/names.ts'
import { because, type Service, type ServiceEnv } from '../http/service.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { type Comparison, oneOf, type Refusal, shortly } from '../tokens/verify-token.ts'
import { type AltinnIdentity, identify } from './identity.ts'
import type { Instance, InstanceStore } from './instance.ts'
import { queryInstances } from './instance-query.ts'
import type { Rules } from '../maskinporten/rules.ts'
import type { Parties } from './parties.ts'

export interface Storage {
  readonly names: Names
  readonly clock: EmulatorClock
  readonly keys: SigningKeys
  readonly parties: Parties
  readonly instances: InstanceStore
  readonly rules: Pick<Rules, 'sendNullNext'>
}

const readScopes: readonly string[] = ['altinn:serviceowner/instances.read', 'altinn:storage/instances.syncadapter']
const base = '/storage/api/v1/instances'

export function addStorage(service: Service, storage: Storage): void {
  const one =
    (answer: (instance: Instance, identity: AltinnIdentity, c: Context<ServiceEnv>) => Response) =>
    async (c: Context<ServiceEnv>): Promise<Response> => {
      const known = await identify(c.req.header('authorization'), storage.keys, storage.clock)
      if ('refusal' in known) return refuse(c, 401, known.refusal)
      const { identity } = known
      const guid = c.req.param('guid') ?? ''
      const instance = storage.instances.get(guid)
      const party = c.req.param('party')
      if (!instance || (party !== undefined && party !== instance.instanceOwner.partyId)) {
        return text(404, `Unable to find instance ${guid}`)
      }
      // Stands in for Altinn's policy decision point.
      if (identity.org !== instance.org) {
        const reason = `The instance is one of ${instance.org}, and the token is ${ownerOf(identity)}.`
        return refuse(c, 403, { rule: 'storage_policy', reason, compared: comparedOrg(instance.org, identity) })
      }
      return answer(instance, identity, c)
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
    one((instance, identity) => complete(instance, identity, storage)),
  )
}

/** The authorisation order of Altinn's InstancesController. */
async function list(c: Context<ServiceEnv>, storage: Storage): Promise<Response> {
  const known = await identify(c.req.header('authorization'), storage.keys, storage.clock)
  if ('refusal' in known) return refuse(c, 401, known.refusal)
  const { identity } = known
  const query = new URL(c.req.url).searchParams
  const owner = c.req.header('x-ai-instanceowneridentifier')
  if (query.has('instanceOwner.partyId') && owner !== undefined) {
    return text(400, 'Both InstanceOwner.PartyId and InstanceOwnerIdentifier cannot be present at the same time.')
  }
  const { org } = identity
  if (org === undefined) {
    if (identity.systemUserId === undefined) return refuse(c, 400, { rule: 'storage_no_owner', reason: noOwner })
    if (!query.has('instanceOwner.partyId') && owner === undefined) {
      return text(400, 'Either InstanceOwnerPartyId or InstanceOwnerIdentifier need to be defined.')
    }
    const reason = 'The policy for system users is not emulated: none of them may list instances.'
    return refuse(c, 403, { rule: 'storage_policy', reason })
  }
  if (!identity.scopes.some((scope) => readScopes.includes(scope))) {
    const reason = `The token has none of these scopes: ${readScopes.join(', ')}.`
    const compared = { of: 'scope', expected: oneOf(readScopes), received: shortly(identity.scopes.join(' ')) }
    return refuse(c, 403, { rule: 'storage_scope', reason, compared })
  }
  const appId = query.get('appId')
  if (!query.has('org') && appId === null) return text(400, 'Org or AppId must be defined.')
  const asked = query.get('org') ?? appId?.split('/')[0] ?? ''
  if (asked !== org) {
    if (appId === null) return text(400, 'AppId must be defined.')
    const reason = `The app is one of ${asked}, and the token is one of ${org}.`
    return refuse(c, 403, { rule: 'storage_policy', reason, compared: comparedOrg(asked, identity) })
  }
  try {
    return page(c, storage, { query, org, owner })
  } catch (error) {
    if (error instanceof RangeError) return text(400, error.message)
    throw error
  }
}

function page(
  c: Context<ServiceEnv>,
  storage: Storage,
  { query, org, owner }: { readonly query: URLSearchParams; readonly org: string; readonly owner: string | undefined },
): Response {
  if (owner !== undefined)
    query.set('instanceOwner.partyId', storage.parties.find(owner.split(':').at(-1) ?? '') ?? 'none')
  const { instances, continuationToken } = queryInstances(storage.instances.ofOrg(org), query, org)
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
function complete(instance: Instance, { org = '' }: AltinnIdentity, storage: Storage): Response {
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

/** Without a body, as Storage does. */
function refuse(c: Context<ServiceEnv>, status: number, refusal: Refusal): Response {
  because(c, refusal)
  return new Response(null, { status })
}

const noOwner =
  'The token names neither a service owner nor a system user: the exchange adds the owner for a scope that begins with altinn:serviceowner, of an organisation that Altinn knows.'

function comparedOrg(expected: string, { org }: AltinnIdentity): Comparison {
  return { of: 'urn:altinn:org', expected, received: org ?? 'none' }
}

function ownerOf({ org }: AltinnIdentity): string {
  return org === undefined ? 'no service owner’s' : `one of ${org}`
}
