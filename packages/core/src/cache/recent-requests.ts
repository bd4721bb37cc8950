/** The entries of requests seen lately, found without copying, checking or encoding them again. */
import type { TokenRequest } from '../token-source.ts'
import type { Entry } from './entry.ts'

export interface Known {
  readonly entry: Entry
  /** Of the settings it was looked up under. */
  readonly revision: number
}

interface Node {
  known?: Known
  readonly next: Map<string, Map<string, Node>>
}

const createNode = (): Node => ({ next: new Map() })

/**
 * A path of fields and their texts. What is looked up is the content of now, so a caller may change its object between two
 * calls; a list or an object in it could change in place, so such requests always take the long way.
 */
export class RecentRequests {
  readonly #max: number
  #root = createNode()
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
      node = node.next.get(name)?.get(value)
      if (node === undefined) return undefined
    }
    return node.known
  }

  remember(request: TokenRequest, known: Known): void {
    // Starting anew now and then is a bound that costs nothing at the calls.
    if (++this.#size > this.#max) {
      this.#root = createNode()
      this.#size = 1
    }
    let node = this.#root
    let name: keyof TokenRequest
    for (name in request) {
      const value = request[name]
      if (value === undefined) continue
      if (typeof value !== 'string') return
      let values = node.next.get(name)
      if (values === undefined) {
        values = new Map<string, Node>()
        node.next.set(name, values)
      }
      let next = values.get(value)
      if (next === undefined) {
        next = createNode()
        values.set(value, next)
      }
      node = next
    }
    node.known = known
  }
}
