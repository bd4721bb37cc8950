/** The provider over time: which loads are shared, when sources are asked, and what stays in force. */
import {
  type ConfigLayer,
  type SettingsEvent,
  type SettingsProvider,
  createConfigLayer,
  fromObject,
  settingsFrom,
} from '@maskinporten-kit/core'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Tree } from './load.ts'
import { type TestKey, encoded, rsaKey } from './rsa-keys.ts'
import { movedClock, scriptedSource } from './scripted-source.ts'

let one: TestKey
let two: TestKey
beforeAll(async () => {
  ;[one, two] = await Promise.all([rsaKey('k1'), rsaKey('k2')])
})

const DAY_MS = 24 * 60 * 60 * 1000
const section = (fields: Tree): Tree => ({ MaskinportenSettings: { Environment: 'test', ClientId: 'c', ...fields } })
const withKey = (key: TestKey, fields: Tree = {}): Tree => section({ EncodedJwk: encoded(key.jwk), ...fields })
const kidsOf = (settings: SettingsProvider): unknown => settings.current()?.keys.map(({ kid }) => kid)

function listen(settings: SettingsProvider): SettingsEvent[] {
  const events: SettingsEvent[] = []
  settings.subscribe((event) => events.push(event))
  return events
}

/** A load that a test ends. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}

const open: SettingsProvider[] = []
function provide(...given: Parameters<typeof settingsFrom>): SettingsProvider {
  const settings = settingsFrom(...given)
  open.push(settings)
  return settings
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((settings) => settings.close()))
})

describe('a refresh', () => {
  it('after a rejection gives all who share it the same answer, and those who come while it lasts', async () => {
    const source = scriptedSource(withKey(one))
    const settings = provide([source], { clock: movedClock() })
    await settings.get()
    source.tree = withKey(two)
    const answers = await Promise.all([
      settings.refresh('rejected'),
      settings.refresh('rejected'),
      settings.refresh('poll'),
    ])
    expect(answers).toEqual([true, true, true])
    expect(source.loads).toHaveLength(2)
  })

  it('that was asked for by a poll does not delay the next one', async () => {
    const source = scriptedSource(withKey(one))
    const settings = provide([source], { clock: movedClock() })
    await settings.get()
    await settings.refresh('poll')
    await settings.refresh('poll')
    await settings.refresh('rejected')
    expect(source.loads.map(({ why }) => why)).toEqual(['start', 'poll', 'poll', 'rejected'])
  })

  it('asks no source after close(), and closing ends it', async () => {
    const source = scriptedSource(withKey(one))
    const settings = provide([source])
    await settings.get()
    source.fault = () => new Promise(() => undefined)
    const events = listen(settings)
    const refreshing = settings.refresh('poll')
    await settings.close()
    expect(await refreshing).toBe(false)
    expect(await settings.refresh('rejected')).toBe(false)
    expect(source.loads).toHaveLength(2)
    expect(events).toEqual([])
  })

  it('that finds the same values under another origin changes nothing', async () => {
    const source = scriptedSource(withKey(one))
    const settings = provide([source])
    const first = await settings.get()
    source.from = { origin: 'elsewhere', version: 'v2' }
    expect(await settings.refresh('poll')).toBe(false)
    expect(settings.current()).toBe(first)
  })

  it('that finds wrong values leaves describe() with those in force, and counts the failures', async () => {
    const source = scriptedSource(withKey(one, { Scope: 'a:b' }))
    const settings = provide([source])
    await settings.get()
    const rows = settings.describe()
    const events = listen(settings)
    for (const wrong of ['nonsense', 'dev']) {
      source.tree = withKey(one, { Environment: wrong, Scope: wrong })
      expect(await settings.refresh('poll')).toBe(false)
    }
    expect(settings.describe()).toEqual(rows)
    source.tree = withKey(one, { Scope: 'c:d' })
    expect(await settings.refresh('poll')).toBe(true)
    expect(events).toMatchObject([
      { type: 'settings.failed', level: 'error', source: 'settings', failures: 1, why: 'poll' },
      { type: 'settings.failed', source: 'settings', failures: 2 },
      { type: 'settings.recovered', level: 'info', source: 'settings', failures: 2 },
      { type: 'settings.changed', revision: 2 },
    ])
    source.tree = withKey(one, { Environment: 'dev' })
    await settings.refresh('poll')
    expect(events.at(-1)).toMatchObject({ type: 'settings.failed', failures: 1 })
  })

  it('takes the JWK that is an object now, where another source below has no key', async () => {
    const source = scriptedSource(section({ Jwk: one.jwk }))
    const settings = provide([scriptedSource({}), source, scriptedSource({})])
    await settings.get()
    source.tree = section({ Jwk: two.jwk })
    expect(await settings.refresh('poll')).toBe(true)
    expect(kidsOf(settings)).toEqual(['k2', 'k1'])
  })

  it('takes the key of another source, where that of the source before is gone', async () => {
    const [below, above] = [scriptedSource(section({})), scriptedSource(withKey(one))]
    const settings = provide([below, above])
    await settings.get()
    below.tree = withKey(two)
    above.tree = section({})
    expect(await settings.refresh('poll')).toBe(true)
    expect(kidsOf(settings)).toEqual(['k2', 'k1'])
    below.tree = section({})
    above.tree = withKey(one)
    await settings.refresh('poll')
    expect(kidsOf(settings)).toEqual(['k1', 'k2'])
  })

  it('never hands signing to a key below when the key above becomes null, and tells of the source above', async () => {
    const [below, above] = [
      scriptedSource(section({}), { name: 'low' }),
      scriptedSource(withKey(two), { name: 'high' }),
    ]
    const settings = provide([below, above])
    await settings.get()
    below.tree = withKey(one)
    above.tree = section({ EncodedJwk: null })
    const events = listen(settings)
    expect(await settings.refresh('poll')).toBe(false)
    expect(events).toMatchObject([
      {
        type: 'settings.failed',
        error: {
          message:
            'the settings are wrong: MaskinportenSettings:EncodedJwk is empty. Set it to the private JWK in base64.',
          problems: [{ code: 'CONFIG_MISSING', origin: 'high' }],
        },
      },
    ])
  })
})

describe('the first load', () => {
  it('says the same at the next get() where nothing was changed', async () => {
    const source = scriptedSource(section({}))
    const settings = provide([source])
    const events = listen(settings)
    for (const failures of [1, 2]) {
      await expect(settings.get()).rejects.toMatchObject({ code: 'settings_invalid', detail: 'CONFIG_MISSING' })
      expect(events.at(-1)).toMatchObject({ type: 'settings.failed', failures })
    }
  })

  it('names all settings as changed, also after one that failed', async () => {
    const source = scriptedSource(section({ Other: 'x' }))
    const settings = provide([source])
    await settings.get().catch(() => undefined)
    const events = listen(settings)
    source.tree = withKey(one)
    await settings.get()
    expect(events.at(-1)).toMatchObject({
      type: 'settings.changed',
      keys: ['Environment', 'ClientId', 'EncodedJwk'].map((name) => `MaskinportenSettings:${name}`),
    })
  })

  it('that is closed while a key is read rejects with closed, and nothing is in force', async () => {
    const settings: SettingsProvider = provide([
      {
        name: 'closing',
        load: async (): Promise<ConfigLayer> => {
          const layer = new Map(createConfigLayer(withKey(one), { origin: 'closing' }))
          const entry = layer.get('maskinportensettings:clientid') ?? expect.unreachable()
          const reveal = (): string => {
            void settings.close()
            return 'c'
          }
          return layer.set('maskinportensettings:clientid', {
            key: entry.key,
            origin: entry.origin,
            secret: false,
            reveal,
          })
        },
      },
    ])
    const events = listen(settings)
    await expect(settings.get()).rejects.toMatchObject({
      code: 'closed',
      message: 'these settings are closed; make a new provider',
      hint: 'make a new provider',
    })
    expect([settings.current(), events]).toEqual([undefined, []])
  })

  it('that hangs beyond its deadline is left behind, and its late end disturbs nobody', async () => {
    const clock = movedClock()
    const source = scriptedSource(withKey(one))
    const gates = [gate(), gate()]
    source.fault = async () => {
      await gates[source.loads.length - 1]?.opened
      return createConfigLayer(source.tree, { origin: 'scripted' })
    }
    const settings = provide([source], { clock })
    const first = settings.get()
    clock.advance(9_999)
    const joined = settings.get()
    expect(source.loads).toHaveLength(1)
    clock.advance(1)
    const second = settings.get()
    await vi.waitFor(() => expect(source.loads).toHaveLength(2))
    gates[0]?.open()
    await Promise.all([first, joined])
    source.tree = withKey(two)
    const refreshing = settings.refresh('poll')
    gates[1]?.open()
    await Promise.all([second, refreshing])
    expect(source.loads).toHaveLength(2)
  })

  it('that is left behind tells nobody of its failure after close()', async () => {
    const clock = movedClock()
    const source = scriptedSource(withKey(one))
    const { promise, reject } = Promise.withResolvers<never>()
    source.fault = () => promise
    const settings = provide([source], { clock })
    const events = listen(settings)
    const loading = settings.get().catch((error: unknown) => error)
    clock.advance(10_000)
    await settings.close()
    reject(new Error('too late'))
    expect(await loading).toBeInstanceOf(Error)
    expect(events).toEqual([])
  })

  it('keeps the process alive, and a refresh does not', async () => {
    const source = scriptedSource(withKey(one))
    const settings = provide([source])
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const held: boolean[] = []
    const load = async (): Promise<ConfigLayer> => {
      const timer: unknown = timers.mock.results.at(-1)?.value
      held.push((timer as NodeJS.Timeout).hasRef())
      return createConfigLayer(source.tree, { origin: 'x' })
    }
    source.fault = load
    await settings.get()
    await settings.refresh('poll')
    expect(held).toEqual([true, false])
    timers.mockRestore()
  })
})

describe('with a timer', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })
  /** Lets time pass until something is so. Reading a key takes real time, which fake timers do not wait for. */
  const passing = async (isSo: () => boolean): Promise<void> => {
    for (let step = 0; step < 100_000 && !isSo(); step++) {
      await vi.advanceTimersByTimeAsync(50)
      await new Promise(setImmediate)
    }
  }

  it('nothing is asked again before the first settings are there', async () => {
    const settings = provide([scriptedSource(section({}), { refreshMs: 1_000 })])
    await settings.get().catch(() => undefined)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('close() during a load leaves no timer behind', async () => {
    const source = scriptedSource(withKey(one), { refreshMs: 1_000 })
    const settings = provide([source])
    await settings.get()
    source.fault = () => new Promise(() => undefined)
    const refreshing = settings.refresh('poll')
    await settings.close()
    await refreshing
    expect(vi.getTimerCount()).toBe(0)
  })

  it('a refresh after a poll of one source asks all sources', async () => {
    const [file, vault] = [
      scriptedSource(section({}), { name: 'file', refreshMs: 5_000 }),
      scriptedSource({ MaskinportenSettings: { EncodedJwk: encoded(one.jwk) } }, { name: 'vault' }),
    ]
    const settings = provide([vault, file])
    await settings.get()
    await vi.advanceTimersByTimeAsync(5_000)
    expect([vault.loads.length, file.loads.length]).toEqual([1, 2])
    await settings.refresh('poll')
    expect([vault.loads.length, file.loads.length]).toEqual([2, 3])
  })

  it('a rejection during a poll of one source waits for it, and then asks all', async () => {
    const [file, vault] = [
      scriptedSource(section({}), { name: 'file', refreshMs: 5_000 }),
      scriptedSource({ MaskinportenSettings: { EncodedJwk: encoded(one.jwk) } }, { name: 'vault' }),
    ]
    const settings = provide([vault, file])
    await settings.get()
    const { opened, open: go } = gate()
    file.fault = async () => {
      await opened
      return createConfigLayer(file.tree, { origin: 'file' })
    }
    await vi.advanceTimersByTimeAsync(5_000)
    vault.tree = { MaskinportenSettings: { EncodedJwk: encoded(two.jwk) } }
    const refreshing = settings.refresh('rejected')
    go()
    expect(await refreshing).toBe(true)
    expect([vault.loads.length, file.loads.length]).toEqual([2, 3])
  })

  it('a key that was replaced goes after a day, where no source is polled or only seldom', async () => {
    for (const refreshMs of [undefined, 10 * DAY_MS]) {
      const source = scriptedSource(withKey(one), refreshMs === undefined ? {} : { refreshMs })
      const settings = provide([source])
      await settings.get()
      source.tree = withKey(two)
      await settings.refresh('poll')
      const events = listen(settings)
      await vi.advanceTimersByTimeAsync(DAY_MS - 1)
      expect(kidsOf(settings)).toEqual(['k2', 'k1'])
      await vi.advanceTimersByTimeAsync(1)
      expect(kidsOf(settings)).toEqual(['k2'])
      expect(events).toMatchObject([{ type: 'settings.changed', level: 'info', revision: 3, keys: [], why: 'poll' }])
      expect(source.loads).toHaveLength(2)
    }
  })

  it('a new client id beside the old version of its key is not confirmed by a poll that does not ask for the key', async () => {
    const key = scriptedSource({ MaskinportenSettings: { EncodedJwk: encoded(one.jwk) } }, { name: 'key' })
    key.from = { version: 'v1' }
    const id = scriptedSource(section({}), { name: 'id', refreshMs: 6_000 })
    const other = scriptedSource({}, { name: 'other', refreshMs: 6_000 })
    const settings = provide([key, id, other])
    await settings.get()
    id.tree = section({ ClientId: 'd' })
    other.fault = () => Promise.reject(new Error('down'))
    await passing(() => other.loads.length === 2)
    other.fault = undefined
    await passing(() => settings.current()?.clientId === 'd')
    expect(key.loads).toHaveLength(2)
  })
})

it('an object as a source is read at each load', async () => {
  const tree: Record<string, Tree> = { MaskinportenSettings: { Environment: 'test', ClientId: 'c', Jwk: one.jwk } }
  const settings = provide([fromObject(tree)])
  await settings.get()
  tree['MaskinportenSettings'] = { ...tree['MaskinportenSettings'], Scope: 'a:b' }
  expect(await settings.refresh('poll')).toBe(true)
  expect(settings.current()?.request.scopes).toEqual(['a:b'])
})
