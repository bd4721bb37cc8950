/** The entries by identity, at most `max` of them; the least recently used goes first, never one in flight. */
import type { Entry } from './entry.ts'

/** How many in flight are passed over at one time: they are looked at again when they have landed. */
const MAX_SKIPPED = 16

export class TokenTable {
  readonly #clients = new Map<string, Map<string, Entry>>()
  readonly #max: number
  #size = 0
  /** Counts uses. A use only notes it, since most calls are uses; the order is found out when one must go. */
  #uses = 0
  /** By their last use, the least recent at the end. Whoever is used after it was drawn up, is younger than all in it. */
  #queue: Entry[] = []
  #drawnUpAt = 0

  constructor(max: number) {
    this.#max = max
  }

  get(client: string, grant: string): Entry | undefined {
    return this.#clients.get(client)?.get(grant)
  }

  add(entry: Entry): void {
    const grants = this.#clients.get(entry.client) ?? new Map<string, Entry>()
    this.#clients.set(entry.client, grants.set(entry.grant, entry))
    this.#size++
    this.touch(entry)
    this.trim()
  }

  /** Also when a flight has landed, since what was in flight could not go before. */
  trim(): void {
    let passed: Entry[] = []
    while (this.#size > this.#max && passed.length < MAX_SKIPPED) {
      const entry = this.#queue.pop()
      if (entry === undefined) {
        // Nobody may go.
        if (passed.length === this.#size) break
        passed = []
        this.#queue = this.entries().toSorted((a, b) => b.used - a.used)
        this.#drawnUpAt = this.#uses
      } else if (entry.listed && entry.used <= this.#drawnUpAt) {
        if (entry.flight === undefined && entry.used !== this.#uses) this.#remove(entry)
        else passed.push(entry)
      }
    }
    this.#queue.push(...passed.toReversed())
  }

  touch(entry: Entry): void {
    entry.used = ++this.#uses
  }

  /** All of that client, or all. */
  removeAll(client?: string): void {
    for (const entry of this.entries(client)) this.#remove(entry)
    this.#queue = []
  }

  /** Of that client, or of all. */
  entries(client?: string): readonly Entry[] {
    return [...this.#clients].flatMap(([one, grants]) => (one === (client ?? one) ? [...grants.values()] : []))
  }

  #remove(entry: Entry): void {
    const grants = this.#clients.get(entry.client)
    if (grants?.delete(entry.grant)) this.#size--
    if (grants?.size === 0) this.#clients.delete(entry.client)
    // A bound source may refer to it for long: what is left is a shell.
    entry.listed = false
    entry.held = entry.backOff = entry.rejections = undefined
  }
}
