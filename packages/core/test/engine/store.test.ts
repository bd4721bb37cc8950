import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AccessToken, Lease, TokenKind, TokenStore } from '@maskinporten-kit/core'
import { seedRandom } from './drive.ts'
import { MemoryStore } from './memory-store.ts'
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

const raise = (): never => {
  throw new Error('canary')
}

const inTime = async (promise: Promise<AccessToken>, ms = 200): Promise<AccessToken> => {
  await world.time.advance(ms)
  return promise
}

describe('a shared store', () => {
  it('gives nothing that ended on its way', async () => {
    const store = new MemoryStore(world.time)
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
    const store = new MemoryStore(world.time)
    const fleet = Array.from({ length: 20 }, () => world.create({ store }))
    const tokens = fleet.map((maskinporten) => maskinporten.getToken({ kind: 'altinn' }))
    await world.time.advance(500)
    expect(new Set((await Promise.all(tokens)).map((token) => token.value)).size).toBe(1)
    expect([world.tokenCalls.length, world.exchangeCalls.length]).toEqual([1, 1])
    expect(store.granted.every((ttlMs) => ttlMs === 3_000)).toBe(true)
    expect(store.released).toBe(store.granted.length)
  })

  it('takes the lease of a process that is gone over when it is free, and nobody waits longer than the deadline', async () => {
    const store = new MemoryStore(world.time)
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
    const store = new MemoryStore(world.time)
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
        lease: () => Promise.reject(new Error('down')),
      },
      {
        get: () => {
          throw new Error('down')
        },
        set: () => {
          throw new Error('down')
        },
      },
      {
        get: () => new Promise(() => {}),
        set: () => new Promise(() => {}),
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
      },
    ]
    for (const store of broken) {
      const token = await inTime(world.create({ store }).getToken(), 2_200)
      expect(token.value).toMatch(/^mp-/)
    }
  })

  it('does not give a rejected token back', async () => {
    const store = new MemoryStore(world.time)
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
    const store = new MemoryStore(world.time)
    const maskinporten = world.create({ store, maxTokens: 1 })
    const first = await inTime(maskinporten.getToken())
    await inTime(maskinporten.getToken({ scopes: 'c:d' }))
    expect((await inTime(maskinporten.getToken(undefined, { rejected: first }))).value).not.toBe(first.value)
  })

  it('does not give the rejected token to who no longer holds it by the flight of another caller', async () => {
    const store = new MemoryStore(world.time)
    const first = await inTime(world.create({ store }).getToken())
    const maskinporten = world.create({ store })
    store.latencyMs = 30
    const other = maskinporten.getToken()
    await world.time.advance(10)
    const successor = await inTime(maskinporten.getToken(undefined, { rejected: first }), 1_000)
    expect((await other).value).toBe(first.value)
    expect(successor.value).not.toBe(first.value)
  })

  it('does not give an old Maskinporten token for a rejected Altinn token', async () => {
    const store = new MemoryStore(world.time)
    world.lifetimeSeconds = 7_200
    const first = await inTime(world.create({ store }).getToken({ kind: 'altinn' }))
    await world.time.advance(600_000)
    const other = world.create({ store })
    const token = await inTime(other.getToken({ kind: 'altinn' }))
    expect(token.value).toBe(first.value)
    await inTime(other.getToken({ kind: 'altinn' }, { rejected: token }))
    expect(world.tokenCalls).toHaveLength(2)
  })

  it('does not give an old Maskinporten token for a rejected Altinn token by the flight of another caller', async () => {
    const store = new MemoryStore(world.time)
    world.lifetimeSeconds = 7_200
    await inTime(world.create({ store }).getToken({ kind: 'altinn' }))
    await world.time.advance(600_000)
    const maskinporten = world.create({ store })
    const rejected = await inTime(maskinporten.getToken({ kind: 'altinn' }))
    store.latencyMs = 40
    const answer = maskinporten.getToken({ kind: 'altinn' }, { rejected })
    // The exchange's flight has looked, taken the lease and looked again after 120 ms; then it joins this caller's flight.
    await world.time.advance(100)
    const other = maskinporten.getToken()
    await inTime(answer, 1_000)
    expect((await other).value).toBe('mp-1-client-1')
    expect(world.exchangeCalls.map(({ bearer }) => bearer)).toEqual([
      'mp-1-client-1',
      expect.not.stringMatching(/^mp-1-/),
    ])
  })

  it('asks for a fresh Maskinporten token after the first 401 of the exchange, also where a token of the store ended the last outage', async () => {
    const store = new MemoryStore(world.time)
    world.lifetimeSeconds = 7_200
    const maskinporten = world.create({ store })
    world.onExchange = () => ({ status: 401 })
    await inTime(
      maskinporten.getToken({ kind: 'altinn' }).catch(() => undefined as never),
      11_000,
    )
    world.onExchange = () => undefined
    const other = await inTime(world.create({ store }).getToken({ kind: 'altinn' }), 1_000)
    expect((await inTime(maskinporten.getToken({ kind: 'altinn' }), 1_000)).value).toBe(other.value)
    await world.time.advance(1_800_000)
    const before = world.tokenCalls.length
    world.onExchange = ({ bearer }) => (bearer === 'mp-1-client-1' ? { status: 401 } : undefined)
    expect((await inTime(maskinporten.getToken({ kind: 'altinn' }), 1_000)).kind).toBe('altinn')
    expect(world.tokenCalls.length - before).toBe(1)
  })

  it('is asked once for callers whose deadlines are close together, however many of them waited for the settings', async () => {
    const store = new MemoryStore(world.time)
    world.settings.loadMs = () => world.time.after(5_000)
    world.onToken = () => ({ hang: true, status: 599 })
    const maskinporten = world.create({ store })
    const calls: Promise<unknown>[] = []
    for (let n = 0; n < 1_000; n++) {
      calls.push(maskinporten.getToken().catch((error: unknown) => error))
      await world.time.advance(1)
    }
    await world.time.advance(4_500)
    let asked = 0
    const get = store.get.bind(store)
    store.get = (key) => {
      asked++
      return get(key)
    }
    await world.time.advance(10_000)
    expect(await Promise.all(calls)).toEqual(calls.map(() => expect.objectContaining({ code: 'timeout' })))
    // Their deadlines are spread over a second. One look serves those of 50 ms.
    expect(asked).toBeLessThanOrEqual(22)
    expect(asked).toBeGreaterThanOrEqual(20)
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
      const store = new MemoryStore(world.time)
      Object.assign(store, { get: async () => answer })
      expect((await inTime(world.create({ store }).getToken())).value).toMatch(/^mp-/)
    }
  })

  describe('is read strictly, once: anything but a token of that kind is a miss and an event', () => {
    const JWT = 'e30.e30.c2ln'
    const good = (kind: TokenKind): Record<string, unknown> => ({
      value: kind === 'altinn' ? JWT : 'store-1',
      kind,
      scopes: ['a:b'],
      lifetimeMs: 120_000,
      remainingMs: 60_000,
    })
    const throwing = (field: string): object =>
      Object.defineProperty(good('maskinporten'), field, {
        get: () => {
          throw new Error('canary')
        },
      })
    /** Another answer at each reading. */
    const changing = (): object => {
      let n = 0
      return Object.defineProperty(good('maskinporten'), 'value', { get: () => (n++ === 0 ? 'store-1' : 'x\r\ny: z') })
    }
    const asks = async (
      answer: unknown,
      kind: TokenKind,
    ): Promise<{ readonly value: string; readonly text: string }> => {
      const store = new MemoryStore(world.time)
      Object.assign(store, { get: async () => answer })
      const { value } = await inTime(world.create({ store }).getToken({ kind }), 300)
      return { value, text: JSON.stringify(world.events) }
    }
    const failures = (): unknown[] =>
      world.events.flatMap((event) => (event.type === 'store.failed' ? [`${event.operation} ${event.reason}`] : []))

    for (const kind of ['maskinporten', 'altinn'] as const) {
      it(`takes a good one: ${kind}`, async () => {
        expect((await asks(good(kind), kind)).value).toBe(good(kind)['value'])
        expect(failures()).toEqual([])
      })
    }

    const invalid: readonly (readonly [string, unknown, TokenKind?])[] = [
      ['durations as strings', { ...good('maskinporten'), lifetimeMs: '120000', remainingMs: '60000' }],
      ['what remains as a string', { ...good('maskinporten'), remainingMs: '60000' }],
      ['what remains in a list', { ...good('maskinporten'), remainingMs: [60_000] }],
      ['a boxed number', { ...good('maskinporten'), lifetimeMs: Object(120_000) }],
      ['a bigint', { ...good('maskinporten'), lifetimeMs: 120_000n }],
      ['no finite life', { ...good('maskinporten'), lifetimeMs: Infinity, remainingMs: Infinity }],
      ['no number', { ...good('maskinporten'), lifetimeMs: Number.NaN }],
      ['no life left', { ...good('maskinporten'), remainingMs: 0 }],
      ['more left than its life', { ...good('maskinporten'), remainingMs: 120_001 }],
      ['a life of 30 years', { ...good('maskinporten'), lifetimeMs: 946_080_000_000, remainingMs: 946_080_000_000 }],
      ['a raw token for altinn', good('maskinporten'), 'altinn'],
      ['an altinn token for a raw one', good('altinn')],
      ['a word for altinn', { ...good('altinn'), value: 'Unauthorized' }, 'altinn'],
      ['another kind', { ...good('maskinporten'), kind: 'other' }],
      ['CR and LF', { ...good('maskinporten'), value: 'store\r\nx: y' }],
      ['LF at its end', { ...good('maskinporten'), value: 'store-1\n' }],
      ['a blank', { ...good('maskinporten'), value: 'store 1' }],
      ['a letter outside of the alphabet', { ...good('maskinporten'), value: 'støre' }],
      ['an empty value', { ...good('maskinporten'), value: '' }],
      ['a value that becomes text', { ...good('maskinporten'), value: { toString: () => 'store-1' } }],
      ['scopes as text', { ...good('maskinporten'), scopes: 'a:b' }],
      ['scopes that are no texts', { ...good('maskinporten'), scopes: [5] }],
      ['scopes like a list', { ...good('maskinporten'), scopes: { length: 1, 0: 'a:b' } }],
      ['null', null],
      ['text', JSON.stringify(good('maskinporten'))],
      ['a list', [good('maskinporten')]],
      ['a function', () => good('maskinporten')],
      ...['value', 'kind', 'scopes', 'lifetimeMs', 'remainingMs'].map(
        (field) => [`a ${field} that throws`, throwing(field)] as const,
      ),
      [
        'a Proxy that throws',
        new Proxy(good('maskinporten'), {
          get: (_, name) => {
            // A promise's answer is asked whether it is a promise.
            if (name === 'then') return undefined
            throw new Error('canary')
          },
        }),
      ],
    ]
    for (const [name, answer, kind = 'maskinporten'] of invalid) {
      it(`takes none with ${name}`, async () => {
        const { value, text } = await asks(answer, kind)
        expect(value).toMatch(kind === 'altinn' ? /^e30\.\w{10,}/ : /^mp-/)
        expect(failures()).toContain('get invalid')
        expect(text).not.toContain('canary')
      })
    }

    it('reads each field once', async () => {
      expect((await asks(changing(), 'maskinporten')).value).toBe('store-1')
    })

    it('replaces what it cannot read', async () => {
      const store = new MemoryStore(world.time)
      const get = store.get.bind(store)
      store.get = async () => ({ ...good('maskinporten'), lifetimeMs: '5' }) as never
      const token = await inTime(world.create({ store }).getToken())
      store.get = get
      expect((await inTime(world.create({ store }).getToken())).value).toBe(token.value)
    })

    it('takes no lease that cannot be given back', async () => {
      for (const lease of [
        null,
        true,
        'lease',
        {},
        { release: 5 },
        Object.defineProperty({}, 'release', { get: () => raise() }),
      ]) {
        const store = new MemoryStore(world.time)
        Object.assign(store, { lease: async () => lease })
        expect((await inTime(world.create({ store }).getToken())).value).toMatch(/^mp-/)
      }
      expect(failures()).toEqual(Array(6).fill('lease invalid'))
    })

    it('says of the store’s own errors nothing but class and code', async () => {
      class RedisError extends Error {
        override readonly name = 'canary'
        readonly code = 'NOAUTH'
      }
      const store = new MemoryStore(world.time)
      const fail = (): never => {
        throw new RedisError('canary')
      }
      Object.assign(store, { get: fail, set: fail, lease: fail })
      const token = await inTime(world.create({ store }).getToken())
      await settle()
      expect(token.value).toMatch(/^mp-/)
      const seen = world.events.filter((event) => event.type === 'store.failed')
      expect(seen).toMatchObject([
        { operation: 'get', reason: 'error', errorName: 'RedisError', errorCode: 'NOAUTH', level: 'warn' },
      ])
      expect(JSON.stringify(seen)).not.toContain('canary')
    })

    it('says when it takes too long', async () => {
      const store = new MemoryStore(world.time)
      Object.assign(store, { get: () => new Promise(() => {}) })
      await inTime(world.create({ store }).getToken(), 1_200)
      expect(failures()).toEqual(['get timeout'])
    })

    it('is not blamed for what close() ends', async () => {
      const store = new MemoryStore(world.time)
      Object.assign(store, { get: () => new Promise(() => {}) })
      const maskinporten = world.create({ store })
      const pending = maskinporten.getToken().catch(() => {})
      await settle()
      await maskinporten.close()
      await pending
      await world.time.advance(2_000)
      expect(failures()).toEqual([])
    })
  })

  it('is waited for when close() comes: no Maskinporten token is asked for afterwards, and no lease is taken', async () => {
    const store = new MemoryStore(world.time)
    store.latencyMs = 200
    const maskinporten = world.create({ store })
    const waiting = maskinporten.getToken({ kind: 'altinn' }).catch((error: unknown) => error)
    await world.time.advance(50)
    const closed = maskinporten.close()
    await world.time.advance(5_000)
    await closed
    expect(await waiting).toMatchObject({ code: 'closed' })
    expect(world.tokenCalls).toEqual([])
    expect(store.granted).toEqual([])
  })

  it('is asked for nothing after close(), and gets a lease back that was on its way', async () => {
    const store = new MemoryStore(world.time)
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
      const store = new MemoryStore(world.time)
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
    const store = new MemoryStore(world.time)
    const maskinporten = world.create({ store })
    world.onToken = () => ({ hang: true, status: 599 })
    void maskinporten.getToken().catch(() => {})
    await settle()
    expect(store.leases.size).toBe(1)
    await maskinporten.close()
    expect(store.leases.size).toBe(0)
  })

  it('counts what remains on its own clock, so a reader’s wrong wall clock changes nothing', async () => {
    const store = new MemoryStore(world.time)
    await inTime(world.create({ store }).getToken())
    await world.time.advance(100_000)
    world.time.wallShift = -3_600_000
    const token = await inTime(world.create({ store }).getToken(), 0)
    expect(token.expiresAt - world.time.now()).toBeLessThanOrEqual(20_000)
    await world.time.advance(21_000)
    expect(world.tokenCalls).toHaveLength(1)
  })
})
