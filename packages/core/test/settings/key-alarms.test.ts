/** When a key's end is told: by shares of its own life, so that who replaces keys in time never hears of it. */
import { type SettingsEvent, settingsFrom } from '@maskinporten-kit/core'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { certificate, certificatePem } from './der-writer.ts'
import { type TestKey, encoded, pem, rsaKey } from './rsa-keys.ts'
import { movedClock, scriptedSource } from './scripted-source.ts'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS
const NOW = Date.parse('2026-11-24T12:00:00Z')

let key: TestKey
let next: TestKey
beforeAll(async () => {
  ;[key, next] = await Promise.all([rsaKey('k1'), rsaKey('k2')])
})

interface Life {
  /** Of the JWK: days from now. */
  readonly iat?: number
  readonly nbf?: number
  readonly exp?: number
  /** Of the store: days from now. */
  readonly created?: number
  readonly expires?: number
}

const inDays = (days: number | undefined): number | undefined => (days === undefined ? undefined : NOW + days * DAY_MS)
const seconds = (days: number | undefined): number | undefined =>
  days === undefined ? undefined : (NOW + days * DAY_MS) / 1000
const settingsOf = (text: string): object => ({
  MaskinportenSettings: { Environment: 'test', ClientId: 'c', EncodedJwk: text },
})

function sourceOf({ iat, nbf, exp, created, expires }: Life, text?: string): ReturnType<typeof scriptedSource> {
  const jwk = { ...key.jwk, iat: seconds(iat), nbf: seconds(nbf), exp: seconds(exp) }
  const source = scriptedSource({ ...settingsOf(text ?? encoded(jwk)) })
  source.from = { createdAt: inDays(created), expiresAt: inDays(expires) }
  return source
}

/** `[days left, level]` of each alarm, looked for each hour. */
async function alarmsOf(source: ReturnType<typeof scriptedSource>, days: number): Promise<readonly [number, string][]> {
  const clock = movedClock(NOW)
  const settings = settingsFrom([source], { clock })
  const alarms: [number, string][] = []
  settings.subscribe((event) => {
    if (event.type === 'key.expires-soon') alarms.push([event.daysLeft, event.level])
  })
  await settings.get()
  for (let hour = 0; hour < days * 24; hour++) {
    clock.advance(HOUR_MS)
    await settings.refresh('poll')
  }
  await settings.close()
  return alarms
}

const rounded = (alarms: readonly [number, string][]): readonly (readonly [number, string])[] =>
  alarms.map(([days, level]) => [Math.round(days * 100) / 100, level])

describe('a key’s end is told', () => {
  it.each<[string, Life, number, readonly [number, string][]]>([
    [
      'a sixth, a twelfth and a fiftieth of its life before, by iat and exp of the JWK',
      { iat: 0, exp: 30 },
      31,
      [
        [5, 'warn'],
        [2.5, 'warn'],
        [0.58, 'error'],
      ],
    ],
    [
      'by nbf and exp of the JWK',
      { nbf: -20, exp: 10 },
      11,
      [
        [5, 'warn'],
        [2.5, 'warn'],
        [0.58, 'error'],
      ],
    ],
    ['by iat, where both stand', { iat: -20, nbf: -5, exp: 10 }, 6, [[5, 'warn']]],
    [
      'by the store’s dates',
      { created: -20, expires: 10 },
      11,
      [
        [5, 'warn'],
        [2.5, 'warn'],
        [0.58, 'error'],
      ],
    ],
    ['by iat of the JWK, not the store’s creation', { iat: -20, created: -1, exp: 10 }, 6, [[5, 'warn']]],
    ['by the store’s creation and exp of the JWK', { created: -20, exp: 10 }, 6, [[5, 'warn']]],
    ['by the store’s expiry, where it is earlier than exp', { iat: -20, exp: 300, expires: 10 }, 6, [[5, 'warn']]],
    ['by exp, where it is earlier than the store’s expiry', { iat: -20, exp: 10, expires: 300 }, 6, [[5, 'warn']]],
    [
      'a year after its start at the latest',
      { iat: -300, exp: 3000 },
      36,
      [
        [60.83, 'warn'],
        [30.42, 'warn'],
      ],
    ],
    [
      'a year after the store’s creation',
      { created: -300 },
      36,
      [
        [60.83, 'warn'],
        [30.42, 'warn'],
      ],
    ],
    [
      '7 days and 1 day before, where no start is known',
      { exp: 10 },
      11,
      [
        [7, 'warn'],
        [1, 'error'],
      ],
    ],
    [
      '7 days and 1 day before the store’s expiry',
      { expires: 10 },
      11,
      [
        [7, 'warn'],
        [1, 'error'],
      ],
    ],
    [
      'as if it had no start, where its start is not before its end',
      { created: 20, exp: 10 },
      11,
      [
        [7, 'warn'],
        [1, 'error'],
      ],
    ],
    ['once, as an error, where it is past', { iat: -30, exp: -1 }, 1, [[-1, 'error']]],
  ])('%s', async (_, life, days, alarms) => {
    expect(rounded(await alarmsOf(sourceOf(life), days)).map(([left, level]) => [left < 0 ? -1 : left, level])).toEqual(
      alarms,
    )
  })

  it('by the life of its certificate, which may be longer than a year', async () => {
    const leaf = certificate({ subject: 'V', issuer: 'V', key: key.key, notAfter: '270124120000Z' })
    // From 2025-01-01 to 2027-01-24: 753 and a half days.
    const alarms = await alarmsOf(sourceOf({ created: -10 }, certificatePem(leaf) + pem(key.key)), 62)
    expect(alarms.map(([, level]) => level)).toEqual(['warn', 'error'])
    expect(alarms[0]?.[0]).toBeLessThanOrEqual(753.5 / 12)
    expect(alarms[1]?.[0]).toBeLessThanOrEqual(753.5 / 50)
  })

  it('not to who replaces it in time: a key of a day each day, a key of 30 days each 20', async () => {
    for (const [life, each] of [
      [1, 0.75],
      [30, 20],
      [365, 300],
    ] as const) {
      const clock = movedClock(NOW)
      const source = scriptedSource({})
      const renew = (turn: number): void => {
        const { jwk } = turn % 2 === 0 ? key : next
        const iat = clock.now() / 1000
        source.tree = { ...settingsOf(encoded({ ...jwk, iat, exp: iat + life * 86_400 })) }
      }
      renew(0)
      const settings = settingsFrom([source], { clock })
      const alarms: SettingsEvent[] = []
      settings.subscribe((event) => {
        if (event.type === 'key.expires-soon') alarms.push(event)
      })
      await settings.get()
      for (let turn = 1; turn < 6; turn++) {
        clock.advance(each * DAY_MS)
        await settings.refresh('poll')
        renew(turn)
        await settings.refresh('poll')
      }
      expect(alarms).toEqual([])
      await settings.close()
    }
  })

  it('with iat and exp in milliseconds too', async () => {
    const jwk = { ...key.jwk, iat: NOW - 20 * DAY_MS, exp: NOW + 10 * DAY_MS }
    expect(rounded(await alarmsOf(sourceOf({}, encoded(jwk)), 6))).toEqual([[5, 'warn']])
  })
})

describe('without a source that is polled', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'], now: NOW })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('the end of a key of a day is told in time, not a day later', async () => {
    const settings = settingsFrom([sourceOf({ iat: 0, exp: 1 })])
    const left: number[] = []
    settings.subscribe((event) => {
      if (event.type === 'key.expires-soon') left.push(Math.round(event.daysLeft * 24 * 100) / 100)
    })
    await settings.get()
    await vi.advanceTimersByTimeAsync(DAY_MS)
    expect(left).toEqual([4, 2, 0.48])
    await settings.close()
  })
})

describe('keyLife', () => {
  const lifeOf = async (life: Life): Promise<unknown> => {
    const settings = settingsFrom([sourceOf(life)], { clock: movedClock(NOW) })
    const { keyLife } = await settings.get()
    await settings.close()
    return keyLife && [keyLife.startsAt, keyLife.endsAt].map((at) => at && (at - NOW) / DAY_MS)
  }

  it.each<[string, Life, unknown]>([
    ['of the key itself', { iat: -10, exp: 20 }, [-10, 20]],
    ['of the store, a year at most', { created: -10 }, [-10, 355]],
    ['without a start', { exp: 20 }, [undefined, 20]],
    ['not known', {}, undefined],
  ])('is in the settings in force: %s', async (_, life, expected) => {
    expect(await lifeOf(life)).toEqual(expected)
  })
})
