/** The entries of requests seen lately, found without copying, checking or encoding them again. */
import type { TokenRequest } from '../token-source.ts'
import type { Entry } from './entry.ts'

export interface Known {
  readonly entry: Entry
  /** Of the settings it was looked up under. */
  readonly revision: number
}

/** Where a request is after some of its fields. Most have the same fields in the same order, so the first seen has no map of its own. */
class Node {
  known: Known | undefined
  #field: string | undefined
  #values: Map<string, Node> | undefined
  #others: Map<string, Map<string, Node>> | undefined

  after(field: string, value: string): Node | undefined {
    return (field === this.#field ? this.#values : this.#others?.get(field))?.get(value)
  }

  add(field: string, value: string): Node {
    let values = field === this.#field ? this.#values : this.#others?.get(field)
    if (values === undefined) {
      values = new Map<string, Node>()
      if (this.#field === undefined) {
        this.#field = field
        this.#values = values
      } else {
        this.#others ??= new Map()
        this.#others.set(field, values)
      }
    }
    const node = new Node()
    values.set(value, node)
    return node
  }
}

/**
 * A path of fields and their texts. What is looked up is the content of now, so a caller may change its object between two
 * calls; a list or an object in it could change in place, so such requests always take the long way.
 */
export class RecentRequests {
  readonly #max: number
  #root = new Node()
  #size = 0

  constructor(max: number) {
    this.#max = max
  }

  find(request: TokenRequest): Known | undefined {
    // Getters of a class are not seen below.
    if (Object.getPrototypeOf(request) !== Object.prototype) return undefined
    let node: Node | undefined = this.#root
    let name: keyof TokenRequest
    for (name in request) {
      const value = request[name]
      if (value === undefined) continue
      if (typeof value !== 'string') return undefined
      node = node.after(name, value)
      if (node === undefined) return undefined
    }
    return node.known
  }

  remember(request: TokenRequest, known: Known): void {
    // Starting anew now and then is a bound that costs nothing at the calls.
    if (++this.#size > this.#max) {
      this.#root = new Node()
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
    node.known = known
  }
}
