/** The controls over HTTP, so that an app in any language can register clients, queue faults, read what arrived and move the clock. */
import { Hono } from 'hono'
import { addresses, controlHeader } from './addresses.ts'
import type { Emulator } from '../emulator.ts'
import type { Fault } from '../http/faults.ts'
import { isJsonObject, isStringArray, type JsonObject, parseJsonObject } from '../json.ts'
import { problem } from '../http/problem.ts'
import type { Service } from '../http/service.ts'
import { isTarget, targets } from '../http/target.ts'

export interface ControlOptions {
  readonly host: string
  readonly port: number
  readonly vaultToken: string
}

export function controlService(emulator: Emulator, options: ControlOptions): Service {
  const service: Service = new Hono()
  // Host is checked against DNS rebinding: a foreign name that resolves to loopback is refused.
  const hosts = new Set(['127.0.0.1', 'localhost', '[::1]', options.host].map((host) => `${host}:${options.port}`))
  service.use(async (c, next) => {
    if (!hosts.has(c.req.header('host') ?? ''))
      return problem(403, 'Forbidden', 'Call the control endpoint by its own address.')
    if (c.req.header(controlHeader) === undefined) {
      return problem(403, 'Forbidden', `Send the header ${controlHeader} with any value.`)
    }
    return next()
  })
  service.onError((error) =>
    // A TypeError or RangeError here is a sentence for the caller; anything else is ours.
    error instanceof TypeError || error instanceof RangeError
      ? problem(400, 'Bad Request', error.message)
      : problem(500, 'Internal Server Error'),
  )
  service.get('/', (c) => c.json(addresses(emulator)))
  service.post('/clients', async (c) => {
    const body = await bodyOf(c.req.raw)
    const { scopes } = body
    if (!isStringArray(scopes)) throw new TypeError('give `scopes` as a list of strings')
    return c.json(
      await emulator.registerClient({
        scopes,
        orgNumber: text(body, 'orgNumber'),
        clientId: text(body, 'clientId'),
        kid: text(body, 'kid'),
        jwk: isJsonObject(body['jwk']) ? body['jwk'] : undefined,
        withoutKey: body['withoutKey'] === true,
        accessTokenLifetime: number(body, 'accessTokenLifetime'),
      }),
      201,
    )
  })
  service.put('/secrets/:name', async (c) => {
    const body = await bodyOf(c.req.raw)
    const value = text(body, 'value')
    if (value === undefined) throw new TypeError('give `value` as a string')
    const vault = text(body, 'vault')
    const { keyVault } = emulator
    const state = {
      expiresOn: date(body, 'expiresOn'),
      notBefore: date(body, 'notBefore'),
      enabled: body['enabled'] !== false,
    }
    ;(vault === undefined ? keyVault : keyVault.vault(vault)).setSecret(c.req.param('name'), value, state)
    return c.body(null, 204)
  })
  service.post('/applications', async (c) => {
    const body = await bodyOf(c.req.raw)
    const secretExpiresOn = date(body, 'secretExpiresOn')
    const [clientId, clientSecret] = [text(body, 'clientId'), text(body, 'clientSecret')]
    return c.json(emulator.entra.registerApplication({ clientId, clientSecret, secretExpiresOn }), 201)
  })
  service.get('/vault-token', (c) => c.json({ access_token: options.vaultToken }))
  service.post('/submissions', async (c) => {
    const body = await bodyOf(c.req.raw)
    const { org = '', app = '' } = { org: text(body, 'org'), app: text(body, 'app') }
    const who = { person: text(body, 'person'), organisation: text(body, 'organisation') }
    const what = { data: body['data'], contentType: text(body, 'contentType'), dataType: text(body, 'dataType') }
    return c.json(await emulator.altinn.submit({ org, app, ...who, ...what }), 201)
  })
  service.post('/faults/:target', async (c) => {
    emulator.faults.next(targetOf(c.req.param('target')), faultOf(await bodyOf(c.req.raw)))
    return c.body(null, 204)
  })
  service.delete('/faults', (c) => {
    emulator.faults.clear()
    return c.body(null, 204)
  })
  service.get('/requests', (c) => {
    const target = c.req.query('target')
    return c.json(emulator.requests(target === undefined ? undefined : targetOf(target)))
  })
  service.delete('/requests', (c) => {
    emulator.clearRequests()
    return c.body(null, 204)
  })
  service.get('/clock', (c) => c.json({ now: emulator.clock.now() }))
  service.post('/clock/advance', async (c) => {
    const ms = number(await bodyOf(c.req.raw), 'ms')
    if (ms === undefined) throw new TypeError('give `ms` as a number of milliseconds')
    emulator.clock.advance(ms)
    return c.json({ now: emulator.clock.now() })
  })
  return service
}

async function bodyOf(request: Request): Promise<JsonObject> {
  const body = parseJsonObject(await request.text())
  if (!body) throw new TypeError('send a JSON object')
  return body
}

function text(body: JsonObject, name: string): string | undefined {
  const value = body[name]
  if (value === undefined || typeof value === 'string') return value
  throw new TypeError(`give \`${name}\` as a string`)
}

function number(body: JsonObject, name: string): number | undefined {
  const value = body[name]
  if (value === undefined || typeof value === 'number') return value
  throw new TypeError(`give \`${name}\` as a number`)
}

/** An instant, as ISO 8601 writes it. */
function date(body: JsonObject, name: string): Date | undefined {
  const value = text(body, name)
  if (value === undefined) return undefined
  const instant = new Date(value)
  if (Number.isNaN(instant.getTime())) throw new TypeError(`give \`${name}\` as an ISO 8601 instant`)
  return instant
}

function targetOf(name: string): (typeof targets)[number] {
  if (isTarget(name)) return name
  throw new TypeError(`${name} is no target; choose one of: ${targets.join(', ')}`)
}

function faultOf(body: JsonObject): Fault {
  const headers = body['headers']
  return {
    times: number(body, 'times'),
    status: number(body, 'status'),
    body: body['body'],
    headers: isJsonObject(headers)
      ? Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
      : undefined,
    delayMs: number(body, 'delayMs'),
    hang: body['hang'] === true,
    reset: body['reset'] === true,
    loseAnswer: body['loseAnswer'] === true,
    error: text(body, 'error'),
  }
}
