/** A token in the cache with its windows. */
import { jitter } from '../time.ts'
import type { AccessToken } from '../token-source.ts'

/** How and when a token came. */
export interface Obtained {
  /** When its request was sent, on the line of time: its life and its windows count from there. */
  readonly sentAt: number
  readonly token: AccessToken
  readonly lifetimeMs: number
  /** How long it took to get, for the renewal that must begin in time. */
  readonly durationMs: number
}

export interface HeldToken extends Obtained {
  /** The same promise for every caller. */
  readonly promise: Promise<AccessToken>
  /** A background renewal begins at the first call from here on, whole milliseconds. */
  readonly renewAfterMs: number
}

const WINDOW_SHARE = 1 / 4
const WINDOW_MAX_MS = 600_000
const WAIT_SHARE = 1 / 10
const WAIT_MAX_MS = 5_000

/** The windows grow with the lifetime, so that a token of five seconds is cached too. The jitter is drawn once a token. */
export function holdToken(obtained: Obtained): HeldToken {
  const { lifetimeMs, sentAt, durationMs, token } = obtained
  const share = Math.min(lifetimeMs * WINDOW_SHARE, WINDOW_MAX_MS) * jitter()
  const window = Math.min(Math.max(share, 2 * durationMs), lifetimeMs / 2)
  return {
    promise: Promise.resolve(token),
    sentAt,
    renewAfterMs: Math.floor(lifetimeMs - window),
    lifetimeMs,
    durationMs: Math.ceil(durationMs),
    token,
  }
}

/** From here on a caller may wait for a young renewal. */
export function waitAfterMs({ lifetimeMs }: HeldToken): number {
  return lifetimeMs - Math.min(lifetimeMs * WAIT_SHARE, WAIT_MAX_MS)
}
