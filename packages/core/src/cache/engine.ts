/** The decision at each call: serve, renew behind the caller's back, wait, or say why not. The rules are one table, and every number has its file. */
import { MaskinportenError, fault } from '../errors.ts'
import { startTimer } from '../http/timer.ts'
import type { ResolvedSettings } from '../settings/settings-provider.ts'
import type { AccessToken, GetTokenOptions } from '../token-source.ts'
import type { Time } from '../time.ts'
import { AttemptFailed } from '../http/attempt-failed.ts'
import type { Entry } from './entry.ts'
import { Flight, type Outcome, type Why, timeoutError } from './flight.ts'
import type { HeldToken } from './held-token.ts'

/** A renewal this young may be waited for in a token's last moments, milliseconds. */
const YOUNG_MS = 1_000
/** Callers of one moment share one wait: the length of that moment, milliseconds. */
const BUCKET_MS = 10

/** What flights do, and what they report. */
export interface Acquirer {
  acquire(entry: Entry, flight: Flight, settings: ResolvedSettings): Promise<Outcome>
  succeeded(entry: Entry): void
  failed(entry: Entry, error: MaskinportenError, allKeysRejected: boolean): void
  /** The Maskinporten token's entry of an Altinn token: its back-off holds the exchange back too. */
  parentOf(entry: Entry, settings: ResolvedSettings): Entry | undefined
}

export class Engine {
  readonly #time: Time
  readonly #timeoutMs: number
  readonly #acquirer: Acquirer
  readonly #pending = new Set<(error: unknown) => void>()

  constructor(time: Time, timeoutMs: number, acquirer: Acquirer) {
    this.#time = time
    this.#timeoutMs = timeoutMs
    this.#acquirer = acquirer
  }

  isFresh(held: HeldToken): boolean {
    return this.#time.isBefore(held.renewFrom)
  }

  isValid(held: HeldToken | undefined): held is HeldToken {
    return held !== undefined && this.#time.isBefore(held.expires)
  }

  /** The former settings' token, while the new client has none yet. `startFlight` still asks for the new one's. */
  serveFormer(former: HeldToken, entry: Entry, settings: ResolvedSettings): Promise<AccessToken> {
    if (this.#liveFlight(entry) === undefined && this.#backOff(entry, true, settings) === undefined)
      this.startFlight(entry, 'missing', settings)
    return former.promise
  }

  /**
   * Not the hot path: no fresh token, or a token that an API rejected.
   *
   * @returns undefined when the settings changed meanwhile: look again.
   */
  obtain(
    entry: Entry,
    settings: ResolvedSettings,
    deadline: number,
    options?: GetTokenOptions,
  ): Promise<AccessToken | undefined> {
    const held = this.isValid(entry.held) ? entry.held : undefined
    if (held !== undefined && options?.rejected?.value === held.token.value)
      return this.#replace(entry, held, settings, deadline)
    if (held === undefined) return this.#wait(entry, 'missing', settings, deadline)
    if (this.isFresh(held)) return held.promise
    const flight = this.#liveFlight(entry)
    if (flight === undefined && this.#backOff(entry, !this.#isRejected(entry, held), settings) !== undefined)
      return held.promise
    return this.#serveWhileRenewing(entry, held, flight ?? this.startFlight(entry, 'renewal', settings))
  }

  /** The error of a running back-off, for who has no token to serve. */
  whyNot(entry: Entry, settings: ResolvedSettings): MaskinportenError | undefined {
    return this.#liveFlight(entry) === undefined ? this.#backOff(entry, false, settings) : undefined
  }

  join(entry: Entry, why: Why, settings: ResolvedSettings): Flight {
    return this.#liveFlight(entry) ?? this.startFlight(entry, why, settings)
  }

  startFlight(entry: Entry, why: Why, settings: ResolvedSettings): Flight {
    const flight = new Flight(why, settings.revision, this.#time, this.#timeoutMs)
    entry.flight = flight
    const work = this.#acquirer.acquire(entry, flight, settings)
    // Also when it is late: the answer still enters the cache and ends the back-off.
    work.then(
      (held) => held && this.#accept(entry, held, why),
      () => {},
    )
    flight.follow(work)
    flight.outcome.then(
      () => this.#land(entry, flight),
      (failure: unknown) => {
        this.#land(entry, flight)
        this.#fail(entry, failure, settings)
      },
    )
    return flight
  }

  timeout(): MaskinportenError {
    return timeoutError(this.#timeoutMs)
  }

  close(error: MaskinportenError): void {
    for (const reject of this.#pending) reject(error)
    this.#pending.clear()
  }

  /** Ends one caller's wait with its signal; what others share goes on. */
  abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(signal.reason)
      if (signal.aborted) abort()
      else signal.addEventListener('abort', abort, { once: true })
      promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
    })
  }

  /** Settles with `promise`, and with an error at the deadline or when all is closed. */
  bounded<T>(promise: Promise<T>, deadline: number, late: () => T | MaskinportenError): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#pending.add(reject)
      const stop = startTimer(
        Math.max(0, deadline - this.#time.monotonic),
        () => {
          const answer = late()
          if (answer instanceof MaskinportenError) reject(answer)
          else resolve(answer)
        },
        true,
      )
      const end = (): void => {
        stop()
        this.#pending.delete(reject)
      }
      promise.then(resolve, reject).finally(end)
    })
  }

  #accept(entry: Entry, held: HeldToken, why: Why): void {
    if (!entry.listed || !this.#time.isBefore(held.expires)) return
    // A late answer never replaces a younger one.
    if (entry.held !== undefined && entry.held.sentMonotonic > held.sentMonotonic) return
    entry.held = held
    entry.heldIsSuccessor = why === 'rejected'
    entry.backOff.end()
    this.#acquirer.succeeded(entry)
  }

  #land(entry: Entry, flight: Flight): void {
    if (entry.flight === flight) entry.flight = undefined
  }

  #fail(entry: Entry, failure: unknown, settings: ResolvedSettings): void {
    const error = errorOf(failure)
    // What the Maskinporten token's own flight failed with has its back-off there.
    if (error === undefined || error.code === 'closed' || failure instanceof ParentFailed) return
    const refusal = failure instanceof AttemptFailed ? failure.refusal : undefined
    const retryAfterMs = failure instanceof AttemptFailed ? failure.retryAfterMs : 0
    const lasting = refusal === 'other' || (refusal === undefined && !error.retryable)
    entry.backOff.fail({ error, retryAfterMs, lasting }, settings.revision)
    this.#acquirer.failed(entry, error, refusal === 'key')
  }

  #isRejected(entry: Entry, held: HeldToken): boolean {
    return entry.rejections.value === held.token.value
  }

  /** The flight of this identity; one past its deadline is abandoned, and who waited for it gets a new one. */
  #liveFlight(entry: Entry): Flight | undefined {
    const { flight } = entry
    if (flight?.isOverdue) {
      entry.flight = undefined
      flight.abandon()
    }
    return entry.flight
  }

  #backOff(entry: Entry, held: boolean, settings: ResolvedSettings): MaskinportenError | undefined {
    const own = entry.backOff.running(held, settings.revision)
    if (own !== undefined) return own
    const parent = this.#acquirer.parentOf(entry, settings)
    if (parent === undefined || parent.flight !== undefined || this.isValid(parent.held)) return undefined
    return parent.backOff.running(held, settings.revision)
  }

  /** One renewal for all who report the same token; inside the cool-down the call throws. */
  #replace(
    entry: Entry,
    held: HeldToken,
    settings: ResolvedSettings,
    deadline: number,
  ): Promise<AccessToken | undefined> {
    if (this.#liveFlight(entry)?.why === 'rejected') return this.#wait(entry, 'rejected', settings, deadline)
    const error = this.#backOff(entry, false, settings)
    if (error !== undefined) return Promise.reject(error)
    if (!entry.rejections.report(held.token.value, entry.heldIsSuccessor)) return Promise.reject(coolingDown())
    return this.#wait(entry, 'rejected', settings, deadline)
  }

  #wait(entry: Entry, why: Why, settings: ResolvedSettings, deadline: number): Promise<AccessToken | undefined> {
    let flight = this.#liveFlight(entry)
    if (flight === undefined) {
      const error = this.#backOff(entry, false, settings)
      if (error !== undefined) return Promise.reject(error)
      flight = this.startFlight(entry, why, settings)
    }
    return this.#shareWait(flight, deadline).then((held) => held?.token)
  }

  /** Callers of the same few milliseconds share one wait and one timer: ten thousand cost as much as one. */
  #shareWait(flight: Flight, deadline: number): Promise<Outcome> {
    const bucket = Math.floor(deadline / BUCKET_MS)
    if (flight.shared?.bucket !== bucket) {
      flight.waiting++
      const late = (): Outcome | MaskinportenError =>
        flight.wasSuspended ? undefined : timeoutError(this.#timeoutMs, flight.lastError)
      const promise = this.bounded(flight.outcome.catch(throwForCaller), bucket * BUCKET_MS, late)
      promise
        .catch(() => {})
        .finally(() => {
          flight.waiting--
        })
      flight.shared = { bucket, promise }
    }
    return flight.shared.promise
  }

  /** The valid token at once; in its last moments after a short wait for a young renewal. */
  #serveWhileRenewing(entry: Entry, held: HeldToken, flight: Flight): Promise<AccessToken> {
    if (this.#time.isBefore(held.waitFrom) || flight.ageMs >= YOUNG_MS) return held.promise
    flight.brief ??= new Promise<void>((resolve) => {
      flight.waiting++
      const stop = startTimer(this.#time.until(held.expires) / 2, resolve, true)
      flight.outcome.then(
        () => resolve(),
        () => resolve(),
      )
      flight.outcome.finally(stop).catch(() => {})
    }).finally(() => {
      flight.waiting--
    })
    return flight.brief.then(() => (this.isValid(entry.held) ? entry.held.token : held.token))
  }
}

/** The exchange had no Maskinporten token to exchange. */
export class ParentFailed extends Error {
  readonly failure: unknown

  constructor(failure: unknown) {
    super('no Maskinporten token to exchange')
    this.failure = failure
  }
}

/** What a caller sees of a failure. */
export function errorOf(failure: unknown): MaskinportenError | undefined {
  if (failure instanceof ParentFailed) return errorOf(failure.failure)
  if (failure instanceof AttemptFailed) return failure.error
  return failure instanceof MaskinportenError ? failure : undefined
}

function throwForCaller(failure: unknown): never {
  throw errorOf(failure) ?? failure
}

function coolingDown(): MaskinportenError {
  const hint = 'check that the API accepts this scope, organisation and environment'
  const fields = { detail: 'REJECTED_AGAIN', retryable: true }
  return fault('token_unavailable', 'an API rejects newly issued tokens, so none is asked for just now', hint, fields)
}
