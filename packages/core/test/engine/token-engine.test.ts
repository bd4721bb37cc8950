import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type FetchTokenContext,
  MaskinportenError,
  type TokenEngine,
  type TokenEngineOptions,
  type TokenRequest,
  createTokenEngine,
} from '@maskinporten-kit/core'
import { seedRandom } from './drive.ts'
import { MemoryStore } from './memory-store.ts'
import { settle } from './virtual-time.ts'
import { World } from './world.ts'

/** A platform's token service in place of the JWT grant. */
let world: World
beforeEach(() => {
  seedRandom()
  world = new World()
})
afterEach(() => {
  world[Symbol.dispose]()
  vi.restoreAllMocks()
})

const EXCHANGE = { url: 'https://platform.example/exchange', testOrg: false }
const LIFETIME_MS = 120_000

interface Asked {
  readonly request: TokenRequest
  readonly context: FetchTokenContext
}

function open(
  options: Partial<TokenEngineOptions> = {},
  answer: (n: number) => Promise<unknown> = async () => undefined,
): { readonly engine: TokenEngine; readonly asked: Asked[] } {
  const asked: Asked[] = []
  const engine = createTokenEngine({
    fetch: world.fetch,
    clock: world.time,
    fetchToken: async (request, context) => {
      asked.push({ request, context })
      const n = asked.length
      await world.time.after(50)
      return ((await answer(n)) ?? { value: `platform-${n}`, lifetimeMs: LIFETIME_MS }) as never
    },
    ...options,
  })
  return { engine, asked }
}

const inTime = async <T>(promise: Promise<T>, ms = 200): Promise<T> => {
  void promise.catch(() => undefined)
  await world.time.advance(ms)
  return promise
}

describe('createTokenEngine()', () => {
  it('caches, asks once for all callers, and renews behind them', async () => {
    const { engine, asked } = open()
    const request = { scopes: 'b:c a:b', resource: 'https://api.example' }
    const tokens = await inTime(Promise.all([1, 2, 3].map(() => engine.getToken({ ...request }))))
    expect(new Set(tokens.map(({ value }) => value))).toEqual(new Set(['platform-1']))
    expect(tokens[0]).toMatchObject({ kind: 'maskinporten', scopes: ['a:b', 'b:c'] })
    await world.time.advance(95_000)
    expect((await engine.getToken({ ...request })).value).toBe('platform-1')
    await world.time.advance(100)
    expect((await engine.getToken({ ...request })).value).toBe('platform-2')
    const checked = { kind: 'maskinporten', scopes: ['a:b', 'b:c'], resource: 'https://api.example' }
    expect(asked.map((one) => one.request)).toEqual([checked, checked])
    expect(engine.stats()).toEqual({ hits: 1, renewals: 1, stale: 1, misses: 1, storeHits: 0, storeFailures: 0 })
    await engine.close()
  })

  it('says that an API rejected the last token', async () => {
    const { engine, asked } = open()
    const bound = engine.with({ scopes: 'a:b' })
    const rejected = await inTime(bound.getToken())
    expect((await inTime(bound.getToken(undefined, { rejected }))).value).toBe('platform-2')
    expect(asked.map(({ context }) => context.rejected)).toEqual([false, true])
  })

  it('exchanges the platform’s token at Altinn', async () => {
    const { engine, asked } = open({ exchange: EXCHANGE })
    const token = await inTime(engine.getToken({ scopes: 'a:b', kind: 'altinn' }))
    expect(token.kind).toBe('altinn')
    expect(world.exchangeCalls.map(({ bearer }) => bearer)).toEqual(['platform-1'])
    expect(asked[0]?.request.kind).toBe('maskinporten')
    // The service may give a token that it keeps.
    expect(asked[0]?.context.rejected).toBe(false)
  })

  it('says that a kept token will not do when an API has rejected the Altinn token that was exchanged from it', async () => {
    const { engine, asked } = open({ exchange: EXCHANGE })
    const request = { scopes: 'a:b', kind: 'altinn' } as const
    const rejected = await inTime(engine.getToken(request))
    await world.time.advance(20_000)
    expect((await inTime(engine.getToken(request, { rejected }))).value).not.toBe(rejected.value)
    expect(asked.map(({ context }) => context.rejected)).toEqual([false, true])
  })

  it('names its own option to who asks for an Altinn token without an exchange', async () => {
    await expect(open().engine.getToken({ scopes: 'a:b', kind: 'altinn' })).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringContaining('the option exchange of createTokenEngine'),
    })
  })

  it('tries again also after the clock was set forward while the service was asked', async () => {
    const { engine } = open({}, async (n) => {
      if (n === 1) world.time.wallShift += 60_000
      if (n === 2) throw Object.assign(new Error('x'), { code: 'ECONNRESET' })
    })
    await inTime(engine.getToken({ scopes: 'a:b' }))
    expect((await inTime(engine.getToken({ scopes: 'c:d' }), 5_000)).value).toBe('platform-3')
  })

  it('keeps its tokens in the store under its identity only', async () => {
    const store = new MemoryStore(world.time)
    const first = open({ store, identity: 'one' })
    const token = await inTime(first.engine.getToken({ scopes: 'a:b' }), 2_000)
    const twin = open({ store, identity: 'one' })
    expect((await inTime(twin.engine.getToken({ scopes: 'a:b' }))).value).toBe(token.value)
    expect(twin.engine.stats()).toMatchObject({ misses: 1, storeHits: 1, storeFailures: 0 })
    const other = open({ store, identity: 'another' })
    await inTime(other.engine.getToken({ scopes: 'a:b' }), 2_000)
    expect([twin.asked.length, other.asked.length]).toEqual([0, 1])
    expect(() => open({ store })).toThrow(TypeError)
    expect(() => open({ store, identity: '' })).toThrow(TypeError)
    expect(() => open({ fetchToken: undefined as never })).toThrow(TypeError)
  })

  it('tries again what may pass, and tells nothing of what the service said', async () => {
    const { engine, asked } = open({}, async (n) => {
      if (n < 3) throw Object.assign(new Error('Bearer secret-1234'), { code: 'ECONNRESET' })
    })
    expect((await inTime(engine.getToken({ scopes: 'a:b' }), 5_000)).value).toBe('platform-3')
    expect(asked).toHaveLength(3)

    const failing = open({}, async () => {
      throw Object.assign(new Error('Bearer secret-1234'), { code: 'ECONNRESET' })
    })
    const error: unknown = await inTime(failing.engine.getToken({ scopes: 'a:b' }), 5_000).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'token_unavailable', detail: 'FETCH_TOKEN', retryable: true })
    expect(inspect(error, { depth: 9 })).not.toContain('1234')
    expect(failing.engine.health().status).toBe('failing')
  })

  it('hands a MaskinportenError of the service over, and does not try a refusal again', async () => {
    const own = new MaskinportenError('token_refused', 'the service knows no such scope')
    const { engine, asked } = open({}, () => Promise.reject(own))
    await expect(inTime(engine.getToken({ scopes: 'a:b' }), 5_000)).rejects.toBe(own)
    expect(asked).toHaveLength(1)
  })

  for (const [name, answer] of Object.entries({
    null: null,
    'no value': { lifetimeMs: 1_000 },
    'a value with a line break': { value: 'a\r\nb', lifetimeMs: 1_000 },
    'a life in words': { value: 'token', lifetimeMs: '120' },
    'a life that is NaN': { value: 'token', lifetimeMs: Number.NaN },
    'a life below zero': { value: 'token', lifetimeMs: -1 },
  })) {
    it(`refuses ${name} as a token`, async () => {
      const { engine } = open({ fetchToken: async () => answer as never })
      const error: unknown = await inTime(engine.getToken({ scopes: 'a:b' })).catch((e: unknown) => e)
      expect(error).toMatchObject({ code: 'token_unavailable', detail: 'FETCH_TOKEN', retryable: false })
    })
  }

  it('keeps no token for longer than a day', async () => {
    const { engine } = open({ fetchToken: async () => ({ value: 'token', lifetimeMs: Infinity }) })
    const token = await inTime(engine.getToken({ scopes: 'a:b' }))
    expect(token.expiresAt - world.time.now()).toBeLessThanOrEqual(86_400_000)
  })

  it('tells the service when all is closed', async () => {
    const signals: AbortSignal[] = []
    const { engine } = open({ fetchToken: (_, { signal }) => (signals.push(signal), new Promise(() => {})) })
    const pending = engine.getToken({ scopes: 'a:b' }).catch((error: unknown) => error)
    await settle()
    await engine.close()
    expect(await pending).toMatchObject({ code: 'closed' })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })
})

describe('stats()', () => {
  it('counts hits, renewals, stale calls and misses, and is a copy', async () => {
    const maskinporten = world.create()
    const before = maskinporten.stats()
    expect(before).toEqual({ hits: 0, renewals: 0, stale: 0, misses: 0, storeHits: 0, storeFailures: 0 })
    await inTime(maskinporten.getToken())
    for (let n = 0; n < 5; n++) await maskinporten.getToken()
    expect(maskinporten.stats()).toEqual({ ...before, hits: 5, misses: 1 })
    await world.time.advance(95_000)
    world.onToken = () => ({ status: 503 })
    for (let n = 0; n < 3; n++) await maskinporten.getToken()
    expect(maskinporten.stats()).toEqual({ ...before, hits: 5, misses: 1, stale: 3, renewals: 1 })
  })

  it('counts what came out of the store, and what the store failed to do', async () => {
    const store = new MemoryStore(world.time)
    await inTime(world.create({ store }).getToken(), 2_000)
    const second = world.create({ store })
    await inTime(second.getToken(), 2_000)
    expect(second.stats()).toMatchObject({ storeHits: 1, storeFailures: 0 })
    const failing = new MemoryStore(world.time)
    failing.get = () => Promise.reject(new Error('no'))
    const third = world.create({ store: failing })
    await inTime(third.getToken(), 2_000)
    expect(third.stats().storeFailures).toBeGreaterThan(0)
    expect(third.stats().storeHits).toBe(0)
  })
})

describe('what must not come through', () => {
  it.each(['http://platform.example/exchange', 'https://app:secret@platform.example/exchange', 'platform'])(
    'an exchange at %s is refused at once',
    (url) => {
      expect(() => open({ exchange: { url, testOrg: false } })).toThrow(TypeError)
    },
  )

  it('the error of a getter, which may hold the token', async () => {
    const { engine } = open({}, async () => ({
      get value() {
        throw new Error('CANARY')
      },
    }))
    const error: unknown = await inTime(engine.getToken({ scopes: 'a:b' }), 20_000).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'token_unavailable', detail: 'FETCH_TOKEN' })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('CANARY')
  })
})
