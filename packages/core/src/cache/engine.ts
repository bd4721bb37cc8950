/** The decision at each call: serve, renew behind the caller's back, wait, or say why not. Every number has its file. */
import type { MaskinportenError } from '../errors.ts'
import { AttemptFailed } from '../http/attempt-failed.ts'
import type { Time } from '../time.ts'
import type { AccessToken, GetTokenOptions } from '../token-source.ts'
import { BackOff } from './back-off.ts'
import type { Entry, Target } from './entry.ts'
import { ParentFailed, errorOf, rejectedAgain, throwForCaller, timeoutError } from './failure.ts'
import { Flight, type Need, type Outcome } from './flight.ts'
import { type HeldToken, waitAfterMs } from './held-token.ts'
import { Rejections } from './rejection.ts'
import { Waiting } from './waiting.ts'

/** A renewal this young may be waited for in a token's last moments, milliseconds. */
const YOUNG_MS = 1_000
/** Callers of one moment share one wait: the length of that moment, milliseconds. */
export const BUCKET_MS = 10

/** What flights do, and what they report. */
export interface Acquirer {
  acquire(target: Target, flight: Flight, engine: Engine): Promise<Outcome>
  succeeded(entry: Entry): void
  failed(error: MaskinportenError, allKeysRejected: boolean): void
  /** It is over, well or not. */
  landed(): void
  /** The Maskinporten token's entry of an Altinn token: its back-off holds the exchange back too. */
  parentOf(target: Target): Entry | undefined
}

export class Engine {
  readonly #time: Time
  readonly #timeoutMs: number
  readonly #acquirer: Acquirer
  readonly #waiting: Waiting
  readonly #flights = new Set<Flight>()

  constructor(time: Time, timeoutMs: number, acquirer: Acquirer) {
    this.#time = time
    this.#timeoutMs = timeoutMs
    this.#acquirer = acquirer
    this.#waiting = new Waiting(time)
  }

  isFresh(held: HeldToken): boolean {
    return this.#time.isYounger(held, held.renewAfterMs)
  }

  isValid(held: HeldToken | undefined): held is HeldToken {
    return held !== undefined && this.#time.isYounger(held, held.lifetimeMs)
  }

  /** The former settings' token, while the new client has none yet; the new one's is asked for behind its back. */
  serveFormer(former: HeldToken, target: Target): Promise<AccessToken> {
    if (this.#liveFlight(target.entry) === undefined && this.#backOff(target, true) === undefined) {
      this.#start(target, { why: 'missing' })
    }
    return former.promise
  }

  /**
   * Not the hot path: no fresh token, or a token that an API rejected.
   *
   * @returns undefined when the settings changed meanwhile: look again.
   */
  obtain(target: Target, deadline: number, options?: GetTokenOptions): Promise<AccessToken | undefined> {
    const { entry } = target
    const rejected = options?.rejected?.value
    const held = this.isValid(entry.held) ? entry.held : undefined
    if (held === undefined) return this.#wait(target, { why: 'missing', rejected }, deadline)
    if (held.token.value === rejected) return this.#replace(target, held, deadline)
    if (this.isFresh(held)) return held.promise
    const flight = this.#liveFlight(entry)
    const counts = entry.rejections?.value !== held.token.value
    if (flight === undefined && this.#backOff(target, counts) !== undefined) return held.promise
    return this.#serveWhileRenewing(entry, held, flight ?? this.#start(target, { why: 'renewal' }))
  }

  /** A token for another flight: its own, or that under way. @throws the error of a running back-off. */
  join(target: Target, need: Need, dependent: Flight): Promise<Outcome> {
    let flight = this.#liveFlight(target.entry)
    if (flight === undefined) {
      const error = this.#backOff(target, false)
      if (error !== undefined) throw error
      flight = this.#start(target, need)
    }
    flight.addDependent(dependent)
    return flight.outcome
  }

  /** Waits until the deadline. */
  within<T>(deadline: number, promise: Promise<T>): Promise<T> {
    return this.#waiting.until(deadline, promise, () => timeoutError(this.#timeoutMs))
  }

  close(error: MaskinportenError): void {
    this.#waiting.rejectAll(error)
    for (const flight of this.#flights) flight.abandon()
  }

  #start(target: Target, need: Need): Flight {
    const { entry } = target
    const flight = new Flight(need, this.#time, this.#timeoutMs)
    entry.flight = flight
    this.#flights.add(flight)
    const work = this.#acquirer.acquire(target, flight, this)
    // Also when it is late: the answer still enters the cache and ends the back-off.
    work.then(
      (held) => held && this.#accept(entry, held, need),
      () => {},
    )
    flight.follow(work)
    const land = (): void => {
      this.#flights.delete(flight)
      if (entry.flight === flight) entry.flight = undefined
      this.#acquirer.landed()
    }
    flight.outcome.then(land, (failure: unknown) => {
      land()
      this.#fail(target, failure)
    })
    return flight
  }

  #accept(entry: Entry, held: HeldToken, { why }: Need): void {
    if (!entry.listed || !this.isValid(held)) return
    // A late answer never replaces a younger one.
    if (entry.held !== undefined && entry.held.sentMonotonic > held.sentMonotonic) return
    entry.held = held
    entry.rejections?.follow(why === 'rejected')
    entry.backOff = undefined
    this.#acquirer.succeeded(entry)
  }

  #fail({ entry, settings }: Target, failure: unknown): void {
    const error = errorOf(failure)
    // What the Maskinporten token's own flight failed with has its back-off there.
    if (error === undefined || error.code === 'closed' || failure instanceof ParentFailed) return
    const refusal = failure instanceof AttemptFailed ? failure.refusal : undefined
    const retryAfterMs = failure instanceof AttemptFailed ? failure.retryAfterMs : 0
    const lasting = refusal === 'other' || (refusal === undefined && !error.retryable)
    entry.backOff ??= new BackOff(this.#time)
    entry.backOff.fail({ error, retryAfterMs, lasting }, settings.revision)
    this.#acquirer.failed(error, refusal === 'key')
  }

  /** The flight of this identity; one past its deadline is abandoned, and who waited for it gets a new one. */
  #liveFlight(entry: Entry): Flight | undefined {
    if (entry.flight?.isOverdue) this.#abandon(entry)
    return entry.flight
  }

  #abandon(entry: Entry): void {
    const { flight } = entry
    entry.flight = undefined
    flight?.abandon()
  }

  #backOff(target: Target, held: boolean): MaskinportenError | undefined {
    const { revision } = target.settings
    const own = target.entry.backOff?.running(held, revision)
    if (own !== undefined) return own
    const parent = this.#acquirer.parentOf(target)
    if (parent === undefined || parent.flight !== undefined || this.isValid(parent.held)) return undefined
    return parent.backOff?.running(held, revision)
  }

  /** One renewal for all who report the same token; inside the cool-down the call throws. */
  #replace(target: Target, held: HeldToken, deadline: number): Promise<AccessToken | undefined> {
    const { entry } = target
    const need: Need = { why: 'rejected', rejected: held.token.value }
    const flight = this.#liveFlight(entry)
    if (flight === undefined || flight.need.why !== 'rejected') {
      const error = flight === undefined ? this.#backOff(target, false) : undefined
      if (error !== undefined) return Promise.reject(error)
      entry.rejections ??= new Rejections(this.#time)
      if (!entry.rejections.report(held.token.value)) return Promise.reject(rejectedAgain())
      // A renewal under way exchanges a Maskinporten token of any age, which may be what the API rejects.
      if (entry.kind === 'altinn') this.#abandon(entry)
    }
    return this.#wait(target, need, deadline)
  }

  #wait(target: Target, need: Need, deadline: number): Promise<AccessToken | undefined> {
    let flight = this.#liveFlight(target.entry)
    if (flight === undefined) {
      const error = this.#backOff(target, false)
      if (error !== undefined) return Promise.reject(error)
      flight = this.#start(target, need)
    }
    return this.#shareWait(flight, deadline).then((held) => held?.token)
  }

  /** Callers of the same few milliseconds share one wait and one timer: ten thousand cost as much as one. */
  #shareWait(flight: Flight, deadline: number): Promise<Outcome> {
    const bucket = Math.floor(deadline / BUCKET_MS)
    if (flight.shared?.bucket !== bucket) {
      const late = (): Outcome | MaskinportenError =>
        flight.wasSuspended ? undefined : timeoutError(this.#timeoutMs, flight.lastError)
      const outcome = flight.outcome.catch(throwForCaller)
      flight.shared = { bucket, promise: this.#counted(flight, this.#waiting.until(bucket * BUCKET_MS, outcome, late)) }
    }
    return flight.shared.promise
  }

  /** The valid token at once; in its last moments after a short wait for a young renewal. */
  #serveWhileRenewing(entry: Entry, held: HeldToken, flight: Flight): Promise<AccessToken | undefined> {
    if (this.#time.isYounger(held, waitAfterMs(held)) || flight.ageMs >= YOUNG_MS) return held.promise
    const until = this.#time.monotonic + (held.lifetimeMs - this.#time.ageOf(held)) / 2
    const nothing = (): undefined => undefined
    flight.brief ??= this.#counted(flight, this.#waiting.until(until, flight.outcome.catch(nothing), nothing))
    // Neither may be left: in a wait of seconds a clock can be set on by minutes.
    return flight.brief.then(() => [entry.held, held].find((token) => this.isValid(token))?.token)
  }

  /** While somebody waits, attempts may overlap. */
  #counted<T>(flight: Flight, promise: Promise<T>): Promise<T> {
    flight.waiting++
    promise
      .catch(() => {})
      .finally(() => {
        flight.waiting--
      })
    return promise
  }
}
