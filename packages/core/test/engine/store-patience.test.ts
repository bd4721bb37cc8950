/** What a store may cost a call: one wait, and then nothing for a while. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AccessToken, TokenStore } from '@maskinporten-kit/core'
import { seedRandom } from './drive.ts'
import { MemoryStore } from './memory-store.ts'
import { settle } from './virtual-time.ts'
import { World } from './world.ts'

let world: World
let store: MemoryStore
beforeEach(() => {
  seedRandom()
  world = new World()
  world.latencyMs = 0
  store = new MemoryStore(world.time)
  store.timeoutMs = 50
})
afterEach(() => {
  world[Symbol.dispose]()
  vi.restoreAllMocks()
})

const hangs = (): Promise<never> => new Promise(() => {})
const failures = (): string[] =>
  world.events.flatMap((event) => (event.type === 'store.failed' ? [`${event.operation} ${event.reason}`] : []))

/** How long a call took, milliseconds. */
const took = async (call: Promise<AccessToken>): Promise<number> => {
  const began = world.time.monotonic()
  let end = Number.NaN
  void call.then(() => (end = world.time.monotonic()))
  await world.time.advance(5_000)
  return end - began
}

describe('a shared store that does not answer', () => {
  it('costs a call its own timeoutMs once, also where the token is exchanged', async () => {
    Object.assign(store, { get: hangs, set: hangs, lease: hangs })
    expect(await took(world.create({ store }).getToken({ kind: 'altinn' }))).toBe(50)
    expect(failures()).toEqual(['get timeout'])
  })

  it('is skipped for 5 s, and asked again then', async () => {
    const asked: number[] = []
    const get = store.get.bind(store)
    store.get = async () => {
      asked.push(world.time.monotonic())
      return hangs()
    }
    const maskinporten = world.create({ store })
    const first = maskinporten.getToken({ scopes: 'a:1' })
    await world.time.advance(4_900)
    await first
    expect(await took(maskinporten.getToken({ scopes: 'a:2' }))).toBe(0)
    expect(asked).toEqual([0])
    store.get = get
    await maskinporten.getToken({ scopes: 'a:3' })
    expect(store.tokens.size).toBe(1)
    expect(failures()).toEqual(['get timeout'])
  })

  it('that answers each operation slowly costs no more than its timeoutMs for all of them together', async () => {
    store.latencyMs = 30
    expect(await took(world.create({ store }).getToken())).toBeLessThanOrEqual(50)
    expect(failures()).toEqual(['lease timeout'])
  })

  it.each([12, 15, 20])(
    'that takes %s ms for each operation costs a call with an exchange its timeoutMs once',
    async (ms) => {
      store.latencyMs = ms
      // The last operation gets 10 ms at least.
      expect(await took(world.create({ store }).getToken({ kind: 'altinn' }))).toBeLessThanOrEqual(50 + 10)
    },
  )

  it('costs a call that waits for another process no more than its timeoutMs', async () => {
    world.latencyMs = 1_000
    void world.create({ store }).getToken()
    await world.time.advance(100)
    const waiting = world.create({ store }).getToken()
    await world.time.advance(300)
    Object.assign(store, { get: hangs, lease: hangs })
    const began = world.time.monotonic()
    let end = Number.NaN
    void waiting.then(() => (end = world.time.monotonic()))
    await world.time.advance(1_200)
    // The wait between two looks, the look, its own request.
    expect(end - began).toBeLessThanOrEqual(50 + 50 + 1_000)
  })

  it('that fails at once is skipped too, and its one failure is one event', async () => {
    const failing: TokenStore = {
      get: () => Promise.reject(new Error('down')),
      set: () => Promise.reject(new Error('down')),
      lease: () => Promise.reject(new Error('down')),
    }
    const maskinporten = world.create({ store: failing })
    for (let n = 0; n < 10; n++) await maskinporten.getToken({ scopes: `a:${n}` })
    await settle()
    expect(failures()).toEqual(['get error'])
  })

  it('whose answer has arrived while the process was busy is not called late', async () => {
    store.get = () =>
      new Promise((resolve) => {
        // Its socket is read when the process comes to it: after the timers that are due, before the next ones.
        world.time.freeze(200)
        setTimeout(() => resolve(undefined), 0)
      })
    const token = world.create({ store }).getToken()
    await world.time.advance(1_000)
    expect((await token).value).toMatch(/^mp-/)
    expect(failures()).toEqual([])
  })

  it('waits as long as it says; not for ever when what it says is not a number of milliseconds', async () => {
    for (const timeoutMs of [Number.NaN, -1, 0, Infinity, '50' as never, null as never, undefined]) {
      const own = new MemoryStore(world.time)
      Object.assign(own, { get: hangs, timeoutMs })
      expect(await took(world.create({ store: own }).getToken())).toBe(1_000)
    }
    const throwing = new MemoryStore(world.time)
    Object.defineProperty(throwing, 'timeoutMs', {
      get: () => {
        throw new Error('canary')
      },
    })
    expect((await world.create({ store: throwing }).getToken()).value).toMatch(/^mp-/)
  })
})

describe('an instance that is closed as soon as it has its token', () => {
  it('leaves the token in the store, and then gives its lease back', async () => {
    const order: string[] = []
    const set = store.set.bind(store)
    store.set = async (...given) => {
      await world.time.after(20)
      await set(...given)
      order.push('set')
    }
    const lease = store.lease.bind(store)
    store.lease = async (...given) => {
      const own = await lease(...given)
      return own && { release: async () => void order.push(`release ${(await own.release()) ?? ''}`.trim()) }
    }
    const maskinporten = world.create({ store })
    await maskinporten.getToken()
    const closed = maskinporten.close()
    await world.time.advance(50)
    await closed
    expect(order).toEqual(['set', 'release'])
    expect([store.tokens.size, store.leases.size]).toEqual([1, 0])
  })

  it('is closed within a second where the store does not answer', async () => {
    store.set = hangs
    const maskinporten = world.create({ store })
    await maskinporten.getToken()
    let isClosed = false
    void maskinporten.close().then(() => (isClosed = true))
    await world.time.advance(1_000)
    expect(isClosed).toBe(true)
  })
})

describe('rubbish in a shared store', () => {
  it('is a miss under a lease: one process asks, the others have its token', async () => {
    world.latencyMs = 120
    const get = store.get.bind(store)
    store.get = async (key) => (store.tokens.has(key) ? await get(key) : 'invalid') as never
    const fleet = Array.from({ length: 8 }, () => world.create({ store }))
    const tokens = fleet.map((maskinporten) => maskinporten.getToken())
    await world.time.advance(500)
    expect(new Set((await Promise.all(tokens)).map(({ value }) => value)).size).toBe(1)
    expect(world.tokenCalls).toHaveLength(1)
    // Once each, however often they looked.
    expect(failures()).toEqual(Array(8).fill('get invalid'))
  })

  it('is no reason to skip the store', async () => {
    store.get = async () => 'invalid' as never
    const maskinporten = world.create({ store })
    await maskinporten.getToken()
    await maskinporten.getToken({ scopes: 'c:d' })
    await settle()
    expect(failures()).toEqual(['get invalid', 'get invalid'])
    expect(store.tokens.size).toBe(2)
  })
})

describe('a fleet of short-lived instances', () => {
  for (const count of [1, 8, 64, 1_000]) {
    it(`makes one token request a lifetime: ${count} at a time`, async () => {
      world.latencyMs = 20
      // Each instance lives a moment. Five lifetimes of 120 s, a new generation every 15 s.
      const lifetimes = 5
      for (let generation = 0; generation < lifetimes * 8; generation++) {
        const living = Array.from({ length: Math.ceil(count / 8) }, () => world.create({ store }))
        const tokens = living.map((maskinporten) => maskinporten.getToken())
        await world.time.advance(1_000)
        await Promise.all(tokens)
        await Promise.all(living.map((maskinporten) => maskinporten.close()))
        await world.time.advance(14_000)
      }
      expect(world.tokenCalls.length / lifetimes).toBeLessThanOrEqual(1.05)
    })
  }
})
