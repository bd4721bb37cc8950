import { inspect } from 'node:util'
import {
  type LoadContext,
  MaskinportenError,
  type SettingsEvent,
  type SettingsProvider,
  fromObject,
  isMaskinportenError,
  settingsFrom,
} from '@maskinporten-kit/core'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { canariesOf, leakIn, shownBy } from './canaries.ts'
import type { Tree } from './load.ts'
import { type TestKey, encoded, rsaKey } from './rsa-keys.ts'
import { type MovedClock, movedClock, scriptedSource } from './scripted-source.ts'

let one: TestKey
let two: TestKey
let three: TestKey
beforeAll(async () => {
  ;[one, two, three] = await Promise.all([rsaKey('k1'), rsaKey('k2'), rsaKey('k3')])
})

const DAY_MS = 24 * 60 * 60 * 1000
const section = (fields: Tree): Tree => ({ MaskinportenSettings: { Environment: 'test', ClientId: 'c', ...fields } })
const withKey = (key: TestKey, fields: Tree = {}): Tree => section({ EncodedJwk: encoded(key.jwk), ...fields })
const kidsOf = (settings: SettingsProvider): readonly (string | undefined)[] | undefined =>
  settings.current()?.keys.map(({ kid }) => kid)

function listen(settings: SettingsProvider): SettingsEvent[] {
  const events: SettingsEvent[] = []
  settings.subscribe((event) => events.push(event))
  return events
}

const only = <T extends SettingsEvent['type']>(
  events: readonly SettingsEvent[],
  type: T,
): readonly Extract<SettingsEvent, { type: T }>[] =>
  events.filter((event): event is Extract<SettingsEvent, { type: T }> => event.type === type)

const open: SettingsProvider[] = []
function provide(...given: Parameters<typeof settingsFrom>): SettingsProvider {
  const settings = settingsFrom(...given)
  open.push(settings)
  return settings
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((settings) => settings.close()))
})

describe('loading', () => {
  it('begins with the first get(), once for all who wait', async () => {
    const source = scriptedSource(withKey(one))
    const settings = provide([source])
    expect([settings.current(), source.loads.length]).toEqual([undefined, 0])
    const [a, b] = await Promise.all([settings.get(), settings.get()])
    expect(a).toBe(b)
    expect(settings.current()).toBe(a)
    expect(source.loads).toHaveLength(1)
    expect(a).toMatchObject({ revision: 1, authority: 'https://test.maskinporten.no/', clientId: 'c' })
  })

  it('asks in order, and gives each what the ones before it gave, merged', async () => {
    const low = scriptedSource(section({ Scope: 'a' }), { name: 'low' })
    const mid = scriptedSource(
      { 'MASKINPORTENSETTINGS:SCOPE': 'b', kvSetting: { SecretUri: 'https://my-kv.vault.azure.net' } },
      { name: 'mid' },
    )
    const high = scriptedSource({ MaskinportenSettings: { EncodedJwk: encoded(one.jwk) } }, { name: 'high' })
    await provide([low, mid, high]).get()
    const { earlier, keys, section: name, why, previous } = high.loads[0] ?? expect.unreachable()
    expect(earlier.get('maskinportensettings:scope')).toMatchObject({
      key: 'MASKINPORTENSETTINGS:SCOPE',
      origin: 'mid',
    })
    expect(earlier.get('maskinportensettings:scope')?.reveal()).toBe('b')
    expect([name, why, previous]).toEqual(['MaskinportenSettings', 'start', undefined])
    expect(keys).toEqual(
      expect.arrayContaining([
        'MaskinportenSettings:ClientId',
        'MaskinportenSettings:ExhangeToAltinnToken',
        'kvSetting:SecretUri',
        'MASKINPORTEN_CLIENT_ID',
      ]),
    )
  })

  it('is tried again at the next get() after a failure', async () => {
    const source = scriptedSource(section({}))
    const settings = provide([source])
    const events = listen(settings)
    await expect(settings.get()).rejects.toMatchObject({ code: 'settings_invalid', detail: 'CONFIG_MISSING' })
    source.tree = withKey(one)
    await expect(settings.get()).resolves.toMatchObject({ clientId: 'c' })
    expect(events.map(({ type }) => type)).toEqual(['settings.failed', 'settings.recovered', 'settings.changed'])
  })

  it('passes a source’s own error on, and makes settings_unavailable of any other, without its words', async () => {
    const source = scriptedSource(withKey(one), { name: 'vault' })
    const settings = provide([source])
    const own = new MaskinportenError('settings_unavailable', 'my-kv throttled the request. Wait.', {
      detail: 'KV_THROTTLED',
    })
    source.fault = () => Promise.reject(own)
    await expect(settings.get()).rejects.toBe(own)
    source.fault = () => Promise.reject(new Error(`the secret is ${one.jwk.d}`))
    const error: unknown = await settings.get().catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'settings_unavailable',
      message: 'the source "vault" could not be read; check the function load of this source, then try again',
      retryable: true,
    })
    expect(leakIn(shownBy(error), canariesOf(one.jwk))).toBeUndefined()
    source.fault = () => {
      throw new TypeError('at once')
    }
    await expect(settings.get()).rejects.toMatchObject({ code: 'settings_unavailable' })
  })

  it('ends at its deadline, which the error names, and what comes later goes unheard', async () => {
    const source = scriptedSource(withKey(one), { name: 'vault' })
    let fail = (): void => undefined
    source.fault = () =>
      new Promise((_, reject) => {
        fail = () => reject(new Error('too late'))
      })
    const settings = provide([source], { loadTimeoutMs: 20 })
    await expect(settings.get()).rejects.toMatchObject({
      code: 'timeout',
      retryable: true,
      message: 'the settings did not load within 0.02 s: no answer from vault; check that it can be reached from here',
    })
    expect(source.loads[0]?.signal.aborted).toBe(true)
    fail()
    source.fault = undefined
    await expect(settings.get()).resolves.toMatchObject({ clientId: 'c' })
  })

  it('goes on for others when one caller gives up', async () => {
    const source = scriptedSource(withKey(one))
    let go = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    source.fault = async () => {
      await gate
      source.fault = undefined
      return source.load(source.loads[0] ?? expect.unreachable())
    }
    const settings = provide([source])
    const controller = new AbortController()
    const [gone, staying] = [settings.get({ signal: controller.signal }), settings.get()]
    const reason = new Error('changed my mind')
    controller.abort(reason)
    await expect(gone).rejects.toBe(reason)
    go()
    await expect(staying).resolves.toMatchObject({ clientId: 'c' })
    await expect(settings.get({ signal: controller.signal })).rejects.toBe(reason)
  })

  it('asks the parts of a source as sources of their own', async () => {
    const [low, high] = [
      scriptedSource(withKey(one), { name: 'low' }),
      scriptedSource({ MaskinportenSettings: { ClientId: 'other' } }, { name: 'high' }),
    ]
    const both = { name: 'both', parts: [low, high], load: () => expect.unreachable() }
    await expect(provide([both]).get()).rejects.toMatchObject({ detail: 'CONFIG_MIXED_CREDENTIALS' })
  })
})

describe('refreshing', () => {
  let clock: MovedClock
  beforeEach(() => {
    clock = movedClock()
  })

  it('tells whether the revision changed, and what did', async () => {
    const source = scriptedSource(withKey(one, { Scope: 'a' }))
    const settings = provide([source])
    const first = await settings.get()
    const events = listen(settings)
    expect(await settings.refresh('poll')).toBe(false)
    expect(settings.current()).toBe(first)
    source.tree = withKey(one, { Scope: 'b' })
    expect(await settings.refresh('poll')).toBe(true)
    expect(settings.current()).toMatchObject({ revision: 2, request: { scopes: ['b'] } })
    expect(source.loads.map(({ why, previous }) => [why, previous === undefined])).toEqual([
      ['start', true],
      ['poll', false],
      ['poll', false],
    ])
    expect(events).toEqual([
      expect.objectContaining({
        type: 'settings.changed',
        level: 'info',
        revision: 2,
        keys: ['MaskinportenSettings:Scope'],
      }),
    ])
    expect(settings.current()?.keys[0]).toBe(first.keys[0])
  })

  it('tells why the sources were asked and how long that took', async () => {
    const moved = movedClock()
    const source = scriptedSource(withKey(one), { name: 'vault' })
    const slow = { ...source, load: async (context: LoadContext) => (moved.advance(40), source.load(context)) }
    const settings = provide([slow], { clock: moved })
    const events = listen(settings)
    await settings.get()
    source.tree = withKey(one, { Scope: 'b' })
    await settings.refresh('rejected')
    source.fault = () => Promise.reject(new Error('down'))
    await settings.refresh('poll')
    expect(events).toMatchObject([
      { type: 'settings.changed', why: 'start', durationMs: 40 },
      { type: 'settings.changed', why: 'rejected', durationMs: 40 },
      { type: 'settings.failed', why: 'poll', durationMs: 40 },
    ])
  })

  it('keeps the last good settings on any failure, reports it, and says when it is over', async () => {
    const source = scriptedSource(withKey(one), { name: 'vault' })
    const settings = provide([source])
    const good = await settings.get()
    const events = listen(settings)
    source.fault = () => Promise.reject(new Error('down'))
    expect(await settings.refresh('poll')).toBe(false)
    expect(await settings.refresh('poll')).toBe(false)
    expect(settings.current()).toBe(good)
    expect(only(events, 'settings.failed')).toMatchObject([
      { source: 'vault', failures: 1, level: 'warn' },
      { source: 'vault', failures: 2 },
    ])
    source.fault = undefined
    expect(await settings.refresh('poll')).toBe(false)
    expect(only(events, 'settings.recovered')).toMatchObject([{ source: 'vault', failures: 2 }])
  })

  it.each(['', 'TODO: Add to local secrets', 'garbage', '***', '{ "kty": "RSA"'])(
    'never hands signing to an older key below when the key above becomes %j',
    async (text) => {
      const below = scriptedSource(withKey(one), { name: 'appsettings.json' })
      const above = scriptedSource(section({ EncodedJwk: encoded(two.jwk) }), { name: 'vault' })
      below.tree = section({ Environment: 'test', ClientId: 'c', EncodedJwk: '' })
      const settings = provide([below, above])
      expect((await settings.get()).keys.map(({ kid }) => kid)).toEqual(['k2'])
      below.tree = withKey(one)
      above.tree = section({ EncodedJwk: text })
      const events = listen(settings)
      expect(await settings.refresh('poll')).toBe(false)
      expect(settings.current()?.keys.map(({ kid }) => kid)).toEqual(['k2'])
      expect(only(events, 'settings.failed')[0]?.error.problems).toMatchObject([
        { key: 'MaskinportenSettings:EncodedJwk', origin: 'vault' },
      ])
    },
  )

  it('keeps them when a value becomes wrong, reports that once, and takes the next good one', async () => {
    const source = scriptedSource(withKey(one))
    const settings = provide([source])
    const good = await settings.get()
    const events = listen(settings)
    source.tree = section({ EncodedJwk: 'garbage' })
    expect([await settings.refresh('poll'), await settings.refresh('poll')]).toEqual([false, false])
    expect(settings.current()).toBe(good)
    expect(only(events, 'settings.failed')).toHaveLength(1)
    expect(only(events, 'settings.failed')[0]?.error).toMatchObject({
      code: 'settings_invalid',
      detail: 'KEY_TOO_SHORT',
    })
    source.tree = withKey(two)
    expect(await settings.refresh('poll')).toBe(true)
    expect(kidsOf(settings)).toEqual(['k2', 'k1'])
    expect(events.map(({ type }) => type)).toEqual([
      'settings.failed',
      'settings.recovered',
      'settings.changed',
      'key.changed',
    ])
  })

  it('takes a good source’s change while another one is down', async () => {
    const [file, vault] = [
      scriptedSource(section({ Scope: 'a' }), { name: 'file' }),
      scriptedSource({ MaskinportenSettings: { EncodedJwk: encoded(one.jwk) } }, { name: 'vault' }),
    ]
    const settings = provide([file, vault])
    await settings.get()
    file.fault = () => Promise.reject(new Error('a stray comma'))
    vault.tree = { MaskinportenSettings: { EncodedJwk: encoded(two.jwk) } }
    expect(await settings.refresh('poll')).toBe(true)
    expect(settings.current()).toMatchObject({ request: { scopes: ['a'] } })
    expect(kidsOf(settings)).toEqual(['k2', 'k1'])
  })

  it('leaves sources that hang behind, asks those after them, and blames only whom it waited for', async () => {
    const sources = ['one', 'two', 'after'].map((name) => scriptedSource({}, { name }))
    const [first, second, after] = sources
    if (!first || !second || !after) return expect.unreachable()
    first.tree = section({ Scope: 'a' })
    after.tree = { MaskinportenSettings: { EncodedJwk: encoded(one.jwk) } }
    const settings = provide(sources, { loadTimeoutMs: 200 })
    await settings.get()
    const events = listen(settings)
    first.fault = () => new Promise(() => undefined)
    second.fault = first.fault
    after.tree = { MaskinportenSettings: { EncodedJwk: encoded(two.jwk) } }
    expect(await settings.refresh('poll')).toBe(true)
    expect(kidsOf(settings)).toEqual(['k2', 'k1'])
    expect(after.loads.at(-1)?.earlier.get('maskinportensettings:scope')?.reveal()).toBe('a')
    expect(only(events, 'settings.failed').map(({ source, error }) => [source, error.message.slice(0, 42)])).toEqual([
      ['one', 'the settings did not load within 0.1 s: no'],
      ['two', 'the settings did not load within 0.05 s: n'],
    ])
  })

  it('after a rejection is shared by all who wait, then cools down for 10 s', async () => {
    const source = scriptedSource(withKey(one))
    const settings = provide([source], { clock })
    await settings.get()
    await Promise.all(Array.from({ length: 100 }, () => settings.refresh('rejected')))
    expect(source.loads.map(({ why }) => why)).toEqual(['start', 'rejected'])
    clock.advance(9_999)
    expect(await settings.refresh('rejected')).toBe(false)
    expect(source.loads).toHaveLength(2)
    clock.advance(1)
    source.tree = withKey(two)
    expect(await settings.refresh('rejected')).toBe(true)
    expect(source.loads).toHaveLength(3)
  })

  it('before the first load is that load, and does not reject', async () => {
    const source = scriptedSource(section({}))
    const settings = provide([source])
    expect(await settings.refresh('poll')).toBe(false)
    source.tree = withKey(one)
    expect(await settings.refresh('rejected')).toBe(true)
  })

  it('warns of one thing once', async () => {
    const source = scriptedSource(withKey(one, { Colour: 'red' }))
    const settings = provide([source])
    const events = listen(settings)
    await settings.get()
    source.tree = withKey(one, { Colour: 'red', Scope: 'x' })
    await settings.refresh('poll')
    expect(only(events, 'settings.warning').map(({ code }) => code)).toEqual(['CONFIG_UNKNOWN_KEY'])
  })

  it('passes on what a source warns of, with its name as origin', async () => {
    const source = scriptedSource(withKey(one), { name: 'vault' })
    const settings = provide([source])
    const events = listen(settings)
    source.fault = async (context) => {
      context.warn({ code: 'KV_SECRET_EXPIRED', key: 'a', message: 'it expired. Renew it.' })
      source.fault = undefined
      return source.load(context)
    }
    await settings.get()
    expect(only(events, 'settings.warning')).toMatchObject([
      { code: 'KV_SECRET_EXPIRED', key: 'a', origin: 'vault', message: 'it expired. Renew it.', level: 'warn' },
    ])
  })
})

describe('the ring', () => {
  let clock: MovedClock
  beforeEach(() => {
    clock = movedClock()
  })

  it('has the new key in front, keeps the former for 24 h, and tells their ages', async () => {
    const source = scriptedSource(withKey(one))
    source.from = { createdAt: clock.now() - 100 * DAY_MS }
    const settings = provide([source], { clock })
    await settings.get()
    const events = listen(settings)
    clock.advance(DAY_MS)
    source.tree = withKey(two)
    source.from = { createdAt: clock.now() - 60_000 }
    expect(await settings.refresh('poll')).toBe(true)
    expect(kidsOf(settings)).toEqual(['k2', 'k1'])
    expect(only(events, 'key.changed')).toMatchObject([
      { kid: 'k2', previousKid: 'k1', origin: 'scripted', ageMs: 60_000, previousAgeMs: 101 * DAY_MS, level: 'info' },
    ])
    clock.advance(DAY_MS - 1)
    expect(await settings.refresh('poll')).toBe(false)
    clock.advance(1)
    expect(await settings.refresh('poll')).toBe(true)
    expect(kidsOf(settings)).toEqual(['k2'])
    expect(only(events, 'key.changed')).toHaveLength(1)
  })

  it('holds three at most, the oldest goes', async () => {
    const source = scriptedSource(withKey(one))
    const settings = provide([source], { clock })
    await settings.get()
    const fourth = await rsaKey('k4')
    for (const key of [two, three, fourth]) {
      source.tree = withKey(key)
      await settings.refresh('poll')
    }
    expect(kidsOf(settings)).toEqual(['k4', 'k3', 'k2'])
  })

  it('takes a key that comes back in front again', async () => {
    const source = scriptedSource(withKey(one))
    const settings = provide([source], { clock })
    await settings.get()
    source.tree = withKey(two)
    await settings.refresh('poll')
    source.tree = withKey(one)
    await settings.refresh('poll')
    expect(kidsOf(settings)).toEqual(['k1', 'k2'])
  })

  it('gives no such alarm for two kids that are both hidden', async () => {
    const source = scriptedSource(withKey(one))
    const settings = provide([source], { clock })
    const kids = ['870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE', 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A']
    source.tree = section({ EncodedJwk: encoded({ ...one.jwk, kid: kids[0] }) })
    await settings.get()
    const events = listen(settings)
    source.tree = section({ EncodedJwk: encoded({ ...two.jwk, kid: kids[1] }) })
    await settings.refresh('poll')
    expect(events.map(({ type }) => type)).toEqual(['settings.changed', 'key.changed'])
    expect(kidsOf(settings)).toEqual(kids.toReversed())
  })

  it('replaces the entry when the same kid has another key, with an alarm', async () => {
    const source = scriptedSource(withKey(one))
    const settings = provide([source], { clock })
    await settings.get()
    const events = listen(settings)
    source.tree = section({ EncodedJwk: encoded({ ...two.jwk, kid: 'k1' }) })
    expect(await settings.refresh('poll')).toBe(true)
    expect(kidsOf(settings)).toEqual(['k1'])
    expect(only(events, 'settings.warning')).toMatchObject([
      {
        code: 'KEY_KID_REUSED',
        level: 'error',
        key: 'kid',
        origin: 'scripted',
        message:
          'the kid k1 now belongs to another key, and Maskinporten answers MP-124 until the public half of that key is registered. Give a new key a new kid.',
      },
    ])
  })

  it('is dropped with another client or another authority', async () => {
    const source = scriptedSource(withKey(one))
    const settings = provide([source], { clock })
    await settings.get()
    source.tree = withKey(two, { ClientId: 'd' })
    await settings.refresh('poll')
    expect(kidsOf(settings)).toEqual(['k2'])
    source.tree = withKey(three, { ClientId: 'd', Environment: 'prod' })
    await settings.refresh('poll')
    expect(kidsOf(settings)).toEqual(['k3'])
  })

  it('looks again after 5 s before it takes a new client id beside the old version of the key, which a source that fails does not confirm', async () => {
    const id = scriptedSource(section({}), { name: 'id' })
    const key = scriptedSource({ MaskinportenSettings: { EncodedJwk: encoded(one.jwk) } }, { name: 'key' })
    key.from = { version: 'v1' }
    const settings = provide([id, key], { clock })
    await settings.get()
    id.tree = section({ ClientId: 'd' })
    expect(await settings.refresh('poll')).toBe(false)
    clock.advance(4_999)
    expect(await settings.refresh('poll')).toBe(false)
    clock.advance(1)
    key.fault = () => Promise.reject(new Error('down'))
    expect(await settings.refresh('poll')).toBe(false)
    expect(settings.current()?.clientId).toBe('c')
    key.fault = undefined
    expect(await settings.refresh('poll')).toBe(true)
    expect(settings.current()?.clientId).toBe('d')
  })

  it('takes the same key’s new date of expiry, and warns anew when that one is near', async () => {
    const source = scriptedSource(withKey(one))
    source.from = { version: 'v1', expiresAt: clock.now() + 5 * DAY_MS }
    const settings = provide([source], { clock })
    const events = listen(settings)
    const [before] = (await settings.get()).keys
    const later = clock.now() + 70 * DAY_MS
    source.from = { version: 'v1', expiresAt: later }
    clock.advance(DAY_MS)
    expect(await settings.refresh('poll')).toBe(true)
    expect(settings.current()?.keys).toEqual([{ ...before, expiresAt: later }])
    clock.advance(62 * DAY_MS)
    await settings.refresh('poll')
    expect(only(events, 'key.expires-soon').map(({ daysLeft }) => daysLeft)).toEqual([5, 7])
    expect(settings.describe()).toContainEqual(expect.objectContaining({ value: '[RSA 2048, kid k1]' }))
  })
})

describe('polling', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
    // The middle of the ±10 %.
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  it('asks a source when its time has come, and those above one that changed', async () => {
    const file = scriptedSource(section({}), { name: 'file', refreshMs: 5_000 })
    const vault = scriptedSource(
      { MaskinportenSettings: { EncodedJwk: encoded(one.jwk) } },
      { name: 'vault', refreshMs: 300_000 },
    )
    const env = scriptedSource({}, { name: 'env' })
    const settings = provide([file, vault, env])
    await settings.get()
    await vi.advanceTimersByTimeAsync(4_999)
    expect(file.loads).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect([file, vault, env].map(({ loads }) => loads.length)).toEqual([2, 1, 1])
    file.tree = section({ Scope: 'a' })
    const changed = new Promise((resolve) => {
      settings.subscribe(resolve)
    })
    await vi.advanceTimersByTimeAsync(5_000)
    await changed
    expect([file, vault, env].map(({ loads }) => loads.length)).toEqual([3, 2, 2])
    expect(settings.current()?.request.scopes).toEqual(['a'])
  })

  it.each([
    [0, 4_500],
    [1, 5_500],
  ])('varies by a tenth: %d of the dice is %d ms of 5,000', async (dice, ms) => {
    vi.mocked(Math.random).mockReturnValue(dice)
    const source = scriptedSource(withKey(one), { refreshMs: 5_000 })
    await provide([source]).get()
    await vi.advanceTimersByTimeAsync(ms - 1)
    expect(source.loads).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(source.loads).toHaveLength(2)
  })

  it('asks a source that throttles half as often each time', async () => {
    const source = scriptedSource(withKey(one), { refreshMs: 60_000 })
    const settings = provide([source])
    await settings.get()
    source.fault = () =>
      Promise.reject(
        new MaskinportenError('settings_unavailable', 'my-kv throttled the request. Wait.', { status: 429 }),
      )
    await vi.advanceTimersByTimeAsync(60_000)
    expect(source.loads).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(119_999)
    expect(source.loads).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(source.loads).toHaveLength(3)
  })

  it('ends with close(), which is idempotent', async () => {
    const source = scriptedSource(withKey(one), { refreshMs: 1_000 })
    const settings = provide([source])
    await settings.get()
    expect(vi.getTimerCount()).toBe(1)
    await Promise.all([settings.close(), settings.close()])
    expect(vi.getTimerCount()).toBe(0)
    await expect(settings.get()).rejects.toMatchObject({ code: 'closed' })
    expect(await settings.refresh('poll')).toBe(false)
  })
})

describe('closing', () => {
  it('rejects who waits with closed, at once, without an event', async () => {
    const source = scriptedSource({})
    source.fault = () => new Promise(() => undefined)
    const settings = provide([source])
    const events = listen(settings)
    const waiting = settings.get().catch((reason: unknown) => reason)
    await settings.close()
    expect(isMaskinportenError(await waiting, 'closed')).toBe(true)
    expect(events).toEqual([])
  })
})

describe('describe()', () => {
  it('masks what is secret, what comes from a secret store, and what nobody knows', async () => {
    const tree = {
      MaskinportenSettings: {
        Environment: 'test',
        ClientId: 'c',
        EncodedJwk: encoded(one.jwk),
        EncodedX509: '',
        Passord: 'hemmelig',
        Kid: 'k1',
      },
      kvSetting: { SecretUri: 'https://my-kv.vault.azure.net', ClientSecret: 'hemmelig' },
      ConnectionStrings: { db: 'hemmelig' },
    }
    const settings = provide([fromObject(tree, { name: 'appsettings.json' })])
    await settings.get()
    const rows = Object.fromEntries(settings.describe().map(({ key, value }) => [key, value]))
    expect(rows).toEqual({
      'MaskinportenSettings:Environment': 'test',
      'MaskinportenSettings:ClientId': 'c',
      'MaskinportenSettings:EncodedJwk': '[RSA 2048, kid k1]',
      'MaskinportenSettings:EncodedX509': '',
      'MaskinportenSettings:Passord': '[secret]',
      'MaskinportenSettings:Kid': 'k1',
      'kvSetting:SecretUri': 'https://my-kv.vault.azure.net',
      'kvSetting:ClientSecret': '[secret]',
    })
    expect(inspect(settings, { depth: 9 })).not.toContain('hemmelig')
  })

  it.each<[string, string, (jwk: Tree) => unknown]>([
    ['Environment', 'CONFIG_ENVIRONMENT_UNKNOWN', (jwk) => JSON.stringify(jwk)],
    ['Environment', 'CONFIG_ENVIRONMENT_UNKNOWN', ({ p }) => p],
    ['ClientId', 'CONFIG_CLIENT_ID', encoded],
    ['ClientId', 'CONFIG_CLIENT_ID', ({ d }) => d],
    ['Scope', '', (jwk) => `-----BEGIN PRIVATE KEY----- ${String(jwk['dp']).slice(0, 60)}`],
    ['Scope', '', ({ q, dp }) => [q, dp]],
  ])('masks a key pasted into %s (%s)', async (name, code, make) => {
    const settings = provide([fromObject(withKey(one, { [name]: make(one.jwk) }))])
    const error: unknown = await settings.get().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (code !== '') expect(error).toMatchObject({ code: 'settings_invalid', detail: code })
    expect(settings.describe()).toContainEqual(
      expect.objectContaining({ key: `MaskinportenSettings:${name}`, value: '[secret]' }),
    )
    expect(leakIn(shownBy([error, settings.describe()]), canariesOf(one.jwk, encoded(one.jwk)))).toBeUndefined()
  })

  it('shows what there was after a first load that failed, without any key', async () => {
    const settings = provide([fromObject(section({ EncodedJwk: encoded({ ...one.jwk, e: '' }) }))])
    await settings.get().catch(() => undefined)
    expect(settings.describe()).toContainEqual({
      key: 'MaskinportenSettings:EncodedJwk',
      origin: 'object',
      value: '[secret]',
    })
  })
})
