/** Altinn's platform: exchange, its OpenID pages, Storage and Events under one origin. */
import { because, createService, type Service, type World } from '../http/service.ts'
import type { Target } from '../http/target.ts'
import { errorBodies } from './error-bodies.ts'
import type { EventStore } from './events.ts'
import { addSubscriptions, type Subscribing } from './subscribe.ts'
import { exchange, type Exchange } from './exchange.ts'
import { identify } from './identity.ts'
import { altinnJwks, openIdConfiguration } from './openid.ts'
import { pollEvents } from './poll-events.ts'
import type { Rules } from '../maskinporten/rules.ts'
import { addStorage, type Storage } from './storage.ts'

const prefixes: readonly (readonly [string, Target])[] = [
  ['/authentication/api/v1/exchange/', 'exchange'],
  ['/authentication/api/v1/openid/.well-known/openid-configuration/jwks', 'altinn-jwk'],
  ['/authentication/api/v1/openid/.well-known/', 'altinn-metadata'],
  ['/storage/', 'storage'],
  ['/events/', 'events'],
]

export interface Platform
  extends Exchange, Omit<Storage, 'keys' | 'rules'>, Omit<Subscribing, keyof Exchange | keyof Storage> {
  readonly rules: Rules
  readonly events: EventStore
}

export function platformService(world: World, platform: Platform): Service {
  const service = createService(world, (path) => prefixes.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 'other')
  for (const path of ['/storage/*', '/events/api/v1/app/*']) service.use(path, errorBodies(platform.rules))
  const openid = '/authentication/api/v1/openid/.well-known/openid-configuration'
  service.get('/authentication/api/v1/exchange/:provider', (c) => exchange(c, platform))
  service.get(openid, (c) => c.json(openIdConfiguration(platform.names)))
  service.get(`${openid}/jwks`, async (c) => c.json(await altinnJwks(platform.altinnKeys)))
  addStorage(service, { ...platform, keys: platform.altinnKeys })
  addSubscriptions(service, platform)
  service.get('/events/api/v1/app/:org/:app', async (c) => {
    const known = await identify(c.req.header('authorization'), { ...platform, keys: platform.altinnKeys })
    if ('identity' in known) return pollEvents(c, known.identity, platform.events)
    because(c, known.refusal)
    return new Response(null, { status: 401 })
  })
  return service
}
