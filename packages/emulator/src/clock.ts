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
}

export function createClock(options: ClockOptions = {}): ResettableClock {
  const start = performance.now()
  const startAt = options.startAt ?? Date.now()
  let advanced = 0
  let adjusted = 0
  const elapsed = (): number => advanced + (options.stopped === true ? 0 : performance.now() - start)
  return {
    now: () => Math.floor(startAt + adjusted + elapsed()),
    monotonic: elapsed,
    advance(ms) {
      advanced += ms
    },
    adjust(ms) {
      adjusted += ms
    },
    reset() {
      adjusted = -advanced
    },
  }
}
