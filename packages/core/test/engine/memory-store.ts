/** What a shared store does, in this process, on the virtual clock. */
import type { Lease, StoredToken, TokenStore } from '@maskinporten-kit/core'
import type { VirtualTime } from './virtual-time.ts'

export class MemoryStore implements TokenStore {
  readonly tokens: Map<string, { readonly token: StoredToken; readonly until: number }> = new Map()
  readonly leases: Map<string, number> = new Map()
  readonly granted: number[] = []
  released = 0
  timeoutMs: number | undefined
  /** How long each operation takes, milliseconds. */
  latencyMs = 0
  readonly #holders = new Map<string, symbol>()
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

  async lease(key: string, { ttlMs }: { readonly ttlMs: number }): Promise<Lease | undefined> {
    await this.#takeTime()
    const held = this.leases.get(key) ?? 0
    if (held > this.#time.monotonic()) {
      this.leases.set(key, Math.min(held, this.#time.monotonic() + ttlMs))
      return undefined
    }
    const holder = Symbol('holder')
    this.#holders.set(key, holder)
    this.leases.set(key, this.#time.monotonic() + ttlMs)
    this.granted.push(ttlMs)
    return {
      release: async () => {
        await this.#takeTime()
        this.released++
        // Only one's own: another may hold it since.
        if (this.#holders.get(key) === holder) this.leases.delete(key)
      },
    }
  }

  async #takeTime(): Promise<void> {
    if (this.latencyMs > 0) await this.#time.after(this.latencyMs)
  }
}
