import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { seedRandom } from './drive.ts'
import { MemoryStore } from './memory-store.ts'
import { settle } from './virtual-time.ts'
import { World, refusal } from './world.ts'

/** Whoever waits gets any valid token of its identity the moment it is there, on whichever flight. */
let world: World
beforeEach(() => {
  seedRandom()
  world = new World()
})
afterEach(() => {
  world[Symbol.dispose]()
  vi.restoreAllMocks()
})

interface Seen {
  readonly outcome: unknown
  readonly at: number
}
const seen = (promise: Promise<{ readonly value: string }>): Promise<Seen> =>
  promise.then(
    () => ({ outcome: 'token', at: world.time.monotonic() }),
    (error: unknown) => ({
      outcome: error instanceof Error && 'code' in error ? error.code : error,
      at: world.time.monotonic(),
    }),
  )
const HANGS = { hang: true, status: 599 } as const
const NO_SCOPE = refusal('Token request contains invalid scopes for client, a:b', 'MP-200', 'invalid_scope')

describe('a late answer', () => {
  for (const kind of ['maskinporten', 'altinn'] as const) {
    it(`goes to those who wait on the next flight: ${kind}`, async () => {
      const maskinporten = world.create()
      if (kind === 'altinn') {
        const warm = maskinporten.getToken()
        await world.time.advance(100)
        await warm
      }
      const calls = kind === 'altinn' ? world.exchangeCalls : world.tokenCalls
      const before = calls.length
      const reply = (): object => (calls.length === before + 1 ? { delayMs: 15_000 } : HANGS)
      if (kind === 'altinn') world.onExchange = reply
      else world.onToken = reply
      const start = world.time.monotonic()
      const first = seen(maskinporten.getToken({ kind }))
      await world.time.advance(12_000)
      expect(await first).toMatchObject({ outcome: 'timeout' })
      const next = [maskinporten.getToken({ kind }), maskinporten.with({ scopes: 'a:b' }).getToken({ kind })].map(seen)
      await world.time.advance(1_000)
      next.push(seen(maskinporten.getToken({ kind })))
      await world.time.advance(20_000)
      for (const one of await Promise.all(next)) expect(one).toEqual({ outcome: 'token', at: start + 15_000 })
    })
  }

  it('of an entry that was evicted meanwhile goes to its successor', async () => {
    const maskinporten = world.create({ maxTokens: 1 })
    const resource = (n: number): { readonly resource: string } => ({ resource: `https://api.example/${n}` })
    world.onToken = () =>
      world.tokenCalls.length === 1 ? { delayMs: 15_000 } : world.tokenCalls.length <= 3 ? HANGS : undefined
    const first = seen(maskinporten.getToken(resource(1)))
    await world.time.advance(10_500)
    expect(await first).toMatchObject({ outcome: 'timeout' })
    world.onToken = () => undefined
    for (const n of [2, 3]) {
      const other = maskinporten.getToken(resource(n))
      await world.time.advance(100)
      await other
    }
    world.onToken = () => HANGS
    const next = seen(maskinporten.getToken(resource(1)))
    await world.time.advance(20_000)
    expect(await next).toEqual({ outcome: 'token', at: 15_000 })
  })

  it('of a renewal is not handed to those who had a younger token rejected', async () => {
    const maskinporten = world.create()
    const first = maskinporten.getToken()
    await world.time.advance(100)
    const rejected = await first
    world.onToken = () => HANGS
    const waiting = seen(maskinporten.getToken(undefined, { rejected }))
    await world.time.advance(11_000)
    expect(await waiting).toMatchObject({ outcome: 'timeout' })
  })
})

describe('a good answer after another attempt was refused', () => {
  it('goes to those who waited for it', async () => {
    const maskinporten = world.create()
    world.onToken = () => (world.tokenCalls.length === 1 ? { delayMs: 6_000 } : NO_SCOPE)
    const first = seen(maskinporten.getToken())
    await world.time.advance(4_000)
    const later = seen(maskinporten.getToken())
    await world.time.advance(4_000)
    expect([await first, await later]).toEqual([
      { outcome: 'token', at: 6_000 },
      { outcome: 'token', at: 6_000 },
    ])
    expect(world.tokenCalls).toHaveLength(2)
    expect(maskinporten.health().status).toBe('ok')
  })

  it('does not come: the refusal is the error, at the deadline, and nothing more is asked', async () => {
    const maskinporten = world.create()
    world.onToken = () => (world.tokenCalls.length === 1 ? HANGS : NO_SCOPE)
    const first = seen(maskinporten.getToken())
    await world.time.advance(10_500)
    expect(await first).toEqual({ outcome: 'token_refused', at: 10_000 })
    expect(await seen(maskinporten.getToken())).toMatchObject({ outcome: 'token_refused' })
    expect(world.tokenCalls).toHaveLength(2)
  })

  it('is not waited for when the other was refused too', async () => {
    const maskinporten = world.create()
    world.onToken = () => ({ ...NO_SCOPE, delayMs: 5_000 })
    const first = seen(maskinporten.getToken())
    await world.time.advance(11_000)
    expect(await first).toEqual({ outcome: 'token_refused', at: 8_000 })
  })

  it('comes after the deadline: it enters the cache and the store, and ends the back-off', async () => {
    const store = new MemoryStore(world.time)
    const maskinporten = world.create({ store })
    world.onToken = () => (world.tokenCalls.length === 1 ? { delayMs: 12_000 } : NO_SCOPE)
    const first = seen(maskinporten.getToken())
    await world.time.advance(12_100)
    expect(await first).toMatchObject({ outcome: 'token_refused' })
    expect((await maskinporten.getToken()).value).toMatch(/^mp-1-/)
    expect(store.tokens.size).toBe(1)
  })

  it('of the exchange goes to those who waited for it', async () => {
    const maskinporten = world.create()
    world.onExchange = () => (world.exchangeCalls.length === 1 ? { delayMs: 6_000 } : { status: 401 })
    const first = seen(maskinporten.getToken({ kind: 'altinn' }))
    await world.time.advance(7_000)
    expect(await first).toEqual({ outcome: 'token', at: 6_050 })
  })
})

describe('a token that another process put into the store', () => {
  it('is found by the holder of the lease 100 ms before its deadline', async () => {
    const store = new MemoryStore(world.time)
    const maskinporten = world.create({ store })
    world.onToken = () => HANGS
    const holder = seen(maskinporten.getToken())
    await world.time.advance(5_000)
    const [key = ''] = store.leases.keys()
    await store.set(key, { value: 'other', kind: 'maskinporten', scopes: [], lifetimeMs: 60_000, remainingMs: 60_000 })
    await world.time.advance(6_000)
    expect(await holder).toEqual({ outcome: 'token', at: 9_900 })
  })

  it('is found by those whose own deadline is before their flight’s, since they waited for the settings', async () => {
    const store = new MemoryStore(world.time)
    world.settings.loadMs = () => world.time.after(4_000)
    const maskinporten = world.create({ store })
    world.onToken = () => HANGS
    const holder = seen(maskinporten.getToken())
    await world.time.advance(8_000)
    const [key = ''] = store.leases.keys()
    await store.set(key, { value: 'other', kind: 'maskinporten', scopes: [], lifetimeMs: 60_000, remainingMs: 60_000 })
    await world.time.advance(3_000)
    expect(await holder).toEqual({ outcome: 'token', at: 9_900 })
  })

  it('is not taken when it is the rejected one', async () => {
    const store = new MemoryStore(world.time)
    const maskinporten = world.create({ store })
    const first = maskinporten.getToken()
    await world.time.advance(100)
    const rejected = await first
    world.onToken = () => HANGS
    const waiting = seen(maskinporten.getToken(undefined, { rejected }))
    await world.time.advance(11_000)
    expect(await waiting).toMatchObject({ outcome: 'timeout' })
  })
})

describe('one signal for all', () => {
  it('has one listener, however many wait with it, and none afterwards', async () => {
    const maskinporten = world.create()
    const { signal } = new AbortController()
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')
    const all = Array.from({ length: 40_000 }, (_, n) =>
      maskinporten.getToken(n % 10 === 0 ? { scopes: 'c:d' } : undefined, { signal }),
    )
    await world.time.advance(200)
    await Promise.all(all)
    await settle()
    expect([added.mock.calls.length, removed.mock.calls.length]).toEqual([1, 1])
  })

  it('ends all waits with its reason, and a later one at once', async () => {
    const maskinporten = world.create()
    const controller = new AbortController()
    const all = Promise.allSettled(
      Array.from({ length: 1_000 }, () => maskinporten.getToken(undefined, { signal: controller.signal })),
    )
    const other = maskinporten.getToken()
    controller.abort('enough')
    expect(new Set((await all).map((one) => one.status === 'rejected' && one.reason))).toEqual(new Set(['enough']))
    await expect(maskinporten.getToken(undefined, { signal: controller.signal })).rejects.toBe('enough')
    await world.time.advance(100)
    expect((await other).value).toMatch(/^mp-/)
  })
})
