/** The attempts at one endpoint (token, exchange): retried after a fault, joined by another when one does not answer. */
import { MaskinportenError } from '../errors.ts'
import { SettingsReplaced } from '../grant/jwt-grant.ts'
import { AttemptFailed } from '../http/attempt-failed.ts'
import { startTimer } from '../http/timer.ts'
import type { Flight } from './flight.ts'
import { type Time, jitter } from '../time.ts'

const MAX_ATTEMPTS = 3
const RETRY_MS = 1_000
/** How long an attempt may be unanswered before the next joins it, while callers wait. */
const JOIN_MS = 3_000
const JOIN_CHECK_MS = 250

/** What the attempts of one endpoint share. */
export interface Endpoint {
  /** The last answer's duration, milliseconds. */
  lastDurationMs: number
}

/** One flight at a time may have attempts that overlap. */
export interface Joining {
  flight: Flight | undefined
}

/** @param late what an attempt still brings when the others have failed. */
export function runAttempts<T>(
  once: (sending: () => void) => Promise<T>,
  flight: Flight,
  endpoint: Endpoint,
  joining: Joining,
  time: Time,
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
      if (over) return
      over = true
      stopTimer?.()
      if (joining.flight === flight) joining.flight = undefined
      then()
    }
    const schedule = (ms: number, then: () => void): void => {
      stopTimer?.()
      stopTimer = startTimer(ms, then)
    }
    /** An attempt that by the last one's duration cannot end in time is not begun. */
    const fits = (waitMs: number): boolean =>
      begun < MAX_ATTEMPTS &&
      flight.refusal === undefined &&
      flight.mayGoOn &&
      time.now + waitMs + endpoint.lastDurationMs < flight.deadline

    const fail = (failure: unknown): void => {
      hasFailed ||= !over
      settle(() => reject(failure))
    }
    const arrive = (value: T): void => {
      if (hasFailed) late(value)
      else settle(() => resolve(value))
    }

    const begin = (): void => {
      // Closed, abandoned or past its deadline before it came to this: what is finished is kept, and nothing is begun.
      if (!flight.mayGoOn) {
        if (pending === 0) fail(last ?? new SettingsReplaced())
        return
      }
      begun++
      pending++
      waitsToRetry = false
      watch()
      once(watch).then(arrive, failed)
    }
    /** Silence counts from the sending of a request, of which an attempt may have several: another key, a repaired clock. */
    const watch = (): void => {
      if (!over && !waitsToRetry) schedule(Math.max(JOIN_MS, 2 * endpoint.lastDurationMs), join)
    }
    const join = (): void => {
      if (!fits(0)) return
      const mayJoin =
        flight.isWaitedFor && (joining.flight === undefined || !joining.flight.mayGoOn || joining.flight === flight)
      if (!mayJoin) return schedule(JOIN_CHECK_MS, join)
      joining.flight = flight
      begin()
    }
    const failed = (failure: unknown): void => {
      pending--
      last = failure
      const error = failure instanceof AttemptFailed ? failure.error : failure
      if (error instanceof MaskinportenError) flight.lastError = error
      if (!(failure instanceof AttemptFailed)) return fail(failure)
      if (!isRetryable(failure)) {
        // Nothing more is asked after a refusal, but the first good answer wins.
        flight.refusal ??= failure
        stopTimer?.()
      }
      const waitMs = flight.refusal ? 0 : Math.max(RETRY_MS * begun * jitter(), failure.retryAfterMs)
      waitsToRetry = fits(waitMs)
      if (waitsToRetry) schedule(waitMs, begin)
      else if (pending === 0) fail(flight.refusal ?? failure)
    }
    begin()
  })
}

/** Network, 429, 5xx: what another attempt may mend. */
function isRetryable(failure: AttemptFailed): boolean {
  return failure.refusal === undefined && failure.error.retryable
}
