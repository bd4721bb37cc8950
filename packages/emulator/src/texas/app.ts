/** Texas, the token API of NAIS and of Kartverket's SKIP, for the identity provider `maskinporten` (nais/texas; facts as of August 2026). */
import type { Context } from 'hono'
import { because, createService, issued, type Service, type ServiceEnv, type World } from '../http/service.ts'
import type { TexasClient } from './clients.ts'
import { introspect, type IntrospectionParts } from './introspect.ts'
import { readRequest, type RequestFields } from './read-request.ts'
import { invalidRequest, TexasRefusal } from './refusal.ts'
import { requestToken, type TokenParts } from './request-token.ts'

export type Texas = TokenParts & IntrospectionParts

export function texasService(world: World, parts: Texas): Service {
  const service = createService(world, () => 'texas')
  const answering =
    (answer: (fields: RequestFields, c: Context<ServiceEnv>) => Promise<Response>) =>
    async (c: Context<ServiceEnv>): Promise<Response> => {
      try {
        return await answer(readRequest(c.req.header('content-type'), c.get('body')), c)
      } catch (error) {
        if (!(error instanceof TexasRefusal)) throw error
        because(c, { rule: error.rule, reason: error.message })
        return Response.json({ error: error.error, error_description: error.message }, { status: error.status })
      }
    }
  service.post(
    '/api/v1/token',
    answering(async (fields, c) => {
      const request = {
        target: fields.text('target'),
        resource: fields.optionalText('resource'),
        authorizationDetails: fields.details('authorization_details'),
        skipCache: fields.flag('skip_cache'),
      }
      const token = await requestToken(request, clientOf(fields, parts), parts)
      issued(c, token.access_token)
      return c.json(token)
    }),
  )
  service.post(
    '/api/v1/token/exchange',
    answering(async (fields) => {
      for (const name of ['target', 'user_token']) fields.text(name)
      clientOf(fields, parts)
      throw invalidRequest(`identity provider 'maskinporten' does not support token exchange`, 'texas_exchange')
    }),
  )
  service.post(
    '/api/v1/introspect',
    answering(async (fields, c) => {
      const token = fields.text('token')
      const judged =
        fields.provider === 'maskinporten'
          ? await introspect(token, parts)
          : { error: `identity provider '${fields.provider}' is not enabled` }
      if ('claims' in judged) return c.json({ active: true, ...judged.claims })
      because(c, { rule: 'texas_inactive', reason: judged.error })
      return c.json({ active: false, error: judged.error })
    }),
  )
  return service
}

/** @throws TexasRefusal for another identity provider, and while no client has a private key here. */
function clientOf({ provider }: RequestFields, { clients }: Texas): TexasClient {
  const client = provider === 'maskinporten' ? clients.current() : undefined
  if (client) return client
  throw invalidRequest(`identity provider '${provider}' is not enabled`, 'texas_provider')
}
