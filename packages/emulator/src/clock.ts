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
const longestStepMs = 10 * 365.25 * 86_400_000

export interface ClockOptions {
  /** Wall clock at the start, milliseconds since the Unix epoch. Default: the machine's. */
  readonly startAt?: number | undefined
  /** Time moves by `advance` only. Default false: it runs on beside the steps. */
  readonly stopped?: boolean | undefined
}

export function createClock(options: ClockOptions = {}): EmulatorClock {
  const start = performance.now()
  const startAt = options.startAt ?? Date.now()
  let advanced = 0
  let adjusted = 0
  const elapsed = (): number => advanced + (options.stopped === true ? 0 : performance.now() - start)
  return {
    now: () => Math.floor(startAt + adjusted + elapsed()),
    monotonic: elapsed,
    advance(ms) {
      checkStep('advance', ms)
      if (ms < 0) {
        throw new RangeError('clock.advance goes forward only; use clock.adjust(ms) to set the wall clock back')
      }
      advanced += ms
    },
    adjust(ms) {
      checkStep('adjust', ms)
      adjusted += ms
    },
  }
}

function checkStep(name: 'advance' | 'adjust', ms: number): void {
  if (!(Math.abs(ms) <= longestStepMs))
    throw new RangeError(`clock.${name} takes ten years at most; give a number of milliseconds up to ${longestStepMs}`)
}
