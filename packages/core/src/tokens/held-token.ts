/** A token in the cache with its windows. */
import { jitter } from '../time.ts'
import type { AccessToken } from '../token-source.ts'

/** How and when a token came. */
export interface Obtained {
  readonly token: AccessToken
  /** When its request was sent, on the line of time: its life counts from there. */
  readonly sentAt: number
  readonly lifetimeMs: number
  /** How long it took to get, for the renewal that must begin in time. */
  readonly durationMs: number
}

export interface HeldToken extends Obtained {
  /** The same promise for every caller. */
  readonly promise: Promise<AccessToken>
  /** After the sending: a background renewal begins at the first call from then on. A small whole number takes no memory. */
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

export function endOf({ sentAt, lifetimeMs }: Obtained): number {
  return sentAt + lifetimeMs
}

/** From here on a caller may wait for a young renewal. */
export function waitFrom(held: HeldToken): number {
  return endOf(held) - Math.min(held.lifetimeMs * WAIT_SHARE, WAIT_MAX_MS)
}
