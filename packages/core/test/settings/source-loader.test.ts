/** How sources are asked: when, in which order, with what, and what is said of one that fails. */
import {
  type ConfigLayer,
  MaskinportenError,
  type SettingsEvent,
  type SettingsProvider,
  createConfigLayer,
  createMaskinporten,
  fromObject,
  settingsFrom,
} from '@maskinporten-kit/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Tree } from './load.ts'
import { scriptedSource } from './scripted-source.ts'

const signer = { alg: 'RS256', kid: 'k', sign: async () => new Uint8Array() } as const
const HOUR_MS = 60 * 60 * 1000
const section = (fields: Tree = {}): Tree => ({
  MaskinportenSettings: { Environment: 'test', ClientId: 'c', ...fields },
})

const open: SettingsProvider[] = []
function provide(...given: Parameters<typeof settingsFrom>): SettingsProvider {
  const settings = settingsFrom(given[0], { signer, ...given[1] })
  open.push(settings)
  return settings
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((settings) => settings.close()))
})

function listen(settings: SettingsProvider): SettingsEvent[] {
  const events: SettingsEvent[] = []
  settings.subscribe((event) => events.push(event))
  return events
}
const failing = (error: unknown) => (): Promise<never> => Promise.reject(error)

describe('with a timer', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  it.each([
    [20, [40, 60, 60]],
    [120, [120, 120]],
  ])('a store that throttles, polled each %d min, is asked at least each hour: after %j min', async (each, waits) => {
    const source = scriptedSource(section(), { refreshMs: each * 60_000 })
    const settings = provide([source])
    await settings.get()
    source.fault = failing(new MaskinportenError('settings_unavailable', 'Wait.', { status: 429 }))
    await vi.advanceTimersByTimeAsync(each * 60_000)
    for (const [done, minutes] of waits.entries()) {
      await vi.advanceTimersByTimeAsync(minutes * 60_000 - 1)
      expect(source.loads).toHaveLength(done + 2)
      await vi.advanceTimersByTimeAsync(1)
      expect(source.loads).toHaveLength(done + 3)
    }
  })

  it('a store that fails otherwise, or that throttles no longer, is asked as before', async () => {
    const source = scriptedSource(section(), { refreshMs: 60_000 })
    const settings = provide([source])
    await settings.get()
    source.fault = failing(new MaskinportenError('settings_unavailable', 'Down.', { status: 503 }))
    await vi.advanceTimersByTimeAsync(60_000)
    source.fault = failing(new MaskinportenError('settings_unavailable', 'Wait.', { status: 429 }))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(source.loads).toHaveLength(3)
    source.fault = undefined
    await vi.advanceTimersByTimeAsync(4 * 60_000)
    expect(source.loads).toHaveLength(4)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(source.loads).toHaveLength(5)
  })

  it.each([0, -1, Number.NaN, undefined])('a source that wants to be polled each %s ms is not', async (refreshMs) => {
    const source = { ...scriptedSource(section()), refreshMs }
    const loads = vi.spyOn(source, 'load')
    await provide([source]).get()
    await vi.advanceTimersByTimeAsync(48 * HOUR_MS)
    expect(loads).toHaveBeenCalledOnce()
  })

  it('a source whose time passed during a load is asked at once', async () => {
    const [fast, slow] = [scriptedSource(section(), { refreshMs: 1_000 }), scriptedSource({})]
    slow.fault = async () => {
      vi.setSystemTime(Date.now() + 5_000)
      await new Promise((resolve) => {
        setTimeout(resolve, 5_000)
      })
      return new Map()
    }
    const settings = provide([fast, slow])
    const loading = settings.get()
    await vi.advanceTimersByTimeAsync(5_000)
    await loading
    slow.fault = undefined
    await vi.advanceTimersByTimeAsync(1)
    expect(fast.loads).toHaveLength(2)
  })

  it('a source is asked again, out of its turn, when only the version of a value before it changed', async () => {
    const vault = scriptedSource(section(), { refreshMs: 1_000 })
    const after = scriptedSource({})
    vault.from = { version: 'v1' }
    await provide([vault, after]).get()
    await vi.advanceTimersByTimeAsync(1_000)
    expect([vault.loads.length, after.loads.length]).toEqual([2, 1])
    vault.from = { version: 'v2' }
    await vi.advanceTimersByTimeAsync(1_000)
    expect([vault.loads.length, after.loads.length]).toEqual([3, 2])
  })

  it.each<[string, Tree]>([
    ['a value went', { MaskinportenSettings: { Environment: 'test', ClientId: 'c' } }],
    ['a value came', section({ Scope: 'a:b', Resource: 'urn:a' })],
    ['a name was replaced by another', section({ Resource: 'a:b' })],
  ])('and when %s', async (_, tree) => {
    const file = scriptedSource(section({ Scope: 'a:b' }), { refreshMs: 1_000 })
    const after = scriptedSource({})
    await provide([file, after]).get()
    file.tree = tree
    await vi.advanceTimersByTimeAsync(1_000)
    expect(after.loads).toHaveLength(2)
  })
})

describe('a source', () => {
  it('is told at each start that there is nothing before, and else what it gave last', async () => {
    const [first, second] = [scriptedSource(section()), scriptedSource({})]
    second.fault = failing(new Error('down'))
    const settings = provide([first, second])
    await settings.get().catch(() => undefined)
    second.fault = undefined
    await settings.get()
    await settings.refresh('poll')
    expect(first.loads.map(({ previous }) => previous?.size)).toEqual([undefined, undefined, 2])
    expect(second.loads.map(({ previous, earlier }) => [previous?.size, earlier.size])).toEqual([
      [undefined, 2],
      [undefined, 2],
      [0, 2],
    ])
  })

  it('after one that never answered is told nothing of it', async () => {
    const [first, second] = [scriptedSource({}), scriptedSource(section())]
    const settings = provide([second, first, scriptedSource({})])
    first.fault = failing(new Error('down'))
    await settings.get().catch(() => undefined)
    expect(first.loads[0]?.earlier.size).toBe(2)
  })

  it('that fails at the start is an error, and later a warning, with how often in a row', async () => {
    const source = scriptedSource(section(), { name: 'vault' })
    const settings = provide([source, scriptedSource({}, { name: 'other' })])
    const events = listen(settings)
    source.fault = failing(new Error('down'))
    await settings.get().catch(() => undefined)
    source.fault = undefined
    await settings.get()
    source.fault = failing(new Error('down'))
    await settings.refresh('poll')
    await settings.refresh('poll')
    source.fault = undefined
    await settings.refresh('poll')
    expect(events).toMatchObject([
      { type: 'settings.failed', level: 'error', source: 'vault', failures: 1, why: 'start' },
      { type: 'settings.recovered', level: 'info', source: 'vault', failures: 1 },
      { type: 'settings.changed' },
      { type: 'settings.failed', level: 'warn', failures: 1, why: 'poll' },
      { type: 'settings.failed', level: 'warn', failures: 2 },
      { type: 'settings.recovered', failures: 2 },
    ])
  })

  it('writes names as a method of its own', async () => {
    class Store {
      readonly name = 'store'
      readonly kind = 'drawer'
      async load(): Promise<ConfigLayer> {
        return createConfigLayer(section({ ClientId: undefined }), { origin: this.name })
      }
      nameOf(key: string): string {
        return `${this.kind} ${key}`
      }
    }
    await expect(provide([new Store()]).get()).rejects.toMatchObject({
      message: expect.stringContaining('as drawer MaskinportenSettings:ClientId.'),
    })
  })

  it('is awaited by name, and nobody is after the load', async () => {
    const never = { name: 'my vault', load: () => new Promise<never>(() => undefined) }
    const settings = provide([fromObject(section()), never])
    const loading = settings.get().catch((error: unknown) => error)
    await vi.waitFor(() => expect(Reflect.get(settings, 'awaited')).toBe('my vault'))
    await settings.close()
    expect(await loading).toMatchObject({ code: 'closed' })
    expect(Reflect.get(settings, 'awaited')).toBeUndefined()
  })
})

describe('a foreign error', () => {
  const codeOf = async (error: unknown): Promise<string> => {
    const failure: unknown = await provide([{ name: 'vault', load: failing(error) }])
      .get()
      .catch((reason: unknown) => reason)
    return failure instanceof Error ? failure.message.replace(/;.*/, '') : ''
  }
  it.each<[object, string]>([
    [{ name: 'RestError' }, ' (RestError)'],
    [{ name: 'Error', code: 'ENOENT' }, ' (ENOENT)'],
    [{ name: 'A', code: 'B' }, ''],
    [{ name: `E${'x'.repeat(31)}`, code: `E${'x'.repeat(32)}` }, ` (E${'x'.repeat(31)})`],
    [{ code: 7 }, ''],
    [{ code: 'two words' }, ''],
    [{ code: '1ST' }, ''],
    [{ code: 'a-b' }, ''],
    [{ code: undefined }, ''],
  ])('%j is told as%s', async (fields, says) => {
    expect(await codeOf(Object.assign(new Error('canary'), fields))).toBe(`the source "vault" could not be read${says}`)
  })

  it('may pass', async () => {
    await expect(provide([{ name: 'vault', load: failing('x') }]).get()).rejects.toMatchObject({
      code: 'settings_unavailable',
      retryable: true,
      hint: 'check the function load of this source, then try again',
    })
  })
})

describe('time', () => {
  it('of a load says how long it was', async () => {
    const never = { name: 'my vault', load: () => new Promise<never>(() => undefined) }
    await expect(provide([never], { loadTimeoutMs: 12.34 }).get()).rejects.toMatchObject({
      message:
        'the settings did not load within 0.012 s: no answer from my vault; check that it can be reached from here',
      hint: 'check that it can be reached from here',
    })
  })

  it('leaves no listener on the signal of the load behind', async () => {
    const source = scriptedSource(section())
    await using maskinporten = createMaskinporten(settingsFrom([source, scriptedSource({})], { signer }))
    await maskinporten.settings.get()
    await maskinporten.settings.refresh('poll')
    const { signal } = source.loads[1] ?? expect.unreachable()
    await maskinporten.close()
    expect(signal.aborted).toBe(false)
  })
})
