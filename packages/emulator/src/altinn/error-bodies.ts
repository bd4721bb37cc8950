/** How Storage and Events write the words of a refusal: as they are, or as the framework of the real ones would (ASP.NET Core). */
import type { MiddlewareHandler } from 'hono'
import { problem } from '../http/problem.ts'
import type { ServiceEnv } from '../http/service.ts'
import type { Rules } from '../maskinporten/rules.ts'

/** For the routes of Storage and of polling. Bodies that are no plain text stay. */
export function errorBodies(rules: Pick<Rules, 'altinnErrorBody'>): MiddlewareHandler<ServiceEnv> {
  return async (c, next) => {
    await next()
    const { status, headers } = c.res
    if (
      rules.altinnErrorBody === 'text' ||
      status < 400 ||
      headers.get('content-type')?.startsWith('text/plain') !== true
    ) {
      return
    }
    const words = await c.res.text()
    // Polling answers 400 by `Problem(…)`, and everything else is a text, which becomes JSON.
    const isProblem = status === 400 && c.req.path.startsWith('/events/')
    c.res = isProblem ? problem(400, 'Bad Request', words) : Response.json(words, { status })
  }
}
