/** One acquisition under way for one identity, and those who wait for it. */
import type { MaskinportenError } from '../errors.ts'
import type { AttemptFailed } from '../http/attempt-failed.ts'
import { startTimer } from '../timer.ts'
import type { Time } from '../time.ts'
import { timeoutError } from './failure.ts'
import { type HeldToken, type Obtained, endOf } from './held-token.ts'

/** How long before its deadline a flight looks into the shared store once more, milliseconds. */
export const LAST_LOOK_MS = 100
/** Callers whose deadlines fall into the same slot of this length share one look, milliseconds. */
const LOOK_SLOT_MS = 50
/** Callers give up a flight that has not ended this long after its deadline, milliseconds: its own timer should have fired. */
export const GIVEN_UP_AFTER_MS = 10

/** How long an attempt may be unanswered before another starts beside it, while callers wait, milliseconds. */
export const JOIN_MS = 3_000

/** Which token will do, beside the identity. */
export interface Need {
  readonly why: 'missing' | 'renewal' | 'rejected'
  /** The value of the rejected token: the store may still have it. */
  readonly rejected?: string | undefined
  /** The highest age of the token, milliseconds, for a Maskinporten token that will be exchanged. */
  readonly maxAgeMs?: number | undefined
  /** For a Maskinporten token that will be exchanged: the id of the exchange's flight, for the events. */
  readonly parentId?: number | undefined
  /** For a Maskinporten token that will be exchanged: the time that the exchange's flight has left for the shared store. */
  readonly storeBudget?: StoreBudget | undefined
}

/** How long a call may still wait for the shared store. A call with an exchange has one budget for both of its tokens. */
export interface StoreBudget {
  /** Milliseconds. */
  leftMs: number
}

export class Flight {
  readonly need: Need
  /** The id in its events. */
  id = 0
  storeBudget: StoreBudget | undefined
  readonly startedAt: number
  readonly deadline: number
  readonly #time: Time
  readonly #timeoutMs: number
  /** Each flight has its own: in Workers an AbortController belongs to the request that made it. */
  readonly #closing = new AbortController()
  readonly #dependents: Flight[] = []
  /** The slots in which it looks into the shared store for callers. */
  readonly #looks = new Set<number>()
  #awaited: string | undefined
  readonly #end = Promise.withResolvers<HeldToken | undefined>()
  /** `undefined`: the flight was abandoned, or the settings are of another client now. Then the callers start again. */
  readonly outcome: Promise<HeldToken | undefined> = this.#end.promise
  /** The short wait in a token's last moments, shared by the callers. */
  brief: Promise<unknown> | undefined
  waiting = 0
  /** The error of the last attempt, for the message of a timeout. */
  lastError: MaskinportenError | undefined
  /** The refusal of one attempt, while another attempt is still unanswered. */
  refusal: AttemptFailed | undefined
  isOver = false

  constructor(need: Need, time: Time, timeoutMs: number) {
    this.need = need
    this.#time = time
    this.#timeoutMs = timeoutMs
    this.startedAt = time.now
    this.deadline = this.startedAt + timeoutMs
    this.outcome.catch(() => {})
  }

  /** Ends the flight with the work or at the deadline, whichever comes first. The work goes on after the deadline. */
  follow(work: Promise<HeldToken | undefined>): void {
    const stop = startTimer(this.#timeoutMs, () => this.#fail(this.refusal ?? this.timeoutError))
    work.then(
      (held) => this.#settle(this.#isStale(held) ? undefined : held),
      (error: unknown) => this.#fail(error),
    )
    this.outcome.then(stop, stop)
  }

  abandon(): void {
    this.#settle(undefined)
  }

  /** Ends the flight with a token from another flight or from the shared store. */
  deliver(held: HeldToken): void {
    this.#settle(held)
  }

  /** Ends the flight and its requests, because the instance is closed. */
  close(error: MaskinportenError): void {
    this.abandon()
    try {
      this.#closing.abort(error)
    } catch {
      // In Workers an abort fails when the request that started the flight is over.
    }
  }

  /** Aborted when the instance is closed, not at the deadline. */
  get signal(): AbortSignal {
    return this.#closing.signal
  }

  /**
   * When its callers give it up. In Workers its own timer may have ended with the request that started it, so it would never
   * end by itself.
   */
  get givenUpAt(): number {
    return this.deadline + GIVEN_UP_AFTER_MS
  }

  get timeoutError(): MaskinportenError {
    return this.refusal?.error ?? timeoutError(this.#timeoutMs, this.#awaited, this.lastError)
  }

  /**
   * Whether a token of another process, or of an earlier flight for this identity, will do.
   *
   * @param by what the earlier flight asked for.
   */
  accepts(found: Obtained, held: HeldToken | undefined, by?: Need): boolean {
    const { why, rejected, maxAgeMs = Number.POSITIVE_INFINITY } = this.need
    // The other flight may have exchanged an old Maskinporten token, and the API may reject that one too.
    if (by !== undefined && found.token.kind === 'altinn' && why === 'rejected' && by.why !== 'rejected') return false
    // Its end is checked here too: the store may have answered slowly.
    const isOld = this.#time.now >= Math.min(endOf(found), found.sentAt + maxAgeMs)
    if (isOld || found.token.value === rejected) return false
    return (
      held === undefined || why === 'missing' || (found.token.value !== held.token.value && found.sentAt > held.sentAt)
    )
  }

  /** Whether the deadline has passed. Timers do not tell, because they stop while the process is suspended. */
  get isOverdue(): boolean {
    return this.#time.now >= this.deadline
  }

  /** Whether the process was suspended: the flight is far older than its timer allows. The server may be well. */
  get wasSuspended(): boolean {
    return this.ageMs > 2 * this.#timeoutMs
  }

  /** Whether the flight may send another request. */
  get mayGoOn(): boolean {
    return !this.isOver && !this.isOverdue
  }

  get ageMs(): number {
    return this.#time.now - this.startedAt
  }

  get isWaitedFor(): boolean {
    return !this.isOver && (this.waiting > 0 || this.#dependents.some((flight) => flight.isWaitedFor))
  }

  /**
   * Whether nobody waits, and no answer has come for so long that a second request would be sent if somebody did. What is
   * left of its time is too short for a caller who comes now. An answer that comes later still counts.
   */
  get isForgotten(): boolean {
    return !this.isWaitedFor && this.ageMs >= JOIN_MS
  }

  /** The flight of an exchange waits for the flight of its Maskinporten token. */
  addDependent(flight: Flight): void {
    this.#dependents.push(flight)
    if (this.#awaited !== undefined) flight.awaits(this.#awaited)
  }

  /** Whether a look at this time is not planned yet. It is from now on. On the line of time. */
  plansLook(at: number): boolean {
    const slot = Math.floor(at / LOOK_SLOT_MS)
    if (this.#looks.has(slot)) return false
    this.#looks.add(slot)
    return true
  }

  /** Notes the step that begins now, for the message of a timeout. */
  awaits(step: string): void {
    if (this.isOver) return
    this.#awaited = step
    for (const flight of this.#dependents) flight.awaits(step)
  }

  /**
   * Whether the token expired while the process was suspended, or because the clock was set forward. A token that was issued
   * without any life left is not stale: the caller gets it.
   */
  #isStale(held: HeldToken | undefined): boolean {
    if (held === undefined || this.#time.now < endOf(held)) return false
    return this.isOverdue || held.durationMs < held.lifetimeMs
  }

  // The first result counts; later ones change nothing.
  #settle(held: HeldToken | undefined): void {
    this.isOver = true
    this.#end.resolve(held)
  }

  /** What failed because the process was suspended, such as a connection that is reset on waking, says nothing of the server. */
  #fail(error: unknown): void {
    if (this.wasSuspended) return this.abandon()
    this.isOver = true
    this.#end.reject(error)
  }
}
