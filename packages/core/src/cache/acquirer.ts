/** What a flight does: the store, then the Maskinporten token, then for Altinn the exchange; each finished step kept in its own right. */
import { createAccessToken } from '../access-token.ts'
import { exchangeToken } from '../altinn/exchange.ts'
import type { MaskinportenError } from '../errors.ts'
import type { EventBody } from '../events.ts'
import type { MaskinportenLeg } from '../grant/maskinporten-leg.ts'
import { Overtaken } from '../grant/maskinporten-leg.ts'
import type { Discovery } from '../grant/metadata.ts'
import { AttemptFailed } from '../http/attempt-failed.ts'
import type { Grant } from '../grant/token-request.ts'
import type { HealthMonitor } from '../health.ts'
import type { Answer, Sender } from '../http/send.ts'
import type { ResolvedSettings } from '../settings/settings-provider.ts'
import type { Time } from '../time.ts'
import { type Joining, type Leg, runAttempts } from './attempts.ts'
import { type Acquirer, type Engine, ParentFailed, errorOf } from './engine.ts'
import type { Directory } from './directory.ts'
import type { Entry } from './entry.ts'
import type { Flight, Outcome } from './flight.ts'
import { type HeldToken, type Obtained, holdToken } from './held-token.ts'
import type { SharedStore } from './shared-store.ts'

/** A token this young proves that the grant works, so what was made of it is refused for another reason, milliseconds. */
const YOUNG_PARENT_MS = 10_000

export interface World {
  readonly sender: Sender
  readonly time: Time
  readonly discovery: Discovery
  readonly leg: MaskinportenLeg
  readonly store: SharedStore | undefined
  readonly health: HealthMonitor
  readonly signal: AbortSignal
  readonly engine: () => Engine
  readonly directory: Directory
  readonly emit: (event: EventBody) => void
}

export class TokenAcquirer implements Acquirer {
  readonly #world: World
  readonly #tokenLeg: Leg = { lastDurationMs: 0 }
  readonly #exchangeLeg: Leg = { lastDurationMs: 0 }
  readonly #joining: Joining = { flight: undefined }
  #lastId = 0

  constructor(world: World) {
    this.#world = world
  }

  async acquire(entry: Entry, flight: Flight, settings: ResolvedSettings): Promise<Outcome> {
    const id = ++this.#lastId
    const { kind, scopes } = entry.grant
    this.#world.emit({ type: 'token.start', level: 'debug', id, why: flight.why, kind, scopes })
    // The end that callers see: a late answer makes no second one.
    flight.outcome.then(
      () => this.#ended('token.end', id, flight.ageMs),
      (failure: unknown) => this.#ended('token.end', id, flight.ageMs, errorOf(failure)),
    )
    try {
      return await this.#fromStoreOr(entry, flight, () =>
        kind === 'altinn' ? this.#altinn(entry, flight, settings) : this.#maskinporten(entry, flight, settings),
      )
    } catch (failure) {
      if (failure instanceof Overtaken) return undefined
      throw failure
    }
  }

  succeeded(entry: Entry): void {
    this.#world.health.recovered('tokens')
    this.#world.directory.arrived(entry)
  }

  failed(_entry: Entry, error: MaskinportenError, allKeysRejected: boolean): void {
    // Not the refusal of one request: its scope, delegation or system user says nothing of the next one's.
    if (allKeysRejected || error.retryable || error.code === 'metadata_invalid')
      this.#world.health.failed('tokens', error)
  }

  parentOf(entry: Entry, settings: ResolvedSettings): Entry | undefined {
    if (entry.grant.kind !== 'altinn') return undefined
    return this.#world.directory.entryFor(settings, { ...entry.grant, kind: 'maskinporten' })
  }

  async #fromStoreOr(entry: Entry, flight: Flight, obtain: () => Promise<Obtained>): Promise<HeldToken> {
    const { store } = this.#world
    if (store === undefined) return holdToken(await obtain())
    const { obtained, lease } = await store.find(entry.key, flight, (found) => isSuccessor(found, entry.held, flight))
    if (obtained !== undefined) return holdToken(obtained)
    try {
      const fresh = await obtain()
      void store.put(entry.key, fresh, lease)
      return holdToken(fresh)
    } catch (failure) {
      if (lease !== undefined) void store.release(lease)
      throw failure
    }
  }

  async #maskinporten(entry: Entry, flight: Flight, settings: ResolvedSettings): Promise<Obtained> {
    const { discovery, leg, time, signal } = this.#world
    const { authority, tokenEndpoint } = settings
    const metadata =
      tokenEndpoint === undefined ? await discovery.find(authority, signal) : { issuer: authority, tokenEndpoint }
    const once = (): ReturnType<MaskinportenLeg['run']> =>
      leg.run({
        settings,
        metadata,
        grant: entry.grant,
        signal,
        mayGoOn: () => flight.mayGoOn,
        isSame: (now) => this.#world.directory.isSame(entry, now),
        answered: (durationMs) => {
          this.#tokenLeg.lastDurationMs = durationMs
        },
      })
    const { value, lifetimeMs, scopes, answer } = await runAttempts(once, flight, this.#tokenLeg, this.#joining, time)
    return toObtained(value, entry.grant, lifetimeMs, answer, scopes)
  }

  async #altinn(entry: Entry, flight: Flight, settings: ResolvedSettings): Promise<Obtained> {
    const { exchange } = settings
    // The directory lets no such request in.
    if (exchange === undefined) throw new Overtaken()
    const { sender, time, signal } = this.#world
    let parent = await this.#parent(
      entry,
      flight,
      settings,
      flight.why === 'rejected' ? YOUNG_PARENT_MS : Number.POSITIVE_INFINITY,
    )
    // Past its deadline it begins nothing: the Maskinporten token is kept, and the next flight exchanges it.
    if (!flight.mayGoOn) throw new Overtaken()
    const once = async (): Promise<Obtained> => {
      try {
        return await this.#exchange(entry, parent, exchange, sender, signal)
      } catch (failure) {
        if (!(failure instanceof AttemptFailed) || failure.error.status !== 401 || entry.exchangeRefused) throw failure
        // Altinn answers so in an outage too, so only the first refusal of a run is worth a fresh Maskinporten token.
        entry.exchangeRefused = true
        if (time.since({ monotonic: parent.sentMonotonic, wall: parent.sentAt }) <= YOUNG_PARENT_MS || !flight.mayGoOn)
          throw failure
        parent = await this.#parent(entry, flight, settings, YOUNG_PARENT_MS)
        return this.#exchange(entry, parent, exchange, sender, signal)
      }
    }
    const obtained = await runAttempts(once, flight, this.#exchangeLeg, this.#joining, time)
    entry.exchangeRefused = false
    return obtained
  }

  async #exchange(
    entry: Entry,
    parent: HeldToken,
    exchange: NonNullable<ResolvedSettings['exchange']>,
    sender: Sender,
    signal: AbortSignal,
  ): Promise<Obtained> {
    const id = ++this.#lastId
    const { time, emit } = this.#world
    emit({ type: 'exchange.start', level: 'debug', id })
    const started = time.monotonic
    try {
      const { value, lifetimeMs, answer } = await exchangeToken(sender, exchange, parent.token.value, signal)
      this.#exchangeLeg.lastDurationMs = answer.durationMs
      this.#ended('exchange.end', id, time.monotonic - started)
      const obtained = toObtained(value, entry.grant, lifetimeMs, answer, parent.token.scopes)
      return { ...obtained, durationMs: obtained.durationMs + parent.durationMs }
    } catch (failure) {
      if (failure instanceof AttemptFailed && failure.durationMs !== undefined)
        this.#exchangeLeg.lastDurationMs = failure.durationMs
      this.#ended('exchange.end', id, time.monotonic - started, errorOf(failure))
      throw failure
    }
  }

  /** A Maskinporten token of this age at most, from the cache or its own flight. */
  async #parent(entry: Entry, flight: Flight, settings: ResolvedSettings, maxAgeMs: number): Promise<HeldToken> {
    const { time } = this.#world
    const engine = this.#world.engine()
    const parent = this.#world.directory.entryFor(settings, { ...entry.grant, kind: 'maskinporten' })
    const { held } = parent
    if (engine.isValid(held) && time.since({ monotonic: held.sentMonotonic, wall: held.sentAt }) <= maxAgeMs)
      return held
    const error = engine.whyNot(parent, settings)
    if (error !== undefined) throw new ParentFailed(error)
    const own = engine.join(parent, held === undefined ? 'missing' : 'renewal', settings)
    own.addDependent(flight)
    const outcome = await own.outcome.catch((failure: unknown) => {
      throw new ParentFailed(failure)
    })
    if (outcome === undefined) throw new Overtaken()
    return outcome
  }

  #ended(type: 'token.end' | 'exchange.end', id: number, durationMs: number, error?: MaskinportenError): void {
    this.#world.emit({ type, level: error === undefined ? 'debug' : 'warn', id, durationMs, error })
  }
}

/** What a renewal asks of a token that another process had. */
function isSuccessor(found: Obtained, held: HeldToken | undefined, flight: Flight): boolean {
  if (held === undefined || flight.why === 'missing') return true
  return found.token.value !== held.token.value && found.sentAt > held.sentAt
}

function toObtained(
  value: string,
  grant: Grant,
  lifetimeMs: number,
  answer: Answer,
  scopes: readonly string[] | undefined,
): Obtained {
  const { sentAt, sentMonotonic, durationMs } = answer
  const token = createAccessToken({
    value,
    kind: grant.kind,
    scopes: scopes ?? grant.scopes,
    expiresAt: sentAt + lifetimeMs,
  })
  return { token, lifetimeMs, sentAt, sentMonotonic, durationMs }
}
