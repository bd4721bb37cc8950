import { scriptedTokens, startRecordingServer } from '../../conformance/test/in-tree/index.ts'
import type { RecordingServer, ScriptedTokens } from '../../conformance/test/in-tree/index.ts'
import { createAccessToken, MaskinportenError } from '@maskinporten-kit/core'
import { maskinportenKy } from '@maskinporten-kit/ky'
import ky, { isHTTPError } from 'ky'
import type { KyInstance, Options } from 'ky'
import ky1 from 'ky1'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

let api: RecordingServer
let tokens: ScriptedTokens
let client: KyInstance

const fast: Options['retry'] = { limit: 2, delay: () => 1 }

beforeEach(async () => {
  api = await startRecordingServer()
  tokens = scriptedTokens()
  client = ky.create({ retry: fast }).extend(maskinportenKy(tokens, { allow: api.origin }))
})
afterEach(() => api[Symbol.asyncDispose]())

const bearerOf = (nth: number): string => `Bearer ${tokens.values[nth]}`
const authorizations = (): unknown[] => api.arrived.map(({ headers }) => headers.authorization)
const statuses = (...all: number[]): void => {
  api.reply = (_, nth) => ({ status: all[nth - 1] ?? 200 })
}

describe('under ky’s own retries', () => {
  it('sends the token that is current at each attempt', async () => {
    let nth = 0
    const renewing = { getToken: async () => createAccessToken({ value: `token-${(nth += 1)}` }) }
    statuses(503, 503)
    await ky.create({ retry: fast, ...maskinportenKy(renewing, { allow: api.origin }) }).get(api.origin)
    expect(authorizations()).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-3'])
  })

  it('keeps the request of this call and the body, and renews inside an attempt', async () => {
    statuses(503, 401, 200)
    await client.put(api.origin, { json: { a: 1 }, maskinporten: { scopes: 'a' } })
    expect(authorizations()).toEqual([bearerOf(0), bearerOf(0), bearerOf(1)])
    expect(tokens.asked.map(({ request }) => request)).toEqual(Array.from({ length: 3 }, () => ({ scopes: 'a' })))
    expect(api.arrived.map(({ body }) => String(body))).toEqual(['{"a":1}', '{"a":1}', '{"a":1}'])
  })

  it('asks at each attempt for the token of the call, whatever has become of the caller’s object', async () => {
    statuses(503, 401)
    const maskinporten = { consumerOrg: '991825827' }
    const sending = client.get(api.origin, { maskinporten })
    maskinporten.consumerOrg = '314330897'
    await sending
    expect(tokens.asked.map(({ request }) => request)).toEqual(
      Array.from({ length: 3 }, () => ({ consumerOrg: '991825827' })),
    )
  })

  it('does not throw at once, but rejects, when what stands under `maskinporten` is no request', async () => {
    const unwritable: Record<string, unknown> = {}
    unwritable['self'] = unwritable
    for (const maskinporten of [7, unwritable]) {
      tokens.instead = () => Promise.reject(new MaskinportenError('request_invalid', 'no'))
      const perCall: object = { maskinporten }
      const sending = client.get(api.origin, perCall)
      await expect(sending).rejects.toMatchObject({ code: 'request_invalid' })
    }
    expect(api.arrived).toEqual([])
  })

  it('renews under `retry: 0` and for methods that ky does not retry', async () => {
    statuses(401)
    expect(await client.post(api.origin, { json: { a: 1 }, retry: 0 }).text()).toBe('ok')
    expect(authorizations()).toEqual([bearerOf(0), bearerOf(1)])
  })

  it('does not retry an error of the source, which is the one that is thrown', async () => {
    const error = new MaskinportenError('token_unavailable', 'not now')
    tokens.instead = () => Promise.reject(error)
    await expect(client.get(api.origin)).rejects.toBe(error)
    expect([tokens.asked.length, api.arrived.length]).toEqual([1, 0])
  })
})

describe('answers', () => {
  it('are handed over under `throwHttpErrors: false`', async () => {
    api.reply = () => ({ status: 401, body: 'no' })
    const answer = await client.get(api.origin, { throwHttpErrors: false })
    expect([answer.status, await answer.text(), api.arrived.length]).toEqual([401, 'no', 2])
  })

  it('are errors with the request that ky has, without the token', async () => {
    api.reply = () => ({ status: 401 })
    const error: unknown = await client
      .get(api.origin, { headers: { 'x-own': '1' } })
      .catch((reason: unknown) => reason)
    if (!isHTTPError(error)) throw new Error('not an HTTPError')
    expect([error.request.headers.has('authorization'), error.request.headers.get('x-own')]).toEqual([false, '1'])
  })
})

describe('a body', () => {
  it('that ky makes known can be sent again', async () => {
    statuses(401, 200)
    await client.post(api.origin, { body: 'known' })
    expect(api.arrived.map(({ body }) => String(body))).toEqual(['known', 'known'])
  })

  // As openapi-fetch makes its Requests, with ky for its fetch.
  it.each(['application/json', 'application/problem+json', 'application/x-www-form-urlencoded', 'text/plain'])(
    'of %s that only a Request knows is sent again',
    async (type) => {
      statuses(401, 200)
      const request = new Request(api.origin, { method: 'POST', body: '{"a":1}', headers: { 'content-type': type } })
      expect((await client(request)).status).toBe(200)
      expect(api.arrived.map(({ body, headers }) => [headers['content-type'], String(body)])).toEqual([
        [type, '{"a":1}'],
        [type, '{"a":1}'],
      ])
    },
  )

  it.each(['application/octet-stream', 'multipart/form-data; boundary=x'])(
    'of %s that only a Request knows cannot be sent again',
    async (type) => {
      statuses(401)
      const request = new Request(api.origin, { method: 'POST', body: 'unknown', headers: { 'content-type': type } })
      const answer = await client(request, { throwHttpErrors: false })
      expect([answer.status, api.arrived.length]).toEqual([401, 1])
    },
  )

  it('is sent as it was at the call, both times, however deep the caller changes it meanwhile', async () => {
    statuses(401)
    const json = { list: [{ a: 1 }] }
    const sending = client.post(api.origin, { json, stringifyJson: (data) => JSON.stringify(data, null, 1) })
    Object.assign(json.list[0] ?? {}, { a: 2 })
    await sending
    expect(api.arrived.map(({ body }) => JSON.parse(String(body)))).toEqual([
      { list: [{ a: 1 }] },
      { list: [{ a: 1 }] },
    ])
    expect(String(api.arrived[0]?.body)).toContain('\n')
    expect(new Set(api.arrived.map(({ headers }) => headers['content-type']))).toEqual(new Set(['application/json']))
  })

  it('may be empty, or text that the caller calls something else', async () => {
    statuses(401, 200, 401)
    await client.post(api.origin, { body: '' })
    await client.post(api.origin, { body: '<a/>', headers: { 'content-type': 'text/xml' } })
    expect(api.arrived.map(({ body, headers }) => `${headers['content-type']} ${String(body)}`)).toEqual([
      'text/plain;charset=UTF-8 ',
      'text/plain;charset=UTF-8 ',
      'text/xml <a/>',
      'text/xml <a/>',
    ])
  })

  it('is counted by upload progress and sent again all the same', async () => {
    statuses(401)
    const progress = vi.fn<() => void>()
    await client.post(api.origin, { body: 'x'.repeat(1000), onUploadProgress: progress })
    expect(api.arrived.map(({ body }) => body.length)).toEqual([1000, 1000])
    expect(progress).toHaveBeenCalled()
  })
})

describe('beside hooks of the user’s own', () => {
  it('sends what a beforeRequest hook made of the request', async () => {
    statuses(401)
    const hooks = {
      beforeRequest: [
        ({ request }: { request: Request }) =>
          new Request(`${request.url}there`, { method: 'POST', body: 'of the hook', headers: { 'x-own': '1' } }),
      ],
    }
    const answer = await client.get(api.origin, { hooks, throwHttpErrors: false })
    expect([answer.status, api.arrived.length]).toEqual([200, 2])
    await client.post(api.origin, { hooks, json: {} })
    expect(
      api.arrived.map(({ path, body, headers }) => [path, String(body), headers['x-own'], headers.authorization]),
    ).toEqual([
      ['/there', 'of the hook', '1', bearerOf(0)],
      ['/there', 'of the hook', '1', bearerOf(1)],
      ['/there', 'of the hook', '1', bearerOf(1)],
    ])
  })

  it('takes the body from where it is sent, when a hook of an earlier option has replaced the Request', async () => {
    statuses(401, 200, 401)
    const replace = ({ request }: { request: Request }): Request =>
      new Request(request, { method: 'POST', body: 'of the hook' })
    const earlier = ky.create({ hooks: { beforeRequest: [replace] } })
    const both = earlier.extend(maskinportenKy(tokens, { allow: api.origin }))
    await both.post(api.origin, { json: { a: 1 } })
    const kept = ({ request }: { request: Request }): Request => new Request(request, { headers: { 'x-own': '1' } })
    await client.post(api.origin, { body: 'kept', hooks: { beforeRequest: [kept] } })
    expect(api.arrived.map(({ body }) => String(body))).toEqual(['of the hook', 'of the hook', 'kept', 'kept'])
    expect(api.arrived.map(({ headers }) => headers['x-own'])).toEqual([undefined, undefined, '1', '1'])
  })

  it('judges where a hook sends it', async () => {
    const hooks = { beforeRequest: [() => new Request('https://other.no/')] }
    await expect(client.get(api.origin, { hooks })).rejects.toMatchObject({ code: 'origin_not_allowed' })
    const retried = { afterResponse: [() => ky.retry({ request: new Request('https://other.no/') })] }
    await expect(client.get(api.origin, { hooks: retried })).rejects.toMatchObject({ code: 'origin_not_allowed' })
  })

  it('sends nothing when a hook answers, and takes an Authorization that a hook set for the caller’s own', async () => {
    expect(await client.get(api.origin, { hooks: { beforeRequest: [() => new Response('mocked')] } }).text()).toBe(
      'mocked',
    )
    await client.get(api.origin, {
      hooks: { beforeRequest: [({ request }) => request.headers.set('authorization', 'mine')] },
    })
    expect([authorizations(), tokens.asked]).toEqual([['mine'], []])
  })
})

describe('beside a fetch of the user’s own', () => {
  const given: [unknown, RequestInit | undefined][] = []
  const own: NonNullable<Options['fetch']> = (input, init) => {
    given.push([input, init])
    return globalThis.fetch(input, init)
  }
  beforeEach(() => {
    given.length = 0
  })

  type Send = (url: string, call: Options) => Promise<Response>

  it.each<[string, () => Send]>([
    ['before ours', () => ky.create({ fetch: own }).extend(maskinportenKy(tokens, { allow: api.origin })).post],
    ['after ours', () => client.extend({ fetch: own }).post],
    ['after ours, with the defaults twice', () => client.extend((defaults) => ({ ...defaults, fetch: own })).post],
    ['for this call', () => (url, call) => client.post(url, { ...call, fetch: own })],
    [
      'by an init hook',
      () => client.extend({ hooks: { init: [(call) => void Object.assign(call, { fetch: own })] } }).post,
    ],
  ])('hands the token and nothing of the option to one given %s', async (_, make) => {
    statuses(401)
    await make()(api.origin, { json: { a: 1 }, maskinporten: { scopes: 'a' } })
    expect(authorizations()).toEqual([bearerOf(0), bearerOf(1)])
    const sent = given.map(([input]) => input instanceof Request && input.headers.get('authorization'))
    expect(sent).toEqual([bearerOf(0), bearerOf(1)])
    expect(given.map(([, init]) => init && 'maskinporten' in init)).toEqual([false, false])
  })

  it.each<[string, (request: Request) => Parameters<typeof own>]>([
    ['an address and an init', ({ url }) => [url, { method: 'POST', headers: { 'x-own': '1' }, body: 'of the init' }]],
    [
      'a Request of its own',
      ({ url }) => [new Request(url, { method: 'POST', headers: { 'x-own': '1' }, body: 'of the init' })],
    ],
    ['an init over the Request', (request) => [request, { headers: { 'x-own': '1' }, body: 'of the init' }]],
  ])('sends the token when a wrapper gives ours %s, and hands on what only some fetches know', async (_, make) => {
    statuses(401)
    const wrap = (call: Options): void => {
      const ours = call.fetch ?? globalThis.fetch
      call.fetch = (input) => {
        const [address, init] = make(new Request(input))
        return ours(address, Object.assign(init ?? {}, { next: 1 }))
      }
    }
    const hooks = { init: [(call: Options) => void call.hooks?.init?.push(wrap)] }
    await client.extend({ hooks }).post(api.origin, { body: 'known', fetch: own })
    expect(
      api.arrived.map(({ method, body, headers }) => [method, String(body), headers['x-own'], headers.authorization]),
    ).toEqual([
      ['POST', 'of the init', '1', bearerOf(0)],
      ['POST', 'of the init', '1', bearerOf(1)],
    ])
    expect(given.map(([, init]) => init)).toEqual([{ next: 1 }, { next: 1 }])
  })

  it('hands it a Request that is aborted when the call is, and the global one too', async () => {
    const signals: (AbortSignal | null | undefined)[] = []
    using spy = vi.spyOn(globalThis, 'fetch')
    const fetch: typeof globalThis.fetch = async (input) => {
      signals.push(input instanceof Request ? input.signal : undefined)
      return new Response('own')
    }
    // A wrapper that knows of Requests only.
    spy.mockImplementation(fetch)
    const controller = new AbortController()
    const { signal } = controller
    await client.get(api.origin, { signal, fetch })
    await client.get(api.origin, { signal })
    controller.abort()
    expect(signals.map((one) => one?.aborted)).toEqual([true, true])
  })

  it('takes an Authorization in a wrapper’s init for the caller’s own', async () => {
    const wrap = (call: Options): void => {
      const ours = call.fetch ?? globalThis.fetch
      call.fetch = (input) => ours(input, { headers: { authorization: 'mine' } })
    }
    const hooks = { init: [(call: Options) => void call.hooks?.init?.push(wrap)] }
    await client.extend({ hooks }).get(api.origin)
    expect([authorizations(), tokens.asked]).toEqual([['mine'], []])
  })

  it('is sent no content-type that a hook of the user’s took away', async () => {
    const beforeRequest = [({ request }: { readonly request: Request }) => request.headers.delete('content-type')]
    await client.extend({ hooks: { beforeRequest } }).post(api.origin, { json: { a: 1 } })
    expect(api.arrived.map(({ headers, body }) => [headers['content-type'], String(body)])).toEqual([
      [undefined, '{"a":1}'],
    ])
  })

  it('looks the global one up at each attempt', async () => {
    using spy = vi.spyOn(globalThis, 'fetch')
    spy.mockResolvedValueOnce(new Response('replaced'))
    expect(await client.get(api.origin).text()).toBe('replaced')
    expect(api.arrived).toEqual([])
  })
})

it('lets go of the 401 before it sends again', async () => {
  const cancelled = vi.fn<() => void>()
  let nth = 0
  const fetch = async (): Promise<Response> => {
    nth += 1
    return nth === 1 ? new Response(new ReadableStream({ cancel: cancelled }), { status: 401 }) : new Response('yes')
  }
  expect(await client.get(api.origin, { fetch }).text()).toBe('yes')
  expect(cancelled).toHaveBeenCalledOnce()
})

describe('the wait for a token', () => {
  it('is bounded by ky’s timeout', async () => {
    const reasons: unknown[] = []
    tokens.instead = (options) =>
      new Promise((_, reject) => {
        options?.signal?.addEventListener('abort', () => {
          reasons.push(options.signal?.reason)
          reject(options.signal?.reason)
        })
      })
    await expect(client.get(api.origin, { timeout: 20, retry: 0 })).rejects.toMatchObject({ name: 'TimeoutError' })
    expect([reasons.length, api.arrived.length]).toEqual([1, 0])
  })
})

describe('a call on ky 1, which knows no init hook', () => {
  it('sends nothing, and the error says why', async () => {
    // Past the compiler, which refuses them.
    const options: object = maskinportenKy(tokens, { allow: api.origin })
    const perCall: object = { maskinporten: { scopes: 'a' } }
    const old = ky1.extend({ ...options, retry: 0 })
    await expect(old.get(api.origin, perCall)).rejects.toMatchObject({
      name: 'MaskinportenError',
      code: 'request_invalid',
      message: expect.stringContaining('ky 2'),
    })
    await expect(old.post(api.origin, { json: {} })).rejects.toMatchObject({ name: 'MaskinportenError' })
    expect([api.arrived, tokens.asked]).toEqual([[], []])
  })
})

it('sends nothing when its init hook was taken away', async () => {
  const without: object = { hooks: { init: undefined } }
  await expect(client.extend(without).get(api.origin)).rejects.toMatchObject({
    code: 'request_invalid',
  })
  expect(api.arrived).toEqual([])
})

it('leaves the options it gave as they were, so that two instances share nothing', async () => {
  const options = maskinportenKy(tokens, { allow: api.origin })
  const [one, other] = [ky.create(options), ky.extend(options)]
  await Promise.all([
    one.get(api.origin, { maskinporten: { scopes: 'a' } }),
    other.get(api.origin),
    one.get(api.origin, { maskinporten: false }),
  ])
  expect(options.hooks.init.length).toBe(1)
  expect(tokens.asked.map(({ request }) => request)).toEqual(expect.arrayContaining([{ scopes: 'a' }, undefined]))
  expect(authorizations().filter((sent) => sent === undefined).length).toBe(1)
})

it('names the function whose option is missing', () => {
  expect(() => Reflect.apply(maskinportenKy, undefined, [tokens, {}])).toThrow(
    'the option `allow` of maskinportenKy is missing: list the servers',
  )
})
