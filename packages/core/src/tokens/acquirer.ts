/** What a flight does: the store, then the Maskinporten token, then for Altinn the exchange; each finished step kept in its own right. */
import { createAccessToken } from '../access-token.ts'
import { exchangeToken } from '../altinn/exchange.ts'
import type { MaskinportenError } from '../errors.ts'
import type { EventBody } from '../events.ts'
import type { MaskinportenLeg } from '../grant/maskinporten-leg.ts'
import { Overtaken } from '../grant/maskinporten-leg.ts'
import type { Discovery } from '../grant/metadata.ts'
import { AttemptFailed } from '../http/attempt-failed.ts'
import type { TokenAnswer } from '../grant/token-endpoint.ts'
import type { Grant } from '../grant/token-request.ts'
import type { HealthMonitor } from '../health.ts'
import type { Answer, Sender } from '../http/send.ts'
import type { ResolvedSettings } from '../settings/settings-provider.ts'
import type { Time } from '../time.ts'
import { type Joining, type Leg, runAttempts } from './attempts.ts'
import type { Acquirer, Flights } from './flights.ts'
import { ParentFailed, errorOf } from './failure.ts'
import type { Directory } from './directory.ts'
import type { Entry, Target } from './entry.ts'
import type { Flight, Need, Outcome } from './flight.ts'
import { type HeldToken, type Obtained, holdToken } from './held-token.ts'
import type { SharedStore } from './shared-store.ts'

/** A token this young proves that the grant works, so what was made of it is refused for another reason, milliseconds. */
const YOUNG_PARENT_MS = 10_000

/** What a flight needs to get a token. */
export interface Means {
  readonly sender: Sender
  readonly time: Time
  readonly discovery: Discovery
  readonly leg: MaskinportenLeg
  readonly store: SharedStore | undefined
  readonly health: HealthMonitor
  readonly directory: Directory
  readonly emit: (event: EventBody) => void
}

export class TokenAcquirer implements Acquirer {
  readonly #means: Means
  readonly #tokenLeg: Leg = { lastDurationMs: 0 }
  readonly #exchangeLeg: Leg = { lastDurationMs: 0 }
  readonly #joining: Joining = { flight: undefined }
  #lastId = 0
  #lastScopes: readonly string[] = []

  readonly look: Acquirer['look']

  constructor(means: Means) {
    this.#means = means
    const { store } = means
    if (store === undefined) return
    this.look = async (entry, flight) => {
      const obtained = await store.look(entry, flight)
      return obtained === undefined || obtained === 'failed' ? undefined : holdToken(obtained)
    }
  }

  async acquire(target: Target, flight: Flight, flights: Flights): Promise<HeldToken | undefined> {
    const id = ++this.#lastId
    const { kind, scopes } = target.grant
    this.#means.emit({ type: 'token.start', level: 'debug', id, why: flight.need.why, kind, scopes })
    // The end that callers see: a late answer makes no second one.
    flight.outcome.then(
      () => this.#ended('token.end', id, flight.ageMs),
      (failure: unknown) => this.#ended('token.end', id, flight.ageMs, errorOf(failure)),
    )
    try {
      return await this.#fromStoreOr(target.entry, flight, () =>
        kind === 'altinn' ? this.#altinn(target, flight, flights) : this.#maskinporten(target, flight, flights),
      )
    } catch (failure) {
      if (failure instanceof Overtaken) return undefined
      throw failure
    }
  }

  succeeded(entry: Entry): void {
    this.#means.health.recovered('tokens')
    this.#means.directory.arrived(entry)
  }

  failed(error: MaskinportenError, allKeysRejected: boolean): void {
    // Not the refusal of one request: its scope, delegation or system user says nothing of the next one's.
    if (allKeysRejected || error.retryable || error.code === 'metadata_invalid')
      this.#means.health.failed('tokens', error)
  }

  landed(): void {
    this.#means.directory.trim()
  }

  listed(entry: Entry): Entry | undefined {
    return this.#means.directory.listed(entry)
  }

  parentOf(target: Target): Entry | undefined {
    return target.grant.kind === 'altinn' ? this.#parentTarget(target).entry : undefined
  }

  async #fromStoreOr(entry: Entry, flight: Flight, obtain: () => Promise<Obtained>): Promise<HeldToken> {
    const { store } = this.#means
    if (store === undefined) return holdToken(await obtain())
    flight.awaits('the shared store')
    const { obtained, lease } = await store.find(entry, flight)
    if (obtained !== undefined) return holdToken(obtained)
    try {
      const fresh = await obtain()
      void store.put(entry, fresh, flight, lease)
      return holdToken(fresh)
    } catch (failure) {
      if (lease !== undefined) void store.release(lease)
      throw failure
    }
  }

  async #maskinporten(target: Target, flight: Flight, flights: Flights): Promise<Obtained> {
    const { grant, settings } = target
    const { discovery, leg, time } = this.#means
    const { signal } = flight
    const { authority, audience, metadataUrl, tokenEndpoint } = settings
    flight.awaits(`the metadata of ${authority}`)
    const found =
      tokenEndpoint === undefined
        ? await discovery.find(authority, signal, metadataUrl)
        : { issuer: authority, tokenEndpoint }
    const metadata = { ...found, issuer: audience ?? found.issuer }
    const once = (sending: () => void): Promise<TokenAnswer> => {
      flight.awaits('the signer')
      return leg.run({
        settings,
        metadata,
        grant,
        signal,
        mayGoOn: () => flight.mayGoOn,
        isSame: (now) => this.#means.directory.isSame(target, now),
        sending: () => {
          flight.awaits(`Maskinporten at ${metadata.tokenEndpoint.replace(/\?.*/, '')}`)
          sending()
        },
        answered: (durationMs) => {
          this.#tokenLeg.lastDurationMs = durationMs
        },
      })
    }
    const late = (answer: TokenAnswer): void => this.#arrivedLate(target, flight, flights, this.#granted(answer, grant))
    return this.#granted(await runAttempts(once, flight, this.#tokenLeg, this.#joining, time, late), grant)
  }

  async #altinn(target: Target, flight: Flight, flights: Flights): Promise<Obtained> {
    const { entry, grant } = target
    const { exchange } = target.settings
    // The directory lets no such request in.
    if (exchange === undefined) throw new Overtaken()
    const { time } = this.#means
    const young = { maxAgeMs: YOUNG_PARENT_MS }
    let parent = await this.#parent(target, flight, flights, flight.need.why === 'rejected' ? young : {})
    const once = async (sending: () => void): Promise<Obtained> => {
      flight.awaits(`Altinn at ${exchange.url.replace(/\?.*/, '')}`)
      try {
        return await this.#exchange(grant, parent, exchange, flight.signal)
      } catch (failure) {
        if (!(failure instanceof AttemptFailed) || failure.error.status !== 401 || entry.exchangeRefused) throw failure
        // Altinn answers so in an outage too, so only the first refusal of a run is worth a fresh Maskinporten token.
        entry.exchangeRefused = true
        if (time.ageOf(parent) <= YOUNG_PARENT_MS || !flight.mayGoOn) throw failure
        parent = await this.#parent(target, flight, flights, young)
        sending()
        return this.#exchange(grant, parent, exchange, flight.signal)
      }
    }
    const late = (obtained: Obtained): void => this.#arrivedLate(target, flight, flights, obtained)
    const obtained = await runAttempts(once, flight, this.#exchangeLeg, this.#joining, time, late)
    entry.exchangeRefused = false
    return obtained
  }

  async #exchange(
    grant: Grant,
    parent: HeldToken,
    exchange: NonNullable<ResolvedSettings['exchange']>,
    signal: AbortSignal,
  ): Promise<Obtained> {
    const id = ++this.#lastId
    const { time, emit, sender } = this.#means
    emit({ type: 'exchange.start', level: 'debug', id })
    const started = time.monotonic
    try {
      const { value, lifetimeMs, answer } = await exchangeToken(sender, exchange, parent.token.value, signal)
      this.#exchangeLeg.lastDurationMs = answer.durationMs
      this.#ended('exchange.end', id, time.monotonic - started)
      const obtained = this.#obtained(value, grant, lifetimeMs, answer, parent.token.scopes)
      return { ...obtained, durationMs: obtained.durationMs + parent.durationMs }
    } catch (failure) {
      if (failure instanceof AttemptFailed && failure.durationMs !== undefined)
        this.#exchangeLeg.lastDurationMs = failure.durationMs
      this.#ended('exchange.end', id, time.monotonic - started, errorOf(failure))
      throw failure
    }
  }

  /** A Maskinporten token, of that age at most, from the cache or its own flight. */
  async #parent(
    target: Target,
    flight: Flight,
    flights: Flights,
    { maxAgeMs = Number.POSITIVE_INFINITY }: { readonly maxAgeMs?: number },
  ): Promise<HeldToken> {
    const parent = this.#parentTarget(target)
    const { held } = parent.entry
    if (flights.isValid(held) && this.#means.time.ageOf(held) <= maxAgeMs) return held
    const need: Need = { why: held === undefined ? 'missing' : 'renewal', maxAgeMs }
    let outcome: Outcome
    try {
      outcome = await flights.join(parent, need, flight)
    } catch (failure) {
      throw new ParentFailed(failure)
    }
    if (outcome === undefined) throw new Overtaken()
    return outcome
  }

  #parentTarget({ grant, settings }: Target): Target {
    return this.#means.directory.target(settings, { ...grant, kind: 'maskinporten' })
  }

  #ended(type: 'token.end' | 'exchange.end', id: number, durationMs: number, error?: MaskinportenError): void {
    this.#means.emit({ type, level: error === undefined ? 'debug' : 'warn', id, durationMs, error })
  }

  /** Of a flight that had failed already. */
  #arrivedLate({ entry }: Target, flight: Flight, flights: Flights, obtained: Obtained): void {
    flights.arrived(entry, holdToken(obtained), flight)
    void this.#means.store?.put(entry, obtained, flight)
  }

  #granted({ value, lifetimeMs, answer, scopes }: TokenAnswer, grant: Grant): Obtained {
    return this.#obtained(value, grant, lifetimeMs, answer, scopes)
  }

  #obtained(
    value: string,
    { kind, scopes }: Grant,
    lifetimeMs: number,
    { sentAt, sentMonotonic, durationMs }: Answer,
    given: readonly string[] = scopes,
  ): Obtained {
    // Most tokens have the scopes of the last one, and one list serves them all.
    if (given.join(' ') !== this.#lastScopes.join(' ')) this.#lastScopes = Object.freeze([...given])
    const token = createAccessToken({ value, kind, scopes: this.#lastScopes, expiresAt: sentAt + lifetimeMs })
    return { token, lifetimeMs, sentAt, sentMonotonic, durationMs }
  }
}
