/** Where one process runs: its two clocks, and what can happen to it as a whole. */
import type { Clock } from '@maskinporten-kit/core'
import type { Timeline, Timer } from './timeline.ts'

export const WORLD_BEGAN: number = Date.UTC(2026, 0, 1)

export class Machine implements Clock {
  readonly name: string
  /** Killed: nothing of it runs any more. */
  isGone = false
  /** How far its wall clock is off, milliseconds. */
  wallShift = 0
  /** How long it was suspended in all: its monotonic clock stood still, and its timers with it. */
  suspendedMs = 0
  /**
   * How much of that the line of time cannot see: the wall clock had been ahead and was put back, and a suspension shorter
   * than that brings no lead that is larger (docs/decisions/0002-one-line-of-time.md).
   */
  unseenMs = 0
  /** When it last began or ended to be frozen, suspended, or its clock to be wrong. */
  disturbedAt: number = Number.NEGATIVE_INFINITY
  /** The services that it cannot reach. */
  readonly cutOffFrom: Set<string> = new Set()
  readonly #timeline: Timeline
  readonly #bootedAt: number
  #frozenUntil = 0
  #frozenMs = 0
  #lead = Number.NEGATIVE_INFINITY

  constructor(name: string, timeline: Timeline) {
    this.name = name
    this.#timeline = timeline
    this.#bootedAt = timeline.now
  }

  now(): number {
    return WORLD_BEGAN + this.#timeline.now + this.wallShift
  }

  monotonic(): number {
    return this.#timeline.now - this.#bootedAt - this.suspendedMs
  }

  /** The line of time of design §5, seen by somebody who looks at both clocks all the time. */
  get line(): number {
    const monotonic = this.monotonic()
    this.#lead = Math.max(this.#lead, this.now() - monotonic)
    return monotonic + this.#lead
  }

  /** How long nothing of it has run, in all. */
  get frozenMs(): number {
    return this.#frozenMs
  }

  get isFrozen(): boolean {
    return this.#timeline.now < this.#frozenUntil
  }

  setWall(shift: number): void {
    this.disturbedAt = this.#timeline.now
    this.wallShift = shift
    void this.line
  }

  /** Stopped (SIGSTOP): its clocks go on. Suspended (a laptop, a snapshot): its monotonic clock stands still too. */
  freeze(ms: number, isSuspended: boolean): void {
    const { now } = this.#timeline
    const until = Math.max(this.#frozenUntil, now + ms)
    const added = until - Math.max(this.#frozenUntil, now)
    this.#frozenUntil = until
    this.#frozenMs += added
    if (isSuspended) {
      void this.line
      this.unseenMs += Math.min(added, this.#lead - (this.now() - this.monotonic()))
      this.suspendedMs += added
    }
    this.disturbedAt = until
  }

  /** When a timer that is due runs instead; `undefined`: now. */
  postponed(timer: Timer): number | undefined {
    const { suspendedMs } = timer
    if (suspendedMs !== undefined && suspendedMs < this.suspendedMs) {
      timer.suspendedMs = this.suspendedMs
      return Math.max(timer.at + this.suspendedMs - suspendedMs, this.#frozenUntil)
    }
    return timer.at < this.#frozenUntil ? this.#frozenUntil : undefined
  }
}
