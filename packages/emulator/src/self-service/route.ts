/** One operation of the self-service API. */
import type { Context } from 'hono'
import type { ServiceEnv } from '../http/service.ts'
import type { JsonObject } from '../json.ts'
import type { Caller } from './caller.ts'

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Behind `/api/v1`, and without it. */
  readonly path: string
  /** One of them must be in the token. */
  readonly scopes: readonly string[]
  /** @throws SelfServiceRefusal */
  readonly answer: (request: { readonly caller: Caller; readonly c: Context<ServiceEnv> }) => Response
}

export function json(body: JsonObject | readonly JsonObject[], status = 200): Response {
  return Response.json(body, { status })
}

export function nothing(): Response {
  return new Response(null, { status: 204 })
}
