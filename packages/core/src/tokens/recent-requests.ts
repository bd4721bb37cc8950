/** The entries of requests seen lately, found without copying, checking or encoding them again. */
import type { TokenRequest } from '../token-source.ts'
import type { Entry } from './entry.ts'

/** An entry as it was looked up; in the tree of `RecentRequests`, where a request is after some of its fields. */
export class Known {
  entry: Entry | undefined
  /** Of the settings it was looked up under. */
  revision = 0
  /** Most requests have the same fields in the same order, so the first one seen has no map of its own. */
  #field: string | undefined
  #values: Map<string, Known> | undefined
  #others: Map<string, Map<string, Known>> | undefined

  is(entry: Entry, revision: number): void {
    this.entry = entry
    this.revision = revision
  }

  after(field: string, value: string): Known | undefined {
    return this.#valuesOf(field)?.get(value)
  }

  add(field: string, value: string): Known {
    let values = this.#valuesOf(field)
    if (values === undefined) {
      values = new Map<string, Known>()
      if (this.#field === undefined) {
        this.#field = field
        this.#values = values
      } else {
        this.#others ??= new Map()
        this.#others.set(field, values)
      }
    }
    const node = new Known()
    values.set(value, node)
    return node
  }

  #valuesOf(field: string): Map<string, Known> | undefined {
    return field === this.#field ? this.#values : this.#others?.get(field)
  }
}

/**
 * A path of fields and their texts. What is looked up is the content of now, so a caller may change its object between two
 * calls; a list or an object in it could change in place, so such requests always take the long way.
 */
export class RecentRequests {
  readonly #max: number
  #root = new Known()
  #size = 0

  constructor(max: number) {
    this.#max = max
  }

  find(request: TokenRequest): Known | undefined {
    // Getters of a class are not seen below, nor is null a request.
    if (request === null || Object.getPrototypeOf(request) !== Object.prototype) return undefined
    let node: Known | undefined = this.#root
    let name: keyof TokenRequest
    let seen = 0
    for (name in request) {
      const value = request[name]
      if (value === undefined) continue
      if (typeof value !== 'string') return undefined
      node = node.after(name, value)
      if (node === undefined) return undefined
      seen += 1
    }
    return node.entry === undefined || seen !== countFields(request) ? undefined : node
  }

  remember(request: TokenRequest, entry: Entry, revision: number): void {
    // Starting anew now and then is a bound that costs nothing at the calls.
    if (++this.#size > this.#max) {
      this.#root = new Known()
      this.#size = 1
    }
    let node = this.#root
    let name: keyof TokenRequest
    for (name in request) {
      const value = request[name]
      if (value === undefined) continue
      if (typeof value !== 'string') return
      node = node.after(name, value) ?? node.add(name, value)
    }
    node.is(entry, revision)
  }
}

/** Fields that are not enumerable count too: the long way refuses a request that has one. */
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
