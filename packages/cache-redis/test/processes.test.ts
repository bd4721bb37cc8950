/** Real processes on one real store: one of them asks. */
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { clients } from './clients.ts'
import { type LeaseWatch, watchLeases } from './lease-watch.ts'
import { type RedisServer, describeServer, startServer } from './redis-server.ts'

/** Eight processes start: seconds on a quiet machine. */
const FLEET_MS = 180_000

/** So long a lease lasts while somebody waits for its holder. */
const LEASE_MS = 3_000

/** An attempt that is not answered for longer than this may be made again, by the one that asks. */
const SLOW_MS = 2_000

interface Outcome {
  readonly values: readonly string[]
  /** What this process asked for itself, and how long that took. */
  readonly asked: readonly { readonly kind: 'maskinporten' | 'altinn'; readonly durationMs: number }[]
  /** What the first caller that had none failed with. */
  readonly error?: string
  readonly failures: readonly string[]
}

describeServer('eight processes with 1,000 callers each on a cold cache', () => {
  let server: RedisServer
  let emulator: Emulator
  let registered: EmulatedClient
  let leases: LeaseWatch
  const running: ChildProcess[] = []

  beforeAll(async () => {
    server = await startServer()
    emulator = await startEmulator()
    registered = await emulator.registerClient({
      scopes: ['altinn:serviceowner/warm-up', 'altinn:serviceowner/one', 'altinn:serviceowner/two'],
    })
    await startFleet(8)
  }, FLEET_MS)
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL')
    await Promise.all([emulator.close(), server.stop()])
  })
  beforeEach(async () => {
    await server.command('flushall')
    emulator.clearRequests()
    emulator.faults.clear()
    leases = await watchLeases(server)
  })
  afterEach(() => {
    leases.close()
  })

  /** All are up and connected before the first of them asks. */
  async function startFleet(count: number): Promise<void> {
    const key = randomBytes(32).toString('base64')
    const names = Object.keys(clients)
    const fleet = Array.from({ length: count }, (_, index) =>
      fork(fileURLToPath(new URL('instance.ts', import.meta.url)), {
        execArgv: ['--conditions=@maskinporten-kit/source', '--disable-warning=ExperimentalWarning'],
        env: {
          ...process.env,
          SETTINGS: JSON.stringify({ ...registered.settings, scope: 'altinn:serviceowner/one' }),
          KEY: key,
          PORT: String(server.port),
          CLIENT: names[index % names.length],
          CALLERS: '1000',
        },
      }),
    )
    running.push(...fleet)
    await Promise.all(fleet.map(said))
  }

  /** @throws Error when the process ends instead. */
  async function said(child: ChildProcess): Promise<unknown> {
    const ended = once(child, 'exit').then(() => {
      throw new Error('the process ended without a word')
    })
    const [word] = await Promise.race([once(child, 'message'), ended])
    return word
  }

  async function ask(child: ChildProcess, scopes: string): Promise<Outcome> {
    const outcome = said(child)
    child.send(scopes)
    return (await outcome) as Outcome
  }

  /** Leases taken over since then: each of the two, of either kind of token, at most once in the time that it lasts. */
  async function takenOverSince(began: number): Promise<number> {
    const takenOver = await leases.takenOver()
    expect(takenOver).toBeLessThanOrEqual(2 * Math.floor((performance.now() - began) / LEASE_MS))
    return takenOver
  }

  /**
   * Another asks only where the one that does takes more than the 3 s of its lease, by design: on a busy machine.
   *
   * @param takenOver leases that ended so.
   * @param ofTheDead requests of a process that cannot tell.
   */
  function expectOneToAsk(outcomes: readonly Outcome[], takenOver: number, ofTheDead: number): void {
    for (const [target, kind] of [
      ['token', 'maskinporten'],
      ['exchange', 'altinn'],
    ] as const) {
      const asked = outcomes.flatMap((outcome) => outcome.asked.filter((one) => one.kind === kind))
      expect(asked.length).toBeGreaterThanOrEqual(1)
      expect(asked.length).toBeLessThanOrEqual(1 + takenOver)
      const isSlow = asked.some(({ durationMs }) => durationMs > SLOW_MS)
      const requests = emulator.requests(target).length
      expect(requests).toBeGreaterThanOrEqual(1)
      expect(requests).toBeLessThanOrEqual(ofTheDead + asked.length * (isSlow ? 3 : 1))
    }
    expect(new Set(outcomes.flatMap(({ values }) => values)).size).toBeLessThanOrEqual(1 + takenOver)
  }

  it(
    'make one token request and one exchange',
    async () => {
      const began = performance.now()
      const outcomes = await Promise.all(running.map((child) => ask(child, 'altinn:serviceowner/one')))
      expect(outcomes.flatMap(({ failures }) => failures)).toEqual([])
      expect(outcomes.flatMap(({ error }) => error ?? [])).toEqual([])
      expectOneToAsk(outcomes, await takenOverSince(began), 0)
    },
    FLEET_MS,
  )

  it(
    'make at most two of each when the one that asks is killed under its lease, and no caller fails',
    async () => {
      const [leader, ...others] = running
      if (leader === undefined) return expect.fail()
      emulator.faults.next('token', { delayMs: 60_000 })
      const leaderBegan = performance.now()
      void ask(leader, 'altinn:serviceowner/two').catch(() => {})
      await expect.poll(() => emulator.requests('token').length, { timeout: 30_000 }).toBe(1)
      const began = performance.now()
      const asked = others.map((child) => ask(child, 'altinn:serviceowner/two'))
      await after(300)
      leader.kill('SIGKILL')
      const livedMs = performance.now() - began
      const outcomes = await Promise.all(asked)
      expect(outcomes.flatMap(({ error }) => error ?? [])).toEqual([])
      const takenOver = await takenOverSince(leaderBegan)
      expect(takenOver).toBeGreaterThanOrEqual(1)
      // The dead one's leases: of the Altinn token, and of the Maskinporten token for it.
      expectOneToAsk(outcomes, Math.max(0, takenOver - 2), livedMs > SLOW_MS ? 3 : 1)
    },
    FLEET_MS,
  )
})
