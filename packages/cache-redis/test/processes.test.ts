/** Real processes on one real store: one of them asks. */
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { clients } from './clients.ts'
import { type RedisServer, describeServer, startServer } from './redis-server.ts'

/** Eight processes start: seconds on a quiet machine. */
const FLEET_MS = 180_000

interface Outcome {
  readonly values: readonly string[]
  /** What the first caller that had none failed with. */
  readonly error?: string
  readonly failures: readonly string[]
}

describeServer('eight processes with 1,000 callers each on a cold cache', () => {
  let server: RedisServer
  let emulator: Emulator
  let registered: EmulatedClient
  const running: ChildProcess[] = []

  beforeAll(async () => {
    server = await startServer()
    emulator = await startEmulator()
    registered = await emulator.registerClient({
      scopes: ['altinn:serviceowner/instances.read', 'altinn:serviceowner/instances.write'],
    })
  })
  afterAll(async () => {
    await Promise.all([emulator.close(), server.stop()])
  })
  beforeEach(async () => {
    await server.command('flushall')
    emulator.clearRequests()
    emulator.faults.clear()
  })
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL')
  })

  /** All are up and connected before the first of them asks. */
  async function startFleet(count: number): Promise<readonly ChildProcess[]> {
    const key = randomBytes(32).toString('base64')
    const names = Object.keys(clients)
    const fleet = Array.from({ length: count }, (_, index) =>
      fork(fileURLToPath(new URL('instance.ts', import.meta.url)), {
        execArgv: ['--conditions=@maskinporten-kit/source', '--disable-warning=ExperimentalWarning'],
        env: {
          ...process.env,
          SETTINGS: JSON.stringify({ ...registered.settings, scope: 'altinn:serviceowner/instances.read' }),
          KEY: key,
          PORT: String(server.port),
          CLIENT: names[index % names.length],
          CALLERS: '1000',
          KIND: 'altinn',
        },
      }),
    )
    running.push(...fleet)
    await Promise.all(fleet.map((child) => once(child, 'message')))
    emulator.clearRequests()
    return fleet
  }

  async function ask(child: ChildProcess): Promise<Outcome> {
    const ended = once(child, 'exit').then(() => {
      throw new Error('the process ended without a word')
    })
    const said = once(child, 'message')
    child.send('go')
    const [outcome] = await Promise.race([said, ended])
    return outcome as Outcome
  }

  it(
    'make one token request and one exchange',
    async () => {
      const outcomes = await Promise.all((await startFleet(8)).map(ask))
      expect(outcomes.flatMap(({ failures }) => failures)).toEqual([])
      expect(outcomes.flatMap(({ error }) => error ?? [])).toEqual([])
      expect(new Set(outcomes.flatMap(({ values }) => values)).size).toBe(1)
      expect([emulator.requests('token').length, emulator.requests('exchange').length]).toEqual([1, 1])
    },
    FLEET_MS,
  )

  it(
    'make at most two of each when the one that asks is killed under its lease, and no caller fails',
    async () => {
      const [leader, ...others] = await startFleet(8)
      if (leader === undefined) return expect.fail()
      emulator.faults.next('token', { delayMs: 60_000 })
      void ask(leader).catch(() => {})
      await expect.poll(() => emulator.requests('token').length, { timeout: 5_000 }).toBe(1)
      const asked = others.map(ask)
      await after(300)
      leader.kill('SIGKILL')
      const outcomes = await Promise.all(asked)
      expect(outcomes.flatMap(({ error }) => error ?? [])).toEqual([])
      expect(new Set(outcomes.flatMap(({ values }) => values)).size).toBe(1)
      expect(emulator.requests('token').length).toBeLessThanOrEqual(2)
      expect(emulator.requests('exchange').length).toBeLessThanOrEqual(2)
    },
    FLEET_MS,
  )
})
