/** The entries by identity, at most `max` of them; the least recently used goes first, never one in flight. */
import type { Entry } from './entry.ts'

/** How many in flight are passed over at one time: they are looked at again when they have landed. */
const MAX_SKIPPED = 16

export class TokenTable {
  readonly #clients = new Map<string, Map<string, Entry>>()
  readonly #max: number
  #newest: Entry | undefined
  #oldest: Entry | undefined
  #size = 0

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
    this.#link(entry)
    this.trim()
  }

  /** Also when a flight has landed, since what was in flight could not go before. */
  trim(): void {
    let skipped = 0
    for (let at = this.#oldest; this.#size > this.#max && at !== undefined && skipped < MAX_SKIPPED;) {
      const next: Entry | undefined = at.newer
      if (at.flight === undefined && at !== this.#newest) this.remove(at)
      else skipped++
      at = next
    }
  }

  touch(entry: Entry): void {
    if (entry === this.#newest || !entry.listed) return
    this.#unlink(entry)
    this.#link(entry)
  }

  remove(entry: Entry): void {
    const grants = this.#clients.get(entry.client)
    if (grants?.delete(entry.grant)) this.#size--
    if (grants?.size === 0) this.#clients.delete(entry.client)
    this.#unlink(entry)
    entry.listed = false
    // A bound source may refer to it for long: what is left is a shell.
    entry.held = undefined
  }

  /** Of that client, or of all. */
  entries(client?: string): readonly Entry[] {
    return [...this.#clients].flatMap(([one, grants]) => (one === (client ?? one) ? [...grants.values()] : []))
  }

  #link(entry: Entry): void {
    entry.older = this.#newest
    entry.newer = undefined
    if (this.#newest !== undefined) this.#newest.newer = entry
    this.#newest = entry
    this.#oldest ??= entry
  }

  #unlink(entry: Entry): void {
    if (entry.newer === undefined) this.#newest = entry.older
    else entry.newer.older = entry.older
    if (entry.older === undefined) this.#oldest = entry.newer
    else entry.older.newer = entry.newer
    entry.newer = undefined
    entry.older = undefined
  }
}
