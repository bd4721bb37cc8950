/** The token cache: everything known of each identity, at most `max` of them, and of the client in force only. */
import type { TokenKind } from '../token-source.ts'
import type { BackOff } from './back-off.ts'
import type { Flight } from './flight.ts'
import type { HeldToken } from './held-token.ts'
import type { Rejections } from './rejection.ts'

/** How many in flight are passed over at one time: they are looked at again when another is added or has landed. */
const MAX_PASSED = 16

/** Everything known of one identity. */
export class CacheEntry {
  held: HeldToken | undefined
  /** What the settings give to the identity, one text for all of theirs; see `identity.ts`. */
  readonly client: string
  /** What the request gives to it. */
  readonly grant: string
  readonly kind: TokenKind
  /** Since the last token. */
  backOff: BackOff | undefined
  /** Since the first of them. */
  rejections: Rejections | undefined
  flight: Flight | undefined
  /** Whether a run of exchange 401s has had its fresh Maskinporten token. */
  exchangeRefused = false
  /** Since eviction came by. */
  wasUsed = false

  constructor(client: string, grant: string, kind: TokenKind) {
    this.client = client
    this.grant = grant
    this.kind = kind
  }

  /** The whole identity, as the shared store knows it. */
  get key(): string {
    return this.client + this.grant
  }
}

export class TokenCache {
  readonly #max: number
  /** The one that was added, or passed over, longest ago comes first. */
  readonly #entries = new Map<string, CacheEntry>()
  #client = ''

  constructor(max: number) {
    this.#max = max
  }

  /** The tokens of another client are dropped. Returns whether there was another. */
  useClient(client: string): boolean {
    if (client === this.#client) return false
    this.clear()
    this.#client = client
    return true
  }

  /** Found or made. One of a former client, whose flight still ends, is not kept. */
  entry(client: string, grant: string, kind: TokenKind): CacheEntry {
    if (client !== this.#client) return new CacheEntry(client, grant, kind)
    const known = this.#entries.get(grant)
    if (known !== undefined) return known
    this.#evict(this.#max - 1)
    const entry = new CacheEntry(client, grant, kind)
    this.#entries.set(grant, entry)
    return entry
  }

  /** The entry that this identity has now: one may have been evicted and made anew. */
  current({ client, grant }: CacheEntry): CacheEntry | undefined {
    return client === this.#client ? this.#entries.get(grant) : undefined
  }

  /** A flight has landed: what was in flight could not go before. */
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

  /** The least recently used go: who was used since the last time is passed over once, who is in flight always. */
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

/** A bound source may refer to it for long: what is left is a shell. */
function empty(entry: CacheEntry): void {
  entry.held = entry.backOff = entry.rejections = undefined
}
