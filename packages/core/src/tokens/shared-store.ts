/** The store that several processes share: any failure of it is a miss, and none may take long. */
import { createAccessToken } from '../access-token.ts'
import type { EventBody } from '../events.ts'
import { pause } from '../http/timer.ts'
import type { Counters } from '../stats.ts'
import type { Time } from '../time.ts'
import type { Lease, StoredToken, TokenStore } from '../token-store.ts'
import { type Flight, LAST_LOOK_MS } from './flight.ts'
import type { Obtained } from './held-token.ts'
import { type StoreFailure, operate } from './store-operation.ts'
import { isLease, readStoredToken } from './stored-token.ts'
import type { CacheEntry } from './token-cache.ts'

const LEASE_WAITED_MS = 3_000
const LEASE_BACKGROUND_MS = 10_000
const LOOK_AGAIN_MS = 50

export interface Found {
  readonly obtained?: Obtained | undefined
  readonly lease?: Lease | undefined
}

export class SharedStore {
  readonly #store: TokenStore
  readonly #time: Time
  readonly #emit: (event: EventBody) => void
  readonly #stats: Counters
  readonly #leases = new Set<Lease>()
  readonly #asked = new Set<Promise<unknown>>()

  constructor(store: TokenStore, time: Time, stats: Counters, emit: (event: EventBody) => void) {
    this.#stats = stats
    this.#store = store
    this.#time = time
    this.#emit = emit
  }

  /** A token that another process had, if there is one now that will do. */
  async look(entry: CacheEntry, flight: Flight): Promise<Obtained | undefined | 'failed'> {
    const found = await this.#get(entry, flight.signal)
    if (found === undefined || found === 'failed') return found
    if (!flight.accepts(found, entry.held)) return undefined
    this.#stats.storeHits++
    return found
  }

  /** A token that another process had, or the lease to have one. Neither when the store fails or has no leases. */
  async find(entry: CacheEntry, flight: Flight): Promise<Found> {
    const found = await this.look(entry, flight)
    // A store that does not answer is not asked a second time by the same flight.
    if (found === 'failed' || (found === undefined && !this.#hasLeases)) return {}
    if (found !== undefined) return { obtained: found }
    while (flight.mayGoOn && !flight.signal.aborted) {
      const lease = await this.#lease(entry.key, flight)
      if (lease === 'failed') return {}
      if (lease !== undefined) {
        const late = await this.look(entry, flight)
        if (late === undefined || late === 'failed') return { lease }
        await this.release(lease)
        return { obtained: late }
      }
      const remaining = flight.deadline - this.#time.now
      await pause(Math.min(LOOK_AGAIN_MS, Math.max(0, remaining - LAST_LOOK_MS)), flight.signal).catch(ignore)
      const later = await this.look(entry, flight)
      if (later !== undefined && later !== 'failed') return { obtained: later }
      if (remaining <= LAST_LOOK_MS) return {}
    }
    return {}
  }

  get #hasLeases(): boolean {
    try {
      return typeof this.#store.lease === 'function'
    } catch {
      return false
    }
  }

  /** In the background: nobody waits for it. */
  async put({ key }: CacheEntry, obtained: Obtained, { signal: closing }: Flight, lease?: Lease): Promise<void> {
    const { lifetimeMs } = obtained
    const { value, kind, scopes } = obtained.token
    const remainingMs = Math.floor(lifetimeMs + obtained.sentAt - this.#time.now)
    const stored: StoredToken = { value, kind, scopes, lifetimeMs, remainingMs }
    // Only what every reader takes.
    if (readStoredToken(stored, kind) !== undefined)
      await operate((signal) => this.#store.set(key, stored, { signal, lease }), this.#reporter('set'), closing)
    if (lease !== undefined) await this.release(lease)
  }

  async release(lease: Lease): Promise<void> {
    if (this.#leases.delete(lease)) await operate(async () => lease.release(), this.#reporter('release'))
  }

  /** Also leases that are being asked for just now. */
  async close(): Promise<void> {
    await Promise.all([...this.#leases].map((lease) => this.release(lease)))
    await operate(() => Promise.all(this.#asked), ignore)
  }

  async #get({ key, kind }: CacheEntry, closing: AbortSignal): Promise<Obtained | undefined | 'failed'> {
    // Read before the question: the store's answer is never younger than this.
    const { now } = this.#time
    const report = this.#reporter('get')
    const answer: unknown = await operate((signal) => this.#store.get(key, { signal }), report, closing)
    if (answer === undefined || answer === 'failed') return answer
    const stored = readStoredToken(answer, kind)
    if (stored === undefined) {
      report({ reason: 'invalid' })
      return 'failed'
    }
    const { lifetimeMs, remainingMs } = stored
    const token = createAccessToken({ ...stored, expiresAt: Math.floor(now + remainingMs) })
    return { token, lifetimeMs, sentAt: now - (lifetimeMs - remainingMs), durationMs: 0 }
  }

  /** A lease that comes too late, or after `close()`, is given back. */
  async #lease(key: string, flight: Flight): Promise<Lease | undefined | 'failed'> {
    const ttlMs = flight.isWaitedFor ? LEASE_WAITED_MS : LEASE_BACKGROUND_MS
    let isLate = false
    const report = this.#reporter('lease')
    const lease: unknown = await operate(
      async (signal) => {
        const asked = Promise.resolve(this.#store.lease?.(key, { ttlMs, signal }))
        const over = asked.then(async (late) => (isLate ? await late?.release() : undefined)).catch(ignore)
        this.#asked.add(over)
        void over.finally(() => this.#asked.delete(over))
        return asked
      },
      report,
      flight.signal,
    )
    if (lease === undefined) return undefined
    if (isLease(lease)) {
      this.#leases.add(lease)
      return lease
    }
    if (lease === 'failed') isLate = true
    else report({ reason: 'invalid' })
    return 'failed'
  }

  #reporter(operation: StoreFailure['operation']): (failure: Omit<StoreFailure, 'operation'>) => void {
    return (failure) => {
      this.#stats.storeFailures++
      this.#emit({ type: 'store.failed', level: 'warn', operation, ...failure })
    }
  }
}

const ignore = (): undefined => undefined
