/**
 * The token cache: for each identity its token, flight and failures. At most `max` identities, all of the current client.
 */
import type { TokenKind } from '../token-source.ts'
import type { BackOff } from './back-off.ts'
import type { Flight } from './flight.ts'
import type { HeldToken } from './held-token.ts'
import type { Rejections } from './rejection.ts'

/** How many entries with a flight one eviction skips. The next eviction looks at them again. */
const MAX_PASSED = 16

/** The token, flight and failures of one identity. */
export class CacheEntry {
  held: HeldToken | undefined
  /** The settings' part of the identity, one shared string; see `identity.ts`. */
  readonly clientIdentity: string
  /** The request's part of the identity. */
  readonly grant: string
  readonly kind: TokenKind
  /** The failures since the last token. */
  backOff: BackOff | undefined
  /** Set at the first rejected token. */
  rejections: Rejections | undefined
  flight: Flight | undefined
  /** Whether the exchange was already tried again with a fresh Maskinporten token, in this run of 401 answers. */
  exchangeRefused = false
  /** Whether a call used the entry since the last eviction looked at it. */
  wasUsed = false

  constructor(clientIdentity: string, grant: string, kind: TokenKind) {
    this.clientIdentity = clientIdentity
    this.grant = grant
    this.kind = kind
  }

  /** The whole identity: the key for the shared store. */
  get key(): string {
    return this.clientIdentity + this.grant
  }
}

export class TokenCache {
  readonly #max: number
  /** In the order in which entries were added, or skipped by an eviction. */
  readonly #entries = new Map<string, CacheEntry>()
  #clientIdentity: string | undefined

  constructor(max: number) {
    this.#max = max
  }

  /** Drops the tokens of a previous client. Returns whether the client has changed. */
  useClient(clientIdentity: string): boolean {
    if (clientIdentity === this.#clientIdentity) return false
    this.clear()
    this.#clientIdentity = clientIdentity
    return true
  }

  /** The entry, found or made. An entry for a previous client, whose flight still has to end, is not kept. */
  entry(clientIdentity: string, grant: string, kind: TokenKind): CacheEntry {
    const current = this.#clientIdentity
    if (clientIdentity !== current) return new CacheEntry(clientIdentity, grant, kind)
    const known = this.#entries.get(grant)
    if (known !== undefined) return known
    this.#evict(this.#max - 1)
    // Not the string that was given: each call makes another one.
    const entry = new CacheEntry(current, grant, kind)
    this.#entries.set(grant, entry)
    return entry
  }

  /** The entry that this identity has now: the entry given may have been evicted, and another made. */
  current({ clientIdentity, grant }: CacheEntry): CacheEntry | undefined {
    return clientIdentity === this.#clientIdentity ? this.#entries.get(grant) : undefined
  }

  /** Called when a flight has ended: its entry could not be evicted before. */
  landed(): void {
    this.#evict(this.#max)
  }

  entries(): readonly CacheEntry[] {
    return [...this.#entries.values()]
  }

  clear(): void {
    for (const entry of this.#entries.values()) empty(entry)
    this.#entries.clear()
  }

  /**
   * Removes the least recently used entries. An entry that was used since the last eviction is skipped once, an entry with a
   * flight always.
   */
  #evict(size: number): void {
    let inFlight = 0
    for (const [grant, entry] of this.#entries) {
      if (this.#entries.size <= size || inFlight > MAX_PASSED) return
      this.#entries.delete(grant)
      if (entry.flight !== undefined) inFlight++
      else if (!entry.wasUsed) {
        empty(entry)
        continue
      }
      entry.wasUsed = false
      this.#entries.set(grant, entry)
    }
  }
}

/** A bound source may keep the entry for long, so the token is taken out of it. */
function empty(entry: CacheEntry): void {
  entry.held = entry.backOff = entry.rejections = undefined
}
