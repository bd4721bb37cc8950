// The first load of the settings: one for all who wait, a pause after a failure, and a load that can no longer end.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ResolvedSettings } from '@maskinporten-kit/core'
import { MaskinportenError } from '../../src/errors.ts'
import { HealthMonitor } from '../../src/health.ts'
import { Time } from '../../src/time.ts'
import { closedError } from '../../src/tokens/failure.ts'
import { FirstLoad } from '../../src/tokens/first-load.ts'
import { VirtualTime, settle } from './virtual-time.ts'
import { FakeSettings } from './world.ts'

const TIMEOUT_MS = 1_000
const SETTINGS = new FakeSettings({}).current() ?? expect.fail('no settings')

let clock: VirtualTime
let timers: Disposable
beforeEach(() => {
  // The jitter is 1.
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  clock = new VirtualTime()
  timers = clock.install()
})
afterEach(() => {
  timers[Symbol.dispose]()
  vi.restoreAllMocks()
})

interface Opened {
  readonly firstLoad: FirstLoad
  readonly health: HealthMonitor
  /** When the provider was asked, milliseconds. */
  readonly asked: number[]
}

function open(load: (n: number) => Promise<unknown>): Opened {
  const time = new Time(clock)
  const health = new HealthMonitor(() => time.wall)
  const asked: number[] = []
  const provider = {
    get: (): Promise<ResolvedSettings> => {
      asked.push(clock.monotonic())
      return load(asked.length) as Promise<ResolvedSettings>
    },
  }
  return { firstLoad: new FirstLoad({ provider, time, timeoutMs: TIMEOUT_MS, health }), health, asked }
}

const hangs = (): Promise<never> => new Promise(() => {})
const fails = (): Promise<never> => Promise.reject(new Error('vault'))
const status = (health: HealthMonitor): string => health.read(() => false).status
const reason = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'loaded',
    (error: unknown) => error,
  )

describe('callers before the settings are there', () => {
  it('share one load until ten milliseconds after its deadline, and then begin another', () => {
    const { firstLoad, asked } = open(hangs)
    const began = new Time(clock).now
    const first = firstLoad.get()
    expect(first.givenUpAt).toBe(began + TIMEOUT_MS + 10)
    clock.freeze(TIMEOUT_MS + 9)
    expect(firstLoad.get()).toBe(first)
    expect(asked).toHaveLength(1)
    clock.freeze(1)
    expect(firstLoad.get()).not.toBe(first)
    expect(asked).toHaveLength(2)
  })

  it('get the settings, and no timer is left', async () => {
    const { firstLoad } = open(async () => SETTINGS)
    expect(await firstLoad.get().settings).toBe(SETTINGS)
    await settle()
    expect(clock.armed).toBe(0)
  })

  it('get them from a new load once the last one has ended', async () => {
    const { firstLoad, asked } = open(async () => SETTINGS)
    await firstLoad.get().settings
    await settle()
    await firstLoad.get().settings
    expect(asked).toHaveLength(2)
  })

  it('leave an old load alone: when it ends, the newer one goes on', async () => {
    let end: (settings: ResolvedSettings) => void = () => {}
    const { firstLoad, asked } = open((n) => (n === 1 ? new Promise((resolve) => (end = resolve)) : hangs()))
    firstLoad.get()
    clock.freeze(TIMEOUT_MS + 10)
    const newer = firstLoad.get()
    end(SETTINGS)
    await settle()
    expect(firstLoad.get()).toBe(newer)
    expect(asked).toHaveLength(2)
  })

  it('are told that all is closed', async () => {
    const { firstLoad } = open(hangs)
    const loading = firstLoad.get()
    const error = closedError()
    firstLoad.close(error)
    await expect(loading.settings).rejects.toBe(error)
    expect(() => open(hangs).firstLoad.close(error)).not.toThrow()
  })
})

describe('a load of which the timers are gone (Workers)', () => {
  it('is dead; one whose timer has fired is only slow', async () => {
    const { firstLoad } = open(hangs)
    const slow = firstLoad.get()
    expect(slow.isDead()).toBe(true)
    await clock.advance(TIMEOUT_MS)
    expect(slow.isDead()).toBe(false)
    await clock.advance(10)
    const dead = firstLoad.get()
    clock.drop()
    await clock.advance(TIMEOUT_MS)
    expect(dead.isDead()).toBe(true)
  })

  it('is not dead when it has ended well or badly', async () => {
    for (const load of [async () => SETTINGS, fails]) {
      const { firstLoad } = open(load)
      const { settings, isDead } = firstLoad.get()
      await reason(settings)
      await settle()
      expect(isDead()).toBe(false)
    }
  })
})

describe('a load that fails', () => {
  it('says so in plain words, keeps an error of ours as it is, and makes the health fail', async () => {
    const own = new MaskinportenError('settings_invalid', 'no client id')
    const unknown = open(fails)
    const error = await reason(unknown.firstLoad.get().settings)
    expect(error).toMatchObject({
      code: 'settings_unavailable',
      message: 'the settings could not be loaded; look at their provider',
      retryable: true,
    })
    expect(unknown.health.read(() => false)).toMatchObject({ status: 'failing', reason: 'settings_unavailable' })
    expect(await reason(open(() => Promise.reject(own)).firstLoad.get().settings)).toBe(own)
    expect(await reason(open(async () => ({ ...SETTINGS, clientId: 5 })).firstLoad.get().settings)).toMatchObject({
      code: 'settings_invalid',
      detail: 'PROVIDER',
    })
  })

  it('is told again to each caller in the pause, which grows to five seconds, and nothing is asked meanwhile', async () => {
    const { firstLoad, asked } = open(fails)
    const error = await reason(firstLoad.get().settings)
    expect(() => firstLoad.get()).toThrow(error as Error)
    for (let at = 0; at < 20_000; at += 100) {
      try {
        await reason(firstLoad.get().settings)
      } catch {
        // The pause.
      }
      await clock.advance(100)
    }
    const gaps = asked.map((at, index) => at - (asked[index - 1] ?? at)).slice(1)
    expect(gaps).toEqual([1_000, 2_000, 4_000, 5_000, 5_000])
  })

  it('is forgotten with the next that succeeds', async () => {
    let isDown = true
    const { firstLoad, health, asked } = open(() => (isDown ? fails() : Promise.resolve(SETTINGS)))
    for (const pauseMs of [1_000, 2_000]) {
      await reason(firstLoad.get().settings)
      await clock.advance(pauseMs)
    }
    isDown = false
    expect(await firstLoad.get().settings).toBe(SETTINGS)
    expect(status(health)).toBe('ok')
    await settle()
    isDown = true
    await reason(firstLoad.get().settings)
    await clock.advance(1_000)
    await reason(firstLoad.get().settings)
    expect(asked).toHaveLength(5)
  })

  it('after a newer one began pauses nobody, and says nothing of the health', async () => {
    let fail: (error: Error) => void = () => {}
    const { firstLoad, health, asked } = open((n) =>
      n === 1 ? new Promise((_, reject) => (fail = reject)) : Promise.resolve(SETTINGS),
    )
    void reason(firstLoad.get().settings)
    clock.freeze(TIMEOUT_MS + 10)
    const newer = firstLoad.get()
    fail(new Error('late'))
    expect(await newer.settings).toBe(SETTINGS)
    await settle()
    expect(status(health)).toBe('ok')
    expect(await firstLoad.get().settings).toBe(SETTINGS)
    expect(asked).toHaveLength(3)
  })
})
