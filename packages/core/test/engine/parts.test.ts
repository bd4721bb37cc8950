// The parts of the engine, each by itself: back-off, cool-down, windows, keys, stored tokens, and what a failure tells.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAccessToken } from '../../src/access-token.ts'
import { MaskinportenError } from '../../src/errors.ts'
import type { Grant } from '../../src/grant/token-request.ts'
import { AttemptFailed } from '../../src/http/attempt-failed.ts'
import type { ResolvedSettings } from '../../src/settings/settings-provider.ts'
import { Time } from '../../src/time.ts'
import { BackOff } from '../../src/tokens/back-off.ts'
import { CallerDeadline } from '../../src/tokens/caller-deadline.ts'
import {
  NothingToExchange,
  closedError,
  errorOf,
  rejectedAgain,
  throwForCaller,
  timeoutError,
} from '../../src/tokens/failure.ts'
import { Flight, type Need } from '../../src/tokens/flight.ts'
import { type HeldToken, endOf, holdToken, waitFrom } from '../../src/tokens/held-token.ts'
import { grantIdentity, settingsIdentity } from '../../src/tokens/identity.ts'
import { checkProvided } from '../../src/tokens/provided-settings.ts'
import { Rejections } from '../../src/tokens/rejection.ts'
import { operate } from '../../src/tokens/store-operation.ts'
import { isLease, readStoredToken } from '../../src/tokens/stored-token.ts'
import { TokenCache } from '../../src/tokens/token-cache.ts'

let now = 0
const time = new Time({ now: () => 0, monotonic: () => now })
beforeEach(() => {
  now = 0
  // The jitter is 1.
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const error = new MaskinportenError('token_unavailable', 'down', { status: 503 })

describe('a back-off', () => {
  const failing = (times: number, more: object = {}, revision = 1): BackOff => {
    now = 0
    const backOff = new BackOff(time)
    for (let n = 0; n < times; n++) backOff.fail({ error, retryAfterMs: 0, lasting: false, ...more }, revision)
    return backOff
  }
  /** How long it runs, milliseconds. */
  const length = (backOff: BackOff, held = false): number => {
    while (backOff.running(held, 1) !== undefined) now += 500
    return now
  }

  it('runs a second, then twice as long each time, to five seconds without a token and thirty with one', () => {
    expect([1, 2, 3, 4, 99].map((times) => length(failing(times)))).toEqual([1000, 2000, 4000, 5000, 5000])
    expect([4, 5, 6, 99].map((times) => length(failing(times), true))).toEqual([8000, 16_000, 30_000, 30_000])
    expect(length(failing(9, { lasting: true }))).toBe(30_000)
  })

  it('gives the last error while it runs, to the millisecond', () => {
    const backOff = failing(1)
    expect(backOff.running(false, 1)).toBe(error)
    now = 999
    expect(backOff.running(false, 1)).toBe(error)
    now = 1000
    expect(backOff.running(false, 1)).toBeUndefined()
  })

  it('is a tenth longer or shorter, drawn at each failure', () => {
    vi.mocked(Math.random).mockReturnValue(1)
    const backOff = failing(1)
    now = 1099
    expect(backOff.running(false, 1)).toBe(error)
    now = 1101
    expect(backOff.running(false, 1)).toBeUndefined()
  })

  it('runs as long as the server asks, to thirty seconds without a token and five minutes with one', () => {
    expect(length(failing(1, { retryAfterMs: 16_000 }))).toBe(16_000)
    expect(length(failing(1, { retryAfterMs: 1e9 }))).toBe(30_000)
    expect(length(failing(1, { retryAfterMs: 1e9 }), true)).toBe(300_000)
    expect(length(failing(1, { retryAfterMs: 1 }))).toBe(1000)
  })

  it('ends with other settings, or when a token came, and then begins anew', () => {
    const backOff = failing(3)
    expect(backOff.running(false, 2)).toBeUndefined()
    backOff.fail({ error, retryAfterMs: 0, lasting: false }, 2)
    now = 1000
    expect(backOff.running(false, 2)).toBeUndefined()
    backOff.end()
    expect(backOff.running(false, 2)).toBeUndefined()
    backOff.fail({ error, retryAfterMs: 0, lasting: false }, 2)
    now = 1999
    expect(backOff.running(false, 2)).toBe(error)
    now = 2000
    expect(backOff.running(false, 2)).toBeUndefined()
  })
})

describe('a rejection', () => {
  it('may be followed by a renewal at once, and by another after ten seconds', () => {
    const rejections = new Rejections(time)
    expect(rejections.report('a')).toBe(true)
    expect(rejections.value).toBe('a')
    rejections.follow(true)
    now = 9_999
    expect(rejections.report('b')).toBe(false)
    expect(rejections.value).toBe('b')
    now = 10_000
    expect(rejections.report('b')).toBe(true)
  })

  it('waits twice as long each time while the successor is rejected too, to five minutes', () => {
    const rejections = new Rejections(time)
    rejections.report('0')
    rejections.follow(true)
    for (const coolDownMs of [10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]) {
      const began = now
      now = began + coolDownMs - 1
      expect(rejections.report('x')).toBe(false)
      now = began + coolDownMs
      expect(rejections.report('x')).toBe(true)
      rejections.follow(true)
    }
  })

  it('begins with ten seconds again once a token came otherwise and served as long', () => {
    const rejections = new Rejections(time)
    rejections.report('0')
    rejections.follow(true)
    now = 10_000
    rejections.report('1')
    rejections.follow(true)
    // The cool-down is twenty seconds now, and a token that came otherwise does not begin it anew.
    now = 12_000
    rejections.follow(false)
    now = 29_999
    expect(rejections.report('1')).toBe(false)
    now = 100_000
    expect(rejections.report('2')).toBe(true)
    rejections.follow(true)
    now = 110_000
    expect(rejections.report('3')).toBe(true)
  })

  it('that goes on within the cool-down counts as the same one', () => {
    const rejections = new Rejections(time)
    rejections.report('0')
    rejections.follow(true)
    rejections.follow(false)
    now = 5_000
    expect(rejections.report('1')).toBe(false)
    now = 15_000
    expect(rejections.report('1')).toBe(true)
    rejections.follow(true)
    now = 34_999
    expect(rejections.report('2')).toBe(false)
    now = 35_000
    expect(rejections.report('2')).toBe(true)
  })

  it('whose successor could not be had starts no cool-down', () => {
    const rejections = new Rejections(time)
    expect(rejections.report('a')).toBe(true)
    expect(rejections.report('a')).toBe(true)
  })

  it('of one token by many callers makes the first cool-down no longer', () => {
    const rejections = new Rejections(time)
    for (let caller = 0; caller < 3; caller++) expect(rejections.report('a')).toBe(true)
    rejections.follow(true)
    now = 9_999
    expect(rejections.report('b')).toBe(false)
    now = 10_000
    expect(rejections.report('b')).toBe(true)
  })
})

const token = (value = 'x', kind: 'maskinporten' | 'altinn' = 'maskinporten'): ReturnType<typeof createAccessToken> =>
  createAccessToken({ value, kind })

describe('the windows of a token', () => {
  const held = (lifetimeMs: number, durationMs = 0): HeldToken =>
    holdToken({ token: token(), sentAt: 1_000, lifetimeMs, durationMs })

  it.each([
    [120_000, 0, 90_000],
    [5_000, 0, 3_750],
    [7_200_000, 0, 6_600_000],
    [120_000, 20_000, 80_000],
    [120_000, 50_000, 60_000],
    [3, 0, 2],
  ])('of %d ms that took %d ms: a renewal begins after %d ms', (lifetimeMs, durationMs, renewAfterMs) => {
    expect(held(lifetimeMs, durationMs)).toMatchObject({ renewAfterMs, lifetimeMs, sentAt: 1_000, durationMs })
  })

  it('grow and shrink by a tenth', () => {
    vi.mocked(Math.random).mockReturnValue(0)
    expect(held(120_000).renewAfterMs).toBe(93_000)
    expect(held(1, 0.4).durationMs).toBe(1)
  })

  it('end with its life, of which a caller waits in the last tenth, five seconds at most', () => {
    expect(endOf(held(120_000))).toBe(121_000)
    expect(waitFrom(held(120_000))).toBe(116_000)
    expect(waitFrom(held(10_000))).toBe(10_000)
  })

  it('hand out one promise', async () => {
    const one = held(1_000)
    expect(await one.promise).toBe(one.token)
  })
})

describe('the deadline of a caller', () => {
  it('is put off once, from now', () => {
    const deadline = new CallerDeadline(time, 10_000)
    expect(deadline.at).toBe(time.now + 10_000)
    now = 4_000
    expect(deadline.extend()).toBe(true)
    expect(deadline.at).toBe(time.now + 10_000)
    now = 5_000
    expect(deadline.extend()).toBe(false)
    expect(deadline.at).toBe(time.now + 9_000)
  })
})

describe('what a caller sees of a failure', () => {
  it('is the error of ours in it', () => {
    const attempt = new AttemptFailed(error)
    for (const failure of [
      error,
      attempt,
      new NothingToExchange(attempt),
      new NothingToExchange(new NothingToExchange(error)),
    ]) {
      expect(errorOf(failure)).toBe(error)
      expect(() => throwForCaller(failure)).toThrow(error)
    }
  })

  it('is what a host threw, as it is', () => {
    const interruption = Object.assign(new Error('page'), { digest: 'NEXT_NOT_FOUND' })
    for (const failure of [
      interruption,
      new NothingToExchange(interruption),
      new NothingToExchange(new NothingToExchange(interruption)),
    ]) {
      expect(errorOf(failure)).toBeUndefined()
      expect(() => throwForCaller(failure)).toThrow(interruption)
    }
  })

  it('tells of the time, the step and the last failure', () => {
    expect(timeoutError(2_500)).toMatchObject({ code: 'timeout', retryable: true })
    expect(timeoutError(2_500).message).toBe('no token within 2.5 s; try again, or raise timeoutMs')
    const full = timeoutError(2_500, 'the exchange', error)
    expect(full).toMatchObject({ detail: 'token_unavailable', status: 503 })
    expect(full.message).toBe(
      'no token within 2.5 s, while waiting for the exchange (last failure: down); check that it answers, or raise timeoutMs',
    )
  })

  it('says whether the same call may succeed later', () => {
    expect(closedError()).toMatchObject({
      code: 'closed',
      retryable: false,
      message: 'close() has ended this instance; call close() only when the program ends, or make another instance',
    })
    expect(rejectedAgain()).toMatchObject({
      code: 'token_unavailable',
      detail: 'REJECTED_AGAIN',
      retryable: true,
      message:
        'an API rejects newly issued tokens, so none is asked for just now; check that the API accepts this scope, organisation and environment',
    })
  })
})

const KEY: ResolvedSettings['keys'][number] = {
  id: 'k',
  kid: 'k',
  alg: 'RS256',
  addedAt: 0,
  sign: async () => new Uint8Array(),
}
const SETTINGS: ResolvedSettings = {
  revision: 1,
  authority: 'https://a.example/',
  clientId: 'client',
  keys: [KEY],
  request: {},
}

describe('the identity of settings', () => {
  it.each<[string, Partial<ResolvedSettings>]>([
    ['authority', { authority: 'https://b.example/' }],
    ['audience', { audience: 'https://b.example/' }],
    ['metadataUrl', { metadataUrl: 'https://b.example/' }],
    ['tokenEndpoint', { tokenEndpoint: 'https://b.example/' }],
    ['clientId', { clientId: 'other' }],
    ['a chain for a kid', { keys: [{ ...KEY, kid: undefined, x5c: ['x'] }] }],
    ['exchange', { exchange: { url: 'https://x.example/', testOrg: false } }],
  ])('differs with %s', (_name, change) => {
    expect(settingsIdentity({ ...SETTINGS, ...change })).not.toBe(settingsIdentity(SETTINGS))
  })

  it('differs with each part of the exchange, and keeps the places of addresses apart', () => {
    const all = [
      { exchange: { url: 'https://x.example/', testOrg: false } },
      { exchange: { url: 'https://x.example/', testOrg: true } },
      { exchange: { url: 'https://y.example/', testOrg: false } },
      { audience: 'https://x.example/' },
      { metadataUrl: 'https://x.example/' },
      { tokenEndpoint: 'https://x.example/' },
    ].map((change) => settingsIdentity({ ...SETTINGS, ...change }))
    expect(new Set(all).size).toBe(all.length)
  })

  it('is the same with another key of the same kind, since tokens outlive keys', () => {
    const keys = [{ ...KEY, kid: 'other', id: 'other' }]
    expect(settingsIdentity({ ...SETTINGS, keys, revision: 9 })).toBe(settingsIdentity(SETTINGS))
  })

  it('is written the same way in each version, so that all of a fleet share the tokens of a store', () => {
    const exchange = { url: 'https://x.example/', testOrg: false }
    expect(settingsIdentity({ ...SETTINGS, exchange })).toBe(
      '["https://a.example/",null,null,null,"client","kid","https://x.example/",false]',
    )
    expect(settingsIdentity({ ...SETTINGS, exchange: { ...exchange, testOrg: true } })).toContain('x.example/",true]')
    expect(settingsIdentity({ ...SETTINGS, keys: [{ ...KEY, kid: undefined, x5c: ['x'] }] })).toBe(
      '["https://a.example/",null,null,null,"client","x5c",null,null]',
    )
  })

  it('needs no key: a token service of a platform has none', () => {
    expect(settingsIdentity({ ...SETTINGS, keys: [] })).toContain('"client"')
  })

  it('of a request does not heed the order of claims, and is written the same way in each version', () => {
    const grant = (claims: object): string => grantIdentity({ kind: 'maskinporten', scopes: ['a:b'], claims } as Grant)
    expect(grant({ c: 3, a: 1, b: 2 })).toBe('["maskinporten",["a:b"],[["a",1],["b",2],["c",3]]]')
    expect(grant({ a: 1, b: 2, c: 3 })).toBe(grant({ c: 3, a: 1, b: 2 }))
    expect(grant({ b: 1, a: 2 })).not.toBe(grant({ a: 1, b: 2 }))
  })
})

describe('settings that a provider gave', () => {
  it.each([{}, { tokenEndpoint: 'https://a.example/' }, { exchange: { url: 'x', testOrg: true } }, { keys: [] }])(
    'with %j are taken',
    (change) => {
      expect(() => checkProvided({ ...SETTINGS, ...change })).not.toThrow()
    },
  )

  it.each([undefined, null, 'settings', 5])('are not %j', (settings) => {
    expect(() => checkProvided(settings)).toThrow(/no valid settings/)
  })

  it.each<[string, readonly unknown[]]>([
    ['revision', [undefined, '1', Number.NaN, Infinity]],
    ['authority', [undefined, '', 5]],
    ['clientId', [undefined, '', 5]],
    ['tokenEndpoint', [5, null]],
    ['keys', [undefined, {}, [undefined], [{}], [{ sign: 'x' }], [KEY, {}]]],
    ['request', [undefined, null, 'x']],
    [
      'exchange',
      [null, 'x', {}, { url: 'x' }, { testOrg: true }, { url: 5, testOrg: true }, { url: 'x', testOrg: 'x' }],
    ],
  ])('with another %s are refused, and it is named', (name, values) => {
    for (const value of values)
      expect(() => checkProvided({ ...SETTINGS, [name]: value })).toThrow(
        expect.objectContaining({
          code: 'settings_invalid',
          detail: 'PROVIDER',
          message: expect.stringContaining(`no valid ${name}`),
          hint: expect.stringContaining('ResolvedSettings'),
        }),
      )
  })
})

describe('a stored token', () => {
  const good = { value: 'abc', kind: 'maskinporten', scopes: ['a:b', 'c:d'], lifetimeMs: 120_000, remainingMs: 60_000 }

  it('is copied by its known fields', () => {
    expect(readStoredToken({ ...good, more: 'x' }, 'maskinporten')).toEqual(good)
    expect(readStoredToken({ ...good, scopes: [] }, 'maskinporten')).toEqual({ ...good, scopes: [] })
    expect(readStoredToken({ ...good, remainingMs: 120_000 }, 'maskinporten')?.remainingMs).toBe(120_000)
    expect(readStoredToken({ ...good, lifetimeMs: 86_400_000 }, 'maskinporten')?.lifetimeMs).toBe(86_400_000)
    expect(readStoredToken({ ...good, scopes: Array(1_000).fill('a') }, 'maskinporten')?.scopes).toHaveLength(1_000)
    expect(readStoredToken({ ...good, kind: 'altinn', value: 'a.b.c' }, 'altinn')?.value).toBe('a.b.c')
  })

  it.each([
    undefined,
    null,
    'abc',
    { ...good, value: 'a b' },
    { ...good, value: undefined },
    { ...good, kind: 'altinn', value: 'a.b.c' },
    { ...good, scopes: 'a:b' },
    { ...good, scopes: undefined },
    { ...good, scopes: ['a:b', 5] },
    { ...good, scopes: Array(1_001).fill('a') },
    { ...good, lifetimeMs: 0 },
    { ...good, lifetimeMs: -1 },
    { ...good, lifetimeMs: '120000' },
    { ...good, lifetimeMs: 86_400_001 },
    { ...good, lifetimeMs: Number.NaN },
    { ...good, remainingMs: 0 },
    { ...good, remainingMs: 120_001 },
    { ...good, remainingMs: undefined },
  ])('is not %j', (stored) => {
    expect(readStoredToken(stored, 'maskinporten')).toBeUndefined()
  })

  it('is a plain object with a list of plain length', () => {
    expect(
      readStoredToken(
        Object.assign(() => undefined, good),
        'maskinporten',
      ),
    ).toBeUndefined()
    const get = (list: string[], name: string | symbol): unknown =>
      name === 'length' ? String(list.length) : Reflect.get(list, name)
    expect(readStoredToken({ ...good, scopes: new Proxy(['a:b'], { get }) }, 'maskinporten')).toBeUndefined()
  })

  it('that cannot be looked at is none, nor is such a lease', () => {
    const get = (): never => expect.fail('looked at')
    expect(readStoredToken(Object.defineProperty({ ...good }, 'value', { get }), 'maskinporten')).toBeUndefined()
    expect(isLease(Object.defineProperty({}, 'release', { get }))).toBe(false)
  })

  it('is written under a lease, which is what can be released', () => {
    expect(isLease({ release: async () => undefined })).toBe(true)
    for (const other of [
      undefined,
      null,
      'x',
      5,
      {},
      { release: 'x' },
      Object.assign(() => undefined, { release() {} }),
    ])
      expect(isLease(other)).toBe(false)
  })
})

describe('an operation of a store', () => {
  const reports: unknown[] = []
  const run = (operation: (signal: AbortSignal) => Promise<unknown>, closing?: AbortSignal): Promise<unknown> => {
    reports.length = 0
    return operate(operation, 1_000, (failure) => reports.push(failure), closing)
  }

  it('gives its answer', async () => {
    expect(await run(async () => 'x')).toBe('x')
    expect(reports).toEqual([])
  })

  it('ends when its time is up', async () => {
    vi.useFakeTimers()
    let own: AbortSignal | undefined
    const ended = run((signal) => {
      own = signal
      return new Promise(() => undefined)
    })
    await vi.advanceTimersByTimeAsync(999)
    expect(reports).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(await ended).toBe('failed')
    expect(reports).toEqual([{ reason: 'timeout' }])
    expect(own?.aborted).toBe(true)
  })

  class RedisError extends Error {}
  it.each<[string, () => unknown, object]>([
    ['a class', () => new RedisError('CANARY'), { errorName: 'RedisError' }],
    [
      'a code',
      () => Object.assign(new Error('CANARY'), { code: 'ECONNRESET' }),
      { errorName: 'Error', errorCode: 'ECONNRESET' },
    ],
    ['a code of two', () => ({ code: 'E2' }), { errorName: 'Object', errorCode: 'E2' }],
    ['a code of one', () => ({ code: 'E' }), { errorName: 'Object' }],
    ['a code in small letters', () => ({ code: 'Ecanary' }), { errorName: 'Object' }],
    ['a code with more before it', () => ({ code: 'xECONN' }), { errorName: 'Object' }],
    ['a code that is too long', () => ({ code: 'E'.repeat(32) }), { errorName: 'Object' }],
    ['a number', () => ({ code: 5 }), { errorName: 'Object' }],
    ['what becomes a code as text', () => ({ code: { toString: () => 'ECONNRESET' } }), { errorName: 'Object' }],
    ['a class that is too long', () => ({ constructor: { name: 'x'.repeat(32) } }), {}],
    ['a class that is no name', () => ({ constructor: { name: 'the CANARY' } }), {}],
    ['no class', () => Object.create(null), {}],
    ['a text', () => 'CANARY', {}],
    ['null', () => null, {}],
  ])('that fails with %s tells that alone', async (_name, thrown, names) => {
    expect(await run(() => Promise.reject(thrown()))).toBe('failed')
    expect(reports).toEqual([{ reason: 'error', ...names }])
  })

  it('that throws at once is a failure too', async () => {
    expect(await run(() => expect.fail('at once'))).toBe('failed')
    expect(reports).toHaveLength(1)
  })

  it('is blamed for nothing once all is closed, and is told why it ends', async () => {
    const closing = new AbortController()
    let own: AbortSignal | undefined
    const ended = run((signal) => {
      own = signal
      return new Promise(() => undefined)
    }, closing.signal)
    closing.abort(error)
    expect(await ended).toBe('failed')
    expect(reports).toEqual([])
    expect(own?.reason).toBe(error)
  })

  it('ends at once where all is closed already', async () => {
    let own: AbortSignal | undefined
    const ended = run((signal) => {
      own = signal
      return new Promise(() => undefined)
    }, AbortSignal.abort(error))
    expect(own?.reason).toBe(error)
    expect(await ended).toBe('failed')
    expect(reports).toEqual([])
  })

  it('leaves no timer, and nothing on the signal of its flight', async () => {
    vi.useFakeTimers()
    const { signal } = new AbortController()
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')
    expect(await run(async () => 'x', signal)).toBe('x')
    expect(vi.getTimerCount()).toBe(0)
    expect(added.mock.calls.map(([type, listener]) => [type, listener])).toEqual(
      removed.mock.calls.map(([type, listener]) => [type, listener]),
    )
  })
})

describe('the token cache', () => {
  it('drops what it knows of another client', () => {
    const cache = new TokenCache(9)
    expect(cache.useClient('one')).toBe(true)
    const entry = cache.entry('one', 'g', 'maskinporten')
    entry.held = holdToken({ token: token(), sentAt: 0, lifetimeMs: 9, durationMs: 0 })
    entry.backOff = new BackOff(time)
    entry.rejections = new Rejections(time)
    expect(entry.key).toBe('oneg')
    expect(cache.useClient('one')).toBe(false)
    expect(cache.entry('one', 'g', 'maskinporten')).toBe(entry)
    expect(cache.current(entry)).toBe(entry)
    expect(cache.useClient('two')).toBe(true)
    expect(cache.current(entry)).toBeUndefined()
    expect(entry).toMatchObject({ held: undefined, backOff: undefined, rejections: undefined })
    const late = cache.entry('one', 'g', 'maskinporten')
    expect(cache.entry('one', 'g', 'maskinporten')).not.toBe(late)
    expect(cache.entries()).toEqual([])
    cache.entry('two', 'g', 'maskinporten')
    expect(cache.current(entry)).toBeUndefined()
  })
})

describe('a token that came on another way', () => {
  const found = (value: string, sentAt: number, kind: 'maskinporten' | 'altinn' = 'maskinporten'): HeldToken =>
    holdToken({ token: token(value, kind), sentAt, lifetimeMs: 10_000, durationMs: 0 })
  const accepts = (need: Need, one: HeldToken, held?: HeldToken, by?: Need): boolean =>
    new Flight(need, time, 10_000).accepts(one, held, by)

  it('will do while it lives and is not the rejected one', () => {
    const one = found('a', time.now)
    expect(accepts({ why: 'missing' }, one)).toBe(true)
    expect(accepts({ why: 'rejected', rejected: 'a' }, one)).toBe(false)
    expect(accepts({ why: 'rejected', rejected: 'b' }, one)).toBe(true)
    now = 9_999
    expect(accepts({ why: 'missing' }, one)).toBe(true)
    now = 10_000
    expect(accepts({ why: 'missing' }, one)).toBe(false)
  })

  it('will do in a renewal only where it is another, and younger', () => {
    const held = found('a', time.now)
    expect(accepts({ why: 'renewal' }, found('b', time.now + 1), held)).toBe(true)
    expect(accepts({ why: 'renewal' }, found('b', time.now), held)).toBe(false)
    expect(accepts({ why: 'renewal' }, found('a', time.now + 1), held)).toBe(false)
    expect(accepts({ why: 'missing' }, found('a', time.now), held)).toBe(true)
    expect(accepts({ why: 'renewal' }, held)).toBe(true)
  })

  it('may be as old as it is asked for', () => {
    const one = found('a', time.now)
    now = 499
    expect(accepts({ why: 'missing', maxAgeMs: 500 }, one)).toBe(true)
    now = 500
    expect(accepts({ why: 'missing', maxAgeMs: 500 }, one)).toBe(false)
  })

  it('will not do for a rejected Altinn token, if it may come from an old Maskinporten token', () => {
    const one = found('a.b.c', time.now, 'altinn')
    expect(accepts({ why: 'rejected' }, one, undefined, { why: 'missing' })).toBe(false)
    expect(accepts({ why: 'rejected' }, one, undefined, { why: 'rejected' })).toBe(true)
    expect(accepts({ why: 'rejected' }, one)).toBe(true)
    expect(accepts({ why: 'missing' }, one, undefined, { why: 'missing' })).toBe(true)
    expect(accepts({ why: 'rejected' }, found('x', time.now), undefined, { why: 'missing' })).toBe(true)
  })
})

describe('a flight', () => {
  const take = (lifetimeMs = 120_000, durationMs = 0): HeldToken =>
    holdToken({ token: token(), sentAt: time.now, lifetimeMs, durationMs })

  it('ends at its deadline with what it waits for, or with the refusal that came before', async () => {
    vi.useFakeTimers()
    for (const refusal of [undefined, new AttemptFailed(error)]) {
      now = 0
      const flight = new Flight({ why: 'missing' }, time, 10_000)
      flight.awaits('the exchange')
      flight.refusal = refusal
      flight.follow(new Promise(() => undefined))
      now = 9_999
      expect([flight.isOverdue, flight.mayGoOn]).toEqual([false, true])
      await vi.advanceTimersByTimeAsync(9_999)
      expect(flight.isOver).toBe(false)
      now = 10_000
      expect([flight.isOverdue, flight.mayGoOn]).toEqual([true, false])
      await vi.advanceTimersByTimeAsync(1)
      const ended: unknown = await flight.outcome.catch((failure: unknown) => failure)
      if (refusal !== undefined) expect(ended).toBe(refusal)
      else expect(ended).toMatchObject({ code: 'timeout', message: expect.stringContaining('the exchange') })
      expect(flight.isOver).toBe(true)
    }
  })

  it('is abandoned where its process was suspended', async () => {
    vi.useFakeTimers()
    const flight = new Flight({ why: 'missing' }, time, 10_000)
    flight.follow(new Promise(() => undefined))
    now = 20_000
    expect(flight.wasSuspended).toBe(false)
    now = 20_001
    expect(flight.wasSuspended).toBe(true)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await flight.outcome).toBeUndefined()
  })

  it('hands over what came without life, but not what lost it on the way', async () => {
    const bare = take(5, 9)
    const late = take(5, 1)
    const follow = (held: HeldToken): Promise<HeldToken | undefined> => {
      now = 0
      const flight = new Flight({ why: 'missing' }, time, 10_000)
      now = 5
      flight.follow(Promise.resolve(held))
      return flight.outcome
    }
    expect(await follow(bare)).toBe(bare)
    expect(await follow(late)).toBeUndefined()
  })

  it('hands over what came without life in the very time of its life, and nothing after its own deadline', async () => {
    const follow = (held: HeldToken, at: number): Promise<HeldToken | undefined> => {
      now = 0
      const flight = new Flight({ why: 'missing' }, time, 10_000)
      now = at
      flight.follow(Promise.resolve(held))
      return flight.outcome
    }
    const bare = take(5, 5)
    expect(await follow(bare, 5)).toBe(bare)
    expect(await follow(bare, 9_999)).toBe(bare)
    expect(await follow(bare, 10_000)).toBeUndefined()
  })

  it('hands over the token that its work brings', async () => {
    const held = take()
    const flight = new Flight({ why: 'missing' }, time, 10_000)
    flight.follow(Promise.resolve(held))
    expect(await flight.outcome).toBe(held)
  })

  it('ends without a token when its work does', async () => {
    const flight = new Flight({ why: 'missing' }, time, 10_000)
    flight.follow(Promise.resolve(undefined))
    expect(await flight.outcome).toBeUndefined()
  })

  it('tells its refusal, if there was one, to a caller whose time is up', () => {
    const flight = new Flight({ why: 'missing' }, time, 10_000)
    expect(flight.timeoutError.code).toBe('timeout')
    flight.refusal = new AttemptFailed(error)
    expect(flight.timeoutError).toBe(error)
  })

  it('that waits for another which waits for nothing yet still says what it waits for', () => {
    const child = new Flight({ why: 'missing' }, time, 10_000)
    child.awaits('the shared store')
    new Flight({ why: 'missing' }, time, 10_000).addDependent(child)
    expect(child.timeoutError.message).toContain('while waiting for the shared store')
  })

  it('leaves no timer when it has ended, and what came first counts', async () => {
    vi.useFakeTimers()
    const flight = new Flight({ why: 'missing' }, time, 10_000)
    const held = take()
    flight.follow(Promise.reject(error))
    flight.deliver(held)
    expect(await flight.outcome).toBe(held)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('fails with what its work failed with, and gives nothing of an end that nobody looked at', async () => {
    const flight = new Flight({ why: 'missing' }, time, 10_000)
    flight.follow(Promise.reject(error))
    await expect(flight.outcome).rejects.toBe(error)
    expect([flight.isOver, flight.mayGoOn]).toEqual([true, false])
    expect(flight.givenUpAt).toBe(flight.deadline + 10)
  })

  it('that is closed ends its requests by that error', async () => {
    const flight = new Flight({ why: 'missing' }, time, 10_000)
    flight.close(error)
    expect(flight.signal.reason).toBe(error)
    expect(await flight.outcome).toBeUndefined()
  })

  it('is waited for by callers, and by those whose flights wait for it', () => {
    const parent = new Flight({ why: 'missing' }, time, 10_000)
    const child = new Flight({ why: 'missing' }, time, 10_000)
    parent.awaits('Maskinporten')
    parent.addDependent(child)
    expect(child.timeoutError.message).toContain('Maskinporten')
    expect(parent.isWaitedFor).toBe(false)
    child.waiting = 1
    expect([parent.isWaitedFor, child.isWaitedFor]).toEqual([true, true])
    parent.awaits('its answer')
    expect(child.timeoutError.message).toContain('its answer')
    child.abandon()
    expect([parent.isWaitedFor, child.isWaitedFor]).toEqual([false, false])
    parent.abandon()
    parent.awaits('nothing')
    expect(parent.timeoutError.message).toContain('its answer')
  })
})
