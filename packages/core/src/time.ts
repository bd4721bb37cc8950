/** Reading the two clocks, and asking whether something is over. */
import { type Clock, systemClock } from './clock.ts'

/** A moment on both clocks, reached when either says so. */
export interface Moment {
  readonly monotonic: number
  /** Milliseconds since the Unix epoch. */
  readonly wall: number
}

/** When the request of a token was sent, on both clocks. Beside others of its object, since there is one for each token. */
export interface Sent {
  readonly sentMonotonic: number
  /** Milliseconds since the Unix epoch. */
  readonly sentAt: number
}

/** How long a reading of the real wall clock serves, milliseconds: a read costs as much as the rest of a cached call. */
const WALL_READING_MS = 1

export class Time {
  readonly clock: Clock
  readonly #slack: number
  #wall = 0
  #wallReadAt = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.clock = clock
    // A clock of the caller's own may be moved by hand between two calls.
    this.#slack = clock === systemClock ? WALL_READING_MS : 0
  }

  get monotonic(): number {
    return this.clock.monotonic()
  }

  get wall(): number {
    return this.clock.now()
  }

  isBefore({ monotonic, wall }: Moment): boolean {
    return this.#isBefore(monotonic, wall)
  }

  isYounger({ sentMonotonic, sentAt }: Sent, ms: number): boolean {
    return this.#isBefore(sentMonotonic + ms, sentAt + ms)
  }

  /** Hot path: one clock read in most calls. */
  #isBefore(monotonicEnd: number, wallEnd: number): boolean {
    const monotonic = this.clock.monotonic()
    if (monotonic >= monotonicEnd) return false
    const age = monotonic - this.#wallReadAt
    // Below zero where somebody took `performance` over, as a test's fake timers do.
    if (!(age >= 0 && age < this.#slack)) {
      this.#wall = this.clock.now()
      this.#wallReadAt = monotonic
    }
    return this.#wall < wallEnd
  }

  /** How long ago something was sent. */
  ageOf({ sentMonotonic, sentAt }: Sent): number {
    return this.since({ monotonic: sentMonotonic, wall: sentAt })
  }

  after(ms: number): Moment {
    return { monotonic: this.monotonic + ms, wall: this.wall + ms }
  }

  /** What remains until the earlier of the two, milliseconds, never below 0. */
  until(moment: Moment): number {
    return Math.max(0, Math.min(moment.monotonic - this.monotonic, moment.wall - this.wall))
  }

  /** What has passed since, on the clock that says more: waits and lives are over when either clock says so. */
  since(moment: Moment): number {
    return Math.max(0, this.monotonic - moment.monotonic, this.wall - moment.wall)
  }
}

const JITTER = 0.1

/** A factor of 0.9 to 1.1, so that a fleet does not ask in step. */
export function jitter(): number {
  return 1 - JITTER + 2 * JITTER * Math.random()
}
