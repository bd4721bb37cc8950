/** Single flight: for each identity one acquisition at a time. All callers who wait get its token. */
import type { MaskinportenError } from '../errors.ts'
import { AttemptFailed } from '../http/attempt-failed.ts'
import { LIMIT_MS } from '../http/bounded.ts'
import type { HealthMonitor } from '../health.ts'
import type { SettingsProvider } from '../settings/settings-provider.ts'
import type { Time } from '../time.ts'
import { BackOff } from './back-off.ts'
import { NothingToExchange, errorOf } from './failure.ts'
import { Flight, type Need } from './flight.ts'
import { type HeldToken, endOf } from './held-token.ts'
import { grantIdentity, settingsIdentity } from './identity.ts'
import { type Job, Steps, type StepsOptions } from './steps.ts'
import type { CacheEntry, TokenCache } from './token-cache.ts'

/** How long the work of a flight may go on after the deadline, milliseconds: one signature and one answer. */
const FORGOTTEN_AFTER_MS = 2 * LIMIT_MS

export interface FlightsOptions extends StepsOptions {
  readonly time: Time
  readonly timeoutMs: number
  readonly provider: Pick<SettingsProvider, 'current'>
  readonly cache: TokenCache
  readonly health: HealthMonitor
}

export class Flights {
  readonly #options: FlightsOptions
  readonly #time: Time
  readonly #steps: Steps
  /** The flights whose work goes on, the oldest first. */
  readonly #working = new Set<Flight>()

  constructor(options: FlightsOptions) {
    this.#options = options
    this.#time = options.time
    this.#steps = new Steps(options, this)
  }

  isValid(held: HeldToken | undefined): held is HeldToken {
    return held !== undefined && this.#time.now < endOf(held)
  }

  /**
   * The flight under way, or a new one.
   *
   * @param deadline of the caller. A caller that first waited for the settings has less time left than the flight.
   * @throws the last error during the pause after a failure.
   */
  flightFor(
    job: Job,
    need: Need,
    deadline: number = Number.POSITIVE_INFINITY,
  ): { readonly flight: Flight; readonly isOwn: boolean } {
    if (need.why === 'missing' && this.live(job.entry)?.isForgotten) this.abandon(job.entry)
    const live = this.live(job.entry)
    const error = live === undefined ? this.backOff(job, false) : undefined
    if (error !== undefined) throw error
    const flight = live ?? this.start(job, need)
    if (deadline < flight.deadline) this.#steps.lookLast(job, flight, deadline)
    return { flight, isOwn: live === undefined }
  }

  /** The flight under way. A flight past its deadline is abandoned, and its callers start again. */
  live(entry: CacheEntry): Flight | undefined {
    if (entry.flight?.isOverdue) this.abandon(entry)
    return entry.flight
  }

  abandon(entry: CacheEntry, flight: Flight | undefined = entry.flight): void {
    if (entry.flight === flight) entry.flight = undefined
    flight?.abandon()
  }

  start(job: Job, need: Need): Flight {
    const { time, timeoutMs, cache } = this.#options
    const { entry } = job
    const flight = new Flight(need, time, timeoutMs)
    entry.flight = flight
    this.#began(flight)
    const work = this.#ofCurrentClient(job, this.#steps.acquire(job, flight))
    // A late answer too enters the cache and ends the pause after a failure.
    work
      .then(
        (held) => held && this.arrived(entry, held, flight),
        () => {},
      )
      .finally(() => this.#working.delete(flight))
    flight.follow(work)
    this.#steps.lookLast(job, flight, flight.deadline)
    const land = (): void => {
      if (entry.flight === flight) entry.flight = undefined
      cache.landed()
    }
    flight.outcome.then(land, (failure: unknown) => {
      land()
      this.#failed(job, failure)
    })
    return flight
  }

  /**
   * Undefined when the settings are of another client now: then neither the token nor the refusal counts, and the callers
   * start again.
   */
  async #ofCurrentClient(job: Job, work: Promise<HeldToken | undefined>): Promise<HeldToken | undefined> {
    try {
      const held = await work
      return this.isCurrent(job) ? held : undefined
    } catch (failure) {
      if (this.isCurrent(job)) throw failure
      return undefined
    }
  }

  /** Whether the current settings are of the same client as the job. */
  isCurrent({ entry }: Job): boolean {
    const now = this.#options.provider.current()
    return now === undefined || settingsIdentity(now) === entry.clientIdentity
  }

  /** The job of the Maskinporten token that this Altinn token is exchanged from. */
  maskinportenJob(job: Job): Job {
    const grant = { ...job.grant, kind: 'maskinporten' } as const
    return {
      ...job,
      grant,
      entry: this.#options.cache.entry(job.entry.clientIdentity, grantIdentity(grant), grant.kind),
    }
  }

  /** Puts a token into the cache and gives it to all who wait for this identity, on whichever flight. */
  arrived(entryOfFlight: CacheEntry, held: HeldToken, { need }: Flight): void {
    const entry = this.#options.cache.current(entryOfFlight)
    if (entry === undefined || !this.isValid(held)) return
    const other = entry.flight
    const waiting = other?.accepts(held, entry.held, need) ? other : undefined
    // A late answer never replaces a younger token.
    if (!this.isValid(entry.held) || entry.held.sentAt <= held.sentAt) {
      entry.held = held
      entry.rejections?.follow(need.why === 'rejected' || waiting?.need.why === 'rejected')
      entry.backOff = undefined
      entry.exchangeRefused = false
      this.#options.health.recovered('tokens')
    }
    waiting?.deliver(held)
  }

  #failed({ entry, settings }: Job, failure: unknown): void {
    const error = errorOf(failure)
    // The flight of the Maskinporten token counts its own failures.
    if (error === undefined || failure instanceof NothingToExchange) return
    const refusal = failure instanceof AttemptFailed ? failure.refusal : undefined
    const retryAfterMs = failure instanceof AttemptFailed ? failure.retryAfterMs : 0
    const lasting = !error.retryable && (refusal === undefined || refusal === 'other')
    entry.backOff ??= new BackOff(this.#time)
    entry.backOff.fail({ error, retryAfterMs, lasting }, settings.revision)
    // The refusal of one request (its scope, delegation or system user) says nothing about other requests, so it does not
    // count.
    if (refusal === 'key' || error.retryable || error.code === 'metadata_invalid')
      this.#options.health.failed('tokens', error)
  }

  /** The last error during the pause after a failure. A pause of the Maskinporten token holds the exchange back too. */
  backOff(job: Job, held: boolean): MaskinportenError | undefined {
    const { revision } = job.settings
    const own = job.entry.backOff?.running(held, revision)
    if (own !== undefined || job.grant.kind !== 'altinn') return own
    const { entry } = this.maskinportenJob(job)
    return entry.flight === undefined && !this.isValid(entry.held) ? entry.backOff?.running(held, revision) : undefined
  }

  /** For settings of another client: all callers start again. */
  abandonAll(): void {
    for (const flight of this.#working) flight.abandon()
  }

  close(error: MaskinportenError): void {
    for (const flight of this.#working) flight.close(error)
  }

  /** Notes a new flight, and forgets old ones whose work never ends. In Workers work never ends when its request is over. */
  #began(flight: Flight): void {
    for (const old of this.#working) {
      if (old.ageMs < this.#options.timeoutMs + FORGOTTEN_AFTER_MS) break
      this.#working.delete(old)
    }
    this.#working.add(flight)
  }
}
