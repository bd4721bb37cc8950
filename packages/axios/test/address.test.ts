import { createServer } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { maskinportenAxios } from '@maskinporten-kit/axios'
import { scriptedTokens, startRecordingServer } from '../../conformance/test/in-tree/index.ts'
import type { RecordingServer, ScriptedTokens } from '../../conformance/test/in-tree/index.ts'
import { create, isAxiosError } from 'axios'
import type { AxiosInstance, AxiosRequestConfig, InternalAxiosRequestConfig } from 'axios'
import MockAdapter from 'axios-mock-adapter'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const origin = 'https://api.example.no'
let tokens: ScriptedTokens
let given: InternalAxiosRequestConfig[]

beforeEach(() => {
  tokens = scriptedTokens()
  given = []
})

/** An instance whose adapter is the caller's own, and answers whatever it is asked. */
function withOwnAdapter(defaults: AxiosRequestConfig = {}, otherOrigins?: 'pass-through'): AxiosInstance {
  const client = create({
    adapter: (config) => {
      given.push(config)
      return Promise.resolve({ data: 'own', status: 200, statusText: '', headers: {}, config })
    },
    ...defaults,
  })
  maskinportenAxios(client, tokens, { allow: origin, otherOrigins })
  return client
}
const addresses = (): unknown[] => given.map(({ url, baseURL }) => [url, baseURL])
const bearer = (): string => `Bearer ${tokens.values.at(-1)}`

describe('an adapter of the caller’s own', () => {
  it.each([
    ['before', true],
    ['after', false],
  ])('may be axios-mock-adapter, set up %s ours', async (_name, before) => {
    const client = create({ baseURL: `${origin}/v1` })
    const attach = (): unknown => maskinportenAxios(client, tokens, { allow: origin })
    if (before) attach()
    const mock = new MockAdapter(client as never)
    if (!before) attach()
    mock
      .onGet('/persons', { params: { a: 1 } })
      .replyOnce(401)
      .onGet('/persons', { params: { a: 1 } })
      .reply(200, { b: 2 })
    mock.onPost('persons', { name: 'Kari' }).reply(201)
    const answer = await client.get('/persons', { params: { a: 1 } })
    expect([answer.status, answer.data]).toEqual([200, { b: 2 }])
    expect((await client.post('persons', { name: 'Kari' })).status).toBe(201)
    expect(mock.history['get']?.map(({ headers }) => headers?.['Authorization'])).toEqual(
      tokens.values.map((value) => `Bearer ${value}`),
    )
    const missing = await client.get('/none').catch((error: unknown) => error)
    expect(
      isAxiosError(missing) && [missing.status, missing.config?.url, missing.config?.headers.Authorization],
    ).toEqual([404, '/none', undefined])
  })

  it.each([
    ['/persons', origin],
    ['persons', `${origin}/v1/`],
    ['/a-b/c_d/%C3%A5.json~', `${origin}/v1`],
    ['/a//b/...', origin],
    ['v2/', `${origin}/v1:beta/@x`],
  ])('is given the address as it was written: %j under %j', async (url, baseURL) => {
    await withOwnAdapter({ baseURL }).get(url, { params: { a: 1 } })
    expect(addresses()).toEqual([[url, baseURL]])
    expect([given[0]?.params, given[0]?.headers.get('authorization')]).toEqual([{ a: 1 }, bearer()])
  })

  it.each([
    ['../x', `${origin}/v1`, '/x'],
    ['/a/./b', origin, '/a/b'],
    ['%2e%2E/x', `${origin}/v1`, '/x'],
    ['/.%2e/x', `${origin}/v1`, '/x'],
    ['/a?b=1', origin, '/a?b=1'],
    ['/a#b', origin, '/a#b'],
    ['/a b', origin, '/a%20b'],
    ['/a\\b', origin, '/a/b'],
    ['/a\n', origin, '/a'],
    ['/a@b', origin, '/a@b'],
    [`${origin}/x`, 'https://other.example.no', '/x'],
    [`${origin}/x`, undefined, '/x'],
    ['/x', `${origin}?a=`, '/?a=/x'],
    ['/x', `${origin}/#`, '/#/x'],
    ['/x', 'HTTPS://API.example.no:443', '/x'],
    ['/x', `${origin}/v1/../`, '/x'],
    ['/x', ` ${origin}`, '/x'],
    ['/x', `${origin}\\v1`, '/v1/x'],
  ])(
    'is given the address that was judged, where others could read it in another way: case %#, %j',
    async (url, baseURL, sent) => {
      await withOwnAdapter(baseURL === undefined ? {} : { baseURL }).get(url, { params: { a: 1 } })
      expect(addresses()).toEqual([[origin + sent, undefined]])
    },
  )

  it('is given the address that was judged for two slashes that are joined to a base', async () => {
    await withOwnAdapter({ baseURL: origin }).get('//other.example.no/x', { allowAbsoluteUrls: false })
    expect(addresses()).toEqual([[`${origin}/other.example.no/x`, undefined]])
  })

  it('is given the address that was judged when it stands in a list', async () => {
    const adapter = async (config: InternalAxiosRequestConfig): Promise<never> => {
      given.push(config)
      throw new Error('enough')
    }
    await expect(withOwnAdapter({ baseURL: origin, adapter: [adapter] }).get('/x')).rejects.toThrow('enough')
    expect(addresses()).toEqual([[`${origin}/x`, undefined]])
  })

  it.each(['/persons?key=s3cret#s3cret', '//kari:s3cret@api.example.no/persons', 'persons'])(
    'is not asked for %s, which nothing resolves',
    async (url) => {
      const error: unknown = await withOwnAdapter()
        .get(url)
        .catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ name: 'MaskinportenError', message: expect.stringContaining('persons') })
      expect(String(error)).not.toContain('s3cret')
      expect([given, tokens.asked]).toEqual([[], []])
    },
  )

  it('is asked for a relative address as it is when no token is wanted', async () => {
    await withOwnAdapter({}, 'pass-through').get('/persons?a=1')
    await withOwnAdapter().get('/persons', { maskinporten: false })
    await withOwnAdapter().get('persons', { headers: { Authorization: 'mine' } })
    expect([addresses(), tokens.asked]).toEqual([
      [
        ['/persons?a=1', undefined],
        ['/persons', undefined],
        ['persons', undefined],
      ],
      [],
    ])
    expect(given.map(({ headers }) => headers.get('authorization'))).toEqual([undefined, undefined, 'mine'])
    await expect(
      withOwnAdapter({}, 'pass-through').get('/x', { maskinporten: {}, auth: { username: 'a', password: 'b' } }),
    ).rejects.toMatchObject({ code: 'request_invalid' })
  })
})

describe('an address that is not absolute', () => {
  let api: RecordingServer
  beforeEach(async () => void (api = await startRecordingServer()))
  afterEach(() => api[Symbol.asyncDispose]())

  it.each(['\0https:x', 'h\nttp:x', 'https:/api.example.no/x', ' http:x'])(
    'is refused by axios when it is malformed: %j',
    async (url) => {
      for (const otherOrigins of [undefined, 'pass-through'] as const) {
        const client = create({ adapter: 'http' })
        maskinportenAxios(client, tokens, { allow: () => true, otherOrigins })
        await expect(client.get(url)).rejects.toMatchObject({ name: 'AxiosError', code: 'ERR_INVALID_URL' })
        await expect(withOwnAdapter({}, otherOrigins).get(url)).rejects.toMatchObject({ code: 'ERR_INVALID_URL' })
      }
      expect([tokens.asked, given]).toEqual([[], []])
    },
  )

  it('is resolved against localhost where axios sends through a socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'socket-'))
    const socketPath = join(folder, 's')
    const seen: unknown[] = []
    await using server = createServer(({ url, headers }, response) => {
      seen.push([url, headers.authorization])
      response.end('ok')
    })
    await once(server.listen(socketPath), 'listening')
    try {
      const client = create({ socketPath, adapter: 'http' })
      maskinportenAxios(client, tokens, { allow: 'http://localhost' })
      await client.get('/x', { params: { a: 1 } })
      expect(seen).toEqual([['/x?a=1', bearer()]])
      await expect(client.get('//other.example.no/x')).rejects.toMatchObject({ code: 'origin_not_allowed' })
      await expect(client.get('/x', { adapter: 'fetch' })).rejects.toMatchObject({ code: 'request_invalid' })
      expect(seen.length).toBe(1)
    } finally {
      server.closeAllConnections()
      rmSync(folder, { recursive: true })
    }
  })

  it('is resolved by the fetch adapter against the base of the runtime', async () => {
    const base = Symbol.for('undici.globalOrigin.1')
    const client = create({ adapter: 'fetch' })
    maskinportenAxios(client, tokens, { allow: api.origin })
    Object.defineProperty(globalThis, base, { value: new URL(api.origin), writable: true, configurable: true })
    try {
      await client.get('/x')
      await expect(client.get('//127.0.0.1:1/x')).rejects.toMatchObject({ code: 'origin_not_allowed' })
      await expect(client.get('/x', { adapter: 'http' })).rejects.toMatchObject({ name: 'MaskinportenError' })
    } finally {
      Reflect.deleteProperty(globalThis, base)
    }
    expect(api.arrived.map(({ path, headers }) => [path, headers.authorization])).toEqual([['/x', bearer()]])
  })
})
