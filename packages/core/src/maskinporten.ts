/** The whole: settings in, tokens out. */
import { BoundSource, type Machine } from './bound-source.ts'
import { TokenAcquirer } from './tokens/acquirer.ts'
import { Directory } from './tokens/directory.ts'
import { BUCKET_MS, Engine } from './tokens/engine.ts'
import { timeoutError } from './tokens/failure.ts'
import type { Entry } from './tokens/entry.ts'
import type { Known } from './tokens/recent-requests.ts'
import { checkProvided } from './tokens/provided-settings.ts'
import { SharedStore } from './tokens/shared-store.ts'
import { type Clock, systemClock } from './clock.ts'
import { type MaskinportenError, fault } from './errors.ts'
import { type EventBody, Listeners, type MaskinportenEvent } from './events.ts'
import type { FetchFunction } from './fetch-function.ts'
import { proxyWarning } from './http/proxy-warning.ts'
import { MaskinportenLeg } from './grant/maskinporten-leg.ts'
import { Discovery } from './grant/metadata.ts'
import { type Health, HealthMonitor } from './health.ts'
import { FirstLoad } from './tokens/first-load.ts'
import { settingsFromInput } from './settings/settings-from-input.ts'
import type { SettingsInput } from './settings/settings-input.ts'
import type { ResolvedSettings, SettingsProvider } from './settings/settings-provider.ts'
import { Time } from './time.ts'
import type { AccessToken, BindableTokenSource, GetTokenOptions, TokenRequest } from './token-source.ts'
import type { TokenStore } from './token-store.ts'
import { AbortableWaits } from './unless-aborted.ts'

const TIMEOUT_MS = 10_000
const MAX_TOKENS = 10_000

export interface MaskinportenOptions {
  /** Default: `globalThis.fetch`, looked up at each request. */
  readonly fetch?: FetchFunction | undefined
  /** Default: the system's. Both clocks count: a life is over when either says so. */
  readonly clock?: Clock | undefined
  /** A cache that several processes share. Default: none. */
  readonly store?: TokenStore | undefined
  /** How long a caller waits at most, settings included, milliseconds. Default 10 000. */
  readonly timeoutMs?: number | undefined
  /** How many tokens are kept; the least recently used goes first, and an Altinn token counts two. Default 10 000. */
  readonly maxTokens?: number | undefined
}

export interface Maskinporten extends BindableTokenSource {
  readonly settings: SettingsProvider
  /** Synchronous events; a listener that throws breaks nothing. Never a secret in one. Returns what ends it. */
  subscribe(listener: (event: MaskinportenEvent) => void): () => void
  health(): Health
  /**
   * Pending callers reject with `closed` at once, later ones too; closes the settings provider; resolves when leases are
   * released and watchers stopped. Idempotent.
   */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A source of tokens. Nothing loads until the first `getToken()` or `settings.get()`; wrong settings reject that call. To
 * fail at start: `await maskinporten.settings.get()`.
 *
 * @throws TypeError when `timeoutMs` or `maxTokens` is no number from 1 to 2 147 483 647, the longest of timers.
 */
export function createMaskinporten(
  settings: SettingsInput | SettingsProvider,
  options: MaskinportenOptions = {},
): Maskinporten {
  const provider = isProvider(settings) ? settings : settingsFromInput(settings, { clock: options.clock })
  return new TokenMachine(provider, options)
}

class TokenMachine implements Maskinporten, Machine {
  readonly settings: SettingsProvider
  readonly maxTokens: number
  readonly #time: Time
  readonly #timeoutMs: number
  readonly #directory: Directory
  readonly #engine: Engine
  readonly #health: HealthMonitor
  readonly #store: SharedStore | undefined
  readonly #firstLoad: FirstLoad
  readonly #listeners = new Listeners<MaskinportenEvent>()
  readonly #waits = new AbortableWaits()
  readonly #root: BoundSource
  #closed: Promise<void> | undefined

  constructor(provider: SettingsProvider, options: MaskinportenOptions) {
    const clock = options.clock ?? systemClock
    this.#timeoutMs = checked('timeoutMs', options.timeoutMs ?? TIMEOUT_MS)
    this.maxTokens = checked('maxTokens', options.maxTokens ?? MAX_TOKENS)
    const time = new Time(clock)
    const sender = { fetch: options.fetch, clock, onSend: proxyWarning(this.#emit) }
    this.settings = provider
    this.#time = time
    this.#directory = new Directory(this.maxTokens)
    this.#health = new HealthMonitor(() => clock.now())
    this.#store = options.store && new SharedStore(options.store, time, this.#emit)
    this.#firstLoad = new FirstLoad(provider, time, this.#timeoutMs, this.#health)
    const acquirer = new TokenAcquirer({
      sender,
      time,
      discovery: new Discovery(sender),
      leg: new MaskinportenLeg(sender, time, provider, this.#emit),
      store: this.#store,
      health: this.#health,
      directory: this.#directory,
      emit: this.#emit,
    })
    this.#engine = new Engine(time, this.#timeoutMs, acquirer)
    this.#root = new BoundSource(this, Object.freeze({}))
    provider.subscribe((event) => {
      if (event.type === 'settings.failed') this.#health.failed('settings', event.error)
      if (event.type === 'settings.changed' || event.type === 'settings.recovered') this.#health.recovered('settings')
      this.#listeners.emit(event)
    })
  }

  get moment(): string {
    const { monotonic, wall } = this.#time
    const buckets = [monotonic, wall].map((ms) => Math.floor(ms / BUCKET_MS))
    return [...buckets, this.settings.current()?.revision, this.#closed !== undefined].join()
  }

  getToken(request?: TokenRequest, options?: GetTokenOptions): Promise<AccessToken> {
    return this.#root.getToken(request, options)
  }

  with(request: TokenRequest): BindableTokenSource {
    return this.#root.with(request)
  }

  subscribe(listener: (event: MaskinportenEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  health(): Health {
    return this.#health.read(() => this.#directory.some((entry) => this.#engine.isValid(entry.held)))
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** The hot path of `BoundSource`: the promise of a fresh token, if `entry` still is the one and holds one. */
  fresh({ entry, revision }: Known): Promise<AccessToken> | undefined {
    const held = entry?.held
    if (
      entry === undefined ||
      held === undefined ||
      revision !== this.settings.current()?.revision ||
      !this.#engine.isFresh(held)
    )
      return undefined
    this.#directory.touch(entry)
    return held.promise
  }

  /** Everything else. `remember` is told which entry it is. */
  async obtain(
    request: TokenRequest,
    options: GetTokenOptions | undefined,
    remember: (entry: Entry, revision: number) => void,
  ): Promise<AccessToken> {
    let deadline = this.#time.monotonic + this.#timeoutMs
    let granted = false
    for (;;) {
      if (this.#closed !== undefined) throw closedError()
      const settings = this.settings.current() ?? (await this.#loaded(deadline))
      if (settings === undefined) continue
      checkProvided(settings)
      // Looked up after the wait, so that no older settings come back into force.
      if (settings.revision !== this.#directory.current?.revision) {
        this.#directory.adopt(settings)
        this.#health.recovered('settings')
      }
      const target = this.#directory.find(request, settings)
      const { entry } = target
      remember(entry, settings.revision)
      const former = this.#engine.isValid(entry.held) ? undefined : this.#directory.formerToken(request)
      if (this.#engine.isValid(former) && former.token.value !== options?.rejected?.value) {
        return this.#engine.serveFormer(former, target)
      }
      this.#directory.touch(entry)
      const token = await this.#engine.obtain(target, deadline, options)
      if (token !== undefined) return token
      // The settings changed, or the process was suspended. That much time was not the server's, but once is enough.
      if (this.#time.monotonic < deadline) continue
      if (granted) throw timeoutError(this.#timeoutMs)
      granted = true
      deadline = this.#time.monotonic + this.#timeoutMs
    }
  }

  #loaded(deadline: number): Promise<ResolvedSettings | undefined> {
    const { settings, leftAt } = this.#firstLoad.get()
    return this.#engine.within(deadline, settings, leftAt)
  }

  unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#waits.unlessAborted(work, signal)
  }

  async #close(): Promise<void> {
    const error = closedError()
    // No token is held from here on, so the hot path need not ask whether all is closed.
    this.#directory.clear()
    this.#engine.close(error)
    await Promise.all([this.#store?.close(), this.settings.close()])
    this.#listeners.clear()
  }

  readonly #emit = (body: EventBody): void => {
    this.#listeners.emit({ ...body, at: this.#time.wall })
  }
}

function isProvider(settings: SettingsInput | SettingsProvider): settings is SettingsProvider {
  return ['current', 'get', 'refresh'].every((name) => typeof Reflect.get(settings, name) === 'function')
}

/** The longest that a timer takes, milliseconds: anything longer runs at once. */
const MAX_NUMBER = 2_147_483_647

function checked(name: string, value: number): number {
  if (typeof value === 'number' && value >= 1 && value <= MAX_NUMBER) return value
  throw new TypeError(`${name} is no number from 1 to ${MAX_NUMBER}; leave it out for the default`)
}

function closedError(): MaskinportenError {
  return fault('closed', 'this instance is closed', 'create a new one')
}
