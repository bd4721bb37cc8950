// What the caller or a wrapper handed over arrives, and what nobody needs any more holds nobody up.
import { Readable } from 'node:stream'
import { maskinportenAxios } from '@maskinporten-kit/axios'
import { scriptedTokens, startRecordingServer } from '../../conformance/test/in-tree/index.ts'
import type { RecordingServer, ScriptedTokens } from '../../conformance/test/in-tree/index.ts'
import axios, { isAxiosError } from 'axios'
import type { AxiosInstance, AxiosRequestConfig } from 'axios'
import oldest from 'axios-floor'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

let api: RecordingServer
let tokens: ScriptedTokens

beforeEach(async () => {
  api = await startRecordingServer()
  tokens = scriptedTokens()
})
afterEach(() => api[Symbol.asyncDispose]())

const rejectedOnce = (): void => {
  api.reply = (_, nth) => (nth === 1 ? { status: 401, body: 'no' } : { body: 'yes' })
}
/** Keeps a clone of each answer, as React and Next.js do. */
const cloning = (): { readonly fetch: typeof fetch; readonly kept: Response[] } => {
  const kept: Response[] = []
  const keeping: typeof fetch = async (...sent) => {
    const answer = await fetch(...sent)
    kept.push(answer.clone())
    return answer
  }
  return { fetch: keeping, kept }
}

describe.each([
  ['axios', axios],
  ['the oldest axios', oldest as unknown as typeof axios],
])('%s', (_version, build) => {
  const attached = (defaults: AxiosRequestConfig = {}): AxiosInstance => {
    const client = build.create(defaults)
    maskinportenAxios(client, tokens, { allow: api.origin })
    return client
  }
  const own = (answers: readonly (readonly [status: number, data: unknown])[]): AxiosInstance => {
    const left = [...answers]
    return attached({
      adapter: async (config) => {
        const [status = 200, data] = left.shift() ?? []
        return { data, status, statusText: '', headers: {}, config }
      },
    })
  }

  describe('the stream of a 401', () => {
    it('is not waited for when its other branch is kept', async () => {
      rejectedOnce()
      const { fetch, kept } = cloning()
      const answer = await attached({ adapter: 'fetch', env: { fetch } }).get(api.origin, { responseType: 'stream' })
      expect([answer.status, kept.length]).toEqual([200, 2])
      expect([await new Response(answer.data).text(), await kept[0]?.text()]).toEqual(['yes', 'no'])
    })

    const failing = (): Readable =>
      new Readable({ read: () => {}, destroy: (_error, done) => done(new Error('it would not close')) })
    it.each<readonly [string, () => unknown]>([
      ['never ends closing', () => ({ destroy: () => new Promise(() => {}) })],
      [
        'throws',
        () => ({
          destroy: () => {
            throw new Error('no')
          },
        }),
      ],
      ['rejects', () => ({ cancel: () => Promise.reject(new Error('no')) })],
      [
        'is locked',
        () => {
          const stream = new ReadableStream()
          stream.getReader()
          return stream
        },
      ],
      ['fails as it closes', failing],
      ['has a `destroy` that is no function', () => ({ destroy: 'me', cancel: 1, body: { cancel: 'me' } })],
    ])('fails nothing when it %s', async (_name, make) => {
      const answer = await own([
        [401, make()],
        [200, 'yes'],
      ]).get(api.origin)
      expect([answer.status, answer.data, tokens.values.length]).toEqual([200, 'yes', 2])
      await new Promise((resolve) => setTimeout(resolve, 10))
    })
  })

  describe('a 401 from behind a redirect', () => {
    const environments: readonly (readonly [string, () => object | undefined])[] = [
      ['with axios’ own Request', () => undefined],
      ['without a Request', () => ({ Request: null })],
      ['without a Request and a Response', () => ({ Request: null, Response: null })],
      ['with a Request of the caller’s', () => ({ Request: class extends Request {} })],
      [
        'with a Request that cannot be written on',
        () => ({ fetch: (input: Request, init?: RequestInit) => fetch(Object.freeze(input), init) }),
      ],
      [
        'with a fetch and no Request',
        () => ({ Request: null, fetch: (input: string, init?: RequestInit) => fetch(input, init) }),
      ],
    ]
    it.each(environments)('of another origin does not renew a good token, %s', async (_name, env) => {
      await using elsewhere = await startRecordingServer(() => ({ status: 401 }))
      api.reply = () => ({ status: 302, headers: { location: elsewhere.origin } })
      const defaults: object = { adapter: 'fetch', env: env() }
      const error: unknown = await attached(defaults)
        .get(api.origin)
        .catch((thrown: unknown) => thrown)
      expect(isAxiosError(error) && error.status).toBe(401)
      expect([api.arrived.length, elsewhere.arrived.length, tokens.values.length]).toEqual([1, 1, 1])
    })

    it.each(environments)('of the same origin renews it, %s', async (_name, env) => {
      api.reply = ({ path }, nth) =>
        path === '/' ? { status: 302, headers: { location: '/to' } } : nth === 2 ? { status: 401 } : {}
      const defaults: object = { adapter: 'fetch', env: env() }
      expect((await attached(defaults).get(api.origin)).status).toBe(200)
      expect([api.arrived.length, tokens.values.length]).toEqual([4, 2])
    })
  })

  describe('what the caller’s own fetch is given', () => {
    it.each<[string, AxiosRequestConfig['fetchOptions']]>([
      ['without fetchOptions', undefined],
      ['with a priority', { priority: 'high' }],
      ['with what Next.js takes', { cache: 'no-store', next: { tags: ['a'] } }],
    ])('is as without ours, %s', async (_name, fetchOptions) => {
      const seen = async (attach: boolean, env: object): Promise<unknown[]> => {
        const fetch = vi.fn<(input: unknown, init?: object) => Promise<Response>>(async () => new Response('yes'))
        const client = build.create({ adapter: 'fetch', env: { ...env, fetch } } as AxiosRequestConfig)
        if (attach) maskinportenAxios(client, tokens, { allow: api.origin })
        await client.get(`${api.origin}/`, fetchOptions ? { fetchOptions } : {})
        return fetch.mock.calls.map((sent) =>
          sent.map((part) => (part instanceof Request ? 'Request' : withoutHeaders(part))),
        )
      }
      for (const env of [{}, { Request: null }]) expect(await seen(true, env)).toEqual(await seen(false, env))
    })
  })

  describe('what an adapter of the caller’s own is given', () => {
    it('is the config as without ours but for the header and the redirect hook, and its answer arrives', async () => {
      const mark = Symbol('mark')
      const inner = new Map([['a', 1]])
      const seen = async (attach: boolean): Promise<unknown> => {
        let given: Record<PropertyKey, unknown> = {}
        const request = { responseURL: 'x', inner }
        const client = build.create({ baseURL: api.origin })
        if (attach) maskinportenAxios(client, tokens, { allow: api.origin })
        client.interceptors.request.use((config) => Object.assign(config, { [mark]: inner, own: inner }))
        const adapter: AxiosRequestConfig['adapter'] = async (config) => {
          given = { ...config, adapter: config.adapter === adapter }
          expect(config.hasOwnProperty('url')).toBe(true)
          return {
            data: '{"a":1}',
            status: 200,
            statusText: 'own',
            headers: { 'x-own': '1' },
            config,
            request,
            extra: inner,
          }
        }
        const call = {
          adapter,
          transitional: { silentJSONParsing: true },
          maxRedirects: 3,
          validateStatus: null,
          maskinporten: undefined,
        }
        const answer = await client.post('/x', { b: 2 }, call)
        const { headers: _headers, beforeRedirect: _hook, ...rest } = given
        return [
          rest,
          rest[mark] === inner,
          answer.data,
          answer.statusText,
          answer.headers['x-own'],
          Reflect.get(answer, 'extra') === inner,
        ]
      }
      const [withOurs, without] = [await seen(true), await seen(false)]
      expect(withOurs).toEqual(without)
    })

    it('reaches it whole when no token is sent, and so does its `request`', async () => {
      const request = { mine: true }
      const client = attached({
        adapter: async (config) => ({ data: '', status: 200, statusText: '', headers: {}, config, request }),
      })
      expect((await client.get(api.origin, { maskinporten: false })).request).toBe(request)
    })

    it('rejects with what it throws, at once or later', async () => {
      const error = new Error('own')
      const throwing = attached({
        adapter: () => {
          throw error
        },
      })
      await expect(throwing.get(api.origin)).rejects.toBe(error)
      await expect(attached({ adapter: () => Promise.reject(error) }).get(api.origin)).rejects.toBe(error)
    })
  })
})

function withoutHeaders(part: unknown): unknown {
  return typeof part === 'object' ? { ...part, headers: undefined } : part
}
