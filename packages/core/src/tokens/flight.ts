/** One acquisition under way for one identity, and those who wait for it. */
import type { MaskinportenError } from '../errors.ts'
import type { AttemptFailed } from '../http/attempt-failed.ts'
import { startTimer } from '../http/timer.ts'
import type { Time } from '../time.ts'
import { timeoutError } from './failure.ts'
import { type HeldToken, type Obtained, endOf } from './held-token.ts'

/** How long before its deadline a flight looks into the shared store once more, milliseconds. */
export const LAST_LOOK_MS = 100
/** What has not ended so long after its own deadline does not end by itself: its timer fires first. Milliseconds. */
export const LEFT_AFTER_MS = 10

/** What is asked for, beyond the identity. */
export interface Need {
  readonly why: 'missing' | 'renewal' | 'rejected'
  /** The value that must not come back from a store. */
  readonly rejected?: string | undefined
  /** How old it may be at most, milliseconds: of a Maskinporten token to be exchanged. */
  readonly maxAgeMs?: number | undefined
}

export class Flight {
  readonly need: Need
  readonly startedAt: number
  readonly deadline: number
  readonly #time: Time
  readonly #timeoutMs: number
  /** Of its own: in Workers an AbortController belongs to the request in which it was made. */
  readonly #closing = new AbortController()
  readonly #dependents: Flight[] = []
  #awaited: string | undefined
  readonly #end = Promise.withResolvers<HeldToken | undefined>()
  /** `undefined`: abandoned, or the settings are of another client now. Who waited looks again. */
  readonly outcome: Promise<HeldToken | undefined> = this.#end.promise
  /** The short wait inside a token's last moments. */
  brief: Promise<unknown> | undefined
  waiting = 0
  /** What the last attempt failed with, for the message when time runs out. */
  lastError: MaskinportenError | undefined
  /** What a server refused, while another attempt is still unanswered. */
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

  /** Follows the work until its end or the deadline, whichever is first. The work itself goes on. */
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

  /** A token that came on another way: from another flight, or from the shared store. */
  deliver(held: HeldToken): void {
    this.#settle(held)
  }

  /** All is closed: its requests end too. */
  close(error: MaskinportenError): void {
    this.abandon()
    try {
      this.#closing.abort(error)
    } catch {
      // In Workers another request may have begun it, and may be over.
    }
  }

  /** Ends when all is closed, not at the deadline. */
  get signal(): AbortSignal {
    return this.#closing.signal
  }

  /** When whoever waits leaves it: its own timer may have ended with the request that began it. */
  get leftAt(): number {
    return this.deadline + LEFT_AFTER_MS
  }

  get timeoutError(): MaskinportenError {
    return this.refusal?.error ?? timeoutError(this.#timeoutMs, this.#awaited, this.lastError)
  }

  /**
   * Whether a token that came on another way will do: from another process, or by an earlier flight of this identity.
   *
   * @param by what that flight asked for.
   */
  accepts(found: Obtained, held: HeldToken | undefined, by?: Need): boolean {
    const { why, rejected, maxAgeMs = Number.POSITIVE_INFINITY } = this.need
    // An Altinn token may come from a Maskinporten token of any age, which may be what the API rejects.
    if (by !== undefined && found.token.kind === 'altinn' && why === 'rejected' && by.why !== 'rejected') return false
    // Its life too: a store takes its time to answer.
    const isOld = this.#time.now >= Math.min(endOf(found), found.sentAt + maxAgeMs)
    if (isOld || found.token.value === rejected) return false
    return (
      held === undefined || why === 'missing' || (found.token.value !== held.token.value && found.sentAt > held.sentAt)
    )
  }

  /** Past its deadline: a suspended process's timers do not tell. */
  get isOverdue(): boolean {
    return this.#time.now >= this.deadline
  }

  /** Its timer comes far too late: the process was suspended, so nothing is known of the server. */
  get wasSuspended(): boolean {
    return this.ageMs > 2 * this.#timeoutMs
  }

  /** Whether it may still send another request. */
  get mayGoOn(): boolean {
    return !this.isOver && !this.isOverdue
  }

  get ageMs(): number {
    return this.#time.now - this.startedAt
  }

  get isWaitedFor(): boolean {
    return !this.isOver && (this.waiting > 0 || this.#dependents.some((flight) => flight.isWaitedFor))
  }

  /** The exchange's flight waits for that of its Maskinporten token. */
  addDependent(flight: Flight): void {
    this.#dependents.push(flight)
    if (this.#awaited !== undefined) flight.awaits(this.#awaited)
  }

  /** The step that begins now, for the message when time runs out. */
  awaits(step: string): void {
    if (this.isOver) return
    this.#awaited = step
    for (const flight of this.#dependents) flight.awaits(step)
  }

  /** Its life passed while the process was suspended, or by a clock set on. One that came without life is handed over. */
  #isStale(held: HeldToken | undefined): boolean {
    if (held === undefined || this.#time.now < endOf(held)) return false
    return this.isOverdue || held.durationMs < held.lifetimeMs
  }

  // What settles it first counts.
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
