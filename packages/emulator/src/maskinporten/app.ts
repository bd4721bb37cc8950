/** Maskinporten's three addresses. */
import { createService, type Service, type World } from '../http/service.ts'
import type { Target } from '../http/target.ts'
import { isTokenErrorId } from './error-table.ts'
import { metadataOf } from './metadata.ts'
import { refusalAnswer, TokenRefusal } from './refusal.ts'
import { answerTokenRequest, type TokenEndpoint } from './token-endpoint.ts'

const paths: Readonly<Record<string, Target>> = {
  '/token': 'token',
  '/jwk': 'jwk',
  '/.well-known/oauth-authorization-server': 'metadata',
}

export function maskinportenService(world: World, endpoint: TokenEndpoint): Service {
  const { issuer, rules } = endpoint.judge
  const service = createService(
    world,
    (path) => paths[path] ?? 'other',
    (name) => refusalAnswer(new TokenRefusal(isTokenErrorId(name) ? name : 'MP-011'), rules),
  )
  service.post('/token', (c) => answerTokenRequest(c, endpoint))
  service.all('/token', () => new Response(null, { status: 405, headers: { allow: 'POST' } }))
  service.get('/.well-known/oauth-authorization-server', (c) => c.json(metadataOf(issuer)))
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
