// The attempts of one flight at one endpoint: when one is tried again, when two may overlap, and what a late answer does.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MaskinportenError } from '../../src/errors.ts'
import { StartAgain } from '../../src/grant/grant-step.ts'
import { AttemptFailed } from '../../src/http/attempt-failed.ts'
import { Time } from '../../src/time.ts'
import { Attempts, Timing } from '../../src/tokens/attempts.ts'
import { Flight } from '../../src/tokens/flight.ts'
import { VirtualTime, settle } from './virtual-time.ts'

const DEADLINE_MS = 10_000

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

/** One attempt: when it began, and how the test ends it. */
interface Attempt {
  readonly at: number
  readonly answer: (value: string) => void
  readonly fail: (failure: unknown) => void
  /** Another request of the same attempt goes out. */
  readonly sending: () => void
}

interface Running {
  readonly flight: Flight
  readonly attempts: Attempt[]
  readonly late: string[]
  readonly outcome: Promise<unknown>
}

interface Shared {
  readonly timing?: Timing
  readonly shared?: Attempts
  readonly isWaitedFor?: boolean
  readonly flight?: Flight
}

/** Of an endpoint whose last answer took so long. */
function slow(durationMs: number): Timing {
  const timing = new Timing(time)
  timing.answered(durationMs)
  return timing
}

const newFlight = (): Flight => new Flight({ why: 'missing' }, time, DEADLINE_MS)

function run({
  timing = new Timing(time),
  shared = new Attempts(time),
  isWaitedFor = true,
  flight = newFlight(),
}: Shared = {}): Running {
  const attempts: Attempt[] = []
  const late: string[] = []
  if (isWaitedFor) flight.waiting = 1
  const once = (sending: () => void): Promise<string> =>
    new Promise((answer, fail) => void attempts.push({ at: clock.monotonic(), answer, fail, sending }))
  const outcome = shared
    .run(once, flight, timing, (value) => void late.push(value))
    .catch((failure: unknown) => failure)
  return { flight, attempts, late, outcome }
}

const down = new MaskinportenError('token_unavailable', 'down', { retryable: true, status: 503 })
const refused = new MaskinportenError('token_refused', 'no such scope')
const outage = (): AttemptFailed => new AttemptFailed(down)
const refusal = (): AttemptFailed => new AttemptFailed(refused, undefined, 'other')
const begunAt = ({ attempts }: Running): number[] => attempts.map(({ at }) => at)

describe('an attempt that fails', () => {
  it('is tried again after one second, then after two, three times in all', async () => {
    const running = run()
    for (const waitMs of [1_000, 2_000, 5_000]) {
      running.attempts.at(-1)?.fail(outage())
      await clock.advance(waitMs)
    }
    expect(begunAt(running)).toEqual([0, 1_000, 3_000])
    expect(await running.outcome).toMatchObject({ error: down })
    expect(running.flight.lastError).toBe(down)
    expect(clock.armed).toBe(0)
  })

  it('waits a tenth more or less, so that a fleet does not ask in step', async () => {
    vi.mocked(Math.random).mockReturnValue(1)
    const running = run()
    running.attempts[0]?.fail(outage())
    await clock.advance(1_099)
    expect(running.attempts).toHaveLength(1)
    await clock.advance(2)
    expect(running.attempts).toHaveLength(2)
  })

  it('waits as long as the server asks', async () => {
    const running = run()
    running.attempts[0]?.fail(Object.assign(outage(), { retryAfterMs: 4_000 }))
    await clock.advance(9_000)
    expect(begunAt(running).slice(0, 2)).toEqual([0, 4_000])
  })

  it('is not tried again when the answer would come too late, if the endpoint takes as long as last time', async () => {
    for (const [failsAt, attempts] of [
      [3_999, 2],
      [4_000, 1],
    ] as const) {
      const running = run({ timing: slow(5_000) })
      await clock.advance(failsAt)
      running.attempts[0]?.fail(outage())
      await clock.advance(1_001)
      expect(running.attempts).toHaveLength(attempts)
    }
  })

  it('is not tried again after a refusal, whoever could mend it', async () => {
    for (const kind of ['key', 'time', 'other'] as const) {
      const running = run()
      const failure = new AttemptFailed(down, undefined, kind)
      running.attempts[0]?.fail(failure)
      expect(await running.outcome).toBe(failure)
      await clock.advance(9_000)
      expect(running.attempts).toHaveLength(1)
    }
  })

  it('is not tried again, and leaves no timer, when all was closed meanwhile', async () => {
    const running = run()
    running.flight.close(down)
    const failure = outage()
    running.attempts[0]?.fail(failure)
    await settle()
    expect(clock.armed).toBe(0)
    expect(await running.outcome).toBe(failure)
  })

  it('is the end when its flight was given up before the next attempt', async () => {
    const running = run()
    const failure = outage()
    running.attempts[0]?.fail(failure)
    await clock.advance(500)
    running.flight.abandon()
    await clock.advance(500)
    expect(await running.outcome).toBe(failure)
    expect(running.attempts).toHaveLength(1)
  })

  it('is not the end while another attempt may still be answered', async () => {
    const running = run()
    await clock.advance(3_000)
    running.attempts[1]?.fail(outage())
    await clock.advance(500)
    running.flight.abandon()
    await clock.advance(2_000)
    running.attempts[0]?.answer('token')
    expect(await running.outcome).toBe('token')
    expect(running.late).toEqual([])
    expect(running.attempts).toHaveLength(2)
  })

  it('is not begun at all on a flight that is over', async () => {
    const flight = newFlight()
    flight.abandon()
    const running = run({ flight })
    expect(await running.outcome).toBeInstanceOf(StartAgain)
    expect(running.attempts).toEqual([])
  })
})

describe('an attempt without an answer', () => {
  it('gets another beside it every three seconds, three in all', async () => {
    const running = run()
    await clock.advance(9_900)
    expect(begunAt(running)).toEqual([0, 3_000, 6_000])
  })

  it('gets another only after twice the time that the endpoint took for its last answer', async () => {
    const running = run({ timing: slow(2_000) })
    await clock.advance(9_900)
    expect(begunAt(running)).toEqual([0, 4_000])
  })

  it('has its three seconds again when the last answer, a slow one, came five minutes ago', async () => {
    const timing = slow(14_000)
    await clock.advance(300_000)
    const running = run({ timing })
    await clock.advance(9_900)
    expect(begunAt(running)).toEqual([300_000, 303_000, 306_000])
  })

  it('has its three seconds from the last request that it sent', async () => {
    const running = run()
    await clock.advance(2_000)
    running.attempts[0]?.sending()
    await clock.advance(3_500)
    expect(begunAt(running)).toEqual([0, 5_000])
  })

  it('that was a second try gets another beside it too', async () => {
    const running = run()
    running.attempts[0]?.fail(outage())
    await clock.advance(4_500)
    expect(begunAt(running)).toEqual([0, 1_000, 4_000])
  })

  it('gets none while nobody waits: a quarter of a second after somebody does', async () => {
    const running = run({ isWaitedFor: false })
    await clock.advance(5_100)
    expect(running.attempts).toHaveLength(1)
    running.flight.waiting = 1
    await clock.advance(1_000)
    expect(begunAt(running)).toEqual([0, 5_250])
  })

  it('gets none while the attempts of another flight overlap, until that one has ended', async () => {
    const other = newFlight()
    const shared = new Attempts(time)
    shared.overlapping = other
    const running = run({ shared })
    await clock.advance(4_000)
    expect(running.attempts).toHaveLength(1)
    other.abandon()
    await clock.advance(250)
    expect(begunAt(running)).toEqual([0, 4_000 + 250])
    expect(shared.overlapping).toBe(running.flight)
    running.attempts[0]?.answer('token')
    expect(await running.outcome).toBe('token')
    expect(shared.overlapping).toBeUndefined()
  })

  it('of one flight ends no overlap of another', async () => {
    const shared = new Attempts(time)
    const other = (shared.overlapping = newFlight())
    const running = run({ shared })
    running.attempts[0]?.answer('token')
    await running.outcome
    expect(shared.overlapping).toBe(other)
  })

  it('gets none too late for an answer', async () => {
    const running = run({ timing: slow(4_900) })
    await clock.advance(9_900)
    expect(running.attempts).toHaveLength(1)
    expect(clock.armed).toBe(0)
  })
})

describe('of attempts that overlap', () => {
  it('the first answer counts, and no timer is left', async () => {
    const running = run()
    await clock.advance(3_000)
    running.attempts[1]?.answer('second')
    expect(await running.outcome).toBe('second')
    running.attempts[0]?.answer('first')
    running.attempts[0]?.sending()
    await settle()
    expect(running.late).toEqual([])
    expect(clock.armed).toBe(0)
  })

  it('one that fails is tried again at its time, whatever another one sends meanwhile', async () => {
    const running = run()
    await clock.advance(3_000)
    running.attempts[1]?.fail(outage())
    await clock.advance(1_000)
    running.attempts[0]?.sending()
    await clock.advance(1_000)
    expect(begunAt(running)).toEqual([0, 3_000, 5_000])
  })

  it('one that is refused leaves the other its time, and nothing more is asked', async () => {
    const running = run()
    await clock.advance(3_000)
    const failure = refusal()
    running.attempts[1]?.fail(failure)
    await clock.advance(4_000)
    expect(running.flight.refusal).toBe(failure)
    running.attempts[0]?.answer('token')
    expect(await running.outcome).toBe('token')
    expect(running.attempts).toHaveLength(2)
  })

  it('the first refusal is told, also when the other fails otherwise', async () => {
    const running = run()
    await clock.advance(3_000)
    const failure = refusal()
    running.attempts[1]?.fail(failure)
    await settle()
    running.attempts[0]?.fail(outage())
    expect(await running.outcome).toBe(failure)
  })

  it('one that a host interrupts ends the flight, and the other’s answer is kept as a late one', async () => {
    const running = run()
    await clock.advance(3_000)
    const interruption = Object.assign(new Error('a page'), { digest: 'NEXT_NOT_FOUND' })
    running.attempts[1]?.fail(interruption)
    expect(await running.outcome).toBe(interruption)
    expect(running.flight.lastError).toBeUndefined()
    running.attempts[0]?.answer('late')
    await settle()
    expect(running.late).toEqual(['late'])
  })

  it('none is late after a good one, even if another was interrupted since', async () => {
    const running = run()
    await clock.advance(6_000)
    running.attempts[2]?.answer('third')
    await running.outcome
    running.attempts[1]?.fail(new Error('a page'))
    await settle()
    running.attempts[0]?.answer('first')
    await settle()
    expect(running.late).toEqual([])
  })
})
