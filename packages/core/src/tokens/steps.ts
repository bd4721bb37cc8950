/** What a flight does: it looks into the shared store, gets the Maskinporten token, and for Altinn exchanges it. */
import { createAccessToken } from '../access-token.ts'
import type { EventBody, MaskinportenEvents } from '../events.ts'
import { type GrantStep, type Granted, StartAgain } from '../grant/grant-step.ts'
import type { Grant } from '../grant/token-request.ts'
import { startTimer } from '../timer.ts'
import type { Sender } from '../http/send.ts'
import type { ResolvedSettings } from '../settings/settings-provider.ts'
import type { TokenRequest } from '../token-source.ts'
import { Attempts, Timing } from './attempts.ts'
import { ExchangeStep } from './exchange-step.ts'
import { errorOf } from './failure.ts'
import { type Flight, LAST_LOOK_MS } from './flight.ts'
import type { Flights } from './flights.ts'
import { type HeldToken, type Obtained, holdToken } from './held-token.ts'
import type { SharedStore } from './shared-store.ts'
import type { CacheEntry } from './token-cache.ts'

/**
 * What a call or a flight asks for. The cache entry does not keep the grant: ten thousand entries would take memory for it.
 */
export interface Job {
  readonly entry: CacheEntry
  readonly request: TokenRequest
  readonly grant: Grant
  readonly settings: ResolvedSettings
}

export interface StepsOptions {
  readonly sender: Sender
  readonly grant: GrantStep
  readonly store: SharedStore | undefined
  readonly emit: (event: EventBody) => void
}

export class Steps {
  readonly #sender: Sender
  readonly #grant: GrantStep
  readonly #store: SharedStore | undefined
  readonly #emit: (event: EventBody) => void
  readonly #flights: Flights
  readonly #attempts: Attempts
  readonly #exchange: ExchangeStep
  readonly #timing: Timing
  #lastId = 0
  #lastScopes: readonly string[] | undefined

  /** @param flights those whose steps these are: an exchange needs a Maskinporten token, which has a flight of its own. */
  constructor({ sender, grant, store, emit }: StepsOptions, flights: Flights) {
    this.#sender = sender
    this.#timing = new Timing(sender.time)
    this.#grant = grant
    this.#store = store
    this.#emit = emit
    this.#flights = flights
    this.#attempts = new Attempts(sender.time)
    const nextId = (): number => ++this.#lastId
    this.#exchange = new ExchangeStep({ sender, emit, flights, attempts: this.#attempts, nextId })
  }

  /** The token, or undefined when the callers must start again. */
  async acquire(job: Job, flight: Flight): Promise<HeldToken | undefined> {
    flight.id = ++this.#lastId
    let own: HeldToken | undefined
    let from: 'server' | 'store' = 'server'
    this.#emitStart(job, flight)
    // One `token.end` for each flight, at the end that callers see. A late answer adds no second one.
    flight.outcome.then(
      (held) => {
        const { lifetimeMs, token } = held ?? {}
        const came = { ...(held === own && { from }), lifetimeMs, expiresAt: token?.expiresAt }
        this.#emitEnd(flight, held && came)
      },
      (failure: unknown) => this.#emitEnd(flight, { error: errorOf(failure) }),
    )
    try {
      own = holdToken(await this.#fromStore(job, flight, () => (from = 'store')))
      return own
    } catch (failure) {
      if (failure instanceof StartAgain) return undefined
      throw failure
    }
  }

  /** The token of another process from the store, or a new token, which is written to the store. */
  async #fromStore(job: Job, flight: Flight, found: () => void): Promise<Obtained> {
    const store = this.#store
    if (store === undefined) return this.#fromServer(job, flight)
    flight.awaits('the shared store')
    const { obtained, lease } = await store.find(job.entry, flight)
    if (obtained !== undefined) {
      found()
      return obtained
    }
    try {
      const fresh = await this.#fromServer(job, flight)
      if (this.#flights.isCurrent(job)) store.put(job.entry, fresh, lease)
      else void store.release(lease)
      return fresh
    } catch (failure) {
      void store.release(lease)
      throw failure
    }
  }

  /**
   * Looks into the shared store once more, shortly before the deadline of the flight or of a caller: another process may have
   * been faster. The holder of the lease looks too.
   */
  lookLast(job: Job, flight: Flight, deadline: number): void {
    const store = this.#store
    const at = Math.max(deadline - LAST_LOOK_MS, (flight.startedAt + deadline) / 2)
    if (store === undefined || !flight.plansLook(at)) return
    const look = async (): Promise<void> => {
      const found = await store.look(job.entry, flight)
      if (typeof found === 'object' && this.#flights.isCurrent(job))
        this.#flights.arrived(job.entry, holdToken(found), flight)
    }
    const stop = startTimer(at - this.#sender.time.now, () => void look())
    flight.outcome.then(stop, stop)
  }

  async #fromServer(job: Job, flight: Flight): Promise<Obtained> {
    const late = (granted: Granted): void => this.#arrivedLate(job, flight, this.#obtained(granted, job.grant))
    const granted =
      job.grant.kind === 'altinn'
        ? await this.#exchange.run(job, flight, late)
        : await this.#maskinportenToken(job, flight, late)
    return this.#obtained(granted, job.grant)
  }

  async #maskinportenToken(job: Job, flight: Flight, late: (granted: Granted) => void): Promise<Granted> {
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
        isCurrent: () => this.#flights.isCurrent(job),
        awaits,
        sending,
        answered: (durationMs) => this.#timing.answered(durationMs),
      })
    return this.#attempts.run(once, flight, this.#timing, late)
  }

  /** The token of an attempt that was answered after its flight had failed. */
  #arrivedLate(job: Job, flight: Flight, obtained: Obtained): void {
    if (!this.#flights.isCurrent(job)) return
    this.#flights.arrived(job.entry, holdToken(obtained), flight)
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

  #emitStart({ grant }: Job, { id, need }: Flight): void {
    const { kind, scopes, organisations } = grant
    const { why, parentId } = need
    this.#emit({ type: 'token.start', level: 'debug', id, why, kind, scopes, parentId, ...organisations })
  }

  #emitEnd({ id, ageMs }: Flight, fields: Partial<MaskinportenEvents['token.end']> = {}): void {
    const level = fields.error === undefined ? 'debug' : 'warn'
    this.#emit({ type: 'token.end', level, id, durationMs: ageMs, error: undefined, ...fields })
  }
}
