import type { TokenKind } from './token-source.ts'

/**
 * Plain JSON. `value` is a bearer token: encrypt it. It holds durations and no points in time, since the clocks of two
 * machines differ. The store's own clock counts down `remainingMs` (Redis: PTTL). Each process adds what remains to its own
 * time when it reads the token.
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
 * A shared cache. Any failure counts as a miss and is the event `store.failed`. After an error, or when no answer came in
 * time, the store is skipped for 5 s. `key` is opaque and may hold person or organisation numbers: never log it.
 */
export interface TokenStore {
  /** How long a call waits for this store in all, milliseconds. Waiting for another process to get the token is not counted. Default: 1,000. */
  readonly timeoutMs?: number | undefined
  /** `'invalid'`: what is stored is not a token of this key: it is damaged, or another version wrote it. It is replaced. */
  get(key: string, options: { readonly signal: AbortSignal }): Promise<StoredToken | 'invalid' | undefined>
  /** `lease` is the lease under which the token was fetched. A token of an earlier lease must not replace one of a later lease. */
  set(
    key: string,
    token: StoredToken,
    options: { readonly signal: AbortSignal; readonly lease?: Lease | undefined },
  ): Promise<void>
  /**
   * Single flight across processes. One process gets a lease and may ask for the token. The others get undefined; they wait
   * and look again. The remaining time of another process's lease is cut to `ttlMs`, so that nobody waits longer for a
   * process that is gone.
   */
  lease?(key: string, options: { readonly ttlMs: number; readonly signal: AbortSignal }): Promise<Lease | undefined>
}
