/** The flights of all identities: begun once, left when they do not end, and what they bring goes to whoever waits. */
import type { MaskinportenError } from '../errors.ts'
import { AttemptFailed } from '../http/attempt-failed.ts'
import { LIMIT_MS } from '../http/bounded.ts'
import { startTimer } from '../http/timer.ts'
import type { Time } from '../time.ts'
import { BackOff } from './back-off.ts'
import type { Entry, Target } from './entry.ts'
import { ParentFailed, errorOf } from './failure.ts'
import { Flight, type Need, type Outcome } from './flight.ts'
import type { HeldToken } from './held-token.ts'

/** After its deadline a flight may still sign and wait for an answer, milliseconds. */
const FORGOTTEN_AFTER_MS = 2 * LIMIT_MS

/** What flights do, and what they report. */
export interface Acquirer {
  acquire(target: Target, flight: Flight, flights: Flights): Promise<HeldToken | undefined>
  /** A last look into the shared store; undefined when there is none. */
  readonly look: ((entry: Entry, flight: Flight) => Promise<HeldToken | undefined>) | undefined
  /** The entry that this identity has now: an entry may have been evicted and made anew. */
  listed(entry: Entry): Entry | undefined
  succeeded(entry: Entry): void
  failed(error: MaskinportenError, allKeysRejected: boolean): void
  /** It is over, well or not. */
  landed(): void
  /** The Maskinporten token's entry of an Altinn token: its back-off holds the exchange back too. */
  parentOf(target: Target): Entry | undefined
}

export class Flights {
  readonly #time: Time
  readonly #timeoutMs: number
  readonly #acquirer: Acquirer
  /** Whose work goes on, the oldest first. */
  readonly #working = new Set<Flight>()

  constructor(time: Time, timeoutMs: number, acquirer: Acquirer) {
    this.#time = time
    this.#timeoutMs = timeoutMs
    this.#acquirer = acquirer
  }

  isValid(held: HeldToken | undefined): held is HeldToken {
    return held !== undefined && this.#time.now < held.sentAt + held.lifetimeMs
  }

  /** A token for another flight: its own, or that under way. @throws the error of a running back-off. */
  async join(target: Target, need: Need, dependent: Flight): Promise<Outcome> {
    for (;;) {
      const { flight, isOwn } = this.flightFor(target, need)
      flight.addDependent(dependent)
      const stop = startTimer(flight.leftAt - this.#time.now, () => flight.abandon())
      try {
        return await flight.outcome
      } catch (failure) {
        if (isOwn || errorOf(failure) !== undefined) throw failure
        this.abandonFlight(target.entry, flight)
      } finally {
        stop()
      }
    }
  }

  /** @throws the error of a running back-off. */
  flightFor(target: Target, need: Need): { readonly flight: Flight; readonly isOwn: boolean } {
    const flight = this.live(target.entry)
    if (flight !== undefined) return { flight, isOwn: false }
    const error = this.backOff(target, false)
    if (error !== undefined) throw error
    return { flight: this.start(target, need), isOwn: true }
  }

  start(target: Target, need: Need): Flight {
    const { entry } = target
    const flight = new Flight(need, this.#time, this.#timeoutMs)
    entry.flight = flight
    this.#began(flight)
    const work = this.#acquirer.acquire(target, flight, this)
    // Also when it is late: the answer still enters the cache and ends the back-off.
    work
      .then(
        (held) => held && this.arrived(entry, held, flight),
        () => {},
      )
      .finally(() => this.#working.delete(flight))
    flight.follow(work)
    this.lookLast(entry, flight, flight.lastLookMs)
    const land = (): void => {
      if (entry.flight === flight) entry.flight = undefined
      this.#acquirer.landed()
    }
    flight.outcome.then(land, (failure: unknown) => {
      land()
      this.#fail(target, failure)
    })
    return flight
  }

  /** What never ends (its request is over, in Workers) is forgotten with the next one. */
  #began(flight: Flight): void {
    for (const old of this.#working) {
      if (old.ageMs < this.#timeoutMs + FORGOTTEN_AFTER_MS) break
      this.#working.delete(old)
    }
    this.#working.add(flight)
  }

  /** Everybody, the holder of the lease too: another process may have been faster. */
  lookLast(entry: Entry, flight: Flight, inMs: number): void {
    if (this.#acquirer.look === undefined) return
    const look = async (): Promise<void> => {
      const held = await this.#acquirer.look?.(entry, flight)
      if (held !== undefined) this.arrived(entry, held, flight)
    }
    const stop = startTimer(inMs, () => void look())
    flight.outcome.then(stop, stop)
  }

  /** Into the cache, and to whoever waits for this identity now, on whichever flight. */
  arrived(former: Entry, held: HeldToken, { need }: Flight): void {
    const entry = this.#acquirer.listed(former)
    if (entry === undefined || !this.isValid(held)) return
    const other = entry.flight
    const serves = other?.accepts(held, entry.held, need) ?? false
    // A late answer never replaces a younger one.
    if (!this.isValid(entry.held) || entry.held.sentAt <= held.sentAt) {
      entry.held = held
      entry.rejections?.follow(need.why === 'rejected' || (serves && other?.need.why === 'rejected'))
      entry.backOff = undefined
      this.#acquirer.succeeded(entry)
    }
    if (serves) other?.deliver(held)
  }

  #fail({ entry, settings }: Target, failure: unknown): void {
    const error = errorOf(failure)
    // What the Maskinporten token's own flight failed with has its back-off there.
    if (error === undefined || error.code === 'closed' || failure instanceof ParentFailed) return
    const refusal = failure instanceof AttemptFailed ? failure.refusal : undefined
    const retryAfterMs = failure instanceof AttemptFailed ? failure.retryAfterMs : 0
    const lasting = !error.retryable && (refusal === undefined || refusal === 'other')
    entry.backOff ??= new BackOff(this.#time)
    entry.backOff.fail({ error, retryAfterMs, lasting }, settings.revision)
    this.#acquirer.failed(error, refusal === 'key')
  }

  /** The flight of this identity; one past its deadline is abandoned, and who waited for it gets a new one. */
  live(entry: Entry): Flight | undefined {
    if (entry.flight?.isOverdue) this.abandon(entry)
    return entry.flight
  }

  abandon(entry: Entry): void {
    const { flight } = entry
    entry.flight = undefined
    flight?.abandon()
  }

  /** Unless another has taken its place. */
  abandonFlight(entry: Entry, flight: Flight): void {
    if (entry.flight === flight) this.abandon(entry)
  }

  backOff(target: Target, held: boolean): MaskinportenError | undefined {
    const { revision } = target.settings
    const own = target.entry.backOff?.running(held, revision)
    if (own !== undefined) return own
    const parent = this.#acquirer.parentOf(target)
    if (parent === undefined || parent.flight !== undefined || this.isValid(parent.held)) return undefined
    return parent.backOff?.running(held, revision)
  }

  close(error: MaskinportenError): void {
    for (const flight of this.#working) flight.close(error)
  }
}
