/** Maskinporten's three addresses, and Skyporten's, which are the same but for the metadata. */
import { createService, type Service, type World } from '../http/service.ts'
import type { Target } from '../http/target.ts'
import { metadataOf } from './metadata.ts'
import { namedRefusal } from './named-fault.ts'
import { refusalAnswer } from './refusal.ts'
import { allParameters, answerTokenRequest, type TokenEndpoint } from './token-endpoint.ts'

const paths: ReadonlyMap<string, Target> = new Map([
  ['/token', 'token'],
  ['/jwk', 'jwk'],
  ['/.well-known/oauth-authorization-server', 'metadata'],
  ['/.well-known/openid-configuration', 'metadata'],
])

export function maskinportenService(world: World, endpoint: TokenEndpoint): Service {
  const { issuer, rules, clients } = endpoint.judge
  const service = createService(
    world,
    (path) => paths.get(path) ?? 'other',
    (name, c) => refusalAnswer(namedRefusal(name, allParameters(c), clients), rules),
  )
  service.post('/token', (c) => answerTokenRequest(c, endpoint))
  service.all('/token', () => new Response(null, { status: 405, headers: { allow: 'POST' } }))
  const metadata = endpoint.skyporten ? 'openid-configuration' : 'oauth-authorization-server'
  service.get(`/.well-known/${metadata}`, (c) => c.json(metadataOf(issuer)))
  service.get('/jwk', async (c) => {
    const keys = await endpoint.keys.published()
    return c.json({
      keys: keys.map(({ jwk, kid, certificate }) => ({
        kty: jwk.kty,
        e: jwk.e,
        use: 'sig',
        kid,
        x5c: [certificate.base64],
        n: jwk.n,
      })),
    })
  })
  return service
}
