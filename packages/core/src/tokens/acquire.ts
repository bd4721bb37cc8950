/** What a flight does: the shared store, then the Maskinporten token, then for Altinn the exchange. */
import { createAccessToken } from '../access-token.ts'
import { exchangeToken } from '../altinn/exchange.ts'
import type { MaskinportenError } from '../errors.ts'
import type { EventBody, MaskinportenEvents } from '../events.ts'
import { type GrantStep, type Granted, SettingsReplaced } from '../grant/jwt-grant.ts'
import type { Grant } from '../grant/token-request.ts'
import { AttemptFailed } from '../http/attempt-failed.ts'
import type { Sender } from '../http/send.ts'
import type { ResolvedSettings } from '../settings/settings-provider.ts'
import type { TokenRequest } from '../token-source.ts'
import { type Endpoint, type Joining, runAttempts } from './attempts.ts'
import { errorOf } from './failure.ts'
import type { Flight } from './flight.ts'
import type { Flights } from './flights.ts'
import { type HeldToken, type Obtained, holdToken } from './held-token.ts'
import type { SharedStore } from './shared-store.ts'
import type { CacheEntry } from './token-cache.ts'

/**
 * A Maskinporten token younger than this proves that the grant works, milliseconds: a refused exchange then has another
 * reason.
 */
const YOUNG_PARENT_MS = 10_000

/**
 * What a call or a flight asks for. The cache entry does not keep the grant: ten thousand entries would take memory for it.
 */
export interface Job {
  readonly entry: CacheEntry
  readonly request: TokenRequest
  readonly grant: Grant
  readonly settings: ResolvedSettings
}

type Came = Pick<MaskinportenEvents['token.end'], 'from' | 'lifetimeMs' | 'expiresAt'>

/** The steps towards a token, and what their attempts share. */
export class Steps {
  readonly #sender: Sender
  readonly #grant: GrantStep
  readonly #store: SharedStore | undefined
  readonly #emit: (event: EventBody) => void
  readonly #token: Endpoint = { lastDurationMs: 0 }
  readonly #exchange: Endpoint = { lastDurationMs: 0 }
  readonly #joining: Joining = {}
  #lastId = 0
  #lastScopes: readonly string[] | undefined

  constructor(sender: Sender, grant: GrantStep, store: SharedStore | undefined, emit: (event: EventBody) => void) {
    this.#sender = sender
    this.#grant = grant
    this.#store = store
    this.#emit = emit
  }

  /** The token, or undefined when the settings are of another client now. */
  async acquire(job: Job, flight: Flight, flights: Flights): Promise<HeldToken | undefined> {
    const id = ++this.#lastId
    flight.id = id
    const { kind, scopes, organisations } = job.grant
    const { why, parentId } = flight.need
    this.#emit({ type: 'token.start', level: 'debug', id, why, kind, scopes, parentId, ...organisations })
    let own: HeldToken | undefined
    let from: 'server' | 'store' = 'server'
    // One `token.end` for each flight, at the end that callers see. A late answer adds no second one.
    flight.outcome.then(
      (held) => {
        const { lifetimeMs, token } = held ?? {}
        const came = { ...(held === own && { from }), lifetimeMs, expiresAt: token?.expiresAt }
        this.#ended('token.end', id, flight.ageMs, undefined, held && came)
      },
      (failure: unknown) => this.#ended('token.end', id, flight.ageMs, errorOf(failure)),
    )
    try {
      own = holdToken(await this.#fromStore(job, flight, flights, () => (from = 'store')))
      return own
    } catch (failure) {
      if (failure instanceof SettingsReplaced) return undefined
      throw failure
    }
  }

  /** The token of another process from the store, or a new token, which is written to the store. */
  async #fromStore(job: Job, flight: Flight, flights: Flights, found: () => void): Promise<Obtained> {
    const store = this.#store
    if (store === undefined) return this.#fromServer(job, flight, flights)
    flight.awaits('the shared store')
    const { obtained, lease } = await store.find(job.entry, flight)
    if (obtained !== undefined) {
      found()
      return obtained
    }
    try {
      const fresh = await this.#fromServer(job, flight, flights)
      if (flights.isCurrent(job)) store.put(job.entry, fresh, lease)
      else void store.release(lease)
      return fresh
    } catch (failure) {
      void store.release(lease)
      throw failure
    }
  }

  #fromServer(job: Job, flight: Flight, flights: Flights): Promise<Obtained> {
    return job.grant.kind === 'altinn'
      ? this.#altinnToken(job, flight, flights)
      : this.#maskinportenToken(job, flight, flights)
  }

  async #maskinportenToken(job: Job, flight: Flight, flights: Flights): Promise<Obtained> {
    const { settings, request, grant } = job
    const { signal, need } = flight
    const awaits = (step: string): void => flight.awaits(step)
    const attempt = await this.#grant.prepare(settings, signal, awaits)
    const once = (sending: () => void): Promise<Granted> =>
      attempt({
        settings,
        request,
        grant,
        signal,
        rejected: need.why === 'rejected' || need.maxAgeMs !== undefined,
        mayGoOn: () => flight.mayGoOn,
        isCurrent: () => flights.isCurrent(job),
        awaits,
        sending,
        answered: (durationMs) => (this.#token.lastDurationMs = durationMs),
      })
    const late = (granted: Granted): void => this.#arrivedLate(job, flight, flights, this.#obtained(granted, grant))
    return this.#obtained(await runAttempts(once, flight, this.#token, this.#joining, this.#sender.time, late), grant)
  }

  async #altinnToken(job: Job, flight: Flight, flights: Flights): Promise<Obtained> {
    const { entry } = job
    const { time } = this.#sender
    // The instance may have been closed while the store was asked. No flight for the Maskinporten token may start then.
    if (flight.isOver) throw new SettingsReplaced()
    let parent = await flights.parentToken(job, flight, flight.need.why === 'rejected' ? YOUNG_PARENT_MS : undefined)
    const once = async (sending: () => void): Promise<Obtained> => {
      try {
        return await this.#exchanged(job, parent, flight)
      } catch (failure) {
        if (!(failure instanceof AttemptFailed) || failure.error.status !== 401 || entry.exchangeRefused) throw failure
        // Altinn also answers 401 in an outage. So only the first 401 of a run gets a fresh Maskinporten token.
        entry.exchangeRefused = true
        if (time.now <= parent.sentAt + YOUNG_PARENT_MS || !flight.mayGoOn) throw failure
        parent = await flights.parentToken(job, flight, YOUNG_PARENT_MS)
        sending()
        return this.#exchanged(job, parent, flight)
      }
    }
    const late = (obtained: Obtained): void => this.#arrivedLate(job, flight, flights, obtained)
    const obtained = await runAttempts(once, flight, this.#exchange, this.#joining, time, late)
    entry.exchangeRefused = false
    return obtained
  }

  async #exchanged({ grant, settings }: Job, parent: HeldToken, flight: Flight): Promise<Obtained> {
    // The engine has already refused such a request.
    if (settings.exchange === undefined) throw new SettingsReplaced()
    flight.awaits(`Altinn at ${settings.exchange.url.replace(/\?.*/, '')}`)
    const id = ++this.#lastId
    const { time } = this.#sender
    this.#emit({ type: 'exchange.start', level: 'debug', id, parentId: flight.id })
    const started = time.now
    try {
      const answer = await exchangeToken(this.#sender, settings.exchange, parent.token.value, flight.signal)
      this.#exchange.lastDurationMs = answer.answer.durationMs
      this.#ended('exchange.end', id, time.now - started)
      const obtained = this.#obtained({ ...answer, scopes: parent.token.scopes }, grant)
      return { ...obtained, durationMs: obtained.durationMs + parent.durationMs }
    } catch (failure) {
      if (failure instanceof AttemptFailed && failure.durationMs !== undefined)
        this.#exchange.lastDurationMs = failure.durationMs
      this.#ended('exchange.end', id, time.now - started, errorOf(failure))
      throw failure
    }
  }

  /** The token of an attempt that was answered after its flight had failed. */
  #arrivedLate(job: Job, flight: Flight, flights: Flights, obtained: Obtained): void {
    if (!flights.isCurrent(job)) return
    flights.arrived(job.entry, holdToken(obtained), flight)
    this.#store?.put(job.entry, obtained)
  }

  #obtained({ value, lifetimeMs, answer, scopes }: Granted, { kind, scopes: asked }: Grant): Obtained {
    const { sentAt, durationMs } = answer
    const given = scopes ?? asked
    // Most tokens have the same scopes as the one before, so they share one list.
    if (given.join(' ') !== this.#lastScopes?.join(' ')) this.#lastScopes = Object.freeze([...given])
    const expiresAt = Math.floor(sentAt + lifetimeMs)
    const token = createAccessToken({ value, kind, scopes: this.#lastScopes, expiresAt })
    return { token, lifetimeMs, sentAt, durationMs }
  }

  #ended(
    type: 'token.end' | 'exchange.end',
    id: number,
    durationMs: number,
    error?: MaskinportenError,
    came?: Came,
  ): void {
    this.#emit({ type, level: error === undefined ? 'debug' : 'warn', id, durationMs, error, ...came })
  }
}
