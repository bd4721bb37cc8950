/** A token in the cache with its windows, on both clocks. */
import { type Moment, jitter } from '../time.ts'
import type { AccessToken } from '../token-source.ts'

/** How and when a token came. Times: wall clock in milliseconds since the Unix epoch, and monotonic milliseconds. */
export interface Obtained {
  readonly token: AccessToken
  readonly lifetimeMs: number
  readonly sentAt: number
  readonly sentMonotonic: number
  /** How long it took to get, for the renewal that must begin in time. */
  readonly durationMs: number
}

export interface HeldToken extends Obtained {
  /** The same promise for every caller. */
  readonly promise: Promise<AccessToken>
  /** A background renewal begins at the first call from here on. */
  readonly renewFrom: Moment
  /** From here on a caller may wait for a young renewal. */
  readonly waitFrom: Moment
  readonly expires: Moment
}

const WINDOW_SHARE = 1 / 4
const WINDOW_MAX_MS = 600_000
const WAIT_SHARE = 1 / 10
const WAIT_MAX_MS = 5_000

/** The windows grow with the lifetime, so that a token of five seconds is cached too. The jitter is drawn once a token. */
export function holdToken(obtained: Obtained): HeldToken {
  const { lifetimeMs, sentAt, sentMonotonic, durationMs, token } = obtained
  const share = Math.min(lifetimeMs * WINDOW_SHARE, WINDOW_MAX_MS) * jitter()
  const window = Math.min(Math.max(share, 2 * durationMs), lifetimeMs / 2)
  const at = (offset: number): Moment => ({ monotonic: sentMonotonic + offset, wall: sentAt + offset })
  return {
    ...obtained,
    promise: Promise.resolve(token),
    renewFrom: at(lifetimeMs - window),
    waitFrom: at(lifetimeMs - Math.min(lifetimeMs * WAIT_SHARE, WAIT_MAX_MS)),
    expires: at(lifetimeMs),
  }
}
