/** Under load, whatever happens to the store: no call fails, none waits for it for long, and it is used again afterwards. */
import { randomBytes } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import { redisTokenStore } from '@maskinporten-kit/cache-redis'
import { type Maskinporten, type MaskinportenEvent, type TokenStore, createMaskinporten } from '@maskinporten-kit/core'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, it } from 'vitest'
import { clients } from './clients.ts'
import { type RedisServer, describeServer, startServer } from './redis-server.ts'
import { type Span, watchStalls } from './stalls.ts'
import { type TcpProxy, startProxy } from './tcp-proxy.ts'

const FAULT_MS = 2_000
/** The clients connect again, and the 5 s end for which a store that failed is skipped. */
const RECOVERY_MS = 30_000
const TEST_MS = 90_000
/** More than the default of 50 ms: a busy machine is not a store that is down, and would keep it from being used again. */
const STORE_MS = 500
/** A call whose token is there waits for nothing at all. */
const HIT_MS = 50
/** The store's time, a lease that was lost with the store (3 s), and the emulator's answers. Half of the deadline of 10 s. */
const MISS_MS = 5_000
const COMMON = 'a:common'
/** Tokens that nobody has yet, so that there is always one to be written. */
const rare = Array.from({ length: 300 }, (_, index) => `a:${index}`)

interface Scene {
  readonly server: RedisServer
  readonly proxy: TcpProxy
  readonly replica: RedisServer | undefined
}

interface Fault {
  readonly name: string
  /** Returns what ends it. */
  readonly begin: (scene: Scene) => Promise<() => Promise<unknown>>
  /** What `store.failed` says of it; a busy machine may add a timeout. */
  readonly reason: 'error' | 'timeout' | 'invalid' | undefined
  readonly hasReplica?: true
}

const faults: readonly Fault[] = [
  {
    name: 'refuses connections',
    begin: async ({ proxy, server }) => {
      proxy.switchTo(1)
      return async () => proxy.switchTo(server.port)
    },
    reason: 'timeout',
  },
  {
    name: 'is stopped, and started again with nothing in it,',
    begin: async ({ server }) => {
      await server.halt()
      return () => server.start()
    },
    reason: 'timeout',
  },
  {
    name: 'is paused',
    begin: async ({ server }) => {
      server.kill('SIGSTOP')
      return async () => server.kill('SIGCONT')
    },
    reason: 'timeout',
  },
  {
    name: 'answers after 5 s',
    begin: async ({ proxy, server }) => {
      proxy.delayMs = 5_000
      return async () => {
        proxy.delayMs = 0
        proxy.switchTo(server.port)
      }
    },
    reason: 'timeout',
  },
  {
    name: 'is flushed again and again',
    begin: async ({ server }) => repeatedly(async () => server.command('flushall')),
    reason: undefined,
  },
  {
    name: 'is filled with rubbish',
    begin: async ({ server }) =>
      repeatedly(async () =>
        server.command(
          'eval',
          "for _, k in ipairs(redis.call('KEYS', '*')) do redis.call('SET', k, 'rubbish') end",
          '0',
        ),
      ),
    reason: 'invalid',
  },
  {
    name: 'is full',
    begin: async ({ server }) => {
      await server.command('config', 'set', 'maxmemory', '1')
      return async () => server.command('config', 'set', 'maxmemory', '0')
    },
    reason: 'error',
  },
  {
    name: 'is replaced by its replica, which takes no writes at first,',
    begin: async ({ proxy, server, replica }) => {
      if (replica === undefined) throw new Error('there is no replica')
      proxy.switchTo(replica.port)
      server.kill('SIGKILL')
      return async () => replica.command('replicaof', 'no', 'one')
    },
    reason: 'error',
    hasReplica: true,
  },
]

async function repeatedly(work: () => Promise<unknown>): Promise<() => Promise<void>> {
  let goesOn = true
  const loop = (async () => {
    while (goesOn) {
      await work()
      await after(20)
    }
  })()
  return async () => {
    goesOn = false
    await loop
  }
}

describeServer('under load, a store that', () => {
  let emulator: Emulator
  let registered: EmulatedClient

  beforeAll(async () => {
    emulator = await startEmulator()
    registered = await emulator.registerClient({ scopes: [COMMON, ...rare] })
  })
  afterAll(() => emulator.close())

  const stalls = watchStalls()
  afterAll(() => stalls.end())

  interface Load {
    readonly lasting: Maskinporten
    readonly events: MaskinportenEvent[]
    readonly failed: unknown[]
    readonly hits: Span[]
    readonly misses: Span[]
    end(): Promise<void>
  }

  /** Two instances that live on, and one after the other that lives for one call. */
  async function startLoad(store: TokenStore): Promise<Load> {
    const events: MaskinportenEvent[] = []
    const failed: unknown[] = []
    const [hits, misses]: [Span[], Span[]] = [[], []]
    let calls = 0
    let goesOn = true
    const create = (): Maskinporten => {
      const maskinporten = createMaskinporten(registered.settings, { store })
      maskinporten.subscribe((event) => events.push(event))
      return maskinporten
    }
    const call = async (maskinporten: Maskinporten, scopes: string, spans: Span[]): Promise<void> => {
      const began = performance.now()
      const beganAt = Date.now()
      try {
        const { expiresAt } = await maskinporten.getToken({ scopes })
        if (expiresAt <= beganAt) failed.push(new Error('a token past its life was handed out'))
      } catch (error) {
        failed.push(error)
      }
      spans.push({ began, ended: performance.now() })
    }
    const loop = async (work: () => Promise<void>): Promise<void> => {
      while (goesOn) {
        await work()
        await after(40)
      }
    }
    const [lasting, other] = [create(), create()]
    for (const one of [lasting, other]) await call(one, COMMON, misses)
    const loops = [
      ...[lasting, other].map((maskinporten) => loop(() => call(maskinporten, COMMON, hits))),
      loop(async () => {
        await using maskinporten = create()
        await call(maskinporten, calls % 2 === 0 ? COMMON : (rare[calls % rare.length] ?? COMMON), misses)
        calls++
      }),
    ]
    return {
      lasting,
      events,
      failed,
      hits,
      misses,
      end: async () => {
        goesOn = false
        await Promise.all(loops)
        await Promise.all([lasting.close(), other.close()])
      },
    }
  }

  /** An instance that has lived through it all has a token that another one had just now. */
  async function isUsed(store: TokenStore, lasting: Maskinporten, scopes: string): Promise<boolean> {
    const writer = createMaskinporten(registered.settings, { store })
    await writer.getToken({ scopes })
    await writer.close()
    const before = lasting.stats().storeHits
    await lasting.getToken({ scopes })
    return lasting.stats().storeHits > before
  }

  it.concurrent.for(faults)(
    '$name fails no call, and is used again by itself',
    { timeout: TEST_MS },
    async ({ begin, reason, hasReplica }, { expect }) => {
      const cleanUp: (() => unknown)[] = []
      const keep = <T>(part: T, end: (part: T) => unknown): T => {
        cleanUp.push(() => end(part))
        return part
      }
      const stop = (one: RedisServer): Promise<void> => one.stop()
      let loads: readonly Load[] = []
      try {
        const server = keep(await startServer(), stop)
        const own = ['--replicaof', '127.0.0.1', String(server.port), '--repl-diskless-sync-delay', '0']
        const replica = hasReplica ? keep(await startServer(own), stop) : undefined
        const proxy = keep(await startProxy(server.port), (one) => one.close())
        const stores: TokenStore[] = []
        for (const connect of Object.values(clients)) {
          const { client } = keep(await connect(proxy.port), (one) => one.close())
          stores.push(redisTokenStore(client, { encryptionKeys: [randomBytes(32)], timeoutMs: STORE_MS }))
        }
        loads = await Promise.all(stores.map(async (store) => keep(await startLoad(store), (load) => load.end())))
        if (replica !== undefined)
          await expect
            .poll(() => replica.command('info', 'replication'), { timeout: RECOVERY_MS })
            .toContain('link_status:up')
        // Some of each client's tokens are there.
        await expect
          .poll(async () => Number(await server.command('dbsize')), { timeout: RECOVERY_MS })
          .toBeGreaterThan(9)
        const end = await begin({ server, replica, proxy })
        await after(FAULT_MS)
        // As long as it takes on a busy machine.
        for (const { events } of loads)
          if (reason !== undefined)
            await expect
              .poll(() => events.some((event) => event.type === 'store.failed' && event.reason === reason), {
                timeout: RECOVERY_MS,
              })
              .toBe(true)
        await end()
        const unused = rare.toReversed().values()
        const recovered = stores.map((store, index) =>
          expect
            .poll(async () => isUsed(store, loads[index]?.lasting ?? expect.fail(), unused.next().value ?? COMMON), {
              timeout: RECOVERY_MS,
              interval: 300,
            })
            .toBe(true),
        )
        await Promise.all(recovered)
      } finally {
        // The last first: the load before the servers.
        for (const end of cleanUp.toReversed()) await end()
      }
      expect(loads.flatMap(({ failed }) => failed)).toEqual([])
      const slowest = (spans: readonly Span[]): number => Math.max(...spans.map((span) => stalls.durationOf(span)))
      for (const { hits, misses } of loads) {
        expect(hits.length).toBeGreaterThan(10)
        expect(slowest(hits)).toBeLessThan(HIT_MS)
        expect(slowest(misses)).toBeLessThan(MISS_MS)
      }
    },
  )
})
