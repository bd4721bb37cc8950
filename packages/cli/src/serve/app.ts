/** The token service: Texas' API for the identity provider `maskinporten`, with health and metrics beside it. */
import type { Maskinporten } from '@maskinporten-kit/core'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { AuditLine, Endpoint } from './audit.ts'
import type { Guard } from './guard.ts'
import { Introspector } from './introspect.ts'
import { Metrics } from './metrics.ts'
import { Refusal, invalidRequest, refusalOf } from './refusal.ts'
import { type RequestFields, readFields } from './request-fields.ts'
import { TokenAnswers, notEnabled, readServeRequest } from './token-answer.ts'

export interface ServiceParts {
  readonly maskinporten: Maskinporten
  readonly guard: Guard
  readonly audit: (line: AuditLine) => void
  /** Whether it takes no more requests. */
  readonly isStopping: () => boolean
}

interface Answer {
  readonly body: object
  /** For metrics. */
  readonly result: string
  readonly audit?: Omit<AuditLine, 'endpoint' | 'status' | 'ms'> | undefined
}

const MAX_BODY_BYTES = 100 * 1024

export function tokenService({ maskinporten, guard, audit, isStopping }: ServiceParts): Hono {
  const service = new Hono()
  const metrics = new Metrics()
  const tokens = new TokenAnswers(maskinporten)
  const introspector = new Introspector(() => maskinporten.settings.get())

  /** Guards, reads, answers, counts and writes the line. `asked`: what a refusal is about, once it is read. */
  const answering =
    (endpoint: Endpoint, answer: (fields: RequestFields, note: (asked: Answer['audit']) => void) => Promise<Answer>) =>
    async (c: Context): Promise<Response> => {
      const begun = performance.now()
      let asked: Answer['audit']
      const done = (status: number, result: string, line: Answer['audit']): void => {
        const ms = Math.round((performance.now() - begun) * 10) / 10
        metrics.count(endpoint, result, ms)
        audit({ endpoint, status, ms, ...line })
      }
      try {
        guard.refuseStrangers((name) => c.req.header(name))
        const fields = readFields(c.req.header('content-type'), await c.req.text())
        const { body, result, audit: line } = await answer(fields, (noted) => (asked = noted))
        done(200, result, line)
        return c.json(body, 200, { 'cache-control': 'no-store' })
      } catch (error) {
        const refusal = refusalOf(error)
        const { mpCode, traceId } = refusal
        done(refusal.status, refusal.error, { ...asked, error: refusal.error, mpCode, traceId })
        return refused(refusal)
      }
    }

  service.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () => refused(new Refusal(413, 'invalid_request', `the body is longer than ${MAX_BODY_BYTES} bytes`)),
    }),
  )
  service.post(
    '/api/v1/token',
    answering('token', async (fields, note) => {
      const asked = readServeRequest(fields)
      const { kind, scopes, consumerOrg } = asked.request
      const details = fields.details('authorization_details')?.map(({ type }) => String(type))
      const line = { kind, scopes: String(scopes).split(/\s+/), consumerOrg, details }
      note(line)
      const { token, answer, isCached } = await tokens.get(asked)
      return {
        body: answer,
        result: isCached ? 'cached' : 'new',
        audit: { ...line, scopes: token.scopes, cached: isCached },
      }
    }),
  )
  service.post(
    '/api/v1/token/exchange',
    answering('exchange', async (fields) => {
      for (const name of ['target', 'user_token']) fields.text(name)
      if (fields.provider !== 'maskinporten') throw notEnabled(fields.provider)
      throw invalidRequest("identity provider 'maskinporten' does not support token exchange")
    }),
  )
  service.post(
    '/api/v1/introspect',
    answering('introspect', async (fields) => {
      const token = fields.text('token')
      const body =
        fields.provider === 'maskinporten'
          ? await introspector.inspect(token)
          : { active: false, error: `identity provider '${fields.provider}' is not enabled` }
      return { body, result: body.active ? 'active' : 'inactive' }
    }),
  )
  // They tell no secret, and a probe has none; a page learns nothing all the same.
  for (const path of ['/health', '/ready', '/metrics'])
    service.use(path, async (c, next) => {
      guard.refusePages((name) => c.req.header(name))
      await next()
    })
  service.get('/health', (c) => {
    const { status, since, reason } = maskinporten.health()
    return c.json({ status, since: new Date(since).toISOString(), reason }, status === 'failing' ? 503 : 200)
  })
  service.get('/ready', (c) => {
    const isReady = !isStopping() && maskinporten.settings.current() !== undefined
    return c.json({ ready: isReady }, isReady ? 200 : 503)
  })
  service.get('/metrics', (c) =>
    c.body(metrics.text(maskinporten.stats(), maskinporten.health()), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    }),
  )
  for (const path of ['/api/v1/token', '/api/v1/token/exchange', '/api/v1/introspect'])
    service.all(path, () => refused(new Refusal(405, 'invalid_request', 'use POST'), { allow: 'POST' }))
  service.notFound(() => refused(new Refusal(404, 'invalid_request', 'there is nothing at this address')))
  service.onError((error) => refused(refusalOf(error)))
  return service
}

function refused(refusal: Refusal, more: Readonly<Record<string, string>> = {}): Response {
  const challenge: Record<string, string> = refusal.error === 'invalid_client' ? { 'www-authenticate': 'Bearer' } : {}
  const headers = { 'cache-control': 'no-store', ...challenge, ...more }
  return Response.json(refusal.body, { status: refusal.status, headers })
}
