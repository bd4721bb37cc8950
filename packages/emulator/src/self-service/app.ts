/** Digdir's self-service API: clients, their keys, scopes and accesses, in the registries that the token endpoint reads (protocol reference §7). */
import type { Context } from 'hono'
import { because, createService, type Service, type ServiceEnv, type World } from '../http/service.ts'
import { allowed, type CallerRules, callerOf } from './caller.ts'
import { type ClientParts, clientRoutes } from './client-routes.ts'
import { onBehalfOfRoutes } from './on-behalf-of-routes.ts'
import { refusalBody, SelfServiceRefusal } from './refusal.ts'
import type { Route } from './route.ts'
import { publicScopes, type ScopeParts, scopeRoutes } from './scope-routes.ts'

export type SelfService = ClientParts & ScopeParts & CallerRules

/** Clients of 2025 and 2026 use the first one; Digdir's pages show the second one. */
const prefixes = ['/api/v1', ''] as const

export function selfServiceService(world: World, parts: SelfService): Service {
  const service = createService(world, () => 'self-service')
  const answering =
    (answer: (c: Context<ServiceEnv>) => Response | Promise<Response>) =>
    async (c: Context<ServiceEnv>): Promise<Response> => {
      try {
        return await answer(c)
      } catch (error) {
        if (!(error instanceof SelfServiceRefusal)) throw error
        because(c, { rule: error.rule, reason: error.message, compared: error.compared })
        return refusalBody(error, world.clock.now())
      }
    }
  const clients = clientRoutes(parts)
  const routes = [...clients, ...onBehalfOfRoutes(parts), ...scopeRoutes(parts), ...clients.map(altinnRoute)]
  for (const prefix of prefixes) {
    service.get(`${prefix}/scopes/all`, (c) => publicScopes(c, parts))
    for (const { method, path, scopes, answer } of routes) {
      const handler = async (c: Context<ServiceEnv>): Promise<Response> =>
        answer({ c, caller: await callerOf(c.req.header('authorization'), scopes, parts) })
      service.on(method, `${prefix}${path}`, answering(handler))
    }
  }
  service.all(
    '*',
    answering((c) => {
      const reason = `${c.req.method} ${c.req.path} is not an operation of the self-service API.`
      throw new SelfServiceRefusal(404, 'operation_unknown', 'Request', reason)
    }),
  )
  return service
}

/** The same for clients of Altinn's own. There a single client cannot be read, which is seen as a 500 and worked round by a list. */
function altinnRoute(route: Route): Route {
  const altinn = { ...route, path: `/altinn/admin${route.path}`, scopes: allowed.altinn }
  if (route.method !== 'GET' || route.path !== '/clients/:id') return altinn
  return {
    ...altinn,
    answer: () => {
      const reason = 'The real API fails here, too: list the clients instead.'
      throw new SelfServiceRefusal(500, 'altinn_admin_client', 'Client', reason)
    },
  }
}
