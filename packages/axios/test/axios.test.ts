import { getEventListeners } from 'node:events'
import { inspect } from 'node:util'
import { maskinportenAxios } from '@maskinporten-kit/axios'
import { everyPrintOf, scriptedTokens, startRecordingServer } from '../../conformance/test/in-tree/index.ts'
import type { RecordingServer, ScriptedTokens } from '../../conformance/test/in-tree/index.ts'
import axios, { create, isAxiosError, isCancel } from 'axios'
import type { AxiosError, AxiosInstance, AxiosRequestHeaders } from 'axios'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

let api: RecordingServer
let tokens: ScriptedTokens
let client: AxiosInstance
let detach: () => void

beforeEach(async () => {
  api = await startRecordingServer()
  tokens = scriptedTokens()
  client = create()
  detach = maskinportenAxios(client, tokens, { allow: api.origin })
})
afterEach(() => api[Symbol.asyncDispose]())

const bearerOf = (nth: number): string => `Bearer ${tokens.values[nth]}`
const authorizations = (): unknown[] => api.arrived.map(({ headers }) => headers.authorization)
const rejectedOnce = (): void => {
  api.reply = (_, nth) => (nth === 1 ? { status: 401, body: 'no' } : { body: 'yes' })
}
const failureOf = async (sending: Promise<unknown>): Promise<AxiosError> => {
  const error: unknown = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isAxiosError(error)) throw new Error(`not an AxiosError: ${inspect(error)}`)
  return error
}

describe('where a call goes', () => {
  it('is judged from baseURL, url and params as axios joins them', async () => {
    client.defaults.baseURL = `${api.origin}/base/`
    await client.get('things', { params: { a: ['1', '2'] }, paramsSerializer: { indexes: null } })
    await client.get(`${api.origin}/absolute`)
    await client.get('/rooted?x=1', { params: { y: 2 } })
    await client.get('', { baseURL: api.origin })
    expect(api.arrived.map(({ path }) => path)).toEqual([
      '/base/things?a=1&a=2',
      '/absolute',
      '/base/rooted?x=1&y=2',
      '/',
    ])
    expect(new Set(authorizations())).toEqual(new Set([bearerOf(0)]))
  })

  it('is judged the same when absolute URLs are joined to the base', async () => {
    await using elsewhere = await startRecordingServer()
    const joined = client.get(`${api.origin}/x`, { baseURL: elsewhere.origin, allowAbsoluteUrls: false })
    await expect(joined).rejects.toMatchObject({ code: 'origin_not_allowed' })
    await expect(client.get(`${elsewhere.origin}/x`, { baseURL: api.origin })).rejects.toMatchObject({
      code: 'origin_not_allowed',
    })
    await expect(client.get('//127.0.0.1:1/x', { baseURL: api.origin })).rejects.toThrow(/./)
    expect([api.arrived, elsewhere.arrived, tokens.asked]).toEqual([[], [], []])
    await client.get('https://other.no/x', { baseURL: api.origin, allowAbsoluteUrls: false })
    expect([api.arrived[0]?.path, authorizations()]).toEqual(['/https://other.no/x', [bearerOf(0)]])
  })

  it.each(['http', 'fetch'] as const)(
    'is the one that the %s adapter makes of it, however it is written',
    async (adapter) => {
      await using elsewhere = await startRecordingServer()
      const { host } = new URL(elsewhere.origin)
      const written = [
        `${api.origin}@${host}/`,
        `${api.origin}:x@${host}/`,
        `http://${host}\\@${api.origin.slice(7)}/`,
        `http://${host}#@${api.origin.slice(7)}/`,
        `${api.origin}/\\@${host}`,
        `${api.origin}\\@${host}`,
        `${api.origin}/@${host}/`,
        `${api.origin}?@${host}`,
        `${api.origin}//${host}/`,
        ` \t${api.origin.replace('p:', 'P\n:')}/`,
      ]
      for (const url of written) await client.get(url, { adapter, params: { z: '@2' } }).catch(() => undefined)
      expect(elsewhere.arrived.filter(({ headers }) => headers.authorization?.startsWith('Bearer'))).toEqual([])
      expect(api.arrived.length).toBeGreaterThanOrEqual(4)
      expect(new Set(authorizations())).toEqual(new Set([bearerOf(0)]))
    },
  )

  it('is judged after all interceptors and transforms', async () => {
    client.interceptors.request.use((config) => Object.assign(config, { url: 'https://other.no/' }))
    await expect(client.get(api.origin)).rejects.toMatchObject({ code: 'origin_not_allowed' })
  })
})

describe('what the caller changes while a call waits for its token', () => {
  it.each(['http', 'fetch'] as const)(
    'does not change the address, were it a URL, under the %s adapter',
    async (adapter) => {
      await using elsewhere = await startRecordingServer()
      const url = new URL('/x?y=1', api.origin)
      // Past the compiler: axios' types know text only.
      const call: object = { url, adapter, params: { z: 2 } }
      const sending = client.request(call)
      url.port = String(elsewhere.port)
      await sending
      expect([api.arrived.map(({ path }) => path), elsewhere.arrived]).toEqual([['/x?y=1&z=2'], []])
    },
  )

  it('changes nothing of the call: neither address, headers nor data', async () => {
    const params = new URLSearchParams()
    const [item, headers, data] = [{ id: '' }, { 'X-Id': '' }, Buffer.from('0')]
    const sending = ['1', '2', '3'].flatMap((id) => {
      params.set('id', id)
      headers['X-Id'] = id
      item.id = id
      data.write(id)
      return [
        client.post(api.origin, [item], { params, headers }),
        client.post(api.origin, data, { params, headers, adapter: 'http' }),
      ]
    })
    await Promise.all(sending)
    const sent = api.arrived.map(({ path, headers: all, body }) => [path, all['x-id'], String(body)].join(' '))
    expect(sent.toSorted()).toEqual([
      '/?id=1 1 1',
      '/?id=1 1 [{"id":"1"}]',
      '/?id=2 2 2',
      '/?id=2 2 [{"id":"2"}]',
      '/?id=3 3 3',
      '/?id=3 3 [{"id":"3"}]',
    ])
  })
})

describe('a credential of the caller’s own', () => {
  it('may be axios’ auth, or a default of the instance', async () => {
    await client.get(api.origin, { auth: { username: 'kari', password: 'x' } })
    client.defaults.headers.common['Authorization'] = 'mine'
    await client.get(api.origin)
    expect(authorizations()).toEqual(['Basic a2FyaTp4', 'mine'])
    expect(tokens.asked).toEqual([])
    await expect(client.get(api.origin, { maskinporten: { scopes: 'a' } })).rejects.toMatchObject({
      code: 'request_invalid',
    })
  })

  it('is not one of the defaults that an interceptor took away', async () => {
    const other = create({ auth: { username: 'kari', password: 'x' } })
    maskinportenAxios(other, tokens, { allow: api.origin })
    other.interceptors.request.use((config) => (delete config.auth, config))
    await other.get(api.origin)
    expect(authorizations()).toEqual([bearerOf(0)])
  })

  it('is not one that axios leaves out', async () => {
    await client.get(api.origin, { headers: { Authorization: false } })
    await client.get(api.origin, { headers: { authorization: null } })
    expect(authorizations()).toEqual([bearerOf(0), bearerOf(0)])
  })
})

describe('a default `maskinporten` on the instance', () => {
  it('is refused when attaching, and at each call when it came later', async () => {
    const spoilt = create(Object.assign({}, { maskinporten: { scopes: ['a'] } }))
    expect(() => maskinportenAxios(spoilt, tokens, { allow: api.origin })).toThrow(
      expect.objectContaining({ code: 'request_invalid' }),
    )
    Object.assign(client.defaults, { maskinporten: { scopes: ['a'] } })
    await expect(client.get(api.origin)).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringContaining('tokens.with('),
    })
    expect(api.arrived).toEqual([])
  })
})

describe('a 401', () => {
  it('is seen through `validateStatus`', async () => {
    rejectedOnce()
    const answer = await client.get(api.origin, { validateStatus: () => true })
    expect([answer.status, answer.data, authorizations()]).toEqual([200, 'yes', [bearerOf(0), bearerOf(1)]])
  })

  it('sends the transformed data again, transformed once, and parses the answer once', async () => {
    api.reply = (_, nth) => ({
      status: nth === 1 ? 401 : 200,
      headers: { 'content-type': 'application/json' },
      body: '{"nth":1}',
    })
    const transform = vi.fn<(data: object, headers: AxiosRequestHeaders) => string>((data, headers) => {
      headers.set('X-Transformed', 'yes')
      return JSON.stringify({ ...data, transformed: true })
    })
    const parse = vi.fn<(text: string) => unknown>((text) => JSON.parse(text))
    const answer = await client.post(api.origin, { a: 1 }, { transformRequest: transform, transformResponse: parse })
    expect(answer.data).toEqual({ nth: 1 })
    expect([transform.mock.calls.length, parse.mock.calls.length]).toEqual([1, 1])
    expect(api.arrived.map(({ body, headers }) => [String(body), headers['x-transformed']])).toEqual([
      ['{"a":1,"transformed":true}', 'yes'],
      ['{"a":1,"transformed":true}', 'yes'],
    ])
  })

  it('is let go of when its answer came as a stream', async () => {
    const destroy = vi.fn<() => void>()
    let nth = 0
    const answer = await client.get(api.origin, {
      adapter: async (config) => {
        nth += 1
        return { data: { destroy }, status: nth === 1 ? 401 : 200, statusText: '', headers: {}, config }
      },
    })
    expect([answer.status, destroy.mock.calls.length]).toEqual([200, 1])
  })

  it('is handed over for postForm, which makes a stream in Node', async () => {
    rejectedOnce()
    expect((await failureOf(client.postForm(api.origin, { navn: 'Kari' }))).response?.status).toBe(401)
    expect(String(api.arrived[0]?.body)).toContain('Kari')
    expect(api.arrived.length).toBe(1)
  })

  it('never loops, and a retry of the caller’s with the same config starts anew', async () => {
    api.reply = () => ({ status: 401 })
    client.interceptors.response.use(undefined, async (error: unknown) => {
      if (!isAxiosError(error) || error.config === undefined || 'again' in error.config) throw error
      return client.request(Object.assign(error.config, { again: true }))
    })
    await failureOf(client.post(api.origin, { a: 1 }, { maskinporten: { scopes: 'a' } }))
    expect(authorizations()).toEqual([bearerOf(0), bearerOf(1), bearerOf(1), bearerOf(2)])
    expect(new Set(tokens.asked.map(({ request }) => inspect(request)))).toEqual(new Set([inspect({ scopes: 'a' })]))
    expect(new Set(api.arrived.map(({ body }) => String(body)))).toEqual(new Set(['{"a":1}']))
  })
})

describe('what the caller is handed', () => {
  const own = { headers: { 'X-Own': '1' }, maskinporten: { scopes: 'a' }, timeout: 5000 }

  it.each(['http', 'fetch'] as const)(
    'is the caller’s config and a plain request, from the %s adapter',
    async (adapter) => {
      api.reply = ({ path }) =>
        path === '/from'
          ? { status: 302, headers: { location: '/to?b=2' } }
          : path === '/404?q=1'
            ? { status: 404 }
            : {}
      const answer = await client.get(`${api.origin}/from`, { ...own, adapter })
      const error = await failureOf(client.get(`${api.origin}/404`, { ...own, adapter, params: { q: 1 } }))
      for (const config of [answer.config, error.config, error.response?.config]) {
        expect(config).toMatchObject({ adapter, timeout: 5000, maskinporten: { scopes: 'a' } })
        expect(config?.headers.has('authorization')).toBe(false)
        expect(config?.headers.get('x-own')).toBe('1')
      }
      const host = '127.0.0.1'
      expect(answer.request).toEqual({
        method: 'GET',
        path: '/to?b=2',
        host,
        res: { responseUrl: `${api.origin}/to?b=2` },
      })
      expect(error.request).toEqual({
        method: 'GET',
        path: '/404?q=1',
        host,
        res: { responseUrl: `${api.origin}/404?q=1` },
      })
      expect(error.response?.request).toEqual(error.request)
    },
  )

  it.each([
    ['', '/x?q=1'],
    ['/no-url', '/no-url'],
  ])('is a good answer though it says that it came from %j, as test doubles do', async (url, path) => {
    const fetch = async (): Promise<Response> => Object.defineProperty(new Response('yes'), 'url', { value: url })
    const answer = await client.get(`${api.origin}/x?q=1`, { adapter: 'fetch', env: { fetch } })
    expect([answer.data, answer.request.path]).toEqual(['yes', path])
    const gone = async (): Promise<Response> => Object.defineProperty(await fetch(), 'status', { value: 401 })
    const error = await failureOf(client.get(api.origin, { adapter: 'fetch', env: { fetch: gone } }))
    expect([error.status, tokens.asked.length]).toEqual([401, 3])
  })

  it('is axios’ own request for what was sent as it is', async () => {
    const answer = await client.get(api.origin, { maskinporten: false, adapter: 'http' })
    expect(answer.request.constructor.name).toBe('ClientRequest')
    expect(answer.config).toMatchObject({ maskinporten: false, adapter: 'http' })
  })

  it('shows no token where the answer is a stream, which can be read', async () => {
    rejectedOnce()
    const answer = await client.get(api.origin, { responseType: 'stream', adapter: 'http' })
    expect(everyPrintOf(answer)).not.toContain('canary')
    expect(everyPrintOf(answer.data)).not.toContain('canary')
    let text = ''
    for await (const chunk of answer.data) text += String(chunk)
    expect([text, api.arrived.length]).toEqual(['yes', 2])
  })

  it('says when the client’s own timeout ended the wait for a token', async () => {
    tokens.instead = (options) =>
      new Promise((_, reject) => options?.signal?.addEventListener('abort', () => reject(options.signal?.reason)))
    await expect(client.get(api.origin, { timeout: 20 })).rejects.toMatchObject({
      name: 'MaskinportenError',
      code: 'timeout',
      retryable: true,
    })
    expect(api.arrived).toEqual([])
  })

  it('leaves nothing behind on the signal, the cancel token and the clock', async () => {
    const { signal } = new AbortController()
    const { CancelToken: CancelTokens } = axios
    const { token: cancelToken } = CancelTokens.source()
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    await client.get(api.origin, {
      signal,
      cancelToken,
      timeout: 60_000,
      adapter: (config) => Promise.resolve({ data: '', status: 200, statusText: '', headers: {}, config }),
    })
    expect([getEventListeners(signal, 'abort').length, timers() - before]).toEqual([0, 0])
    expect(inspect(cancelToken)).not.toContain('_listeners: [ [Function')
  })

  it('leaves no timer behind of a source that throws at once', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    const failing = axios.create({ timeout: 60_000 })
    const error = new Error('no token')
    const getToken = (): never => {
      throw error
    }
    maskinportenAxios(failing, { getToken }, { allow: api.origin })
    await expect(failing.get(api.origin)).rejects.toBe(error)
    expect([timers() - before, api.arrived]).toEqual([0, []])
  })

  it('is a cancellation when a cancel token ended the wait', async () => {
    const { CancelToken: CancelTokens } = axios
    const source = CancelTokens.source()
    tokens.instead = (options) =>
      new Promise((_, reject) => {
        options?.signal?.addEventListener('abort', () => reject(options.signal?.reason))
        source.cancel('enough')
      })
    await expect(client.get(api.origin, { cancelToken: source.token })).rejects.toSatisfy(isCancel)
  })
})

describe('other things on the instance', () => {
  it('keep working: interceptors on both sides, an adapter of one’s own, a fetch of one’s own', async () => {
    const seen: string[] = []
    client.interceptors.request.use((config) => (seen.push('request'), config))
    client.interceptors.response.use((answer) => (seen.push('response'), answer))
    await client.get(api.origin, {
      adapter: async (config) => {
        seen.push(String(config.headers.get('Authorization')), inspect(config.maskinporten))
        return { data: 'own', status: 200, statusText: '', headers: {}, config }
      },
      maskinporten: { scopes: 'a' },
    })
    expect(seen).toEqual(['request', bearerOf(0), 'undefined', 'response'])
    const fetch = vi.fn<typeof globalThis.fetch>(globalThis.fetch)
    await client.get(api.origin, { adapter: 'fetch', env: { fetch } })
    await client.get(api.origin, { adapter: 'fetch', env: { fetch } })
    expect(fetch).toHaveBeenCalledTimes(2)
    expect(authorizations()).toEqual([bearerOf(0), bearerOf(0)])
  })

  it('keep the token at home even when their beforeRedirect copies it', async () => {
    await using elsewhere = await startRecordingServer()
    api.reply = () => ({ status: 302, headers: { location: elsewhere.origin } })
    const beforeRedirect = vi.fn<
      (options: Record<string, unknown>, answer: unknown, asked: { headers: Record<string, string> }) => void
    >((options, _, asked) => {
      options['headers'] = { ...asked.headers, 'x-own': '1' }
    })
    await client.get(api.origin, { adapter: 'http', beforeRedirect })
    expect(beforeRedirect).toHaveBeenCalledOnce()
    expect(elsewhere.arrived[0]?.headers).toMatchObject({ 'x-own': '1' })
    expect(everyPrintOf(elsewhere.arrived)).not.toContain('canary')
  })

  it('take a redirect for what it is when none is followed', async () => {
    api.reply = () => ({ status: 302, headers: { location: 'https://other.no' } })
    for (const adapter of ['http', 'fetch'] as const) {
      const answer = await client.get(api.origin, { adapter, maxRedirects: 0, validateStatus: null })
      expect([answer.status, answer.request.path]).toEqual([302, '/'])
    }
  })
})

it('detaches: the instance is as before', async () => {
  detach()
  const answer = await client.get(api.origin, { adapter: 'http' })
  expect([authorizations(), tokens.asked]).toEqual([[undefined], []])
  expect(answer.request.constructor.name).toBe('ClientRequest')
})

it('names the function whose option is missing', () => {
  expect(() => Reflect.apply(maskinportenAxios, undefined, [create(), tokens, {}])).toThrow(
    'the option `allow` of maskinportenAxios is missing: list the servers',
  )
})
