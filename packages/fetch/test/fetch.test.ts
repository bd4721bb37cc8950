import { startRecordingServer, scriptedTokens } from '../../conformance/test/in-tree/index.ts'
import type { RecordingServer, ScriptedTokens } from '../../conformance/test/in-tree/index.ts'
import { createAccessToken } from '@maskinporten-kit/core'
import { maskinportenFetch } from '@maskinporten-kit/fetch'
import type { MaskinportenFetch } from '@maskinporten-kit/fetch'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

let api: RecordingServer
let tokens: ScriptedTokens
let fetch: MaskinportenFetch

beforeEach(async () => {
  api = await startRecordingServer()
  tokens = scriptedTokens()
  fetch = maskinportenFetch(tokens, { allow: api.origin })
})
afterEach(() => api[Symbol.asyncDispose]())

const bearerOf = (nth: number): string => `Bearer ${tokens.values[nth]}`

describe('the headers of a call', () => {
  it.each([
    ['a plain object', (): HeadersInit => ({ 'X-One': '1', accept: 'a/b' })],
    ['Headers', (): HeadersInit => new Headers({ 'X-One': '1', accept: 'a/b' })],
    [
      'a list of pairs',
      (): HeadersInit => [
        ['X-One', '1'],
        ['accept', 'a/b'],
      ],
    ],
  ])('arrive when they are given as %s, which stays as it was', async (_, make) => {
    const headers = make()
    const before = [...new Headers(headers)]
    await fetch(api.origin, { headers })
    expect(api.arrived[0]?.headers).toMatchObject({ 'x-one': '1', accept: 'a/b', authorization: bearerOf(0) })
    expect([...new Headers(headers)]).toEqual(before)
  })

  it.each([
    ['a plain object', { AUTHORIZATION: 'mine' }],
    ['Headers', new Headers({ authorization: 'mine' })],
    ['a list of pairs', [['Authorization', 'mine']] satisfies HeadersInit],
  ])('keep an Authorization of the caller’s own in %s', async (_, headers) => {
    await fetch(api.origin, { headers })
    expect(api.arrived[0]?.headers.authorization).toBe('mine')
  })

  it('are those of a Request, until the init gives others, as with fetch', async () => {
    const request = new Request(api.origin, { headers: { authorization: 'mine', 'x-one': '1' } })
    await fetch(request.clone())
    await fetch(request, { headers: { 'x-two': '2' } })
    expect(api.arrived.map(({ headers }) => [headers.authorization, headers['x-one'], headers['x-two']])).toEqual([
      ['mine', '1', undefined],
      [bearerOf(0), undefined, '2'],
    ])
  })
})

describe('`headers` of the adapter', () => {
  const key = { 'Ocp-Apim-Subscription-Key': 'fixed' }
  const keysSent = (): unknown[] => api.arrived.map(({ headers }) => headers['ocp-apim-subscription-key'])

  it('go along with the token, under the call’s own of that name', async () => {
    fetch = maskinportenFetch(tokens, { allow: api.origin, headers: key })
    await fetch(api.origin)
    await fetch(api.origin, { headers: { 'ocp-apim-subscription-key': 'own' } })
    await fetch(api.origin, { headers: new Headers({ accept: 'a/b' }) })
    await fetch(new Request(api.origin))
    expect(keysSent()).toEqual(['fixed', 'own', 'fixed', 'fixed'])
    expect(api.arrived[2]?.headers).toMatchObject({ accept: 'a/b', authorization: bearerOf(0) })
  })

  it('stay away from what is sent as it is, and from another origin', async () => {
    await using elsewhere = await startRecordingServer()
    fetch = maskinportenFetch(tokens, { allow: api.origin, headers: key, otherOrigins: 'pass-through' })
    await fetch(api.origin, { maskinporten: false })
    await fetch(api.origin, { headers: { authorization: 'mine' } })
    await fetch(elsewhere.origin)
    expect([...keysSent(), elsewhere.arrived[0]?.headers['ocp-apim-subscription-key']]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('hold no Authorization, and nothing that is no header', () => {
    expect(() => maskinportenFetch(tokens, { allow: api.origin, headers: { authorization: 'x' } })).toThrow(TypeError)
    expect(() => maskinportenFetch(tokens, { allow: api.origin, headers: { 'not a name': 'x' } })).toThrow(TypeError)
  })
})

describe('what the caller’s own fetch is given', () => {
  const given: [unknown, RequestInit | undefined][] = []
  const own = (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    given.push([input, init])
    return globalThis.fetch(input, init)
  }
  beforeEach(() => {
    given.length = 0
    fetch = maskinportenFetch(tokens, { allow: api.origin, fetch: own })
  })

  it('is the URL as text, never a Request made of it', async () => {
    const url = new URL(`${api.origin}/x`)
    await fetch(url.href)
    await fetch(url)
    expect(given.map(([input]) => input)).toEqual([url.href, url.href])
    expect(given.map(([, init]) => init)).toEqual([
      { headers: { authorization: bearerOf(0) } },
      { headers: { authorization: bearerOf(0) } },
    ])
  })

  it('never holds `maskinporten`, and the caller’s init and Request stay as they were', async () => {
    const init = Object.freeze({ method: 'PUT', maskinporten: Object.freeze({ scopes: 'a' }) })
    const request = Object.assign(new Request(`${api.origin}/r`), { maskinporten: { scopes: 'b' } })
    await fetch(api.origin, init)
    await fetch(api.origin, { ...init, maskinporten: false })
    await fetch(request)
    await fetch(request, { maskinporten: { scopes: 'c' } })
    await fetch(Object.assign(new Request(api.origin), { maskinporten: false }))
    expect(given.length).toBe(5)
    for (const [input, sent] of given) {
      expect(typeof input === 'object' && input !== null && 'maskinporten' in input).toBe(false)
      expect(sent !== undefined && 'maskinporten' in sent).toBe(false)
    }
    expect(tokens.asked.map((one) => one.request)).toEqual([{ scopes: 'a' }, { scopes: 'b' }, { scopes: 'c' }])
    expect(request.maskinporten).toEqual({ scopes: 'b' })
    expect(api.arrived.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /',
      'PUT /',
      'GET /r',
      'GET /r',
      'GET /',
    ])
  })

  it('is given what was hung on a Request for it', async () => {
    let next: unknown
    const knowing = maskinportenFetch(tokens, {
      allow: api.origin,
      fetch: (input, init) => {
        next = typeof input === 'object' && 'next' in input ? input.next : undefined
        return globalThis.fetch(input, init)
      },
    })
    await knowing(Object.assign(new Request(api.origin), { next: { revalidate: 60 } }))
    expect([next, api.arrived.length]).toEqual([{ revalidate: 60 }, 1])
  })

  it('is given a Request that has the token itself: caches before fetch look at nothing else', async () => {
    const answers = new Map<string, Promise<Response>>()
    // As React's: by the Request's headers, unless an init says what it knows of.
    const keeping = maskinportenFetch(
      { getToken: async (request) => createAccessToken({ value: `token-of-${request?.consumerOrg}` }) },
      {
        allow: api.origin,
        fetch: async (input, init) => {
          const key = JSON.stringify([...new Request(input, input instanceof Request ? undefined : init).headers])
          const answer = answers.get(key) ?? globalThis.fetch(input, init)
          answers.set(key, answer)
          return (await answer).clone()
        },
      },
    )
    api.reply = ({ headers }) => ({ body: headers.authorization })
    for (const make of [() => new Request(api.origin), () => api.origin]) {
      const texts = ['991825827', '314330897'].map(async (consumerOrg) =>
        (await keeping(make(), { maskinporten: { consumerOrg } })).text(),
      )
      expect(await Promise.all(texts)).toEqual(['Bearer token-of-991825827', 'Bearer token-of-314330897'])
    }
  })

  it('holds what only some fetches know, such as undici’s dispatcher', async () => {
    const only = { dispatcher: undefined, next: { revalidate: 1 } }
    await fetch(api.origin, Object.assign({ method: 'GET' }, only))
    expect(given[0]?.[1]).toMatchObject(only)
  })

  it('is looked up at each call: the global one by default', async () => {
    fetch = maskinportenFetch(tokens, { allow: api.origin })
    using spy = vi.spyOn(globalThis, 'fetch')
    spy.mockResolvedValueOnce(new Response('replaced'))
    expect(await (await fetch(api.origin)).text()).toBe('replaced')
    expect(api.arrived).toEqual([])
  })
})

describe('what the caller changes while a call waits for its token', () => {
  it('changes nothing of the call: neither address, headers nor body, as with fetch', async () => {
    api.reply = ({ headers }) => ({ status: headers['x-id'] === '2' && tokens.values.length === 1 ? 401 : 200 })
    const url = new URL(api.origin)
    const headers = new Headers()
    const init: RequestInit = { method: 'POST', headers }
    const sending = ['1', '2', '3'].map((id) => {
      url.pathname = `/${id}`
      headers.set('x-id', id)
      init.body = id
      return fetch(url, init)
    })
    init.method = 'DELETE'
    await Promise.all(sending)
    const sent = api.arrived.map(({ method, path, headers: all, body }) =>
      [method, path, all['x-id'], String(body)].join(' '),
    )
    expect(sent.toSorted()).toEqual(['POST /1 1 1', 'POST /2 2 2', 'POST /2 2 2', 'POST /3 3 3'])
  })

  it.each([
    ['a plain object', (): Record<string, string> => ({ 'x-id': '1' })],
    ['a list of pairs', (): [string, string][] => [['x-id', '1']]],
  ])('does not change headers that are %s', async (_, make) => {
    const headers = make()
    const sending = fetch(api.origin, { headers })
    if (Array.isArray(headers)) headers.push(['x-id', '2'])
    else headers['x-id'] = '2'
    await sending
    expect(api.arrived[0]?.headers).toMatchObject({ 'x-id': '1', authorization: bearerOf(0) })
  })

  it('does not change the headers of a Request', async () => {
    const request = new Request(api.origin, { headers: { 'x-id': '1' } })
    const sending = fetch(request)
    request.headers.set('x-id', '2')
    await sending
    expect(api.arrived[0]?.headers).toMatchObject({ 'x-id': '1', authorization: bearerOf(0) })
  })

  it('does not change the part of a buffer that is sent, nor what kind of body it is', async () => {
    const bytes = new TextEncoder().encode('[the part]')
    const part = { offset: 1, length: 8 }
    const bodies = [
      new DataView(bytes.buffer, part.offset, part.length),
      new Uint8Array(bytes.buffer, part.offset, part.length),
      Buffer.from(bytes.buffer, part.offset, part.length),
      new Uint16Array(bytes.buffer, 2, 4),
    ]
    const sending = bodies.map((body) => fetch(api.origin, { method: 'POST', body }))
    bytes.fill(0)
    await Promise.all(sending)
    expect(api.arrived.map(({ body }) => String(body)).toSorted()).toEqual([
      'he part]',
      'the part',
      'the part',
      'the part',
    ])
    expect(new Set(api.arrived.map(({ headers }) => headers['content-type']))).toEqual(new Set([undefined]))
    await fetch(api.origin, { method: 'POST', body: new URLSearchParams({ a: 'b' }) })
    expect(api.arrived.at(-1)?.headers['content-type']).toBe('application/x-www-form-urlencoded;charset=UTF-8')
  })
})

describe('the address that is judged', () => {
  const sent: string[] = []
  const own = async (input: string | URL | Request): Promise<Response> => {
    sent.push(input instanceof Request ? input.url : String(input))
    return new Response('yes')
  }
  beforeEach(() => {
    sent.length = 0
    fetch = maskinportenFetch(tokens, { allow: 'https://a.example', fetch: own })
  })

  it('is the one that is sent to, when the caller’s URL becomes another meanwhile', async () => {
    const url = new URL('https://a.example/')
    const sending = fetch(url)
    url.host = 'evil.example'
    await sending
    expect(sent).toEqual(['https://a.example/'])
  })

  it('is what fetch makes of an object that is no Request, whatever its `url` says', async () => {
    const posing: string | URL | Request = Object.assign(Object.create(null), {
      url: 'https://a.example/',
      headers: new Headers(),
      toString: () => 'https://evil.example/',
    })
    await expect(fetch(posing)).rejects.toMatchObject({ code: 'origin_not_allowed' })
    expect([sent, tokens.asked]).toEqual([[], []])
  })

  it('is that of a Request of another fetch’s own class', async () => {
    const foreign: Request = Object.assign(Object.create({ [Symbol.toStringTag]: 'Request' }), {
      url: 'https://a.example/',
      headers: new Headers({ 'x-own': '1' }),
      body: null,
    })
    const given: unknown[] = []
    fetch = maskinportenFetch(tokens, {
      allow: 'https://a.example',
      fetch: async (...call) => {
        given.push(...call)
        return new Response('yes')
      },
    })
    await fetch(foreign)
    expect(given[0]).toBe(foreign)
    expect(given[1]).toEqual({ headers: new Headers({ 'x-own': '1', authorization: bearerOf(0) }) })
  })
})

describe('what may be given to fetch', () => {
  it('headers that can be read once only, for a call with a token and for one without', async () => {
    // Node's types know them, the DOM's do not.
    const once = (more: object): object => ({ headers: new Map([['x-one', '1']]).entries(), ...more })
    await fetch(api.origin, once({}))
    await fetch(api.origin, once({ maskinporten: false }))
    expect(api.arrived.map(({ headers }) => headers['x-one'])).toEqual(['1', '1'])
  })

  it('a Request as the init, whose getters count', async () => {
    const asInit = new Request(api.origin, { method: 'POST', body: 'of the init', headers: { 'x-one': '1' } })
    await fetch(`${api.origin}/there`, asInit)
    expect(api.arrived[0]).toMatchObject({
      method: 'POST',
      path: '/there',
      headers: { 'x-one': '1', authorization: bearerOf(0) },
    })
    expect(String(api.arrived[0]?.body)).toBe('of the init')
  })

  it('an init with inherited members', async () => {
    const init: RequestInit = Object.create({ method: 'POST', body: 'inherited' })
    await fetch(api.origin, init)
    expect([api.arrived[0]?.method, String(api.arrived[0]?.body)]).toEqual(['POST', 'inherited'])
  })

  it('a Request without a body, which is sent again on a 401, and one with bytes, which is not', async () => {
    api.reply = () => ({ status: 401 })
    await fetch(new Request(api.origin))
    expect(api.arrived.length).toBe(2)
    const answer = await fetch(new Request(api.origin, { method: 'POST', body: new Uint8Array(1) }))
    expect([answer.status, api.arrived.length]).toEqual([401, 3])
  })

  it('a Request and a body over its own, which is sent again', async () => {
    api.reply = (_, nth) => (nth === 1 ? { status: 401 } : {})
    const over = { body: 'over' }
    expect((await fetch(new Request(api.origin, { method: 'POST' }), over)).status).toBe(200)
    expect(api.arrived.map(({ body }) => String(body))).toEqual(['over', 'over'])
  })

  it('a signal in the init or on the Request, which the wait for a token is given', async () => {
    const { signal } = new AbortController()
    const request = new Request(api.origin)
    await fetch(api.origin, { signal })
    await fetch(request)
    await fetch(api.origin, { signal: null })
    await fetch(api.origin)
    expect(tokens.asked.map(({ options }) => options?.signal)).toEqual([signal, request.signal, undefined, undefined])
  })

  it('what is no URL, which rejects and asks for no token', async () => {
    await expect(fetch('/relative')).rejects.toMatchObject({ code: 'request_invalid' })
    await expect(fetch(api.origin.replace('//', '//kari:secret@'), { maskinporten: {} })).rejects.toMatchObject({
      code: 'request_invalid',
    })
    expect(tokens.asked).toEqual([])
  })
})

it('lets go of the 401 before it sends again', async () => {
  const cancelled = vi.fn<() => void>()
  let nth = 0
  fetch = maskinportenFetch(tokens, {
    allow: 'https://api.no',
    fetch: async () =>
      nth++ === 0 ? new Response(new ReadableStream({ cancel: cancelled }), { status: 401 }) : new Response('yes'),
  })
  expect(await (await fetch('https://api.no/')).text()).toBe('yes')
  expect(cancelled).toHaveBeenCalledOnce()
})

it('names the function and the option that is wrong', () => {
  expect(() => Reflect.apply(maskinportenFetch, undefined, [tokens, {}])).toThrow(
    'the option `allow` of maskinportenFetch is missing: list the servers',
  )
  expect(() => maskinportenFetch(tokens, { allow: api.origin, headers: { authorization: 'x' } })).toThrow(
    'the option `headers` of maskinportenFetch has an Authorization header: leave it out, since the token goes there',
  )
})
