/** The clients of an organisation and their keys (protocol reference §7.3). */
import { isOrgNumber } from '../organisation-number.ts'
import type { Client, ClientRegistry } from '../maskinporten/clients.ts'
import type { Rules } from '../maskinporten/rules.ts'
import type { ScopeRegistry } from '../maskinporten/scopes.ts'
import { allowed, type Caller } from './caller.ts'
import { type ClientBodyRules, clientBody, readClient } from './client-body.ts'
import { keySetBody, readKeySet } from './key-set.ts'
import { SelfServiceRefusal } from './refusal.ts'
import { json, nothing, type Route } from './route.ts'

export interface ClientParts {
  readonly clients: ClientRegistry
  readonly scopes: ScopeRegistry
  readonly rules: Rules
}

export function clientRoutes({ clients, scopes, rules }: ClientParts): readonly Route[] {
  const found = (caller: Caller, id: string | undefined): Client => ownClient(clients, caller, id)
  const active = (caller: Caller, id: string | undefined): Client => ownClient(clients, caller, id, 'active')
  const jwks = '/clients/:id/jwks'
  const putKeys: Route['answer'] = ({ caller, c }) => {
    const { clientId } = active(caller, c.req.param('id'))
    clients.setKeys(clientId, readKeySet(c.get('body'), rules))
    return json(keySetBody(found(caller, clientId)), 201)
  }
  return [
    {
      method: 'GET',
      path: '/clients',
      scopes: allowed.read,
      answer: ({ caller, c }) => {
        const wanted = c.req.query('inactive') !== 'true'
        return json(
          ownClients(clients, caller)
            .filter((client) => client.active === wanted)
            .map(clientBody),
        )
      },
    },
    {
      method: 'POST',
      path: '/clients',
      scopes: allowed.create,
      answer: ({ caller, c }) => {
        const body = readClient(c.get('body'), { scopes, orgNumber: ownerOf(caller) })
        const orgNumber = body.orgNumber ?? caller.orgNumber
        const added = clients.add({
          orgNumber,
          scopes: new Set(body.scopes),
          integrationType: body.integrationType,
          accessTokenLifetime: body.accessTokenLifetime,
          supplier: orgNumber === caller.orgNumber ? undefined : caller.orgNumber,
          registration: body.registration,
        })
        return json(clientBody(added), 201)
      },
    },
    {
      method: 'GET',
      path: '/clients/:id',
      scopes: allowed.read,
      answer: ({ caller, c }) => json(clientBody(found(caller, c.req.param('id')))),
    },
    {
      method: 'PUT',
      path: '/clients/:id',
      scopes: allowed.change,
      answer: ({ caller, c }) => {
        const { clientId, orgNumber, integrationType, registration: before } = active(caller, c.req.param('id'))
        const body = readClient(c.get('body'), { scopes, orgNumber: () => orgNumber, integrationType })
        const { accessTokenLifetime } = body
        const registration = { ...body.registration, onbehalfof: before?.['onbehalfof'] ?? [] }
        return json(
          clientBody(clients.change(clientId, { scopes: new Set(body.scopes), accessTokenLifetime, registration })),
        )
      },
    },
    {
      method: 'DELETE',
      path: '/clients/:id',
      scopes: allowed.change,
      answer: ({ caller, c }) => {
        clients.deactivate(active(caller, c.req.param('id')).clientId)
        return nothing()
      },
    },
    {
      method: 'GET',
      path: jwks,
      scopes: allowed.read,
      answer: ({ caller, c }) => json(keySetBody(found(caller, c.req.param('id')))),
    },
    { method: 'POST', path: jwks, scopes: allowed.change, answer: putKeys },
    { method: 'PUT', path: jwks, scopes: allowed.change, answer: putKeys },
    {
      method: 'DELETE',
      path: jwks,
      scopes: allowed.change,
      answer: ({ caller, c }) => {
        clients.setKeys(active(caller, c.req.param('id')).clientId, [])
        return nothing()
      },
    },
    {
      method: 'POST',
      path: '/clients/:id/secret',
      scopes: allowed.change,
      answer: ({ caller, c }) => {
        const { clientId, integrationType } = active(caller, c.req.param('id'))
        const reason = `Client ${clientId} of integration type ${integrationType} has no secret: it signs.`
        throw new SelfServiceRefusal(400, 'client_secret', 'Client', reason)
      },
    },
  ]
}

function ownClients(clients: ClientRegistry, { orgNumber }: Caller): readonly Client[] {
  return clients.all().filter((client) => client.orgNumber === orgNumber || client.supplier === orgNumber)
}

/** @throws SelfServiceRefusal 404 for a client of others, 409 for a deactivated one where an active one is wanted. */
export function ownClient(clients: ClientRegistry, caller: Caller, id: string | undefined, wanted?: 'active'): Client {
  const client = ownClients(clients, caller).find(({ clientId }) => clientId === id)
  if (!client) {
    const reason = `No client ${id} belongs to organization ${caller.orgNumber}.`
    throw new SelfServiceRefusal(404, 'client_unknown', 'Client', reason)
  }
  if (client.active || wanted === undefined) return client
  throw new SelfServiceRefusal(409, 'client_deactivated', 'Client', `Client ${client.clientId} is deactivated.`)
}

/** @throws SelfServiceRefusal 400 for what is not an organisation, 403 for another one without the supplier's scope. */
function ownerOf({ orgNumber, scopes }: Caller): ClientBodyRules['orgNumber'] {
  return (given) => {
    if (given === undefined || given === orgNumber) return orgNumber
    if (!isOrgNumber(given)) {
      const message = 'client_orgno must be an organization number'
      throw new SelfServiceRefusal(400, 'body_fields', 'Client', [{ field: 'client_orgno', message }])
    }
    if (scopes.includes('idporten:dcr.supplier')) return given
    const reason = `The scope idporten:dcr.supplier is needed for clients of another organization than ${orgNumber}.`
    throw new SelfServiceRefusal(403, 'self_service_scope', 'Token', reason)
  }
}
