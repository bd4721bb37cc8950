/** The store that several processes share. A failure is a miss, costs a call little time, and pauses the use of the store. */
import { createAccessToken } from '../access-token.ts'
import type { EventBody } from '../events.ts'
import { pause } from '../timer.ts'
import type { Counters } from '../stats.ts'
import type { Time } from '../time.ts'
import type { Lease, StoredToken, TokenStore } from '../token-store.ts'
import { type Flight, LAST_LOOK_MS, type StoreBudget } from './flight.ts'
import type { Obtained } from './held-token.ts'
import { type StoreFailure, TURNS, operate } from './store-operation.ts'
import { isLease, readStoredToken } from './stored-token.ts'
import type { CacheEntry } from './token-cache.ts'

const LEASE_WAITED_MS = 3_000
const LEASE_BACKGROUND_MS = 10_000
const LOOK_AGAIN_MS = 50
/** How long a call waits for a store that has no `timeoutMs` of its own, milliseconds. */
const TIMEOUT_MS = 1_000
/** The limit for writing a token and releasing a lease, milliseconds. No caller waits for these. */
const BACKGROUND_MS = 1_000
/** After an error or a timeout the store is not asked, milliseconds. */
const SKIPPED_MS = 5_000
/** The shortest limit of one operation, milliseconds. A healthy store answers sooner, even when this process is busy. */
const LEAST_MS = 10

export interface StoreOutcome {
  readonly obtained?: Obtained | undefined
  readonly lease?: Lease | undefined
}

export class SharedStore {
  readonly #store: TokenStore
  readonly #timeoutMs: number
  readonly #time: Time
  readonly #emit: (event: EventBody) => void
  readonly #stats: Counters
  readonly #leases = new Set<Lease>()
  /** Writes and lease requests under way. `close()` waits for them. None of them rejects. */
  readonly #underWay = new Set<Promise<unknown>>()
  /** Flights that have reported an invalid token: one report for each, although a waiting flight reads every 50 ms. */
  readonly #toldInvalid = new WeakSet<Flight>()
  #skippedUntil = Number.NEGATIVE_INFINITY

  constructor(store: TokenStore, time: Time, stats: Counters, emit: (event: EventBody) => void) {
    this.#stats = stats
    this.#store = store
    this.#timeoutMs = timeoutOf(store)
    this.#time = time
    this.#emit = emit
  }

  /** A token that another process stored, if the flight accepts it. */
  async look(
    entry: CacheEntry,
    flight: Flight,
    budget: StoreBudget = { leftMs: this.#timeoutMs },
  ): Promise<Obtained | undefined | 'failed'> {
    const found = await this.#get(entry, flight, budget)
    if (found === undefined || found === 'failed') return found
    if (!flight.accepts(found, entry.held)) return undefined
    this.#stats.storeHits++
    return found
  }

  /**
   * A token that another process stored, or the lease under which this process requests one. Neither, when the store fails or
   * has no leases.
   */
  async find(entry: CacheEntry, flight: Flight): Promise<StoreOutcome> {
    const budget = flight.need.storeBudget ?? { leftMs: this.#timeoutMs }
    flight.storeBudget = budget
    const found = await this.look(entry, flight, budget)
    // A store that does not answer is not asked a second time by the same flight.
    if (found === 'failed' || (found === undefined && !this.#hasLeases)) return {}
    if (found !== undefined) return { obtained: found }
    while (flight.mayGoOn) {
      const { leftMs } = budget
      const lease = await this.#lease(entry.key, flight, budget)
      if (lease === 'failed') return {}
      if (lease !== undefined) {
        const late = await this.look(entry, flight, budget)
        if (late === undefined || late === 'failed') return { lease }
        await this.release(lease)
        return { obtained: late }
      }
      const remaining = flight.deadline - this.#time.now
      await pause(Math.min(LOOK_AGAIN_MS, Math.max(0, remaining - LAST_LOOK_MS)), flight.signal).catch(ignore)
      // The time in which another process requests the token is not time that the store took.
      budget.leftMs = leftMs
      const later = await this.look(entry, flight, budget)
      if (later === 'failed') return {}
      if (later !== undefined) return { obtained: later }
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

  /**
   * Writes the token in the background. No caller waits for that. `close()` waits, so that a process that makes only one call
   * leaves its token in the store.
   */
  put(entry: CacheEntry, obtained: Obtained, lease?: Lease): void {
    // The lease is released after the token is written. `close()` must not release it before.
    if (lease !== undefined) this.#leases.delete(lease)
    this.#track(this.#write(entry, obtained, lease))
  }

  /** Releases a lease that is still held. */
  async release(lease: Lease | undefined): Promise<void> {
    if (lease !== undefined && this.#leases.delete(lease)) await this.#giveBack(lease)
  }

  /** Releases all leases. Waits for writes, and for leases that were asked for and are not there yet. */
  async close(): Promise<void> {
    await Promise.all([...this.#leases].map((lease) => this.release(lease)))
    await operate(() => Promise.all(this.#underWay), BACKGROUND_MS, ignore)
  }

  async #write({ key }: CacheEntry, obtained: Obtained, lease?: Lease): Promise<void> {
    const { lifetimeMs } = obtained
    const { value, kind, scopes } = obtained.token
    const remainingMs = Math.floor(lifetimeMs + obtained.sentAt - this.#time.now)
    const stored: StoredToken = { value, kind, scopes, lifetimeMs, remainingMs }
    // Readers refuse any other token.
    if (readStoredToken(stored, kind) !== undefined)
      await this.#operate('set', (signal) => this.#store.set(key, stored, { signal, lease }), BACKGROUND_MS)
    if (lease !== undefined) await this.#giveBack(lease)
  }

  async #giveBack(lease: Lease): Promise<void> {
    await this.#operate('release', async () => lease.release(), BACKGROUND_MS)
  }

  #track(work: Promise<unknown>): void {
    this.#underWay.add(work)
    void work.finally(() => this.#underWay.delete(work))
  }

  async #get({ key, kind }: CacheEntry, flight: Flight, budget: StoreBudget): Promise<Obtained | undefined | 'failed'> {
    // Read before the store is asked: then the token's life is never counted too long.
    const { now } = this.#time
    const ask = (signal: AbortSignal): Promise<unknown> => this.#store.get(key, { signal })
    const answer = await this.#operate('get', ask, budget, flight.signal)
    if (answer === undefined || answer === 'failed') return answer
    const stored = readStoredToken(answer, kind)
    if (stored === undefined) {
      if (!this.#toldInvalid.has(flight)) this.#report('get', { reason: 'invalid' })
      this.#toldInvalid.add(flight)
      return undefined
    }
    const { lifetimeMs, remainingMs } = stored
    const token = createAccessToken({ ...stored, expiresAt: Math.floor(now + remainingMs) })
    return { token, lifetimeMs, sentAt: now - (lifetimeMs - remainingMs), durationMs: 0 }
  }

  /** A lease that comes too late, or after `close()`, is released. */
  async #lease(key: string, flight: Flight, budget: StoreBudget): Promise<Lease | undefined | 'failed'> {
    const ttlMs = flight.isWaitedFor ? LEASE_WAITED_MS : LEASE_BACKGROUND_MS
    let isLate = false
    const lease: unknown = await this.#operate(
      'lease',
      async (signal) => {
        const asked = Promise.resolve(this.#store.lease?.(key, { ttlMs, signal }))
        this.#track(asked.then(async (late) => (isLate ? await late?.release() : undefined)).catch(ignore))
        return asked
      },
      budget,
      flight.signal,
    )
    if (lease === undefined) return undefined
    if (isLease(lease)) {
      this.#leases.add(lease)
      return lease
    }
    if (lease === 'failed') isLate = true
    else this.#report('lease', { reason: 'invalid' })
    return 'failed'
  }

  /** Does nothing while the store is skipped. All operations of a flight share one budget. */
  async #operate<T>(
    operation: StoreFailure['operation'],
    work: (signal: AbortSignal) => Promise<T>,
    budget: StoreBudget | number,
    closing?: AbortSignal,
  ): Promise<T | 'failed'> {
    const began = this.#time.now
    if (began < this.#skippedUntil) return 'failed'
    const ms = typeof budget === 'number' ? budget : Math.max(budget.leftMs, Math.min(LEAST_MS, this.#timeoutMs))
    const failed = (failure: Omit<StoreFailure, 'operation'>): void => {
      this.#skippedUntil = this.#time.now + SKIPPED_MS
      this.#report(operation, failure)
    }
    let turns = 1
    const outcome = await operate(work, ms, failed, closing, () => turns++)
    if (typeof budget !== 'number') budget.leftMs -= Math.min(this.#time.now - began, (turns * ms) / TURNS)
    return outcome
  }

  #report(operation: StoreFailure['operation'], failure: Omit<StoreFailure, 'operation'>): void {
    this.#stats.storeFailures++
    this.#emit({ type: 'store.failed', level: 'warn', operation, ...failure })
  }
}

const ignore = (): undefined => undefined

function timeoutOf(store: TokenStore): number {
  try {
    const { timeoutMs } = store
    return typeof timeoutMs === 'number' && timeoutMs > 0 && timeoutMs < Number.POSITIVE_INFINITY
      ? timeoutMs
      : TIMEOUT_MS
  } catch {
    return TIMEOUT_MS
  }
}
