// What a call, its flight and close() ask of a shared store, and what becomes of each answer.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AccessToken, Lease, MaskinportenEvent, StoredToken, TokenStore } from '@maskinporten-kit/core'
import { MemoryStore } from './memory-store.ts'
import { settle } from './virtual-time.ts'
import { World, refusal } from './world.ts'

const HANGS = { hang: true, status: 599 } as const
const DEADLINE_MS = 10_000

let world: World
let store: MemoryStore
beforeEach(() => {
  // The jitter is 1.
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  world = new World()
  store = new MemoryStore(world.time)
})
afterEach(() => {
  world[Symbol.dispose]()
  vi.restoreAllMocks()
})

const hangs = (): Promise<never> => new Promise(() => {})
const failures = (): string[] =>
  world.events.flatMap((event) => (event.type === 'store.failed' ? [`${event.operation} ${event.reason}`] : []))
const of = <T extends MaskinportenEvent['type']>(type: T): Extract<MaskinportenEvent, { type: T }>[] =>
  world.events.filter((event): event is Extract<MaskinportenEvent, { type: T }> => event.type === type)
const inTime = async <T>(promise: Promise<T>, ms = 200): Promise<T> => {
  void promise.catch(() => undefined)
  await world.time.advance(ms)
  return promise
}
const seen = (promise: Promise<AccessToken>): Promise<{ readonly outcome: unknown; readonly at: number }> =>
  promise.then(
    ({ value }) => ({ outcome: value, at: world.time.monotonic() }),
    (error: unknown) => ({
      outcome: error instanceof Error && 'code' in error ? error.code : error,
      at: world.time.monotonic(),
    }),
  )
const stored = (value: string, remainingMs = 60_000): StoredToken => ({
  value,
  kind: 'maskinporten',
  scopes: ['a:b'],
  lifetimeMs: 120_000,
  remainingMs,
})
/** The key of the one lease that was taken. */
const leasedKey = (): string => [...store.leases.keys()][0] ?? ''

describe('a store without leases', () => {
  it('hands its tokens out and takes new ones in, and nothing of it fails', async () => {
    const { tokens } = store
    const plain: TokenStore = { get: (key) => store.get(key), set: (key, token) => store.set(key, token) }
    const first = await inTime(world.create({ store: plain }).getToken())
    expect(tokens.size).toBe(1)
    const second = world.create({ store: plain })
    expect((await inTime(second.getToken())).value).toBe(first.value)
    expect(second.stats().storeHits).toBe(1)
    expect(world.tokenCalls).toHaveLength(1)
    expect(failures()).toEqual([])
  })

  it('is also one whose `lease` cannot be read', async () => {
    Object.defineProperty(store, 'lease', {
      get: () => {
        throw new Error('canary')
      },
    })
    expect((await inTime(world.create({ store }).getToken())).value).toMatch(/^mp-/)
    expect(store.tokens.size).toBe(1)
    expect(failures()).toEqual([])
  })
})

describe('a token from the store', () => {
  it('lives as long as is left, and is renewed in the last quarter of its life', async () => {
    store.get = async () => stored('other')
    const maskinporten = world.create({ store })
    const token = await inTime(maskinporten.getToken(), 0)
    expect(token).toMatchObject({ value: 'other', scopes: ['a:b'] })
    expect(token.expiresAt).toBe(world.time.now() + 60_000)
    store.get = async () => undefined
    await world.time.advance(29_999)
    expect(await maskinporten.getToken()).toBe(token)
    expect(maskinporten.stats().renewals).toBe(0)
    await world.time.advance(1)
    expect(await maskinporten.getToken()).toBe(token)
    expect(maskinporten.stats().renewals).toBe(1)
  })

  it('that another process put there before the lease was granted is taken, and the lease is given back', async () => {
    const lease = store.lease.bind(store)
    store.lease = async (key, options) => {
      await store.set(key, stored('other'))
      return lease(key, options)
    }
    expect((await inTime(world.create({ store }).getToken())).value).toBe('other')
    expect(world.tokenCalls).toEqual([])
    expect([store.released, store.leases.size]).toEqual([1, 0])
  })

  it('is found by the last look before the deadline, also where the store takes its time', async () => {
    world.onToken = () => HANGS
    const holder = seen(world.create({ store }).getToken())
    await world.time.advance(5_000)
    await store.set(leasedKey(), stored('other'))
    store.latencyMs = 30
    await world.time.advance(6_000)
    expect(await holder).toEqual({ outcome: 'other', at: 9_930 })
  })

  it('of a former client is found by no look', async () => {
    world.onToken = () => HANGS
    const holder = seen(world.create({ store }).getToken())
    await world.time.advance(5_000)
    await store.set(leasedKey(), stored('other'))
    world.settings.change({ clientId: 'client-2' })
    await world.time.advance(DEADLINE_MS)
    expect((await holder).outcome).not.toBe('other')
  })

  it('that the last look does not find harms nobody', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown): void => void unhandled.push(error)
    process.on('unhandledRejection', note)
    try {
      world.onToken = () => HANGS
      const none = seen(world.create({ store }).getToken())
      await world.time.advance(DEADLINE_MS)
      expect((await none).outcome).toBe('timeout')
      const failing = seen(world.create({ store }).getToken({ scopes: 'c:d' }))
      await world.time.advance(9_000)
      store.get = () => Promise.reject(new Error('down'))
      await world.time.advance(1_000)
      expect((await failing).outcome).toBe('timeout')
      await settle()
      expect(unhandled).toEqual([])
    } finally {
      process.off('unhandledRejection', note)
    }
  })
})

describe('a lease', () => {
  it('that another process keeps is waited for until 100 ms before the deadline: then the call asks by itself', async () => {
    store.lease = async () => undefined
    const call = seen(world.create({ store }).getToken())
    await world.time.advance(DEADLINE_MS)
    expect(world.tokenCalls.map(({ at }) => at)).toEqual([9_900])
    expect(await call).toMatchObject({ at: 9_950, outcome: expect.stringMatching(/^mp-/) })
  })

  it('is given back when the token is refused', async () => {
    world.onToken = () => refusal('Token request contains invalid scopes for client, a:b', 'MP-200', 'invalid_scope')
    expect((await inTime(seen(world.create({ store }).getToken()))).outcome).toBe('token_refused')
    expect([store.granted.length, store.released, store.leases.size]).toEqual([1, 1, 0])
  })

  it('is given back when the client changed meanwhile, and the former client’s token is not kept', async () => {
    world.onToken = ({ claims }) => (claims['iss'] === 'client-1' ? { delayMs: 1_000 } : undefined)
    const call = world.create({ store }).getToken()
    await world.time.advance(500)
    world.settings.change({ clientId: 'client-2' })
    expect((await inTime(call, 1_000)).value).toContain('client-2')
    expect([...store.tokens.values()].map(({ token }) => token.value)).toEqual([(await call).value])
    expect([store.granted.length, store.released, store.leases.size]).toEqual([2, 2, 0])
  })

  it('is given back once, also when all is closed while its request is under way', async () => {
    world.onToken = () => ({ delayMs: 1_000 })
    const maskinporten = world.create({ store })
    const call = seen(maskinporten.getToken())
    await world.time.advance(100)
    await maskinporten.close()
    await world.time.advance(2_000)
    expect((await call).outcome).toBe('closed')
    expect([store.granted.length, store.released]).toEqual([1, 1])
  })

  it('that cannot be given back is told of, and the token is there', async () => {
    store.lease = async () => ({ release: () => Promise.reject(new Error('down')) })
    expect((await inTime(world.create({ store }).getToken())).value).toMatch(/^mp-/)
    expect(failures()).toEqual(['release error'])
  })

  it('is not asked for when the process was suspended while the store answered: the call begins anew', async () => {
    let n = 0
    let leases = 0
    store.get = async () => {
      if (n++ === 0) world.time.freeze(15_000)
      return undefined
    }
    const lease = store.lease.bind(store)
    store.lease = (key, options) => {
      leases++
      return lease(key, options)
    }
    expect((await inTime(world.create({ store }).getToken())).value).toMatch(/^mp-/)
    expect([leases, world.tokenCalls.length]).toEqual([1, 1])
  })
})

describe('what a call asks of the store', () => {
  it('carries a signal, and with the token the lease under which it was asked for', async () => {
    const given: unknown[][] = []
    const own: Lease = { release: async () => {} }
    const watched: TokenStore = {
      get: async (...all: unknown[]) => void given.push(['get', ...all]),
      lease: async (...all: unknown[]) => (given.push(['lease', ...all]), own),
      set: async (...all: unknown[]) => void given.push(['set', ...all]),
    } as never
    const { value } = await inTime(world.create({ store: watched }).getToken())
    const signal = expect.any(AbortSignal)
    const key = expect.stringContaining('client-1')
    const token = { value, kind: 'maskinporten', scopes: ['a:b'], lifetimeMs: 120_000, remainingMs: 119_950 }
    expect(given).toEqual([
      ['get', key, { signal }],
      ['lease', key, { ttlMs: 3_000, signal }],
      ['get', key, { signal }],
      ['set', key, token, { signal, lease: own }],
    ])
  })

  it('is never a token without any life left', async () => {
    world.lifetimeSeconds = 0
    const set = vi.spyOn(store, 'set')
    await inTime(world.create({ store }).getToken())
    expect(set).not.toHaveBeenCalled()
    expect([store.released, store.leases.size]).toEqual([1, 0])
  })

  it('that fails after the lease was granted costs nothing but one event', async () => {
    let n = 0
    store.get = () => (n++ === 0 ? Promise.resolve(undefined) : Promise.reject(new Error('down')))
    expect((await inTime(world.create({ store }).getToken())).value).toMatch(/^mp-/)
    expect(failures()).toEqual(['get error'])
  })

  it('is told of where the token cannot be written', async () => {
    store.set = () => Promise.reject(new Error('down'))
    const maskinporten = world.create({ store })
    await inTime(maskinporten.getToken())
    expect(failures()).toEqual(['set error'])
    expect(maskinporten.stats().storeFailures).toBe(1)
  })

  it('is named by a call that gives up while it waits for the store', async () => {
    store.timeoutMs = 1_000
    store.get = hangs
    const call = inTime(world.create({ store, timeoutMs: 500 }).getToken(), 1_000)
    await expect(call).rejects.toThrow(
      /^no token within 0.5 s, while waiting for the shared store; check that it answers, or raise timeoutMs$/,
    )
  })

  it('is nothing for five seconds after a failure, to the millisecond', async () => {
    const asked: number[] = []
    const get = store.get.bind(store)
    store.get = (key) => {
      asked.push(world.time.monotonic())
      return asked.length === 1 ? Promise.reject(new Error('down')) : get(key)
    }
    const maskinporten = world.create({ store })
    let n = 0
    for (const at of [0, 4_999, 5_000]) {
      await world.time.advance(at - world.time.monotonic())
      void maskinporten.getToken({ scopes: `a:${++n}` })
      await settle()
    }
    expect(asked).toEqual([0, 5_000, 5_000])
    await world.time.advance(1_000)
  })

  it('is not charged to a busy process: a store that answered in time keeps what is left of its own', async () => {
    store.timeoutMs = 50
    let n = 0
    store.get = () =>
      new Promise((resolve) => {
        if (n++ > 0) return resolve(undefined)
        // Its socket is read when the process comes to it.
        world.time.freeze(200)
        setTimeout(() => resolve(undefined), 0)
      })
    const lease = store.lease.bind(store)
    store.lease = async (key, options) => {
      await world.time.after(25)
      return lease(key, options)
    }
    expect((await inTime(world.create({ store }).getToken(), 1_000)).value).toMatch(/^mp-/)
    expect(store.granted).toHaveLength(1)
    expect(failures()).toEqual([])
  })

  it('lasts a second where its own limit cannot be read', async () => {
    Object.defineProperty(store, 'timeoutMs', {
      get: () => {
        throw new Error('canary')
      },
    })
    store.get = hangs
    const call = seen(world.create({ store }).getToken())
    await world.time.advance(2_000)
    expect((await call).at).toBe(1_050)
  })
})

describe('a token that arrives late', () => {
  const interruption = Object.assign(new Error('a page'), { digest: 'NEXT_NOT_FOUND' })
  /** The first request takes six seconds; the one beside it is interrupted by the host, which ends the flight. */
  const interrupted: World['fetch'] = (url, init) => {
    const answer = world.fetch(url, init)
    return world.tokenCalls.length === 2 ? Promise.reject(interruption) : answer
  }

  it('enters the cache, with a store and without one', async () => {
    for (const own of [undefined, store]) {
      world[Symbol.dispose]()
      world = new World()
      world.onToken = () => ({ delayMs: 6_000 })
      const maskinporten = world.create({ fetch: interrupted, store: own && (store = new MemoryStore(world.time)) })
      const call = seen(maskinporten.getToken())
      await world.time.advance(6_100)
      expect(await call).toEqual({ outcome: interruption, at: 3_000 })
      expect((await inTime(maskinporten.getToken(), 0)).value).toMatch(/^mp-1-/)
      expect(world.tokenCalls).toHaveLength(2)
    }
    expect(store.tokens.size).toBe(1)
  })

  it('of a former client enters neither', async () => {
    world.onToken = ({ claims }) => (claims['iss'] === 'client-1' ? { delayMs: 6_000 } : undefined)
    const maskinporten = world.create({ fetch: interrupted, store })
    void seen(maskinporten.getToken())
    await world.time.advance(5_000)
    world.settings.change({ clientId: 'client-2' })
    await world.time.advance(2_000)
    expect(store.tokens.size).toBe(0)
    expect((await inTime(maskinporten.getToken())).value).toContain('client-2')
  })

  it('by the next flight’s side is told of once, without a place that it came from', async () => {
    world.onToken = () => (world.tokenCalls.length === 1 ? { delayMs: 12_000 } : HANGS)
    const maskinporten = world.create()
    void seen(maskinporten.getToken())
    await world.time.advance(11_500)
    const next = seen(maskinporten.getToken())
    await world.time.advance(1_000)
    expect((await next).at).toBe(12_000)
    const ends = of('token.end')
    expect(ends).toHaveLength(2)
    expect(ends[0]).toMatchObject({ level: 'warn', error: { code: 'timeout' } })
    expect(ends[1]).toMatchObject({ level: 'debug', lifetimeMs: 120_000 })
    expect(ends[1]?.from).toBeUndefined()
  })
})
