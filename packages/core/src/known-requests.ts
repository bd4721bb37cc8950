/** The requests of callers seen lately, found again without copying, checking and normalising them. */
import type { AccessToken, TokenRequest } from './token-source.ts'
import type { CacheEntry } from './tokens/token-cache.ts'

/** What is known of a request; in `KnownRequests`, of a request after some of its fields. */
export class KnownRequest {
  entry: CacheEntry | undefined
  /** Of the settings under which the entry was looked up. */
  revision: number | undefined
  /** What callers share who ask in the same turn of the event loop, before there is a token. */
  turn: { readonly token: Promise<AccessToken>; others: Promise<AccessToken> | undefined } | undefined
  /** By the name and the value of the next field. */
  next: Map<string, Map<string, KnownRequest>> | undefined
}

/**
 * A path of names and values, in the order written: no text is joined, so that no two contents meet. A key of text, by
 * JSON.stringify, took several times as long (docs/decisions/0009-known-requests.md).
 */
export class KnownRequests {
  readonly #max: number
  #root = new KnownRequest()
  #size = 0

  constructor(max: number) {
    this.#max = max
  }

  /** Undefined for a request that must take the long way; see `add`. */
  find(request: TokenRequest): KnownRequest | undefined {
    // Null is no request.
    if (request === null || Object.getPrototypeOf(request) !== Object.prototype) return undefined
    let known: KnownRequest | undefined = this.#root
    let name: keyof TokenRequest
    let seen = 0
    for (name in request) {
      const value = request[name]
      if (value === undefined) continue
      if (typeof value !== 'string') return undefined
      known = known.next?.get(name)?.get(value)
      if (known === undefined) return undefined
      seen++
    }
    return seen === countFields(request) ? known : undefined
  }

  /**
   * Finds it, or makes it. Undefined for a list or an object in it, which could change in place.
   *
   * @param copy checked: with no getter of a class, and no field that is hidden or not known.
   */
  add(copy: TokenRequest): KnownRequest | undefined {
    const fields: (readonly [string, string])[] = []
    for (const [name, value] of Object.entries<unknown>({ ...copy })) {
      if (typeof value !== 'string') return undefined
      fields.push([name, value])
    }
    const found = this.find(copy)
    if (found !== undefined) return found
    // Starting anew now and then is a bound that costs nothing at the calls.
    if (++this.#size > this.#max) {
      this.#root = new KnownRequest()
      this.#size = 1
    }
    let known = this.#root
    for (const [name, value] of fields) {
      known.next ??= new Map()
      const values = known.next.get(name) ?? new Map<string, KnownRequest>()
      known.next.set(name, values)
      known = values.get(value) ?? new KnownRequest()
      values.set(value, known)
    }
    return known
  }
}

/** Also fields that are not enumerable. */
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
