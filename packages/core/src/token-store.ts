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

/** A shared cache; any failure is a miss. `key` is opaque and may hold person or organisation numbers: never log it. */
export interface TokenStore {
  get(key: string, options: { readonly signal: AbortSignal }): Promise<StoredToken | undefined>
  /** With the lease under which the token was fetched, so that a store can fence a late writer. */
  set(
    key: string,
    token: StoredToken,
    options: { readonly signal: AbortSignal; readonly lease?: Lease | undefined },
  ): Promise<void>
  delete(key: string, options: { readonly signal: AbortSignal }): Promise<void>
  /** Single flight across processes: a lease for the one that may ask; undefined for those that wait and look again. */
  lease?(key: string, options: { readonly ttlMs: number; readonly signal: AbortSignal }): Promise<Lease | undefined>
}
