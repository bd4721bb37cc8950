/** Under load, whatever happens to the store: no call fails, none waits for it for long, and it is used again afterwards. */
import { randomBytes } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import { redisTokenStore } from '@maskinporten-kit/cache-redis'
import { type Maskinporten, type MaskinportenEvent, type TokenStore, createMaskinporten } from '@maskinporten-kit/core'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { clients } from './clients.ts'
import { type RedisServer, describeServer, startServer } from './redis-server.ts'
import { type TcpProxy, startProxy } from './tcp-proxy.ts'

const FAULT_MS = 2_000
/** The store's 50 ms, the answers of the emulator, and a machine with other things to do. Half of the deadline of 10 s. */
const ALLOWED_MS = 5_000
const COMMON = 'a:common'
/** Tokens that nobody has yet, so that there is always one to be written. */
const rare = Array.from({ length: 300 }, (_, index) => `a:${index}`)

interface Scene {
  readonly server: RedisServer
  readonly proxy: TcpProxy
  readonly replica: RedisServer
}

interface Fault {
  readonly name: string
  /** Returns what ends it. */
  readonly begin: (scene: Scene) => Promise<() => Promise<unknown>>
  /** What `store.failed` says of it; a busy machine may add a timeout. */
  readonly reason: 'error' | 'timeout' | 'invalid' | undefined
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
      proxy.switchTo(replica.port)
      server.kill('SIGKILL')
      return async () => replica.command('replicaof', 'no', 'one')
    },
    reason: 'error',
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

  /** Two instances that live on, and one after the other that lives for one call. */
  function startLoad(store: TokenStore): {
    readonly events: MaskinportenEvent[]
    readonly failed: unknown[]
    slowest(): number
    end(): Promise<void>
  } {
    const events: MaskinportenEvent[] = []
    const failed: unknown[] = []
    let slowest = 0
    let calls = 0
    let goesOn = true
    const create = (): Maskinporten => {
      const maskinporten = createMaskinporten(registered.settings, { store })
      maskinporten.subscribe((event) => events.push(event))
      return maskinporten
    }
    const call = async (maskinporten: Maskinporten, scopes: string): Promise<void> => {
      const began = performance.now()
      const beganAt = Date.now()
      try {
        const { expiresAt } = await maskinporten.getToken({ scopes })
        if (expiresAt <= beganAt) failed.push(new Error('a token past its life was handed out'))
      } catch (error) {
        failed.push(error)
      }
      slowest = Math.max(slowest, performance.now() - began)
    }
    const loop = async (work: () => Promise<void>): Promise<void> => {
      while (goesOn) {
        await work()
        await after(40)
      }
    }
    const lasting = [create(), create()]
    const loops = [
      ...lasting.map((maskinporten) => loop(() => call(maskinporten, COMMON))),
      loop(async () => {
        await using maskinporten = create()
        await call(maskinporten, calls % 2 === 0 ? COMMON : (rare[calls % rare.length] ?? COMMON))
        calls++
      }),
    ]
    return {
      events,
      failed,
      slowest: () => slowest,
      end: async () => {
        goesOn = false
        await Promise.all(loops)
        await Promise.all(lasting.map((maskinporten) => maskinporten.close()))
      },
    }
  }

  /** A new instance has the token of an earlier one. */
  async function isUsed(store: TokenStore): Promise<boolean> {
    await using one = createMaskinporten(registered.settings, { store })
    await using other = createMaskinporten(registered.settings, { store })
    await one.getToken({ scopes: COMMON })
    await after(50)
    await other.getToken({ scopes: COMMON })
    return other.stats().storeHits === 1
  }

  it.each(faults)('$name fails no call', async ({ begin, reason }) => {
    const server = await startServer()
    const replica = await startServer([
      '--replicaof',
      '127.0.0.1',
      String(server.port),
      '--repl-diskless-sync-delay',
      '0',
    ])
    const proxy = await startProxy(server.port)
    const connected = await Promise.all(Object.values(clients).map((connect) => connect(proxy.port)))
    const stores = connected.map(({ client }) => redisTokenStore(client, { encryptionKeys: [randomBytes(32)] }))
    const loads = stores.map(startLoad)
    try {
      await expect.poll(() => replica.command('info', 'replication'), { timeout: 8_000 }).toContain('link_status:up')
      // Some of each client's tokens are there.
      await expect.poll(async () => Number(await server.command('dbsize')), { timeout: 8_000 }).toBeGreaterThan(20)
      const end = await begin({ server, replica, proxy })
      await after(FAULT_MS)
      await end()
      for (const { events } of loads) {
        const seen = new Set(events.flatMap((event) => (event.type === 'store.failed' ? [event.reason] : [])))
        if (reason !== undefined) expect([...seen]).toContain(reason)
      }
      for (const store of stores) await expect.poll(() => isUsed(store), { timeout: 8_000, interval: 200 }).toBe(true)
    } finally {
      await Promise.all(loads.map((load) => load.end()))
      for (const one of connected) one.close()
      await Promise.all([proxy.close(), server.stop(), replica.stop()])
    }
    expect(loads.flatMap(({ failed }) => failed)).toEqual([])
    expect(Math.max(...loads.map((load) => load.slowest()))).toBeLessThan(ALLOWED_MS)
  })
})
