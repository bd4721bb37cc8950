/**
 * The attempts at one endpoint (token or exchange). A failed attempt is tried again. While an attempt is unanswered, another
 * may start beside it.
 */
import { MaskinportenError } from '../errors.ts'
import { StartAgain } from '../grant/grant-step.ts'
import { AttemptFailed } from '../http/attempt-failed.ts'
import { startTimer } from '../timer.ts'
import { type Flight, JOIN_MS } from './flight.ts'
import { type Time, jitter } from '../time.ts'

const MAX_ATTEMPTS = 3
const RETRY_MS = 1_000
const JOIN_CHECK_MS = 250

/** An endpoint that was slow may have been slow for once: after so long its last answer says nothing of the next one. */
const FORGOTTEN_AFTER_MS = 5 * 60_000

/** How fast one endpoint answers. All attempts at the endpoint share it. */
export class Timing {
  readonly #time: Time
  #durationMs = 0
  #at = 0

  constructor(time: Time) {
    this.#time = time
  }

  answered(durationMs: number): void {
    this.#durationMs = durationMs
    this.#at = this.#time.now
  }

  /** How long the endpoint took for its last answer, milliseconds; 0 when that is too long ago. */
  get lastDurationMs(): number {
    return this.#time.now - this.#at < FORGOTTEN_AFTER_MS ? this.#durationMs : 0
  }
}

export class Attempts {
  readonly #time: Time
  /** The flight whose attempts overlap now: one flight at a time, so that a slow server gets few extra requests. */
  overlapping: Flight | undefined

  constructor(time: Time) {
    this.#time = time
  }

  /** @param late called with an answer that comes after `run` has rejected. */
  run<T>(
    once: (sending: () => void) => Promise<T>,
    flight: Flight,
    timing: Timing,
    late: (value: T) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      let begun = 0
      let pending = 0
      let over = false
      let hasFailed = false
      let waitsToRetry = false
      let last: unknown
      let stopTimer: (() => void) | undefined

      const settle = (then: () => void): void => {
        over = true
        stopTimer?.()
        if (this.overlapping === flight) this.overlapping = undefined
        then()
      }
      const schedule = (ms: number, then: () => void): void => {
        stopTimer?.()
        stopTimer = startTimer(ms, then)
      }
      /** Whether another attempt can end before the deadline, if the endpoint takes as long as last time. */
      const fits = (waitMs: number): boolean =>
        begun < MAX_ATTEMPTS &&
        flight.refusal === undefined &&
        flight.mayGoOn &&
        this.#time.now + waitMs + timing.lastDurationMs < flight.deadline

      const fail = (failure: unknown): void => {
        hasFailed ||= !over
        settle(() => reject(failure))
      }
      const arrive = (value: T): void => {
        if (hasFailed) late(value)
        else settle(() => resolve(value))
      }

      const begin = (): void => {
        // The flight was closed, abandoned or past its deadline before this attempt: no request is sent.
        if (!flight.mayGoOn) {
          if (pending === 0) fail(last ?? new StartAgain())
          return
        }
        begun++
        pending++
        waitsToRetry = false
        watch()
        once(watch).then(arrive, failed)
      }
      /**
       * Starts the wait for an answer again. One attempt may send several requests: with another key, or after a clock repair.
       */
      const watch = (): void => {
        if (!over && !waitsToRetry) schedule(Math.max(JOIN_MS, 2 * timing.lastDurationMs), join)
      }
      const join = (): void => {
        if (!fits(0)) return
        const other = this.overlapping
        const mayJoin = flight.isWaitedFor && (other === undefined || !other.mayGoOn || other === flight)
        if (!mayJoin) return schedule(JOIN_CHECK_MS, join)
        this.overlapping = flight
        begin()
      }
      const failed = (failure: unknown): void => {
        pending--
        last = failure
        const error = failure instanceof AttemptFailed ? failure.error : failure
        if (error instanceof MaskinportenError) flight.lastError = error
        if (!(failure instanceof AttemptFailed)) return fail(failure)
        if (!mayPass(failure)) {
          // After a refusal no new attempt starts. An attempt that is still unanswered may bring a token.
          flight.refusal ??= failure
        }
        const waitMs = Math.max(RETRY_MS * begun * jitter(), failure.retryAfterMs)
        waitsToRetry = fits(waitMs)
        if (waitsToRetry) schedule(waitMs, begin)
        else if (pending === 0) fail(flight.refusal ?? failure)
      }
      begin()
    })
  }
}

/** After a network fault, a 429 or a 5xx another attempt may succeed. */
function mayPass({ refusal, error }: AttemptFailed): boolean {
  return refusal === undefined && error.retryable
}
