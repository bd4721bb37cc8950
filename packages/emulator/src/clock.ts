/** The emulator's two clocks. A client that is given this object lives in the emulator's time; one that is not has skew. */
export interface EmulatorClock {
  /** Wall clock, milliseconds since the Unix epoch. Every `Date` header, `iat` and `exp` of the emulator follows it. */
  now(): number
  /** Milliseconds since the emulator started; never goes back. */
  monotonic(): number
  /** Moves both clocks forward by `ms` milliseconds. @throws RangeError for a negative step, or one of more than ten years. */
  advance(ms: number): void
  /** Sets the wall clock alone forward or, with a negative number, back, as NTP does: milliseconds. @throws RangeError for more than ten years. */
  adjust(ms: number): void
}

/** Beyond the year 275760 there is no Date, and a step of that size is a wrong unit. */
export const longestStepMs: number = 10 * 365.25 * 86_400_000

export interface ClockOptions {
  /** Wall clock at the start, milliseconds since the Unix epoch. Default: the machine's. */
  readonly startAt?: number | undefined
  /** Time moves by `advance` only. Default false: it runs on beside the steps. */
  readonly stopped?: boolean | undefined
}

export interface ResettableClock extends EmulatorClock {
  /** The wall clock goes back to where it would be without a step. `monotonic` stays, since it never goes back. */
  reset(): void
  /** Calls the listener after each `advance`, for what was due meanwhile. */
  onAdvance(listener: () => void): void
}

export function createClock(options: ClockOptions = {}): ResettableClock {
  const { startAt, stopped = false } = options
  const running = createStopwatch()
  const elapsed = stopped ? () => 0 : running
  const begun = Date.now()
  // Without a time of its own it follows the machine's, and with it the fake timers of a test in the same process.
  const base = startAt === undefined && !stopped ? () => Date.now() : () => (startAt ?? begun) + elapsed()
  let advanced = 0
  let adjusted = 0
  const listeners: (() => void)[] = []
  return {
    now: () => Math.floor(base() + adjusted + advanced),
    monotonic: () => advanced + elapsed(),
    advance(ms) {
      advanced += ms
      for (const listener of listeners) listener()
    },
    onAdvance: (listener) => void listeners.push(listener),
    adjust(ms) {
      adjusted += ms
    },
    reset() {
      adjusted = -advanced
    },
  }
}

/** Milliseconds since it was made. Fake timers put another `performance.now` in the place, whose zero is another one: then it goes on from where it was. */
function createStopwatch(): () => number {
  let source: unknown = Reflect.get(performance, 'now')
  let last = performance.now()
  let total = 0
  return () => {
    const current: unknown = Reflect.get(performance, 'now')
    const at = performance.now()
    if (current === source) total += Math.max(0, at - last)
    source = current
    last = at
    return total
  }
}

/** The machine's wall clock, also where a test has put a fake `Date` in the place: TLS knows no other. */
export const machineNow: () => number = Date.now.bind(Date)
