/** The registrations of a client on behalf of others: the old way, whose members are inferred (protocol reference §7.3). */
import { isJsonObject, type JsonObject } from '../json.ts'
import { isOrgNumber } from '../organisation-number.ts'
import type { Client } from '../maskinporten/clients.ts'
import { allowed, type Caller } from './caller.ts'
import { type ClientParts, ownClient } from './client-routes.ts'
import { readFields } from './fields.ts'
import { SelfServiceRefusal } from './refusal.ts'
import { json, nothing, type Route } from './route.ts'

export function onBehalfOfRoutes({ clients }: Pick<ClientParts, 'clients'>): readonly Route[] {
  const path = '/clients/:id/onbehalfof'
  const active = (caller: Caller, id: string | undefined): Client => ownClient(clients, caller, id, 'active')
  const save = ({ clientId, scopes, accessTokenLifetime, registration }: Client, all: readonly JsonObject[]): void => {
    clients.change(clientId, { scopes, accessTokenLifetime, registration: { ...registration, onbehalfof: all } })
  }
  return [
    {
      method: 'GET',
      path,
      scopes: allowed.readOnBehalfOf,
      answer: ({ caller, c }) => json(registrations(ownClient(clients, caller, c.req.param('id')))),
    },
    {
      method: 'POST',
      path,
      scopes: allowed.onBehalfOf,
      answer: ({ caller, c }) => {
        const client = active(caller, c.req.param('id'))
        const added = readRegistration(c.get('body'))
        if (registrations(client).some(({ onbehalfof }) => onbehalfof === added['onbehalfof'])) {
          const reason = `Client ${client.clientId} has onbehalfof ${String(added['onbehalfof'])} already.`
          throw new SelfServiceRefusal(409, 'on_behalf_of_exists', 'OnBehalfOf', reason)
        }
        save(client, [...registrations(client), added])
        return json(added, 201)
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:name`,
      scopes: allowed.onBehalfOf,
      answer: ({ caller, c }) => {
        const client = active(caller, c.req.param('id'))
        const left = registrations(client).filter(({ onbehalfof }) => onbehalfof !== c.req.param('name'))
        if (left.length === registrations(client).length) {
          const reason = `Client ${client.clientId} has no onbehalfof ${c.req.param('name')}.`
          throw new SelfServiceRefusal(404, 'on_behalf_of_unknown', 'OnBehalfOf', reason)
        }
        save(client, left)
        return nothing()
      },
    },
  ]
}

function registrations({ registration }: Client): readonly JsonObject[] {
  const all = registration?.['onbehalfof']
  return Array.isArray(all) ? all.filter(isJsonObject) : []
}

/** @throws SelfServiceRefusal 400 */
function readRegistration(text: string): JsonObject {
  const fields = readFields(text, 'OnBehalfOf')
  const read = {
    onbehalfof: fields.text('onbehalfof', { required: true }),
    orgno: fields.text('orgno', { required: true }),
    name: fields.text('name'),
    description: fields.text('description'),
  }
  if (read.orgno !== undefined && !isOrgNumber(read.orgno))
    fields.wrong('orgno', 'orgno must be an organization number')
  fields.end()
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined))
}
