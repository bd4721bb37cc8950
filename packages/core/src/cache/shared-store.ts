/** The store that several processes share: any failure of it is a miss, and none may take long. */
import { createAccessToken } from '../access-token.ts'
import { pause, startTimer } from '../http/timer.ts'
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
  readonly #asked = new Set<Promise<unknown>>()

  constructor(store: TokenStore, time: Time, signal: AbortSignal) {
    this.#store = store
    this.#time = time
    this.#signal = signal
  }

  /** A token that another process had, or the lease to have one. Neither when the store fails or has no leases. */
  async find(key: string, flight: Flight, accepts: (obtained: Obtained) => boolean): Promise<Found> {
    let failed = false
    const look = async (): Promise<Found | undefined> => {
      const obtained = await this.#get(key)
      failed = obtained === 'failed'
      return obtained !== undefined && obtained !== 'failed' && accepts(obtained) ? { obtained } : undefined
    }
    const found = await look()
    // A store that does not answer is not asked a second time by the same flight.
    if (found !== undefined || failed || this.#store.lease === undefined) return found ?? {}
    while (flight.mayGoOn && !this.#signal.aborted) {
      const lease = await this.#lease(key, flight)
      if (lease === 'failed') return {}
      if (lease !== undefined) {
        const late = await look()
        if (late === undefined) return { lease }
        await this.release(lease)
        return late
      }
      const remaining = this.#time.until(flight.deadline)
      await pause(Math.min(LOOK_AGAIN_MS, Math.max(0, remaining - LAST_LOOK_MS)), this.#signal).catch(() => {})
      const later = await look()
      if (later !== undefined) return later
      if (remaining <= LAST_LOOK_MS) return {}
    }
    return {}
  }

  /** In the background: nobody waits for it. */
  async put(key: string, obtained: Obtained, lease: Lease | undefined): Promise<void> {
    const { lifetimeMs } = obtained
    const { value, kind, scopes } = obtained.token
    const remainingMs = Math.floor(lifetimeMs - this.#time.ageOf(obtained))
    if (remainingMs > 0) {
      const stored: StoredToken = { value, kind, scopes, lifetimeMs, remainingMs }
      await bounded((signal) => this.#store.set(key, stored, { signal, lease }), this.#signal)
    }
    if (lease !== undefined) await this.release(lease)
  }

  async release(lease: Lease): Promise<void> {
    if (this.#leases.delete(lease)) await bounded(async () => lease.release())
  }

  /** Also leases that are being asked for just now. */
  async close(): Promise<void> {
    await Promise.all([...this.#leases].map((lease) => this.release(lease)))
    await bounded(() => Promise.all(this.#asked))
  }

  async #get(key: string): Promise<Obtained | undefined | 'failed'> {
    // Read before the question: the store's answer is never younger than this.
    const { monotonic, wall } = this.#time.after(0)
    const stored: unknown = await bounded((signal) => this.#store.get(key, { signal }), this.#signal)
    if (stored === undefined || stored === 'failed') return stored
    if (!isStoredToken(stored)) return 'failed'
    const { value, kind, scopes, lifetimeMs } = stored
    const remainingMs = Math.min(stored.remainingMs, lifetimeMs)
    const token = createAccessToken({ value, kind, scopes, expiresAt: wall + remainingMs })
    const age = lifetimeMs - remainingMs
    return { token, lifetimeMs, sentAt: wall - age, sentMonotonic: monotonic - age, durationMs: 0 }
  }

  /** A lease that comes too late, or after `close()`, is given back. */
  async #lease(key: string, flight: Flight): Promise<Lease | undefined | 'failed'> {
    const ttlMs = flight.isWaitedFor ? LEASE_WAITED_MS : LEASE_BACKGROUND_MS
    let isLate = false
    const asking = bounded(async (signal) => {
      const asked = Promise.resolve(this.#store.lease?.(key, { ttlMs, signal }))
      const over = asked.then(async (lease) => (isLate ? await lease?.release() : undefined)).catch(() => {})
      this.#asked.add(over)
      void over.finally(() => this.#asked.delete(over))
      return asked
    }, this.#signal)
    const lease = await asking
    if (lease === 'failed') isLate = true
    else if (lease !== undefined) this.#leases.add(lease)
    return lease
  }
}

/** `failed` for an error, for an operation that takes too long, and once `closing` is aborted. */
function bounded<T>(operation: (signal: AbortSignal) => Promise<T>, closing?: AbortSignal): Promise<T | 'failed'> {
  return new Promise((resolve) => {
    const own = new AbortController()
    const end = (value: T | 'failed'): void => {
      stop()
      closing?.removeEventListener('abort', give)
      resolve(value)
    }
    const give = (): void => {
      end('failed')
      own.abort()
    }
    const stop = startTimer(OPERATION_MS, give)
    if (closing?.aborted) return give()
    closing?.addEventListener('abort', give, { once: true })
    // In a promise, so that a store that throws at once is a miss too.
    Promise.resolve(own.signal)
      .then(operation)
      .then(end, () => end('failed'))
  })
}

/** Whatever the store gives: another version of this package may have written it, or something else altogether. */
function isStoredToken(stored: unknown): stored is StoredToken {
  if (typeof stored !== 'object' || stored === null) return false
  const { value, kind, scopes, lifetimeMs, remainingMs }: Partial<Record<keyof StoredToken, unknown>> = stored
  return (
    typeof value === 'string' &&
    value !== '' &&
    (kind === 'maskinporten' || kind === 'altinn') &&
    Array.isArray(scopes) &&
    Number(lifetimeMs) > 0 &&
    Number(remainingMs) > 0
  )
}
