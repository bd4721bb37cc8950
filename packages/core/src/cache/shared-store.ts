/** The store that several processes share: any failure of it is a miss, and none may take long. */
import { createAccessToken } from '../access-token.ts'
import { startTimer } from '../http/timer.ts'
import type { Lease, StoredToken, TokenStore } from '../token-store.ts'
import type { Obtained } from './held-token.ts'
import type { Flight } from './flight.ts'
import type { Time } from '../time.ts'

/** One operation of the store, milliseconds. */
const OPERATION_MS = 1_000
const LEASE_WAITED_MS = 3_000
const LEASE_BACKGROUND_MS = 10_000
const LOOK_AGAIN_MS = 50
const LAST_LOOK_MS = 100

export interface Found {
  readonly obtained?: Obtained | undefined
  readonly lease?: Lease | undefined
}

export class SharedStore {
  readonly #store: TokenStore
  readonly #time: Time
  readonly #signal: AbortSignal
  readonly #leases = new Set<Lease>()

  constructor(store: TokenStore, time: Time, signal: AbortSignal) {
    this.#store = store
    this.#time = time
    this.#signal = signal
  }

  /** A token that another process had, or the lease to have one. Neither when the store fails or has no leases. */
  async find(key: string, flight: Flight, accepts: (obtained: Obtained) => boolean): Promise<Found> {
    const look = async (): Promise<Found | undefined> => {
      const obtained = await this.#get(key)
      return obtained !== undefined && accepts(obtained) ? { obtained } : undefined
    }
    const found = await look()
    if (found !== undefined || this.#store.lease === undefined) return found ?? {}
    for (;;) {
      const lease = await this.#lease(key, flight)
      if (lease === 'failed') return {}
      if (lease !== undefined) {
        const late = await look()
        if (late === undefined) return { lease }
        await this.release(lease)
        return late
      }
      if (flight.isOver) return {}
      const remaining = this.#time.until(flight.deadline)
      await this.#pause(Math.min(LOOK_AGAIN_MS, Math.max(0, remaining - LAST_LOOK_MS)))
      const later = await look()
      if (later !== undefined) return later
      if (remaining <= LAST_LOOK_MS) return {}
    }
  }

  /** In the background: nobody waits for it. */
  async put(key: string, obtained: Obtained, lease: Lease | undefined): Promise<void> {
    const { token, lifetimeMs } = obtained
    const remainingMs = Math.floor(
      Math.min(
        obtained.sentMonotonic + lifetimeMs - this.#time.monotonic,
        obtained.sentAt + lifetimeMs - this.#time.wall,
      ),
    )
    if (remainingMs > 0) {
      const stored: StoredToken = {
        value: token.value,
        kind: token.kind,
        scopes: token.scopes,
        lifetimeMs,
        remainingMs,
      }
      await this.#bounded((signal) => this.#store.set(key, stored, { signal, lease }))
    }
    if (lease !== undefined) await this.release(lease)
  }

  async release(lease: Lease): Promise<void> {
    if (!this.#leases.delete(lease)) return
    await this.#bounded(() => lease.release())
  }

  async close(): Promise<void> {
    await Promise.all([...this.#leases].map((lease) => this.release(lease)))
  }

  async #get(key: string): Promise<Obtained | undefined> {
    // Read before the question: the store's answer is never younger than this.
    const { monotonic, wall } = this.#time.after(0)
    const stored = await this.#bounded((signal) => this.#store.get(key, { signal }))
    if (stored === 'failed' || stored === undefined || !(stored.remainingMs > 0) || !(stored.lifetimeMs > 0))
      return undefined
    const { value, kind, scopes, lifetimeMs } = stored
    const remainingMs = Math.min(stored.remainingMs, lifetimeMs)
    const token = createAccessToken({ value, kind, scopes, expiresAt: wall + remainingMs })
    const age = lifetimeMs - remainingMs
    return { token, lifetimeMs, sentAt: wall - age, sentMonotonic: monotonic - age, durationMs: 0 }
  }

  async #lease(key: string, flight: Flight): Promise<Lease | undefined | 'failed'> {
    const ttlMs = flight.isWaitedFor ? LEASE_WAITED_MS : LEASE_BACKGROUND_MS
    const lease = await this.#bounded(
      async (signal) => this.#store.lease?.(key, { ttlMs, signal }),
      (late) => void late?.release().catch(() => {}),
    )
    if (lease !== 'failed' && lease !== undefined) this.#leases.add(lease)
    return lease
  }

  /** `failed` for an error and for an operation that takes too long; what comes later goes to `late`. */
  #bounded<T>(operation: (signal: AbortSignal) => Promise<T>, late?: (value: T) => void): Promise<T | 'failed'> {
    return new Promise((resolve) => {
      const own = new AbortController()
      let over = false
      const end = (value: T | 'failed'): void => {
        if (over) return
        over = true
        stop()
        this.#signal.removeEventListener('abort', give)
        resolve(value)
      }
      const give = (): void => {
        end('failed')
        own.abort()
      }
      const stop = startTimer(OPERATION_MS, give)
      this.#signal.addEventListener('abort', give, { once: true })
      // In a promise, so that a store that throws at once is a miss too.
      Promise.resolve(own.signal)
        .then(operation)
        .then(
          (value) => (over ? late?.(value) : end(value)),
          () => end('failed'),
        )
    })
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void startTimer(ms, resolve))
  }
}
