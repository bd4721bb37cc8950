/** `GET /events/api/v1/app/{org}/{app}`: the events of an app, for the organisation that owns it. */
import type { Context } from 'hono'
import { because, type ServiceEnv } from '../http/service.ts'
import type { EventStore } from './events.ts'
import type { AltinnIdentity } from './identity.ts'

const zoned = /(?:Z|[+-]\d{2}:\d{2})$/i

/** `GET /events/api/v1/app/{org}/{app}` (Altinn/altinn-events, `AppController.cs`). The app's own organisation may read. */
export function pollEvents(c: Context<ServiceEnv>, identity: AltinnIdentity, events: EventStore): Response {
  if (identity.org === undefined) return new Response('Only orgs can call this api', { status: 401 })
  const { from, to, after, party, unit } = c.req.query()
  const types = c.req.queries('type') ?? []
  const person = c.req.header('person')
  if (from === undefined && after === undefined) return bad("The 'From' or 'After' parameter must be defined.")
  for (const [name, value] of [
    ['From', from],
    ['To', to],
  ] as const) {
    if (value !== undefined && !(zoned.test(value) && Number.isFinite(Date.parse(value)))) {
      return bad(`The '${name}' parameter must specify timezone. E.g. 2022-07-07T11:00:53.3917Z for UTC`)
    }
  }
  const size = Number(c.req.query('size') ?? 50)
  if (!(size >= 1)) return bad("The 'Size' parameter must be a number larger that 0.")
  if (person !== undefined && party !== undefined) return bad("Only one of 'Party' or 'Person' can be defined.")
  if (unit !== undefined && party !== undefined) return bad("Only one of 'Party' or 'Unit' can be defined.")
  if (unit !== undefined && !/^\d{9}$/.test(unit)) return bad("Value of 'Unit' needs to be exactly 9 digits.")
  const org = c.req.param('org') ?? ''
  if (org !== identity.org) {
    because(c, {
      rule: 'events_policy',
      reason: `The events are those of ${org}, and the token is one of ${identity.org}.`,
      compared: { of: 'urn:altinn:org', expected: org, received: identity.org },
    })
    return new Response(null, { status: 403 })
  }
  const all = events.ofResource(`urn:altinn:resource:app_${org}_${c.req.param('app') ?? ''}`)
  const start = after === undefined ? 0 : all.findIndex((event) => event.id === after) + 1
  const page = all
    .slice(start)
    .filter((event) => from === undefined || Date.parse(event.time) >= Date.parse(from))
    .filter((event) => to === undefined || Date.parse(event.time) <= Date.parse(to))
    .filter((event) => types.length === 0 || types.includes(event.type))
    .filter((event) => party === undefined || event.subject === `/party/${party}`)
    .filter((event) => unit === undefined || event.alternativesubject === `/org/${unit}`)
    .filter((event) => person === undefined || event.alternativesubject === `/person/${person}`)
    .slice(0, Math.floor(size))
  const last = page.at(-1)
  if (!last) return Response.json([])
  const next = new URL(c.req.url)
  next.searchParams.delete('from')
  next.searchParams.set('after', last.id)
  return Response.json(page, { headers: { next: next.href } })
}

function bad(text: string): Response {
  return new Response(text, { status: 400 })
}
