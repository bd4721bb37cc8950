// What becomes of flights: who gets their token, what a failure leaves behind, and which of them are forgotten.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAccessToken } from '../../src/access-token.ts'
import { MaskinportenError, type MaskinportenErrorCode } from '../../src/errors.ts'
import { toGrant } from '../../src/grant/token-request.ts'
import { HealthMonitor } from '../../src/health.ts'
import { AttemptFailed, type RefusalKind } from '../../src/http/attempt-failed.ts'
import { Time } from '../../src/time.ts'
import { BackOff } from '../../src/tokens/back-off.ts'
import { NothingToExchange } from '../../src/tokens/failure.ts'
import { Flight, type Need } from '../../src/tokens/flight.ts'
import { Flights } from '../../src/tokens/flights.ts'
import { type HeldToken, holdToken } from '../../src/tokens/held-token.ts'
import { grantIdentity, settingsIdentity } from '../../src/tokens/identity.ts'
import { Rejections } from '../../src/tokens/rejection.ts'
import { type Job, Steps } from '../../src/tokens/steps.ts'
import { TokenCache } from '../../src/tokens/token-cache.ts'
import { VirtualTime, settle } from './virtual-time.ts'
import { FakeSettings } from './world.ts'

const TIMEOUT_MS = 10_000
const SETTINGS = new FakeSettings({}).current() ?? expect.fail('no settings')

let clock: VirtualTime
let timers: Disposable
let time: Time
beforeEach(() => {
  // The jitter is 1.
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  clock = new VirtualTime()
  timers = clock.install()
  time = new Time(clock)
})
afterEach(() => {
  timers[Symbol.dispose]()
  vi.restoreAllMocks()
})

interface Opened {
  readonly flights: Flights
  readonly cache: TokenCache
  readonly health: HealthMonitor
  readonly job: (kind?: 'maskinporten' | 'altinn') => Job
}

/** @param work what a flight does instead of asking. */
function open(work: () => Promise<HeldToken | undefined> = () => new Promise(() => {})): Opened {
  const cache = new TokenCache(100)
  const client = settingsIdentity(SETTINGS)
  cache.useClient(client)
  const health = new HealthMonitor(() => time.wall)
  vi.spyOn(Steps.prototype, 'acquire').mockImplementation(work)
  const provider = { current: () => SETTINGS }
  const flights = new Flights({
    time,
    timeoutMs: TIMEOUT_MS,
    provider,
    cache,
    health,
    store: undefined,
    sender: { time, fetch: undefined },
    grant: { prepare: () => new Promise(() => {}) },
    emit: () => {},
  })
  const job = (kind: 'maskinporten' | 'altinn' = 'maskinporten'): Job => {
    const request = { scopes: ['a:b'], kind }
    const grant = toGrant(request)
    return { request, grant, settings: SETTINGS, entry: cache.entry(client, grantIdentity(grant), kind) }
  }
  return { flights, cache, health, job }
}

const take = (value: string, sentAt = time.now, lifetimeMs = 120_000): HeldToken =>
  holdToken({ token: createAccessToken({ value }), sentAt, lifetimeMs, durationMs: 0 })

const MISSING: Need = { why: 'missing' }
const flightOf = (need: Need): Flight => new Flight(need, time, TIMEOUT_MS)

describe('a token that arrives', () => {
  it('is kept, ends the pause and the alarm, and goes to who waits', async () => {
    const { flights, health, job } = open()
    const { entry } = job()
    const error = new MaskinportenError('token_unavailable', 'down', { retryable: true })
    entry.backOff = new BackOff(time)
    health.failed('tokens', error)
    const waiting = (entry.flight = flightOf(MISSING))
    const held = take('a')
    flights.arrived(entry, held, flightOf(MISSING))
    expect(entry.held).toBe(held)
    expect(entry.backOff).toBeUndefined()
    expect(health.read(() => true).status).toBe('ok')
    expect(await waiting.outcome).toBe(held)
  })

  it('never replaces a younger one, and replaces one of the same moment', () => {
    const { flights, job } = open()
    const { entry } = job()
    const younger = take('younger', time.now)
    flights.arrived(entry, younger, flightOf(MISSING))
    flights.arrived(entry, take('older', time.now - 1), flightOf(MISSING))
    expect(entry.held).toBe(younger)
    const same = take('same', time.now)
    flights.arrived(entry, same, flightOf(MISSING))
    expect(entry.held).toBe(same)
  })

  it('replaces one that has expired, whatever the order in which they were asked for', () => {
    const { flights, job } = open()
    const { entry } = job()
    flights.arrived(entry, take('short', time.now, 1_000), flightOf(MISSING))
    clock.freeze(1_000)
    const older = take('long', time.now - 2_000)
    flights.arrived(entry, older, flightOf(MISSING))
    expect(entry.held).toBe(older)
  })

  it('without any life left is not kept, and ends no pause and no alarm', () => {
    const { flights, health, job } = open()
    const { entry } = job()
    entry.backOff = new BackOff(time)
    health.failed('tokens', new MaskinportenError('token_unavailable', 'down'))
    flights.arrived(entry, take('expired', time.now - 120_000), flightOf(MISSING))
    expect(entry.held).toBeUndefined()
    expect(entry.backOff).toBeDefined()
    expect(health.read(() => false).status).toBe('failing')
  })

  it('does not go to those who said that it was rejected', async () => {
    const { flights, job } = open()
    const { entry } = job()
    entry.flight = flightOf({ why: 'rejected', rejected: 'a' })
    flights.arrived(entry, take('a'), flightOf(MISSING))
    await settle()
    expect(entry.flight.isOver).toBe(false)
  })

  it('after a rejection begins its cool-down, whichever flight it came by', () => {
    const rejected: Need = { why: 'rejected', rejected: 'old' }
    for (const [waits, by, begins] of [
      [MISSING, MISSING, false],
      [MISSING, rejected, true],
      [rejected, MISSING, true],
      [undefined, MISSING, false],
      [undefined, rejected, true],
    ] as const) {
      const { flights, job } = open()
      const { entry } = job()
      entry.rejections = new Rejections(time)
      entry.flight = waits && flightOf(waits)
      flights.arrived(entry, take('new'), flightOf(by))
      expect(entry.rejections.report('new')).toBe(!begins)
    }
  })
})

describe('the flight of an identity', () => {
  it('given up for an older one stays', () => {
    const { flights, job } = open()
    const { entry } = job()
    const old = flightOf(MISSING)
    const flight = (entry.flight = flightOf(MISSING))
    flights.abandon(entry, old)
    expect([entry.flight, old.isOver, flight.isOver]).toEqual([flight, true, false])
    flights.abandon(entry)
    expect([entry.flight, flight.isOver]).toEqual([undefined, true])
  })

  it('that is over takes no newer one with it', async () => {
    const { flights, job } = open()
    const one = job()
    const old = flights.start(one, MISSING)
    old.abandon()
    const newer = flights.start(one, MISSING)
    await settle()
    expect(one.entry.flight).toBe(newer)
  })

  it('that never ends is forgotten one minute after its deadline, with the next that begins', () => {
    for (const [ageMs, isForgotten] of [
      [TIMEOUT_MS + 59_999, false],
      [TIMEOUT_MS + 60_000, true],
    ] as const) {
      const { flights, job } = open()
      const dead = flights.start(job(), MISSING)
      clock.freeze(ageMs)
      flights.start(job('altinn'), MISSING)
      flights.close(new MaskinportenError('closed', 'closed'))
      expect(dead.signal.aborted).toBe(!isForgotten)
    }
  })

  it('that was just begun is ended by close(), and given up when the client changes', async () => {
    const { flights, job } = open()
    const flight = flights.start(job(), MISSING)
    flights.abandonAll()
    expect([flight.isOver, flight.signal.aborted]).toEqual([true, false])
    flights.close(new MaskinportenError('closed', 'closed'))
    expect(flight.signal.aborted).toBe(true)
  })
})

describe('a failure', () => {
  const fail = async (failure: unknown): Promise<Opened> => {
    const opened = open(() => Promise.reject(failure))
    await opened.flights.start(opened.job(), MISSING).outcome.catch(() => undefined)
    await settle()
    return opened
  }
  const ours = (code: MaskinportenErrorCode, retryable: boolean): MaskinportenError =>
    new MaskinportenError(code, 'x', { retryable })
  const attempt = (retryable: boolean, refusal?: RefusalKind): AttemptFailed =>
    new AttemptFailed(ours('token_refused', retryable), undefined, refusal)

  /** How long nothing is asked after six failures, seconds. */
  const pauseAfterSix = async (failure: unknown): Promise<number> => {
    const { flights, job } = open(() => Promise.reject(failure))
    for (let n = 0; n < 6; n++) {
      await flights.start(job(), MISSING).outcome.catch(() => undefined)
      await settle()
    }
    let seconds = 0
    for (; flights.backOff(job(), false) !== undefined; seconds++) clock.freeze(1_000)
    return seconds
  }

  it.each<[string, unknown, number]>([
    ['that may pass', ours('token_unavailable', true), 5],
    ['that will not pass', ours('metadata_invalid', false), 30],
    ['of the kind that only a person can mend', attempt(false, 'other'), 30],
    ['of a key, which becomes known by itself', attempt(false, 'key'), 5],
    ['of the time', attempt(false, 'time'), 5],
    ['that may pass, with a refusal', attempt(true, 'other'), 5],
    ['for which the server asks for twenty seconds', Object.assign(attempt(true), { retryAfterMs: 20_000 }), 20],
  ])('%s: six of them pause the requests for as long', async (_, failure, seconds) => {
    expect(await pauseAfterSix(failure)).toBe(seconds)
  })

  it.each<[string, unknown, 'ok' | 'failing']>([
    ['an outage', attempt(true), 'failing'],
    ['all keys refused', attempt(false, 'key'), 'failing'],
    ['metadata that cannot be used', ours('metadata_invalid', false), 'failing'],
    ['the refusal of one request', attempt(false, 'other'), 'ok'],
    ['an error of the host', new Error('a page'), 'ok'],
    [
      'a Maskinporten token that could not be had, which its own flight counts',
      new NothingToExchange(attempt(true)),
      'ok',
    ],
  ])('counts for the health: %s', async (_, failure, status) => {
    expect((await fail(failure)).health.read(() => false).status).toBe(status)
  })

  it('of the host, or of the Maskinporten token’s flight, begins no pause of its own', async () => {
    for (const failure of [new Error('a page'), new NothingToExchange(attempt(true))]) {
      const { flights, job } = await fail(failure)
      expect(flights.backOff(job(), false)).toBeUndefined()
      expect(job().entry.backOff).toBeUndefined()
    }
  })

  it('of the Maskinporten token holds its exchange back, unless a valid token or a flight is there', async () => {
    const { flights, job } = await fail(attempt(true))
    const parent = job().entry
    expect(flights.backOff(job('altinn'), false)).toMatchObject({ code: 'token_refused' })
    parent.flight = flightOf(MISSING)
    expect(flights.backOff(job('altinn'), false)).toBeUndefined()
    parent.flight = undefined
    parent.held = take('valid')
    expect(flights.backOff(job('altinn'), false)).toBeUndefined()
    expect(flights.backOff(job(), false)).toMatchObject({ code: 'token_refused' })
  })
})
