/** What a shared store does, in this process, on the virtual clock. */
import type { Lease, StoredToken, TokenStore } from '@maskinporten-kit/core'
import type { VirtualTime } from './virtual-time.ts'

export class MemoryStore implements TokenStore {
  readonly tokens: Map<string, { readonly token: StoredToken; readonly until: number }> = new Map()
  readonly leases: Map<string, number> = new Map()
  readonly granted: number[] = []
  released = 0
  /** How long each operation takes, milliseconds. */
  latencyMs = 0
  readonly #time: VirtualTime

  constructor(time: VirtualTime) {
    this.#time = time
  }

  async get(key: string): Promise<StoredToken | undefined> {
    await this.#takeTime()
    const found = this.tokens.get(key)
    const remainingMs = (found?.until ?? 0) - this.#time.monotonic()
    return found !== undefined && remainingMs > 0 ? { ...found.token, remainingMs } : undefined
  }

  async set(key: string, token: StoredToken): Promise<void> {
    await this.#takeTime()
    this.tokens.set(key, { token, until: this.#time.monotonic() + token.remainingMs })
  }

  async delete(key: string): Promise<void> {
    this.tokens.delete(key)
  }

  async lease(key: string, { ttlMs }: { readonly ttlMs: number }): Promise<Lease | undefined> {
    await this.#takeTime()
    if ((this.leases.get(key) ?? 0) > this.#time.monotonic()) return undefined
    const until = this.#time.monotonic() + ttlMs
    this.leases.set(key, until)
    this.granted.push(ttlMs)
    return {
      release: async () => {
        await this.#takeTime()
        this.released++
        // Only one's own: another may hold it since.
        if (this.leases.get(key) === until) this.leases.delete(key)
      },
    }
  }

  async #takeTime(): Promise<void> {
    if (this.latencyMs > 0) await this.#time.after(this.latencyMs)
  }
}
