/** The Altinn token: a Maskinporten token of the same grant, and its exchange. */
import { exchangeToken } from '../altinn/exchange.ts'
import type { MaskinportenError } from '../errors.ts'
import type { EventBody } from '../events.ts'
import { type Granted, StartAgain } from '../grant/grant-step.ts'
import { AttemptFailed } from '../http/attempt-failed.ts'
import { startTimer } from '../timer.ts'
import type { Sender } from '../http/send.ts'
import { type Attempts, Timing } from './attempts.ts'
import { NothingToExchange, errorOf } from './failure.ts'
import type { Flight, Need } from './flight.ts'
import type { Flights } from './flights.ts'
import type { HeldToken } from './held-token.ts'
import type { Job } from './steps.ts'

/**
 * A Maskinporten token younger than this proves that the grant works, milliseconds: a refused exchange then has another
 * reason.
 */
const YOUNG_TOKEN_MS = 10_000

export interface ExchangeStepOptions {
  readonly sender: Sender
  readonly emit: (event: EventBody) => void
  readonly flights: Flights
  readonly attempts: Attempts
  /** The ids of flights and exchanges, for their events. */
  readonly nextId: () => number
}

export class ExchangeStep {
  readonly #options: ExchangeStepOptions
  readonly #timing: Timing

  constructor(options: ExchangeStepOptions) {
    this.#options = options
    this.#timing = new Timing(options.sender.time)
  }

  /** @param late called with an answer that comes after the flight has failed. */
  async run(job: Job, flight: Flight, late: (granted: Granted) => void): Promise<Granted> {
    const { entry } = job
    const { attempts, sender } = this.#options
    // The instance may have been closed while the store was asked. No flight for the Maskinporten token may start then.
    if (flight.isOver) throw new StartAgain()
    let held = await this.#maskinportenToken(job, flight, flight.need.why === 'rejected' ? YOUNG_TOKEN_MS : undefined)
    const once = async (sending: () => void): Promise<Granted> => {
      try {
        return await this.#exchange(job, held, flight)
      } catch (failure) {
        if (!(failure instanceof AttemptFailed) || failure.error.status !== 401 || entry.exchangeRefused) throw failure
        // Altinn also answers 401 in an outage. So only the first 401 of a run gets a fresh Maskinporten token.
        entry.exchangeRefused = true
        if (sender.time.now <= held.sentAt + YOUNG_TOKEN_MS || !flight.mayGoOn) throw failure
        held = await this.#maskinportenToken(job, flight, YOUNG_TOKEN_MS)
        sending()
        return this.#exchange(job, held, flight)
      }
    }
    return attempts.run(once, flight, this.#timing, late)
  }

  /** The Maskinporten token to exchange, not older than `maxAgeMs`: from the cache, or by a flight of its own. */
  async #maskinportenToken(job: Job, dependent: Flight, maxAgeMs?: number): Promise<HeldToken> {
    const { flights, sender } = this.#options
    const own = flights.maskinportenJob(job)
    const { held } = own.entry
    const oldestSentAt = sender.time.now - (maxAgeMs ?? Number.POSITIVE_INFINITY)
    if (flights.isValid(held) && held.sentAt >= oldestSentAt) return held
    try {
      const why = held === undefined ? 'missing' : 'renewal'
      const { id: parentId, storeBudget } = dependent
      const found = await this.#join(own, { why, maxAgeMs, parentId, storeBudget }, dependent, oldestSentAt)
      if (found !== undefined) return found
    } catch (failure) {
      throw new NothingToExchange(failure)
    }
    throw new StartAgain()
  }

  async #join(job: Job, need: Need, dependent: Flight, oldestSentAt: number): Promise<HeldToken | undefined> {
    const { flights, sender } = this.#options
    for (;;) {
      const { flight, isOwn } = flights.flightFor(job, need)
      flight.addDependent(dependent)
      const stop = startTimer(flight.givenUpAt - sender.time.now, () => flight.abandon())
      try {
        const held = await flight.outcome
        // The flight of another caller may have found an old token in the store.
        const isTooOld = !isOwn && held !== undefined && held.sentAt < oldestSentAt
        if (!isTooOld || !dependent.mayGoOn) return held
      } catch (failure) {
        // The error belongs to another caller's page (Next.js) or request (Workers).
        if (isOwn || errorOf(failure) !== undefined) throw failure
        flights.abandon(job.entry, flight)
      } finally {
        stop()
      }
    }
  }

  async #exchange({ settings }: Job, held: HeldToken, flight: Flight): Promise<Granted> {
    // The engine has already refused such a request.
    if (settings.exchange === undefined) throw new StartAgain()
    flight.awaits(`Altinn at ${settings.exchange.url.replace(/\?.*/, '')}`)
    const { sender, emit, nextId } = this.#options
    const id = nextId()
    emit({ type: 'exchange.start', level: 'debug', id, parentId: flight.id })
    const started = sender.time.now
    const ended = (error?: MaskinportenError): void => {
      const level = error === undefined ? 'debug' : 'warn'
      emit({ type: 'exchange.end', level, id, durationMs: sender.time.now - started, error })
    }
    try {
      const { value, lifetimeMs, answer } = await exchangeToken(
        sender,
        settings.exchange,
        held.token.value,
        flight.signal,
      )
      this.#timing.answered(answer.durationMs)
      ended()
      const durationMs = answer.durationMs + held.durationMs
      return { value, lifetimeMs, scopes: held.token.scopes, answer: { sentAt: answer.sentAt, durationMs } }
    } catch (failure) {
      if (failure instanceof AttemptFailed && failure.durationMs !== undefined)
        this.#timing.answered(failure.durationMs)
      ended(errorOf(failure))
      throw failure
    }
  }
}
