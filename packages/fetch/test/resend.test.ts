// After a 401: what is let go of, and which Request can be sent once more.
import { scriptedTokens, startRecordingServer } from '../../conformance/test/in-tree/index.ts'
import type { RecordingServer, ScriptedTokens } from '../../conformance/test/in-tree/index.ts'
import { maskinportenFetch } from '@maskinporten-kit/fetch'
import type { MaskinportenFetch, MaskinportenFetchOptions } from '@maskinporten-kit/fetch'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

/** A machine under load is slow; what is waited for comes at once otherwise. */
const patient = { timeout: 10_000 }

let api: RecordingServer
let tokens: ScriptedTokens
let fetch: MaskinportenFetch

const fetchBy = (own: MaskinportenFetchOptions['fetch']): MaskinportenFetch =>
  maskinportenFetch(tokens, { allow: api.origin, fetch: own })

beforeEach(async () => {
  api = await startRecordingServer((_, nth) => ({ status: nth === 1 ? 401 : 200, body: 'x'.repeat(100_000) }))
  tokens = scriptedTokens()
  fetch = fetchBy(undefined)
})
afterEach(() => api[Symbol.asyncDispose]())

const bodies = (): string[] => api.arrived.map(({ body }) => String(body))

describe('the answer of a 401', () => {
  it('is let go of without waiting, when a wrapper keeps a clone of it', async () => {
    const kept: Response[] = []
    fetch = fetchBy(async (input, init) => {
      const answer = await globalThis.fetch(input, init)
      kept.push(answer.clone())
      return answer
    })
    expect((await fetch(api.origin)).status).toBe(200)
    expect((await kept[0]?.text())?.length).toBe(100_000)
  })

  it.each<[string, unknown]>([
    ['throws', { cancel: () => raise() }],
    ['rejects', { cancel: () => Promise.reject(new Error('no')) }],
    ['never ends', { cancel: () => new Promise(() => {}) }],
    ['does not exist', {}],
    ['is that of a Node stream', { destroy: vi.fn<() => void>() }],
    ['is asked of null', null],
    ['is asked of text', 'a text'],
  ])('fails nothing when its disposal %s', async (_, body) => {
    let nth = 0
    fetch = fetchBy(async () => {
      nth += 1
      const answer = new Response('yes', { status: nth === 1 ? 401 : 200 })
      return nth === 1 ? Object.defineProperty(answer, 'body', { value: body }) : answer
    })
    expect(await (await fetch(api.origin)).text()).toBe('yes')
  })

  it('fails nothing when its body cannot be read at all', async () => {
    let nth = 0
    fetch = fetchBy(async () => {
      nth += 1
      const answer = new Response('yes', { status: nth === 1 ? 401 : 200 })
      return nth === 1 ? Object.defineProperty(answer, 'body', { get: raise }) : answer
    })
    expect(await (await fetch(api.origin)).text()).toBe('yes')
  })
})

const request = (body: BodyInit, type?: string): Request =>
  new Request(api.origin, {
    method: 'POST',
    body,
    ...(type !== undefined && { headers: { 'content-type': type } }),
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  })

describe('a Request with a body', () => {
  it.each([
    ['application/json', '{"a":1}'],
    ['application/json; charset=utf-8', '{"a":"æ"}'],
    ['APPLICATION/merge-patch+JSON', '{}'],
    ['application/x-www-form-urlencoded', 'a=1'],
    ['text/plain;charset=UTF-8', 'x'.repeat(1_048_576)],
  ])('of %s is sent again', async (type, text) => {
    expect((await fetch(request(text, type))).status).toBe(200)
    expect(bodies()).toEqual([text, text])
    expect(api.arrived.map(({ headers }) => [headers['content-type'], headers['content-length']])).toEqual([
      [type, String(Buffer.byteLength(text))],
      [type, String(Buffer.byteLength(text))],
    ])
  })

  it.each(['application/xml', 'text/html', 'application/octet-stream', 'application/jsonp', 'text/plainer'])(
    'of %s is not, and the 401 is handed over',
    async (type) => {
      const answer = await fetch(request('x', type))
      expect([answer.status, (await answer.text()).length, api.arrived.length]).toEqual([401, 100_000, 1])
    },
  )

  it('of a form with files is not', async () => {
    const form = new FormData()
    form.set('a', '1')
    expect((await fetch(request(form))).status).toBe(401)
  })

  it('longer than 1 MiB is sent whole, and not again', async () => {
    const text = 'x'.repeat(1_048_577)
    expect((await fetch(request(text, 'application/json'))).status).toBe(401)
    expect(bodies()).toEqual([text])
    expect(tokens.asked.length).toBe(1)
  })

  it('that is a long stream is not held in memory', async () => {
    let ahead = 0
    const stream = new ReadableStream({
      pull(controller) {
        ahead += 1
        controller.enqueue(new Uint8Array(100_000))
      },
    })
    void fetchBy(() => new Promise(() => {}))(request(stream, 'application/json'))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(ahead).toBeLessThan(16)
  })

  it('that is a stream still open at the 401 is not waited for', async () => {
    let cancelled: unknown = 'not'
    const stream = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"a":')),
      cancel: (reason) => {
        cancelled = reason
      },
    })
    fetch = fetchBy(async (input) => {
      if (input instanceof Request) void input.body?.cancel()
      return new Response('no', { status: 401 })
    })
    const answer = await fetch(request(stream, 'application/json'))
    expect([answer.status, await answer.text()]).toEqual([401, 'no'])
    await vi.waitFor(() => expect(cancelled).not.toBe('not'), patient)
  })

  it('has its copy let go of without waiting when no copy is needed', async () => {
    api.reply = () => ({})
    let cancelled = false
    const stream = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"a":')),
      cancel: () => {
        cancelled = true
      },
    })
    fetch = fetchBy(async (input) => {
      if (input instanceof Request) void input.body?.cancel()
      return new Response('yes')
    })
    expect((await fetch(request(stream, 'text/plain'))).status).toBe(200)
    await vi.waitFor(() => expect(cancelled).toBe(true), patient)
  })

  it('is sent again with the headers of the init, as it was the first time', async () => {
    const answer = await fetch(request('{"a":1}', 'application/json'), { headers: { 'x-one': '1' } })
    expect([answer.status, ...bodies()]).toEqual([200, '{"a":1}', '{"a":1}'])
    expect(api.arrived.map(({ headers }) => [headers['x-one'], headers['content-type']])).toEqual([
      ['1', undefined],
      ['1', undefined],
    ])
  })

  it.each([
    ['as it is', {}],
    ['with a request of its own', { maskinporten: { scopes: 'a' } }],
  ])('and another in the init is sent again with that, %s', async (_name, hung) => {
    const over = { body: 'over' }
    const both = Object.assign(request('{"a":1}', 'application/json'), hung)
    expect((await fetch(both, over)).status).toBe(200)
    expect(bodies()).toEqual(['over', 'over'])
    expect(api.arrived.map(({ method, headers }) => `${method} ${headers['content-type']}`)).toEqual([
      'POST application/json',
      'POST application/json',
    ])
    expect((await fetch(new Request(api.origin), { method: 'PUT', body: 'over' })).status).toBe(200)
    expect(api.arrived[2]?.method).toBe('PUT')
  })

  it('that was sent already rejects, as with fetch', async () => {
    const used = request('{"a":1}', 'application/json')
    await used.text()
    await expect(fetch(used)).rejects.toThrow(TypeError)
  })
})

describe('a body that is not sent', () => {
  const stream = (cancelled: (reason: unknown) => void): ReadableStream =>
    new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(10)), cancel: cancelled })

  it.each<[string, (body: ReadableStream) => [string | Request, RequestInit?]]>([
    ['in the init', (body) => [api.origin, Object.assign({ method: 'POST', body }, { duplex: 'half' })]],
    ['of a Request', (body) => [request(body, 'application/octet-stream')]],
    ['of a Request that is copied', (body) => [request(body, 'application/json')]],
  ])('%s is cancelled when the caller aborts the wait for a token', async (_, call) => {
    const cancelled = vi.fn<(reason: unknown) => void>()
    const controller = new AbortController()
    tokens.instead = () => {
      controller.abort(new Error('mine'))
      return Promise.reject(controller.signal.reason)
    }
    const [input, init] = call(stream(cancelled))
    await expect(fetch(input, { ...init, signal: controller.signal })).rejects.toBe(controller.signal.reason)
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce(), patient)
    expect(api.arrived).toEqual([])
  })

  it('of a Request is cancelled when the given fetch fails without having read it', async () => {
    const cancelled = vi.fn<(reason: unknown) => void>()
    const failing = fetchBy(() => Promise.reject(new Error('no')))
    await expect(failing(request(stream(cancelled), 'application/json'))).rejects.toThrow('no')
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce(), patient)
  })
})

function raise(): never {
  throw new Error('not to be asked')
}
