/** The decision at each call: serve a token, renew it in the background, wait for a new one, or fail with the reason. */
import { type MaskinportenError, fault } from '../errors.ts'
import { mergeRequests, toGrant } from '../grant/token-request.ts'
import type { HealthMonitor } from '../health.ts'
import type { ResolvedSettings, SettingsProvider } from '../settings/settings-provider.ts'
import type { Counters } from '../stats.ts'
import type { Time } from '../time.ts'
import type { AccessToken, TokenRequest } from '../token-source.ts'
import { waitUntil } from '../with-deadline.ts'
import type { Job } from './steps.ts'
import { CallerDeadline, GIVEN_UP } from './caller-deadline.ts'
import { closedError, errorOf, rejectedAgain, throwForCaller, timeoutError } from './failure.ts'
import { FirstLoad } from './first-load.ts'
import type { Flight, Need } from './flight.ts'
import { Flights, type FlightsOptions } from './flights.ts'
import { type HeldToken, endOf, waitFrom } from './held-token.ts'
import { grantIdentity, settingsIdentity } from './identity.ts'
import { checkProvided } from './provided-settings.ts'
import { Rejections } from './rejection.ts'
import type { CacheEntry, TokenCache } from './token-cache.ts'

/** In a token's last moments a caller waits for a renewal only if the renewal is younger than this, milliseconds. */
const YOUNG_MS = 1_000

export interface EngineOptions extends FlightsOptions {
  readonly provider: Pick<SettingsProvider, 'current' | 'get'>
  /** The engine increases these counters. */
  readonly stats: Counters
}

export class Engine {
  readonly #time: Time
  readonly #timeoutMs: number
  readonly #provider: Pick<SettingsProvider, 'current' | 'get'>
  readonly #cache: TokenCache
  readonly #flights: Flights
  readonly #firstLoad: FirstLoad
  readonly #health: HealthMonitor
  readonly #stats: Counters
  /** The settings of the client whose tokens the cache holds. */
  #settings: ResolvedSettings | undefined
  #isClosed = false

  constructor(options: EngineOptions) {
    this.#time = options.time
    this.#timeoutMs = options.timeoutMs
    this.#provider = options.provider
    this.#cache = options.cache
    this.#health = options.health
    this.#stats = options.stats
    this.#flights = new Flights(options)
    this.#firstLoad = new FirstLoad(options)
  }

  /** The revision of the current settings. A cache entry that was found under another revision is looked up again. */
  get revision(): number | undefined {
    return this.#provider.current()?.revision
  }

  /** The hot path: the promise of a fresh token, if the entry holds one. */
  fresh(entry: CacheEntry): Promise<AccessToken> | undefined {
    const { held } = entry
    if (held === undefined || this.#time.now >= held.sentAt + held.renewAfterMs) return undefined
    entry.wasUsed = true
    this.#stats.hits++
    return held.promise
  }

  /**
   * Every call that `fresh` cannot answer.
   * @param rejected the value of a token to which an API has just answered 401.
   * @param remember called with the cache entry of this request and the revision of its settings.
   */
  async obtain(
    request: TokenRequest,
    rejected: string | undefined,
    remember: (entry: CacheEntry, revision: number) => void,
  ): Promise<AccessToken> {
    const deadline = new CallerDeadline(this.#time, this.#timeoutMs)
    for (;;) {
      if (this.#isClosed) throw closedError()
      const settings = this.#provider.current() ?? (await this.#firstLoad.wait(deadline))
      if (settings === undefined) continue
      // The process was suspended while the settings loaded.
      if (this.#time.now >= deadline.at) deadline.extend()
      this.use(settings)
      const job = this.#lookUp(request, settings)
      remember(job.entry, settings.revision)
      const token = await this.#serve(job, rejected, deadline)
      if (token !== undefined) return token
      if (this.#time.now < deadline.at) continue
      // The process was suspended, or the clock was set forward. A change of settings does not give more time.
      if (this.revision !== settings.revision || !deadline.extend()) throw timeoutError(this.#timeoutMs)
    }
  }

  /** Switches to these settings. If the client is another, the tokens of the previous one go, and its flights are abandoned. */
  use(settings: ResolvedSettings): void {
    if (this.#settings !== undefined && settings.revision === this.#settings.revision) return
    checkProvided(settings)
    this.#settings = settings
    if (this.#cache.useClient(settingsIdentity(settings))) this.#flights.abandonAll()
    this.#health.recovered('settings')
  }

  servesTokens(): boolean {
    return this.#cache.entries().some(({ held }) => this.#flights.isValid(held))
  }

  close(): void {
    this.#isClosed = true
    const error = closedError()
    this.#cache.clear() // `fresh` finds no token then, so it need not check `#isClosed`.
    this.#firstLoad.close(error)
    this.#flights.close(error)
  }

  #lookUp(request: TokenRequest, settings: ResolvedSettings): Job {
    const grant = toGrant(mergeRequests(settings.request, request))
    if (grant.kind === 'altinn' && settings.exchange === undefined) throw noExchange()
    return {
      entry: this.#cache.entry(settingsIdentity(settings), grantIdentity(grant), grant.kind),
      request,
      grant,
      settings,
    }
  }

  /** The token, or undefined when the caller must start again, under the settings of that moment. */
  #serve(job: Job, rejected: string | undefined, deadline: CallerDeadline): Promise<AccessToken | undefined> {
    const { entry } = job
    const { held } = entry
    entry.wasUsed = true
    if (!this.#flights.isValid(held)) {
      this.#stats.misses++
      return this.#wait(job, { why: 'missing', rejected }, deadline)
    }
    if (held.token.value === rejected) return this.#replace(job, held, deadline)
    const fresh = this.fresh(entry)
    if (fresh !== undefined) return fresh
    this.#stats.stale++
    return this.#serveWhileRenewing(job, held)
  }

  /** All callers who report the same rejected token share one renewal. During the cool-down the call throws. */
  #replace(job: Job, held: HeldToken, deadline: CallerDeadline): Promise<AccessToken | undefined> {
    const { entry } = job
    const need: Need = { why: 'rejected', rejected: held.token.value }
    const flight = this.#flights.live(entry)
    if (flight?.need.why !== 'rejected') {
      const error = flight === undefined ? this.#flights.backOff(job, false) : undefined
      if (error !== undefined) throw error
      entry.rejections ??= new Rejections(this.#time)
      if (!entry.rejections.report(held.token.value)) throw rejectedAgain()
      // The renewal under way may exchange an old Maskinporten token, and the API may reject that one too.
      if (entry.kind === 'altinn') this.#flights.abandon(entry)
    }
    return this.#wait(job, need, deadline)
  }

  /** Serves the valid token at once. In the token's last moments the caller first waits a little for a young renewal. */
  async #serveWhileRenewing(job: Job, held: HeldToken): Promise<AccessToken | undefined> {
    const { entry } = job
    const flight = this.#flights.live(entry) ?? this.#renewal(job, held)
    if (flight === undefined || this.#time.now < waitFrom(held) || flight.ageMs >= YOUNG_MS) return held.token
    const until = (this.#time.now + endOf(held)) / 2
    const nothing = (): undefined => undefined
    flight.brief ??= this.#counted(flight, () => waitUntil(this.#time, until, () => flight.outcome, nothing)).catch(
      nothing,
    )
    await flight.brief
    if (this.#isClosed) return undefined
    // Both may have expired while we waited: the clock may have been set forward.
    return [entry.held, held].find((token) => this.#flights.isValid(token))?.token
  }

  /** Starts a renewal in the background. Undefined during the pause after a failed renewal. */
  #renewal(job: Job, held: HeldToken): Flight | undefined {
    const isTrusted = job.entry.rejections?.value !== held.token.value
    if (this.#flights.backOff(job, isTrusted) !== undefined) return undefined
    this.#stats.renewals++
    return this.#flights.start(job, { why: 'renewal' })
  }

  async #wait(job: Job, need: Need, deadline: CallerDeadline): Promise<AccessToken | undefined> {
    const { flight, isOwn } = this.#flights.flightFor(job, need, deadline.at)
    const late = (): unknown => (flight.givenUpAt < deadline.at || flight.wasSuspended ? GIVEN_UP : flight.timeoutError)
    try {
      const until = Math.min(deadline.at, flight.givenUpAt)
      const token = (await this.#counted(flight, () => waitUntil(this.#time, until, () => flight.outcome, late)))?.token
      // The flight of another caller does not know the rejected token, and may have found it in the store.
      const isRejected = token?.value === need.rejected && flight.need.rejected !== need.rejected
      return isRejected ? undefined : token
    } catch (failure) {
      if (failure === GIVEN_UP) {
        this.#flights.abandon(job.entry, flight)
        deadline.extend()
        return undefined
      }
      if (isOwn || errorOf(failure) !== undefined) throwForCaller(failure)
      // Next.js interrupted the page that started the flight, or the Workers request that started it has ended (told since the
      // compatibility date 2024-10-14, handle_cross_request_promise_resolution). Every other caller starts again.
      this.#flights.abandon(job.entry, flight)
      return undefined
    }
  }

  /** Counts the caller among those who wait for the flight: only while somebody waits may its attempts overlap. */
  async #counted<T>(flight: Flight, wait: () => Promise<T>): Promise<T> {
    flight.waiting++
    try {
      return await wait()
    } finally {
      flight.waiting--
    }
  }
}

function noExchange(): MaskinportenError {
  const what = 'token request: kind is altinn, but the settings name no exchange'
  const hint =
    'set TokenExchangeEnvironment, which a custom Authority needs, or give the option exchange of createTokenEngine'
  return fault('request_invalid', what, hint, { detail: 'kind' })
}
