/** The decision at each call: serve, renew behind the caller's back, wait, or say why not. Every number has its file. */
import type { MaskinportenError } from '../errors.ts'
import { isHostInterruption } from '../http/host-interruption.ts'
import type { Time } from '../time.ts'
import type { AccessToken, GetTokenOptions } from '../token-source.ts'
import type { Entry, Target } from './entry.ts'
import { rejectedAgain, throwForCaller, timeoutError } from './failure.ts'
import { type Flight, LAST_LOOK_MS, type Need, type Outcome } from './flight.ts'
import { type Acquirer, Flights } from './flights.ts'
import { type HeldToken, waitAfterMs } from './held-token.ts'
import { Rejections } from './rejection.ts'
import { Waiting } from './waiting.ts'

/** A renewal this young may be waited for in a token's last moments, milliseconds. */
const YOUNG_MS = 1_000
/** Callers of one moment share one wait: the length of that moment, milliseconds. */
export const BUCKET_MS = 10

export class Engine {
  readonly #time: Time
  readonly #timeoutMs: number
  readonly #waiting: Waiting
  readonly #flights: Flights

  constructor(time: Time, timeoutMs: number, acquirer: Acquirer) {
    this.#time = time
    this.#timeoutMs = timeoutMs
    this.#waiting = new Waiting(time)
    this.#flights = new Flights(time, timeoutMs, acquirer)
  }

  isFresh(held: HeldToken): boolean {
    return this.#time.isYounger(held, held.renewAfterMs)
  }

  isValid(held: HeldToken | undefined): held is HeldToken {
    return this.#flights.isValid(held)
  }

  /** The former settings' token, while the new client has none yet; the new one's is asked for behind its back. */
  serveFormer(former: HeldToken, target: Target): Promise<AccessToken> {
    if (this.#flights.live(target.entry) === undefined && this.#flights.backOff(target, true) === undefined) {
      this.#flights.start(target, { why: 'missing' })
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
    const flight = this.#flights.live(entry)
    const counts = entry.rejections?.value !== held.token.value
    if (flight === undefined && this.#flights.backOff(target, counts) !== undefined) return held.promise
    return this.#serveWhileRenewing(entry, held, flight ?? this.#flights.start(target, { why: 'renewal' }))
  }

  /** Waits until the deadline; undefined at `leftAt`, when that is earlier. */
  within<T>(deadline: number, promise: Promise<T>, leftAt: number): Promise<T | undefined> {
    const late = (): MaskinportenError | undefined =>
      leftAt < deadline ? undefined : timeoutError(this.#timeoutMs, 'the settings')
    return this.#waiting.until<T | undefined>(Math.min(deadline, leftAt), promise, late)
  }

  close(error: MaskinportenError): void {
    this.#waiting.rejectAll(error)
    this.#flights.close(error)
  }

  /** One renewal for all who report the same token; inside the cool-down the call throws. */
  #replace(target: Target, held: HeldToken, deadline: number): Promise<AccessToken | undefined> {
    const { entry } = target
    const need: Need = { why: 'rejected', rejected: held.token.value }
    const flight = this.#flights.live(entry)
    if (flight === undefined || flight.need.why !== 'rejected') {
      const error = flight === undefined ? this.#flights.backOff(target, false) : undefined
      if (error !== undefined) return Promise.reject(error)
      entry.rejections ??= new Rejections(this.#time)
      if (!entry.rejections.report(held.token.value)) return Promise.reject(rejectedAgain())
      // A renewal under way exchanges a Maskinporten token of any age, which may be what the API rejects.
      if (entry.kind === 'altinn') this.#flights.abandon(entry)
    }
    return this.#wait(target, need, deadline)
  }

  async #wait(target: Target, need: Need, deadline: number): Promise<AccessToken | undefined> {
    const { flight, isOwn } = this.#flights.flightFor(target, need)
    try {
      return (await this.#shareWait(target.entry, flight, deadline))?.token
    } catch (error) {
      // Another page's; whoever waited for its flight begins anew.
      if (!isOwn && isHostInterruption(error)) return undefined
      throw error
    }
  }

  /** Callers of the same few milliseconds share one wait and one timer: ten thousand cost as much as one. */
  #shareWait(entry: Entry, flight: Flight, deadline: number): Promise<Outcome> {
    const bucket = Math.floor(deadline / BUCKET_MS)
    if (flight.shared?.bucket !== bucket) {
      const ends = bucket * BUCKET_MS
      const late = (): Outcome | MaskinportenError => {
        if (ends <= flight.leftAt) return flight.wasSuspended ? undefined : flight.timeoutError
        flight.abandon()
        return undefined
      }
      // Whoever waited for the settings first ends before the flight.
      if (ends < flight.deadline.monotonic - BUCKET_MS)
        this.#flights.lookLast(entry, flight, ends - LAST_LOOK_MS - this.#time.monotonic)
      const outcome = flight.outcome.catch(throwForCaller)
      const wait = this.#waiting.until(Math.min(ends, flight.leftAt), outcome, late)
      flight.shared = { bucket, promise: this.#counted(flight, wait) }
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
