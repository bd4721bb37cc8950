// Transparent: what the caller, a hook or a wrapper hands over arrives, and what nobody needs is let go of.
import { collectGarbage, scriptedTokens, startRecordingServer } from '../../conformance/test/in-tree/index.ts'
import type { RecordingServer, ScriptedTokens } from '../../conformance/test/in-tree/index.ts'
import { maskinportenKy } from '@maskinporten-kit/ky'
import ky from 'ky'
import type { KyInstance, Options } from 'ky'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

/** A machine under load is slow; what is waited for comes at once otherwise. */
const patient = { timeout: 10_000 }

let api: RecordingServer
let tokens: ScriptedTokens
let client: KyInstance

beforeEach(async () => {
  api = await startRecordingServer()
  tokens = scriptedTokens()
  client = ky.create({ retry: 0, ...maskinportenKy(tokens, { allow: api.origin }) })
})
afterEach(() => api[Symbol.asyncDispose]())

const refuseFirst = (): void => {
  api.reply = (_, nth) => ({ status: nth === 1 ? 401 : 200 })
}

describe('what a fetch of the caller’s own is given', () => {
  it('holds the options that only it knows, also where a host has put them on `Request.prototype`', async () => {
    const given: unknown[] = []
    Object.defineProperty(Request.prototype, 'next', { value: undefined, configurable: true })
    const fetch: NonNullable<Options['fetch']> = (input, init) => {
      given.push(init)
      return globalThis.fetch(input)
    }
    try {
      const vendor = { next: { revalidate: 60 }, priority: 'high', cf: { cacheTtl: 1 } } as const
      await client.get(api.origin, { ...vendor, fetch })
      await client.get(api.origin, { ...vendor, fetch, maskinporten: false })
      expect(given).toEqual([vendor, vendor])
    } finally {
      Reflect.deleteProperty(Request.prototype, 'next')
    }
  })

  it('is of the class that a hook gave, with what was hung on it', async () => {
    class Traced extends Request {
      readonly trace = 'of the instance'
    }
    const given: unknown[] = []
    refuseFirst()
    const form = new FormData()
    form.set('navn', 'Kari')
    await client.post(api.origin, {
      body: form,
      fetch: (input) => {
        given.push(input)
        return globalThis.fetch(input)
      },
      hooks: { beforeRequest: [({ request }) => Object.assign(new Traced(request), { next: 1 })] },
    })
    expect(given).toEqual([
      expect.objectContaining({ trace: 'of the instance', next: 1 }),
      expect.objectContaining({ trace: 'of the instance', next: 1 }),
    ])
    expect(given.every((one) => one instanceof Traced)).toBe(true)
    expect(api.arrived.map(({ body }) => String(body).includes('Kari'))).toEqual([true, true])
  })

  it('is a Request of another class as a wrapper or a hook gave it, with the token in the init over it', async () => {
    const make = (): Request =>
      Object.assign(Object.create({ [Symbol.toStringTag]: 'Request' }), {
        url: `${api.origin}/foreign`,
        headers: new Headers({ 'x-own': '1' }),
        body: null,
      })
    const foreign = make()
    const given: [unknown, RequestInit | undefined][] = []
    refuseFirst()
    const fetch: NonNullable<Options['fetch']> = (input, init) => {
      given.push([input, init])
      return globalThis.fetch(foreign.url, init)
    }
    const wrap = (call: Options): void => {
      const ours = call.fetch ?? globalThis.fetch
      call.fetch = (_, init) => ours(foreign, init)
    }
    const hooks = { init: [(call: Options) => void call.hooks?.init?.push(wrap)] }
    expect(await client.extend({ hooks }).get(api.origin, { fetch }).text()).toBe('ok')
    expect(given.map(([input]) => input)).toEqual([foreign, foreign])
    expect(api.arrived.map(({ headers }) => [headers['x-own'], headers.authorization])).toEqual(
      tokens.values.map((value) => ['1', `Bearer ${value}`]),
    )
    expect(tokens.values.length).toBe(2)
    await client.extend({ hooks }).get(api.origin, { fetch, maskinporten: false })
    expect([given[2]?.[0], given[2]?.[1]?.headers]).toEqual([foreign, undefined])
    // And as a hook gave it.
    await client.get(api.origin, { fetch, hooks: { beforeRequest: [() => foreign] } })
    expect([given[3]?.[0], api.arrived[3]?.headers.authorization]).toEqual([foreign, `Bearer ${tokens.values[1]}`])
  })

  it('is named, when a wrapper’s address has no origin', async () => {
    const wrap = (call: Options): void => {
      const ours = call.fetch ?? globalThis.fetch
      call.fetch = () => ours('/persons')
    }
    const hooks = { init: [(call: Options) => void call.hooks?.init?.push(wrap)] }
    await expect(client.extend({ hooks }).get(api.origin)).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringContaining('/persons'),
    })
  })

  it('is judged by where it is sent, whatever its `url` says', async () => {
    await using elsewhere = await startRecordingServer()
    class Posing extends Request {
      override get url(): string {
        return api.origin
      }
    }
    const hooks = { beforeRequest: [() => new Posing(elsewhere.origin)] }
    await expect(client.get(api.origin, { hooks })).rejects.toMatchObject({ code: 'origin_not_allowed' })
    expect([elsewhere.arrived, tokens.asked]).toEqual([[], []])
  })
})

describe('what nobody needs', () => {
  it('is the body of a 401, which is not waited for when a wrapper keeps a clone', async () => {
    refuseFirst()
    const kept: Response[] = []
    const answer = await client.get(api.origin, {
      fetch: async (input, init) => {
        const one = await globalThis.fetch(input, init)
        kept.push(one.clone())
        return one
      },
    })
    expect([answer.status, await kept[0]?.text()]).toEqual([200, 'ok'])
  })

  it.each<[string, unknown]>([
    ['throws', { cancel: () => raise() }],
    ['never ends', { cancel: () => new Promise(() => {}) }],
    ['does not exist', { destroy: () => undefined }],
  ])('fails nothing when its disposal %s', async (_, body) => {
    let nth = 0
    const answer = client.get(api.origin, {
      fetch: async () => {
        nth += 1
        const one = new Response('yes', { status: nth === 1 ? 401 : 200 })
        return nth === 1 ? Object.defineProperty(one, 'body', { value: body }) : one
      },
    })
    expect(await answer.text()).toBe('yes')
  })

  it.each([0, 1])('is a body that a failing fetch left unread, with %d retries', async (limit) => {
    const cancelled = vi.fn<() => void>()
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: cancelled,
    })
    const sending = client.post(api.origin, {
      body,
      retry: { limit },
      fetch: () => Promise.reject(new Error('not read')),
    })
    await expect(sending).rejects.toThrow('not read')
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce(), patient)
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
  ])('such as %s rejects, and nothing is sent', async (_, maskinporten) => {
    const perCall: object = { maskinporten }
    await expect(client.get(api.origin, perCall)).rejects.toMatchObject({ code: 'request_invalid' })
    expect([tokens.asked, api.arrived]).toEqual([[], []])
  })
})

describe('after memory was swept', () => {
  const never = (): void => {
    api.reply = () => new Promise(() => {})
  }
  const soon = (sending: Promise<unknown>): Promise<unknown> =>
    Promise.race([
      sending.then(
        () => 'answered',
        (error: unknown) => error,
      ),
      new Promise((resolve) => setTimeout(resolve, 5000, 'hangs')),
    ])

  it.each<[string, Options]>([
    ['a body', { method: 'post', json: { a: 1 } }],
    ['a form', { method: 'post', body: new URLSearchParams({ a: '1' }) }],
    ['no body', {}],
    ['retries', { retry: 1 }],
    ['no token', { maskinporten: false }],
  ])('the caller’s abort reaches the sending of a call with %s', async (_, call) => {
    never()
    const controller = new AbortController()
    const sending = soon(client(api.origin, { ...call, signal: controller.signal }))
    await expect.poll(() => api.arrived.length, patient).toBe(1)
    await collectGarbage()
    controller.abort(new Error('mine'))
    expect(await sending).toBe(controller.signal.reason)
  })

  it('the caller’s abort reaches the sending after a 401, whose body is of a copy', async () => {
    api.reply = () => (api.arrived.length === 1 ? { status: 401 } : new Promise(() => {}))
    const controller = new AbortController()
    const body = new URLSearchParams({ a: '1' })
    const sending = soon(client.post(api.origin, { body, signal: controller.signal }))
    await expect.poll(() => api.arrived.length, patient).toBe(2)
    await collectGarbage()
    controller.abort(new Error('mine'))
    expect(await sending).toBe(controller.signal.reason)
  })

  it('ky’s own timeout ends the request, socket and all', async () => {
    let ended = false
    api.reply = () => new Promise(() => {})
    const { signal } = new AbortController()
    const sending = soon(
      client.get(api.origin, {
        timeout: 2000,
        signal,
        fetch: (input, init) =>
          globalThis.fetch(input, init).catch((error: unknown) => {
            ended = true
            throw error
          }),
      }),
    )
    await expect.poll(() => api.arrived.length, patient).toBe(1)
    await collectGarbage()
    expect(await sending).toMatchObject({ name: 'TimeoutError' })
    await expect.poll(() => ended, patient).toBe(true)
  })
})

function raise(): never {
  throw new Error('not to be asked')
}
