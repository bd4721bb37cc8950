/** Counters since the start, for dashboards: a rate of misses or of stale calls that rises is worth a look. */
export interface Stats {
  /** Calls that had a fresh token at once. */
  readonly hits: number
  /** Renewals that were begun behind a caller. */
  readonly renewals: number
  /** Calls that had a valid token whose renewal is due: under way, or held back after a failure. */
  readonly stale: number
  /** Calls that found no valid token and waited for one, or were told why there is none. */
  readonly misses: number
  /** Tokens that came out of the shared store. */
  readonly storeHits: number
  /** Operations of the shared store that failed, were late, or gave something else than a token. */
  readonly storeFailures: number
}

/** The same, to be counted up. */
export type Counters = { -readonly [name in keyof Stats]: number }

export function newCounters(): Counters {
  return { hits: 0, renewals: 0, stale: 0, misses: 0, storeHits: 0, storeFailures: 0 }
}
