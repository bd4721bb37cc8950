/** `/events/api/v1/subscriptions` (Altinn/altinn-events, `SubscriptionController.cs`). */
import type { Context } from 'hono'
import { problem } from '../http/problem.ts'
import { because, type Service, type ServiceEnv } from '../http/service.ts'
import { parseJsonObject } from '../json.ts'
import type { Rules } from '../maskinporten/rules.ts'
import type { Names } from '../network/names.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import type { EmulatorClock } from '../clock.ts'
import type { Courier } from './courier.ts'
import { type AltinnIdentity, identify } from './identity.ts'
import type { Parties } from './parties.ts'
import type { Denial, Policy } from './policy.ts'
import { readSubscription, unreadable } from './subscription-request.ts'
import type { KeptSubscription, SubscriptionStore } from './subscriptions.ts'

export interface Subscribing {
  readonly names: Names
  readonly clock: EmulatorClock
  readonly altinnKeys: SigningKeys
  readonly parties: Parties
  readonly policy: Policy
  readonly subscriptions: SubscriptionStore
  readonly courier: Courier
  readonly rules: Pick<Rules, 'acceptLoopbackHttp'>
}

type Known = AltinnIdentity & { readonly consumer: string }
type Handler = (c: Context<ServiceEnv>, who: Known) => Response

const base = '/events/api/v1/subscriptions'

export function addSubscriptions(service: Service, parts: Subscribing): void {
  const known =
    (answer: Handler) =>
    async (c: Context<ServiceEnv>): Promise<Response> => {
      const found = await identify(c.req.header('authorization'), { ...parts, keys: parts.altinnKeys })
      if ('refusal' in found) because(c, found.refusal)
      const consumer = 'identity' in found ? found.identity.consumer : undefined
      if (!('identity' in found) || consumer === undefined) return new Response(null, { status: 401 })
      return answer(c, { ...found.identity, consumer })
    }
  const one = (answer: (found: KeptSubscription) => Response): Handler => {
    return (c, who) => {
      const id = c.req.param('id') ?? ''
      if (!/^-?\d{1,10}$/.test(id)) return invalid('id', `The value '${id}' is not valid.`)
      const found = parts.subscriptions.get(Number(id))
      if (!found) return new Response(null, { status: 404 })
      const { createdBy } = found.subscription
      if (createdBy === who.consumer) return answer(found)
      const reason = `The subscription is one of ${createdBy}, and the token is one of ${who.consumer}.`
      const compared = { of: 'creator of the subscription', expected: createdBy, received: who.consumer }
      because(c, { rule: 'events_policy', reason, compared })
      return new Response(null, { status: 403 })
    }
  }
  service.post(
    base,
    known((c, who) => subscribe(c, who, parts)),
  )
  service.get(
    base,
    known((_c, { consumer }) => {
      const subscriptions = parts.subscriptions.of(consumer)
      return Response.json({ count: subscriptions.length, subscriptions })
    }),
  )
  service.get(`${base}/:id`, known(one(({ subscription }) => Response.json(subscription))))
  service.delete(
    `${base}/:id`,
    known(
      one(({ subscription }) => {
        parts.subscriptions.remove(subscription.id)
        return new Response(null, { status: 200 })
      }),
    ),
  )
}

function subscribe(c: Context<ServiceEnv>, who: Known, parts: Subscribing): Response {
  const refuse = (status: 400 | 403, rule: string, reason: string, text?: string): Response => {
    because(c, { rule, reason })
    return text === undefined ? new Response(null, { status }) : Response.json(text, { status })
  }
  if (!/^application\/json *(?:;|$)/i.test(c.req.header('content-type') ?? '')) {
    because(c, { rule: 'events_media_type', reason: 'The Content-Type is not application/json.' })
    return problem(415, 'Unsupported Media Type')
  }
  const body = parseJsonObject(c.get('body'))
  const wrong = body && unreadable(body)
  if (!body || wrong !== undefined) {
    because(c, {
      rule: 'events_request',
      reason: `The body is not a JSON object with texts: ${wrong ?? 'unreadable'}.`,
    })
    return invalid(wrong ?? '$', 'The JSON value could not be converted.')
  }
  const { names, parties, rules } = parts
  const read = readSubscription(body, who, { names, parties, acceptLoopbackHttp: rules.acceptLoopbackHttp })
  if (!('wanted' in read)) {
    const missing = 'No app is subscribed to, and the token does not have the scope altinn:events.subscribe.'
    return refuse(read.status, read.status === 403 ? 'events_scope' : 'events_request', read.text ?? missing, read.text)
  }
  const { wanted, app } = read
  const denial = denialOf(who, { app, resource: wanted.resourceFilter, subject: wanted.subjectFilter }, parts.policy)
  if (denial) {
    because(c, { rule: 'events_policy', ...denial })
    return Response.json(`Not authorized to create a subscription for resource ${wanted.resourceFilter}.`, {
      status: 403,
    })
  }
  const kept = parts.subscriptions.add(wanted, names.platform)
  parts.courier.validate(kept)
  const location = `/events/api/v1/subscription/${kept.subscription.id}`
  return Response.json(kept.subscription, { status: 201, headers: { location } })
}

/** The policies of resources that are no apps are not known here: a service owner with the scope may subscribe to them. */
function denialOf(
  who: Known,
  wanted: {
    readonly app: { readonly org: string; readonly app: string } | undefined
    readonly resource: string
    readonly subject: string | undefined
  },
  policy: Policy,
): Denial | undefined {
  const partyId = /^\/party\/(\d+)$/.exec(wanted.subject ?? '')?.[1]
  if (wanted.app) return policy.denial(who, 'subscription', { ...wanted.app, partyId })
  if (who.org !== undefined) return undefined
  return {
    reason: `The resource ${wanted.resource} is no app, and ${who.consumer} is no service owner.`,
    compared: { of: 'urn:altinn:org', expected: 'a service owner', received: who.consumer },
  }
}

/** What the framework answers for a value of the wrong type (ASP.NET Core's ValidationProblemDetails). */
function invalid(name: string, message: string): Response {
  const body = { title: 'One or more validation errors occurred.', status: 400, errors: { [name]: [message] } }
  return Response.json(body, { status: 400, headers: { 'content-type': 'application/problem+json' } })
}
