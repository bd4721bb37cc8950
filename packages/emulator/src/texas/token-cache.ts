/** Texas's cache: a token is kept until 120 s before its end, or for half of its life where that is shorter. */
import type { EmulatorClock } from '../clock.ts'

export interface TexasToken {
  readonly access_token: string
  /** Seconds. */
  readonly expires_in: number
  readonly token_type: 'Bearer'
}

export interface TokenCache {
  /** What is kept, with the seconds that it has left, or what `fetch` brings: once for all who ask at the same time. Rejects as `fetch` does. */
  get(key: string, fetch: () => Promise<TexasToken>): Promise<TexasToken>
  forget(key: string): void
  clear(): void
}

interface Kept {
  readonly token: TexasToken
  /** By the clock that never goes back, milliseconds. */
  readonly expiresAt: number
  readonly keptUntil: number
}

const leewaySeconds = 120
const maxKept = 10_000

export function createTokenCache(clock: Pick<EmulatorClock, 'monotonic'>): TokenCache {
  const kept = new Map<string, Kept>()
  const pending = new Map<string, Promise<TexasToken>>()
  const keep = (key: string, token: TexasToken): void => {
    const now = clock.monotonic()
    const seconds = token.expires_in > leewaySeconds ? token.expires_in - leewaySeconds : token.expires_in / 2
    kept.delete(key)
    kept.set(key, { token, expiresAt: now + token.expires_in * 1000, keptUntil: now + seconds * 1000 })
    const [oldest] = kept.keys()
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest)
  }
  return {
    async get(key, fetch) {
      const found = kept.get(key)
      const now = clock.monotonic()
      if (found && now < found.keptUntil) {
        return { ...found.token, expires_in: Math.floor((found.expiresAt - now) / 1000) }
      }
      const before = pending.get(key)
      if (before) return before
      const asked = fetch()
      pending.set(key, asked)
      try {
        const token = await asked
        // Not after it was forgotten meanwhile.
        if (pending.get(key) === asked) keep(key, token)
        return token
      } finally {
        if (pending.get(key) === asked) pending.delete(key)
      }
    },
    forget(key) {
      kept.delete(key)
    },
    clear() {
      kept.clear()
      pending.clear()
    },
  }
}
