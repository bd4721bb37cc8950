import type { TokenKind } from './token-source.ts'

/**
 * Plain JSON. `value` is a bearer token: encrypt it. Durations only, since two machines' clocks differ: the store's own
 * clock counts what remains (Redis: PTTL), and each process turns it into its own two clocks on reading.
 */
export interface StoredToken {
  readonly value: string
  readonly kind: TokenKind
  readonly scopes: readonly string[]
  readonly lifetimeMs: number
  readonly remainingMs: number
}

export interface Lease {
  release(): Promise<void>
}

/**
 * A shared cache; any failure is a miss and the event `store.failed`, and after one that no answer came to in time, or an
 * error, the store is skipped for 5 s. `key` is opaque and may hold person or organisation numbers: never log it.
 */
export interface TokenStore {
  /** How long a call waits for this store in all, milliseconds, other processes' requests excepted. Default: 1,000. */
  readonly timeoutMs?: number | undefined
  /** `'invalid'`: something is there that is not a token of this key: rubbish, or written by another version. It is written over. */
  get(key: string, options: { readonly signal: AbortSignal }): Promise<StoredToken | 'invalid' | undefined>
  /** With the lease under which the token was fetched: a later one's token stays when an earlier one comes late. */
  set(
    key: string,
    token: StoredToken,
    options: { readonly signal: AbortSignal; readonly lease?: Lease | undefined },
  ): Promise<void>
  /**
   * Single flight across processes: a lease for the one that may ask; undefined for those that wait and look again. What
   * is left of another's lease is cut to `ttlMs`, so that nobody waits longer for a process that is gone.
   */
  lease?(key: string, options: { readonly ttlMs: number; readonly signal: AbortSignal }): Promise<Lease | undefined>
}
