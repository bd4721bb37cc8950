/** A token in the cache, and when it is renewed. */
import { jitter } from '../time.ts'
import type { AccessToken } from '../token-source.ts'

/** A token, and when it was requested. */
export interface Obtained {
  readonly token: AccessToken
  /** When the request was sent, on the line of time. The token's life counts from then. */
  readonly sentAt: number
  readonly lifetimeMs: number
  /** How long it took to get the token, milliseconds: the renewal must begin early enough for that. */
  readonly durationMs: number
}

export interface HeldToken extends Obtained {
  /** The same promise for every caller. */
  readonly promise: Promise<AccessToken>
  /**
   * Milliseconds after `sentAt`. The first call from then on starts a renewal in the background. A whole number, which V8
   * keeps without extra memory.
   */
  readonly renewAfterMs: number
}

const WINDOW_SHARE = 1 / 4
const WINDOW_MAX_MS = 600_000
const WAIT_SHARE = 1 / 10
const WAIT_MAX_MS = 5_000

/**
 * The renewal window is a share of the lifetime, so that a token of five seconds is cached too. The random part is drawn
 * once for each token.
 */
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

/** When a caller may begin to wait for a young renewal, on the line of time. */
export function waitFrom(held: HeldToken): number {
  return endOf(held) - Math.min(held.lifetimeMs * WAIT_SHARE, WAIT_MAX_MS)
}
