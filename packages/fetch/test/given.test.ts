// Transparent: what the caller or a wrapper hands over arrives, and what is judged is what is sent.
import { collectGarbage, scriptedTokens, startRecordingServer } from '../../conformance/test/in-tree/index.ts'
import type { RecordingServer, ScriptedTokens } from '../../conformance/test/in-tree/index.ts'
import { maskinportenFetch } from '@maskinporten-kit/fetch'
import type { MaskinportenFetch, MaskinportenRequestInit } from '@maskinporten-kit/fetch'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** A machine under load is slow; what is waited for comes at once otherwise. */
const patient = { timeout: 10_000 }

let api: RecordingServer
let tokens: ScriptedTokens
let fetch: MaskinportenFetch
let given: unknown[][] = []

beforeEach(async () => {
  api = await startRecordingServer()
  tokens = scriptedTokens()
  given = []
  fetch = maskinportenFetch(tokens, {
    allow: api.origin,
    fetch: (...call) => {
      given.push(call)
      return globalThis.fetch(...call)
    },
  })
})
afterEach(() => api[Symbol.asyncDispose]())

class Traced extends Request {
  readonly trace = 'of the instance'
  get kind(): string {
    return 'of the class'
  }
}

describe('a Request of a subclass', () => {
  it.each<[string, MaskinportenRequestInit['maskinporten']]>([
    ['with a token', undefined],
    ['with the token of the call', { scopes: 'a' }],
    ['without one', false],
  ])('arrives as one %s, with what it has', async (_, maskinporten) => {
    await fetch(Object.assign(new Traced(api.origin), { maskinporten }))
    await fetch(new Traced(api.origin), { maskinporten })
    expect(given.length).toBe(2)
    for (const [request] of given) {
      expect(request).toBeInstanceOf(Traced)
      expect(request).toMatchObject({ trace: 'of the instance', kind: 'of the class' })
      expect(request).not.toHaveProperty('maskinporten')
    }
    const expected = maskinporten === false ? undefined : `Bearer ${tokens.values[0]}`
    expect(api.arrived.map(({ headers }) => headers.authorization)).toEqual([expected, expected])
  })

  it('arrives as one the second time too', async () => {
    api.reply = (_, nth) => ({ status: nth === 1 ? 401 : 200 })
    await fetch(new Traced(api.origin, { method: 'POST', body: 'text' }))
    expect(given.map(([request]) => request instanceof Traced)).toEqual([true, true])
  })

  it('is judged by the address that is sent to, whatever its `url` says', async () => {
    await using elsewhere = await startRecordingServer()
    class Posing extends Request {
      override get url(): string {
        return `${api.origin}/posing`
      }
    }
    await expect(fetch(new Posing(elsewhere.origin))).rejects.toMatchObject({ code: 'origin_not_allowed' })
    expect([elsewhere.arrived, tokens.asked]).toEqual([[], []])
    // And what a given fetch reads of it is what was judged, as with Next.js' NextRequest of a loopback address.
    await fetch(new Posing(`${api.origin}/real`))
    expect(given[0]?.[0]).toMatchObject({ url: `${api.origin}/real` })
    expect(api.arrived.map(({ path }) => path)).toEqual(['/real'])
    const hung = Object.defineProperty(new Request(elsewhere.origin), 'url', { value: api.origin })
    await expect(fetch(hung)).rejects.toMatchObject({ code: 'origin_not_allowed' })
    await fetch(Object.defineProperty(new Request(`${api.origin}/inside`), 'url', { value: elsewhere.origin }))
    expect(given[1]?.[0]).toMatchObject({ url: `${api.origin}/inside` })
  })

  it('is judged by the Authorization that is sent', async () => {
    class Hiding extends Request {
      override get headers(): Headers {
        return new Headers()
      }
    }
    await fetch(new Hiding(api.origin, { headers: { authorization: 'mine' } }))
    expect([api.arrived[0]?.headers.authorization, tokens.asked]).toEqual(['mine', []])
  })
})

describe('what others hang on a call', () => {
  it('arrives on the Request, by text and by symbol, beside a `maskinporten`', async () => {
    const key = Symbol('of a wrapper')
    for (const maskinporten of [{ scopes: 'a' }, false] as const) {
      const next = { revalidate: 60 }
      const request = Object.assign(new Request(api.origin), { next, maskinporten, [key]: 1 })
      await fetch(Object.defineProperty(request, 'hidden', { value: 2 }))
    }
    expect(given.map(([request]) => request)).toEqual([
      expect.objectContaining({ next: { revalidate: 60 }, [key]: 1, hidden: 2 }),
      expect.objectContaining({ next: { revalidate: 60 }, [key]: 1, hidden: 2 }),
    ])
  })

  it('arrives as a third argument, with a token and without', async () => {
    for (const maskinporten of [undefined, false] as const) {
      await Reflect.apply(fetch, undefined, [api.origin, { maskinporten }, 'third', 'fourth'])
    }
    expect(given.map((call) => call.slice(2))).toEqual([
      ['third', 'fourth'],
      ['third', 'fourth'],
    ])
  })

  it('arrives in an init that is an instance of a class', async () => {
    class Init {
      readonly next = { revalidate: 1 }
      get method(): string {
        return 'PUT'
      }
    }
    await fetch(api.origin, new Init())
    expect(given[0]).toEqual([api.origin, expect.objectContaining({ next: { revalidate: 1 }, method: 'PUT' })])
    expect(api.arrived[0]?.method).toBe('PUT')
  })
})

it('has the name of fetch', () => {
  expect(fetch.name).toBe(globalThis.fetch.name)
})

describe('an address without an origin', () => {
  const ORIGIN = Symbol.for('undici.globalOrigin.1')
  afterEach(() => {
    Reflect.set(globalThis, ORIGIN, undefined)
  })

  it.each(['reject', 'pass-through'] as const)('that nothing resolves is named, under %s', async (otherOrigins) => {
    fetch = maskinportenFetch(tokens, { allow: api.origin, otherOrigins })
    for (const address of ['/persons/1', 'persons', '//kari:secret@', 'https://', '', '/persons?key=secret']) {
      const error: unknown = await fetch(address).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ name: 'MaskinportenError', code: 'request_invalid' })
      expect(String(error)).toContain(address.replace('//kari:secret@', '').replace('?key=secret', ''))
      expect(String(error)).not.toContain('secret')
    }
    expect(tokens.asked).toEqual([])
  })

  it('is as fetch has it when it is to be sent as it is', async () => {
    await expect(fetch('/persons', { maskinporten: false })).rejects.toThrow(TypeError)
    await expect(fetch('/persons', { headers: { authorization: 'mine' } })).rejects.toThrow(TypeError)
  })

  it('is judged and sent as the runtime resolves it', async () => {
    Reflect.set(globalThis, ORIGIN, new URL(`${api.origin}/base/`))
    await fetch('persons')
    await fetch('/root', { maskinporten: { scopes: 'a' } })
    expect(api.arrived.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/base/persons', `Bearer ${tokens.values[0]}`],
      ['/root', `Bearer ${tokens.values[0]}`],
    ])
    Reflect.set(globalThis, ORIGIN, new URL('https://other.example'))
    await expect(fetch('/persons')).rejects.toMatchObject({ code: 'origin_not_allowed' })
  })

  it('stays what it was judged to be, when the base changes meanwhile', async () => {
    Reflect.set(globalThis, ORIGIN, new URL(api.origin))
    const sending = fetch('/persons')
    Reflect.set(globalThis, ORIGIN, new URL('https://other.example'))
    await sending
    expect(given[0]?.[0]).toBe(`${api.origin}/persons`)
  })
})

describe('a `maskinporten` that a copy would read in part', () => {
  class Customer {
    get consumerOrg(): string {
      return '991825827'
    }
  }
  it.each<[string, object]>([
    ['a class with getters', new Customer()],
    ['an object that inherits', Object.create({ consumerOrg: '991825827' })],
    ['a hidden field', Object.defineProperty({}, 'consumerOrg', { value: '991825827' })],
    ['a Proxy', new Proxy({ consumerOrg: '991825827' }, {})],
    [
      'a Proxy that shows no names',
      new Proxy({}, { get: (_, name) => (name === 'consumerOrg' ? '991825827' : undefined) }),
    ],
  ])('such as %s is refused, in the init and on a Request', async (_, maskinporten) => {
    const init: object = { maskinporten }
    await expect(fetch(api.origin, init)).rejects.toMatchObject({ code: 'request_invalid' })
    await expect(fetch(Object.assign(new Request(api.origin), { maskinporten }))).rejects.toMatchObject({
      code: 'request_invalid',
    })
    expect([tokens.asked, api.arrived]).toEqual([[], []])
  })
})

describe('an abort after memory was swept', () => {
  it.each<[string, (signal: AbortSignal) => Promise<Response>]>([
    ['a Request', (signal) => fetch(new Request(api.origin, { signal }))],
    ['a Request of a subclass', (signal) => fetch(new Traced(api.origin, { signal }))],
    ['a Request with a body', (signal) => fetch(new Request(api.origin, { method: 'POST', body: 'text', signal }))],
    ['a Request without a token', (signal) => fetch(tokenless(new Request(api.origin, { signal })))],
    ['an init', (signal) => fetch(api.origin, { signal })],
    ['a Request as the init', (signal) => fetch(api.origin, new Request(api.origin, { signal }))],
    ['an init over a Request', (signal) => fetch(new Request(api.origin), { signal })],
  ])('reaches the sending, with %s', async (_, send) => {
    api.reply = () => new Promise(() => {})
    const controller = new AbortController()
    const sending = send(controller.signal).then(
      () => 'answered',
      (error: unknown) => error,
    )
    await expect.poll(() => api.arrived.length, patient).toBe(1)
    await collectGarbage()
    controller.abort(new Error('mine'))
    expect(await Promise.race([sending, new Promise((resolve) => setTimeout(resolve, 5000, 'hangs'))])).toBe(
      controller.signal.reason,
    )
  })

  it('reaches an answer that is being read', async () => {
    api.reply = () => ({ headers: { 'content-length': '10' }, body: 'part' })
    const controller = new AbortController()
    const answer = await fetch(new Request(api.origin, { signal: controller.signal }))
    const reading = answer.text().catch((error: unknown) => error)
    await collectGarbage()
    controller.abort(new Error('mine'))
    expect(await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, 5000, 'hangs'))])).toBe(
      controller.signal.reason,
    )
  })
})

function tokenless(request: Request): Request {
  return Object.assign(request, { maskinporten: false })
}
