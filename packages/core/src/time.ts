/**
 * One line of time, by which lives, waits and back-offs are measured: the monotonic clock plus the largest lead of the wall
 * clock over it that was seen. It follows a wall clock that is set on, or that went on while the process was suspended, and
 * it is never set back. See docs/decisions/0002-one-line-of-time.md.
 */
import { type Clock, systemClock } from './clock.ts'

/** How long a reading of the system's wall clock serves, milliseconds: a read costs as much as the rest of a cached call. */
const WALL_READING_MS = 1
/** Fake timers of a test replace it, and then move it by hand. */
const SystemDate = Date

export class Time {
  readonly clock: Clock
  #lead = Number.NEGATIVE_INFINITY
  #wallReadAt = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** On the line of time, milliseconds since the Unix epoch. */
  get now(): number {
    const monotonic = this.clock.monotonic()
    if (!this.#isReadingFresh(monotonic)) {
      this.#wallReadAt = monotonic
      const lead = this.clock.now() - monotonic
      if (lead > this.#lead) this.#lead = lead
    }
    return monotonic + this.#lead
  }

  /** What the wall clock shows, milliseconds since the Unix epoch: for what others read, such as a claim or an event. */
  get wall(): number {
    return this.clock.now()
  }

  /** Starts to measure a duration, milliseconds. It does not count what a wall clock was set on, nor the sleep of a machine. */
  stopwatch(): () => number {
    const startedAt = this.clock.monotonic()
    return () => this.clock.monotonic() - startedAt
  }

  #isReadingFresh(monotonic: number): boolean {
    const age = monotonic - this.#wallReadAt
    // A monotonic clock that stands still is a test's, or that of Workers, where a read costs nothing.
    return age > 0 && age < WALL_READING_MS && this.clock === systemClock && Date === SystemDate
  }
}

const JITTER = 0.1

/** A factor of 0.9 to 1.1, so that a fleet does not ask in step. */
export function jitter(): number {
  return 1 - JITTER + 2 * JITTER * Math.random()
}
