/** Recent requests of callers, found again without copying, checking and normalising them. */
import type { AccessToken, TokenRequest } from './token-source.ts'
import type { CacheEntry } from './tokens/token-cache.ts'

/** The cache entry of a request. In `RecentRequests` also a step on the way to it, after some of the fields. */
export class RecentRequest {
  entry: CacheEntry | undefined
  /** The revision of the settings under which the entry was looked up. */
  revision: number | undefined
  /** Shared by the callers in one turn of the event loop, before there is a token. */
  turn: { readonly token: Promise<AccessToken>; others: Promise<AccessToken> | undefined } | undefined
  /** The next step, by the name and the value of the next field. */
  next: Map<string, Map<string, RecentRequest>> | undefined
}

/**
 * A tree of names and values, in the order in which the caller wrote them. No text is joined, so two different requests
 * never share a place. A text key by JSON.stringify took several times as long (docs/decisions/0009-recent-requests.md).
 */
export class RecentRequests {
  readonly #max: number
  #root = new RecentRequest()
  #size = 0

  constructor(max: number) {
    this.#max = max
  }

  /** Undefined for a request that must take the slow path; see `add`. */
  find(request: TokenRequest): RecentRequest | undefined {
    // `null` is not a request; the slow path refuses it.
    if (request === null || Object.getPrototypeOf(request) !== Object.prototype) return undefined
    let recent: RecentRequest | undefined = this.#root
    let name: keyof TokenRequest
    let seen = 0
    for (name in request) {
      const value = request[name]
      if (value === undefined) continue
      if (typeof value !== 'string') return undefined
      recent = recent.next?.get(name)?.get(value)
      if (recent === undefined) return undefined
      seen++
    }
    return seen === countFields(request) ? recent : undefined
  }

  /**
   * Finds the request, or adds it. Undefined for a request with a list or an object in it, which the caller could change.
   *
   * @param copy a checked copy: it has no getters, no hidden fields and no unknown fields.
   */
  add(copy: TokenRequest): RecentRequest | undefined {
    const fields: (readonly [string, string])[] = []
    for (const [name, value] of Object.entries<unknown>({ ...copy })) {
      if (typeof value !== 'string') return undefined
      fields.push([name, value])
    }
    const found = this.find(copy)
    if (found !== undefined) return found
    // Starting with an empty tree now and then keeps it bounded, at no cost for the calls.
    if (++this.#size > this.#max) {
      this.#root = new RecentRequest()
      this.#size = 1
    }
    let recent = this.#root
    for (const [name, value] of fields) {
      recent.next ??= new Map()
      const values = recent.next.get(name) ?? new Map<string, RecentRequest>()
      recent.next.set(name, values)
      recent = values.get(value) ?? new RecentRequest()
      values.set(value, recent)
    }
    return recent
  }
}

/** Counts hidden (not enumerable) fields too. */
function countFields(request: TokenRequest): number {
  const { scopes, resource, consumerOrg, systemUser, consent, pid, kind, claims } = request
  return (
    (scopes === undefined ? 0 : 1) +
    (resource === undefined ? 0 : 1) +
    (consumerOrg === undefined ? 0 : 1) +
    (systemUser === undefined ? 0 : 1) +
    (consent === undefined ? 0 : 1) +
    (pid === undefined ? 0 : 1) +
    (kind === undefined ? 0 : 1) +
    (claims === undefined ? 0 : 1)
  )
}
