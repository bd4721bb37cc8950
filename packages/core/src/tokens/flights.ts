/** Single flight: for each identity one acquisition at a time. All callers who wait get its token. */
import type { MaskinportenError } from '../errors.ts'
import { SettingsReplaced } from '../grant/jwt-grant.ts'
import { AttemptFailed } from '../http/attempt-failed.ts'
import { LIMIT_MS } from '../http/bounded.ts'
import { startTimer } from '../http/timer.ts'
import type { HealthMonitor } from '../health.ts'
import type { SettingsProvider } from '../settings/settings-provider.ts'
import type { Time } from '../time.ts'
import type { Job, Steps } from './acquire.ts'
import { BackOff } from './back-off.ts'
import { ParentFailed, errorOf } from './failure.ts'
import { Flight, LAST_LOOK_MS, type Need } from './flight.ts'
import { type HeldToken, endOf, holdToken } from './held-token.ts'
import { grantIdentity, settingsIdentity } from './identity.ts'
import type { SharedStore } from './shared-store.ts'
import type { CacheEntry, TokenCache } from './token-cache.ts'

/** How long the work of a flight may go on after the deadline, milliseconds: one signature and one answer. */
const FORGOTTEN_AFTER_MS = 2 * LIMIT_MS

export interface FlightsOptions {
  readonly time: Time
  readonly timeoutMs: number
  readonly provider: Pick<SettingsProvider, 'current'>
  readonly cache: TokenCache
  readonly steps: Steps
  readonly store: SharedStore | undefined
  readonly health: HealthMonitor
}

export class Flights {
  readonly #options: FlightsOptions
  readonly #time: Time
  /** The flights whose work goes on, the oldest first. */
  readonly #working = new Set<Flight>()

  constructor(options: FlightsOptions) {
    this.#options = options
    this.#time = options.time
  }

  isValid(held: HeldToken | undefined): held is HeldToken {
    return held !== undefined && this.#time.now < endOf(held)
  }

  /** The flight under way, or a new one. @throws the last error during the pause after a failure. */
  flightFor(job: Job, need: Need): { readonly flight: Flight; readonly isOwn: boolean } {
    const flight = this.live(job.entry)
    if (flight !== undefined) return { flight, isOwn: false }
    const error = this.backOff(job, false)
    if (error !== undefined) throw error
    return { flight: this.start(job, need), isOwn: true }
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
    const { time, timeoutMs, cache, steps } = this.#options
    const { entry } = job
    const flight = new Flight(need, time, timeoutMs)
    entry.flight = flight
    this.#began(flight)
    const work = this.#ofCurrentClient(job, steps.acquire(job, flight, this))
    // A late answer too enters the cache and ends the pause after a failure.
    work
      .then(
        (held) => held && this.arrived(entry, held, flight),
        () => {},
      )
      .finally(() => this.#working.delete(flight))
    flight.follow(work)
    this.lookLast(job, flight, Math.max(timeoutMs - LAST_LOOK_MS, timeoutMs / 2))
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
    return now === undefined || settingsIdentity(now) === entry.client
  }

  /** The Maskinporten token to exchange, not older than `maxAgeMs`: from the cache, or by a flight of its own. */
  async parentToken(job: Job, dependent: Flight, maxAgeMs?: number): Promise<HeldToken> {
    const parent = this.#parentOf(job)
    const { held } = parent.entry
    if (this.isValid(held) && this.#time.now <= held.sentAt + (maxAgeMs ?? Number.POSITIVE_INFINITY)) return held
    try {
      const why = held === undefined ? 'missing' : 'renewal'
      const { id: parentId, patience } = dependent
      const found = await this.#join(parent, { why, maxAgeMs, parentId, patience }, dependent)
      if (found !== undefined) return found
    } catch (failure) {
      throw new ParentFailed(failure)
    }
    throw new SettingsReplaced()
  }

  async #join(job: Job, need: Need, dependent: Flight): Promise<HeldToken | undefined> {
    for (;;) {
      const { flight, isOwn } = this.flightFor(job, need)
      flight.addDependent(dependent)
      const stop = startTimer(flight.leftAt - this.#time.now, () => flight.abandon())
      try {
        return await flight.outcome
      } catch (failure) {
        // The error belongs to another caller's page (Next.js) or request (Workers).
        if (isOwn || errorOf(failure) !== undefined) throw failure
        this.abandon(job.entry, flight)
      } finally {
        stop()
      }
    }
  }

  #parentOf(job: Job): Job {
    const grant = { ...job.grant, kind: 'maskinporten' } as const
    return { ...job, grant, entry: this.#options.cache.entry(job.entry.client, grantIdentity(grant), grant.kind) }
  }

  /**
   * Looks into the shared store once more, shortly before the deadline: another process may have been faster. The holder of
   * the lease looks too.
   */
  lookLast(job: Job, flight: Flight, inMs: number): void {
    const { store } = this.#options
    if (store === undefined) return
    const look = async (): Promise<void> => {
      const found = await store.look(job.entry, flight)
      if (typeof found === 'object' && this.isCurrent(job)) this.arrived(job.entry, holdToken(found), flight)
    }
    const stop = startTimer(inMs, () => void look())
    flight.outcome.then(stop, stop)
  }

  /** Puts a token into the cache and gives it to all who wait for this identity, on whichever flight. */
  arrived(former: CacheEntry, held: HeldToken, { need }: Flight): void {
    const entry = this.#options.cache.current(former)
    if (entry === undefined || !this.isValid(held)) return
    const other = entry.flight
    const waiting = other?.accepts(held, entry.held, need) ? other : undefined
    // A late answer never replaces a younger token.
    if (!this.isValid(entry.held) || entry.held.sentAt <= held.sentAt) {
      entry.held = held
      entry.rejections?.follow(need.why === 'rejected' || waiting?.need.why === 'rejected')
      entry.backOff = undefined
      this.#options.health.recovered('tokens')
    }
    waiting?.deliver(held)
  }

  #failed({ entry, settings }: Job, failure: unknown): void {
    const error = errorOf(failure)
    // The flight of the Maskinporten token counts its own failures.
    if (error === undefined || failure instanceof ParentFailed) return
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
    const { entry } = this.#parentOf(job)
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
