import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AccessToken, Lease, StoredToken, TokenStore } from '@maskinporten-kit/core'
import { seedRandom } from './drive.ts'
import { settle } from './virtual-time.ts'
import { World } from './world.ts'

let world: World
beforeEach(() => {
  seedRandom()
  world = new World()
})
afterEach(() => {
  world[Symbol.dispose]()
  vi.restoreAllMocks()
})

/** What a shared store does, in this process, on the virtual clock. */
class MemoryStore implements TokenStore {
  readonly tokens = new Map<string, { readonly token: StoredToken; readonly until: number }>()
  readonly leases = new Map<string, number>()
  readonly granted: number[] = []
  released = 0

  async get(key: string): Promise<StoredToken | undefined> {
    const found = this.tokens.get(key)
    const remainingMs = (found?.until ?? 0) - world.time.monotonic()
    return found !== undefined && remainingMs > 0 ? { ...found.token, remainingMs } : undefined
  }

  async set(key: string, token: StoredToken): Promise<void> {
    this.tokens.set(key, { token, until: world.time.monotonic() + token.remainingMs })
  }

  async delete(key: string): Promise<void> {
    this.tokens.delete(key)
  }

  async lease(key: string, { ttlMs }: { readonly ttlMs: number }): Promise<Lease | undefined> {
    if ((this.leases.get(key) ?? 0) > world.time.monotonic()) return undefined
    this.leases.set(key, world.time.monotonic() + ttlMs)
    this.granted.push(ttlMs)
    return {
      release: async () => {
        this.released++
        this.leases.delete(key)
      },
    }
  }
}

const inTime = async (promise: Promise<AccessToken>, ms = 200): Promise<AccessToken> => {
  await world.time.advance(ms)
  return promise
}

describe('a shared store', () => {
  it('gives nothing that ended on its way', async () => {
    const store = new MemoryStore()
    await inTime(world.create({ store }).getToken())
    await world.time.advance(119_800 - 30)
    const get = store.get.bind(store)
    store.get = async (key) => {
      const found = await get(key)
      await world.time.after(50)
      return found
    }
    const token = await inTime(world.create({ store }).getToken(), 1_000)
    expect(token.expiresAt).toBeGreaterThan(world.time.now())
    expect(world.tokenCalls).toHaveLength(2)
  })

  it('lets several processes make one token request', async () => {
    const store = new MemoryStore()
    const fleet = Array.from({ length: 20 }, () => world.create({ store }))
    const tokens = fleet.map((maskinporten) => maskinporten.getToken({ kind: 'altinn' }))
    await world.time.advance(500)
    expect(new Set((await Promise.all(tokens)).map((token) => token.value)).size).toBe(1)
    expect([world.tokenCalls.length, world.exchangeCalls.length]).toEqual([1, 1])
    expect(store.granted.every((ttlMs) => ttlMs === 3_000)).toBe(true)
    expect(store.released).toBe(store.granted.length)
  })

  it('takes the lease of a process that is gone over when it is free, and nobody waits longer than the deadline', async () => {
    const store = new MemoryStore()
    const gone = world.create({ store })
    world.onToken = () => ({ hang: true, status: 599 })
    void gone.getToken().catch(() => {})
    await world.time.advance(100)
    world.onToken = () => undefined
    const started = world.time.monotonic()
    const token = await inTime(world.create({ store }).getToken(), 3_300)
    expect(token.value).toMatch(/^mp-/)
    expect(world.time.monotonic() - started).toBeLessThanOrEqual(3_300)
  })

  it('renews once for all, in the background, under a lease of 10 s', async () => {
    const store = new MemoryStore()
    const fleet = Array.from({ length: 5 }, () => world.create({ store }))
    for (let second = 0; second < 240; second++) {
      const tokens = fleet.map((maskinporten) => maskinporten.getToken())
      await world.time.advance(1_000)
      await Promise.all(tokens)
    }
    expect(world.tokenCalls.length).toBeLessThanOrEqual(4)
    expect(store.granted).toContain(10_000)
  })

  it('that refuses, throws or hangs is a miss: the token comes all the same, in bounded time', async () => {
    const broken: readonly TokenStore[] = [
      {
        get: () => Promise.reject(new Error('down')),
        set: () => Promise.reject(new Error('down')),
        delete: async () => {},
        lease: () => Promise.reject(new Error('down')),
      },
      {
        get: () => {
          throw new Error('down')
        },
        set: () => {
          throw new Error('down')
        },
        delete: async () => {},
      },
      {
        get: () => new Promise(() => {}),
        set: () => new Promise(() => {}),
        delete: async () => {},
        lease: () => new Promise(() => {}),
      },
      {
        get: async () => ({
          value: '',
          kind: 'maskinporten',
          scopes: [],
          lifetimeMs: Number.NaN,
          remainingMs: Number.NaN,
        }),
        set: async () => {},
        delete: async () => {},
      },
    ]
    for (const store of broken) {
      const token = await inTime(world.create({ store }).getToken(), 2_200)
      expect(token.value).toMatch(/^mp-/)
    }
  })

  it('does not give a rejected token back', async () => {
    const store = new MemoryStore()
    const one = world.create({ store })
    const other = world.create({ store })
    const first = await inTime(one.getToken())
    await inTime(other.getToken())
    const second = await inTime(one.getToken(undefined, { rejected: first }))
    expect(second.value).not.toBe(first.value)
    expect((await inTime(other.getToken(undefined, { rejected: first }))).value).toBe(second.value)
    expect(world.tokenCalls).toHaveLength(2)
  })

  it('does not give the rejected token to who no longer holds it', async () => {
    const store = new MemoryStore()
    const maskinporten = world.create({ store, maxTokens: 1 })
    const first = await inTime(maskinporten.getToken())
    await inTime(maskinporten.getToken({ scopes: 'c:d' }))
    expect((await inTime(maskinporten.getToken(undefined, { rejected: first }))).value).not.toBe(first.value)
  })

  it('does not give an old Maskinporten token for a rejected Altinn token', async () => {
    const store = new MemoryStore()
    world.lifetimeSeconds = 7_200
    const first = await inTime(world.create({ store }).getToken({ kind: 'altinn' }))
    await world.time.advance(600_000)
    const other = world.create({ store })
    const token = await inTime(other.getToken({ kind: 'altinn' }))
    expect(token.value).toBe(first.value)
    await inTime(other.getToken({ kind: 'altinn' }, { rejected: token }))
    expect(world.tokenCalls).toHaveLength(2)
  })

  it('that answers with something else is a miss', async () => {
    const answers: readonly unknown[] = [
      null,
      5,
      {},
      { value: 'x' },
      { value: 'x', kind: 'maskinporten', scopes: 5, lifetimeMs: 9e4, remainingMs: 9e4 },
      { kind: 'maskinporten', scopes: [], lifetimeMs: 9e4, remainingMs: 9e4 },
    ]
    for (const answer of answers) {
      const store = new MemoryStore()
      Object.assign(store, { get: async () => answer })
      expect((await inTime(world.create({ store }).getToken())).value).toMatch(/^mp-/)
    }
  })

  it('is asked for nothing after close(), and gets a lease back that was on its way', async () => {
    const store = new MemoryStore()
    store.leases.set('all', Number.POSITIVE_INFINITY)
    let asked = 0
    let released = 0
    let grant: (lease: Lease) => void = () => {}
    Object.assign(store, {
      lease: () => {
        asked++
        return new Promise<Lease>((resolve) => (grant = resolve))
      },
    })
    const maskinporten = world.create({ store })
    const pending = maskinporten.getToken().catch((error: unknown) => error)
    await settle()
    const closing = maskinporten.close()
    expect(await pending).toMatchObject({ code: 'closed' })
    grant({
      release: async () => {
        released++
      },
    })
    await closing
    await world.time.advance(5_000)
    expect([asked, released, world.tokenCalls.length]).toEqual([1, 1, 0])
  })

  it('whose late lease cannot be given back ends no process', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown): void => void unhandled.push(error)
    process.on('unhandledRejection', note)
    try {
      const store = new MemoryStore()
      Object.assign(store, {
        lease: async () => {
          await world.time.after(1_200)
          return {
            release: () => {
              throw new Error('gone')
            },
          }
        },
      })
      await inTime(world.create({ store }).getToken(), 2_000)
      await settle()
      expect(unhandled).toEqual([])
    } finally {
      process.off('unhandledRejection', note)
    }
  })

  it('gets its leases back on close()', async () => {
    const store = new MemoryStore()
    const maskinporten = world.create({ store })
    world.onToken = () => ({ hang: true, status: 599 })
    void maskinporten.getToken().catch(() => {})
    await settle()
    expect(store.leases.size).toBe(1)
    await maskinporten.close()
    expect(store.leases.size).toBe(0)
  })

  it('counts what remains on its own clock, so a reader’s wrong wall clock changes nothing', async () => {
    const store = new MemoryStore()
    await inTime(world.create({ store }).getToken())
    await world.time.advance(100_000)
    world.time.wallShift = -3_600_000
    const token = await inTime(world.create({ store }).getToken(), 0)
    expect(token.expiresAt - world.time.now()).toBeLessThanOrEqual(20_000)
    await world.time.advance(21_000)
    expect(world.tokenCalls).toHaveLength(1)
  })
})
