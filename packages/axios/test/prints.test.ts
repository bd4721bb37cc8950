import { once } from 'node:events'
import http, { Agent, createServer } from 'node:http'
import * as httpModule from 'node:http'
import { PassThrough } from 'node:stream'
import { inspect } from 'node:util'
import { maskinportenAxios } from '@maskinporten-kit/axios'
import { scriptedTokens, startRecordingServer } from '../../conformance/test/in-tree/index.ts'
import type { RecordingServer, ScriptedTokens } from '../../conformance/test/in-tree/index.ts'
import axios, { isAxiosError } from 'axios'
import type { AxiosInstance, AxiosRequestConfig } from 'axios'
import oldest from 'axios-floor'
import retry from 'axios-retry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let api: RecordingServer
let tokens: ScriptedTokens
let agent: CountingAgent
let release: () => void

class CountingAgent extends Agent {
  connections = 0
  // Not to be had from a stand-in.
  readonly #isTheAgent = true
  override createConnection(...args: Parameters<Agent['createConnection']>): ReturnType<Agent['createConnection']> {
    if (this.#isTheAgent) this.connections += 1
    return super.createConnection(...args)
  }
}

beforeEach(async () => {
  const held = new Promise<void>((resolve) => (release = resolve))
  api = await startRecordingServer(async ({ path }) => {
    if (path === '/held') await held
    return path === '/404' ? { status: 404 } : {}
  })
  tokens = scriptedTokens()
  agent = new CountingAgent({ keepAlive: true })
})
afterEach(async () => {
  release()
  agent.destroy()
  await api[Symbol.asyncDispose]()
})

const attached = (build: typeof axios, defaults: AxiosRequestConfig = {}): AxiosInstance => {
  const client = build.create({ adapter: 'http', ...defaults })
  maskinportenAxios(client, tokens, { allow: api.origin })
  return client
}
const failureOf = (sending: Promise<unknown>): Promise<unknown> =>
  sending.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => error,
  )
/** While a call is under way on the same connections. */
async function whileHeld<T>(client: AxiosInstance, doing: () => Promise<T>): Promise<T> {
  const held = client.get(`${api.origin}/held`)
  await expect.poll(() => api.arrived.length).toBe(1)
  const result = await doing()
  // What would be seen by way of the caller's own agent.
  expect(printsOf(agent)).toContain('canary')
  release()
  await held
  return result
}

/**
 * Node's own dispatcher shows the requests under way in some versions only, and another test may have put undici from npm in
 * its place; this one shows them on every Node.
 */
function rememberingDispatcher(): object {
  const [first, second]: unknown[] = [1, 2].map((nth) =>
    Reflect.get(globalThis, Symbol.for(`undici.globalDispatcher.${nth}`)),
  )
  // Undici from npm sets the second symbol on any Node, but only the newer ones' own fetch reads it.
  const [major = 0, minor = 0] = (process.versions['undici'] ?? '').split('.').map(Number)
  const nodes = major > 7 || (major === 7 && minor >= 30) ? second : first
  if (typeof nodes !== 'object' || nodes === null) throw new Error('Node has no dispatcher')
  const requests: unknown[] = []
  return {
    requests,
    dispatch(request: unknown, handler: unknown): unknown {
      requests.push(request)
      return Reflect.apply(Reflect.get(nodes, 'dispatch'), nodes, [request, handler])
    },
  }
}

function printsOf(thing: unknown): string {
  const attempts = [
    () => String(thing),
    () => JSON.stringify(thing),
    () => inspect(thing),
    () => inspect(thing, { depth: Infinity, showHidden: true }),
    () => inspect(thing, { depth: Infinity, showHidden: true, showProxy: true }),
    () => inspect(thing, { depth: Infinity, getters: true }),
    () => inspect(structuredClone(thing), { depth: Infinity, showHidden: true }),
    () => JSON.stringify(isAxiosError(thing) ? thing.toJSON() : ''),
    () => JSON.stringify(walked(thing)),
  ]
  return attempts
    .map((print) => {
      try {
        return print()
      } catch {
        // Circular, or not to be cloned: nothing is printed that way.
        return ''
      }
    })
    .join('\n')
}

/** As loggers do that know no toJSON. */
function walked(thing: unknown, seen = new Set<unknown>()): unknown {
  if (typeof thing !== 'object' || thing === null) return typeof thing === 'function' ? undefined : thing
  if (seen.has(thing)) return undefined
  seen.add(thing)
  const fields: Record<string, unknown> = {}
  for (const name in thing) fields[name] = walked(Reflect.get(thing, name), seen)
  return fields
}

describe.each([
  ['axios', axios],
  ['the oldest axios', oldest as unknown as typeof axios],
])('with calls under way on the agent of an instance, %s', (_version, build) => {
  const failures: readonly (readonly [string, AxiosRequestConfig])[] = [
    ['a status', { url: '/404' }],
    ['a status, where fields are redacted', Object.assign({ url: '/404' }, { redact: ['cookie'] })],
    ['a refused connection', { url: 'http://127.0.0.1:1/', maskinporten: false }],
    ['a call without a token', { url: '/404', maskinporten: false }],
    ['a call with a credential of its own', { url: '/404', auth: { username: 'kari', password: 'x' } }],
    ['an answer that is no JSON', { url: '/', responseType: 'json', transitional: { silentJSONParsing: false } }],
    ['a timeout', { url: '/held', timeout: 50 }],
    ['a signal that was aborted before', { url: '/', signal: AbortSignal.abort() }],
    ['a signal that is aborted', { url: '/held', signal: AbortSignal.timeout(50) }],
    ['an answer that is too long', { url: '/', maxContentLength: 1 }],
  ]
  it.each(failures)('shows no token on the error of %s', async (_name, config) => {
    const client = attached(build, { baseURL: api.origin, httpAgent: agent, httpsAgent: agent })
    const error = await whileHeld(client, () => failureOf(client.request(config)))
    const shown = isAxiosError(error) ? [error, error.config, error.request, error.response, error.cause] : [error]
    for (const thing of [...shown, isAxiosError(error) && error.config?.httpAgent]) {
      expect(printsOf(thing)).not.toContain('canary')
    }
  })

  it('shows no token by a list of agents among the options', async () => {
    const client = attached(build, { baseURL: api.origin, httpAgent: agent })
    const config = Object.assign({ url: '/404' }, { agents: [agent] })
    const error = await whileHeld(client, () => failureOf(client.request(config)))
    expect(printsOf(error)).not.toContain('canary')
  })

  it.each([
    ['a plain call', {}],
    ['one without a token', { maskinporten: false as const }],
    ['one for a stream', { responseType: 'stream' as const }],
    ['one that unpacks', { decompress: true }],
  ])('shows no token on the answer to %s', async (_name, config) => {
    const client = attached(build, { baseURL: api.origin, httpAgent: agent })
    const shown = await whileHeld(client, async () => {
      const answer = await client.get('/', config)
      return [answer, answer.config, answer.request, answer.data, answer.config.httpAgent].map(printsOf)
    })
    expect(shown.join('\n')).not.toContain('canary')
  })

  it.each([
    ['node:http', http],
    ['the namespace of node:http', httpModule],
    ['an object of the caller’s', { request: http.request, inner: http }],
  ])('shows none by a transport: %s', async (_name, transport) => {
    const client = attached(build, { baseURL: api.origin, transport })
    const held = client.get('/held')
    await expect.poll(() => api.arrived.length).toBe(1)
    const error = await failureOf(client.get('/404'))
    expect(printsOf(http.globalAgent)).toContain('canary')
    expect(printsOf(error)).not.toContain('canary')
    release()
    await held
  })

  it('shows none by the agent of Node itself, for a call without a token', async () => {
    const client = attached(build, { baseURL: api.origin })
    const held = client.get('/held')
    await expect.poll(() => api.arrived.length).toBe(1)
    const error = await failureOf(client.get('/404', { maskinporten: false }))
    expect(printsOf(error)).not.toContain('canary')
    expect(isAxiosError(error) && error.request.path).toBe('/404')
    release()
    await held
  })

  it('shows none by a dispatcher that remembers its requests', async () => {
    const client = attached(build, { baseURL: api.origin, adapter: 'fetch' })
    await client.get('/')
    const dispatcher = rememberingDispatcher()
    const held = client.get('/held', { fetchOptions: { dispatcher } })
    await expect.poll(() => api.arrived.length).toBe(2)
    const errors = [
      await failureOf(client.get('/404', { fetchOptions: { dispatcher } })),
      await failureOf(client.get('/404', { fetchOptions: { dispatcher }, maskinporten: false })),
    ]
    expect(printsOf(dispatcher)).toContain('canary')
    expect(errors.map(printsOf).join('\n')).not.toContain('canary')
    release()
    await held
  })

  it('shows none by a stream that is being sent', async () => {
    await using server = createServer((_, response) => void response.writeHead(404).end('no')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const client = build.create({ adapter: 'http' })
    maskinportenAxios(client, tokens, { allow: origin })
    const upload = new PassThrough()
    upload.write('a')
    const error = await failureOf(client.post(origin, upload))
    expect(isAxiosError(error) && error.status).toBe(404)
    const shown = printsOf(error)
    upload.end()
    server.closeAllConnections()
    expect(shown).not.toContain('canary')
  })

  it('sends a retry with the config of an error through the same agent, wherever it is sent', async () => {
    const client = attached(build, { baseURL: api.origin })
    const error = await failureOf(client.get('/404', { httpAgent: agent, httpsAgent: agent }))
    if (!isAxiosError(error) || error.config === undefined) return expect.unreachable()
    agent.destroy()
    for (const other of [client, attached(build), build.create({ adapter: 'http' })]) {
      const before = agent.connections
      const second = await failureOf(other.request(error.config))
      expect(agent.connections).toBe(before + 1)
      agent.destroy()
      if (!isAxiosError(second) || second.config === undefined) return expect.unreachable()
      await failureOf(other.request(second.config))
      expect(agent.connections).toBe(before + 2)
      agent.destroy()
    }
    expect(error.config.httpAgent).toBeInstanceOf(CountingAgent)
    expect(error.config.httpAgent.options.keepAlive).toBe(true)
    expect(Object.keys(agent)).toEqual(Object.keys(new CountingAgent({ keepAlive: true })))
  })

  it('lets axios-retry go through the agent', async () => {
    const client = attached(build, { baseURL: api.origin, httpAgent: agent })
    retry(client, { retries: 2, retryCondition: () => true })
    await failureOf(client.get('/404'))
    expect([api.arrived.length, agent.connections]).toEqual([3, 1])
  })

  it('gives an adapter of the caller’s own the agent itself, and its answer’s stream works', async () => {
    const client = attached(build, { baseURL: api.origin, httpAgent: agent })
    const seen: unknown[] = []
    await client.get('/', {
      adapter: async (config) => {
        seen.push(config.httpAgent)
        return { data: '', status: 200, statusText: '', headers: {}, config }
      },
    })
    expect(seen[0]).toBe(agent)
    for (const maskinporten of [undefined, false] as const) {
      const { data } = await client.get('/', { responseType: 'stream', maskinporten })
      let text = ''
      for await (const chunk of data) text += String(chunk)
      expect([text, data.req.path]).toEqual(['ok', '/'])
    }
  })
})
