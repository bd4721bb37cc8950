/** The whole: settings in, tokens out. */
import { AbortableWaits } from './abortable.ts'
import { BoundSource } from './bound-source.ts'
import { type Clock, systemClock } from './clock.ts'
import type { EventBody, MaskinportenEvent } from './events.ts'
import type { FetchFunction } from './fetch-function.ts'
import type { GrantStep } from './grant/grant-step.ts'
import { JwtGrant } from './grant/jwt-grant.ts'
import { type Health, HealthMonitor } from './health.ts'
import { proxyWarning } from './http/proxy.ts'
import type { Sender } from './http/send.ts'
import { checkOptions, kindOf } from './kind-of.ts'
import { LoggedListeners } from './log-to.ts'
import { settingsFromInput } from './settings/settings-from.ts'
import type { SettingsInput } from './settings/settings-input.ts'
import { isWatched, type SettingsProvider } from './settings/settings-provider.ts'
import { type Stats, newCounters } from './stats.ts'
import { Time } from './time.ts'
import type { AccessToken, BindableTokenSource, GetTokenOptions, TokenRequest } from './token-source.ts'
import type { TokenStore } from './token-store.ts'
import { Engine } from './tokens/engine.ts'
import { SharedStore } from './tokens/shared-store.ts'
import { TokenCache } from './tokens/token-cache.ts'

const TIMEOUT_MS = 10_000
const MAX_TOKENS = 10_000

export interface MaskinportenOptions {
  /** Default: `globalThis.fetch`, looked up at each request. */
  readonly fetch?: FetchFunction | undefined
  /** Default: the system’s. A token is over when either the wall clock or the monotonic clock says so. */
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
  /** Counters since the start. */
  stats(): Stats
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
 * @throws TypeError when `settings` is neither, and when `timeoutMs` or `maxTokens` is not a number from 1 to 2 147 483 647, the longest of timers.
 */
export function createMaskinporten(
  settings: SettingsInput | SettingsProvider,
  options: MaskinportenOptions = {},
): Maskinporten {
  if (
    typeof settings !== 'object' ||
    settings === null ||
    'load' in settings ||
    'then' in settings ||
    Array.isArray(settings)
  )
    throw new TypeError(
      `createMaskinporten takes an object of settings, or a provider such as settingsFrom([fromEnv()]); it got ${kindOf(settings)}`,
    )
  checkOptions('createMaskinporten', options)
  const provider = isProvider(settings) ? settings : settingsFromInput(settings, { clock: options.clock })
  return new Instance(provider, options, (sender, emit) => new JwtGrant(sender, provider, emit))
}

/** The object that createMaskinporten() and createTokenEngine() return. */
export class Instance implements Maskinporten {
  readonly settings: SettingsProvider
  readonly #time: Time
  readonly #health: HealthMonitor
  readonly #stats = newCounters()
  readonly #store: SharedStore | undefined
  readonly #engine: Engine
  readonly #root: BoundSource
  readonly #listeners = new LoggedListeners(() => isWatched(this.settings) && this.settings.isDebugging)
  #closed: Promise<void> | undefined

  constructor(
    provider: SettingsProvider,
    options: MaskinportenOptions,
    grantStep: (sender: Sender, emit: (event: EventBody) => void) => GrantStep,
  ) {
    const timeoutMs = checked('timeoutMs', options.timeoutMs ?? TIMEOUT_MS)
    const maxTokens = checked('maxTokens', options.maxTokens ?? MAX_TOKENS)
    const time = new Time(options.clock ?? systemClock)
    const sender = { fetch: options.fetch, time, onSend: proxyWarning(this.#emit) }
    const store = options.store ? new SharedStore(options.store, time, this.#stats, this.#emit) : undefined
    const health = new HealthMonitor(() => time.wall)
    this.settings = provider
    this.#time = time
    this.#health = health
    this.#store = store
    this.#engine = new Engine({
      time,
      timeoutMs,
      provider,
      health,
      store,
      stats: this.#stats,
      cache: new TokenCache(maxTokens),
      sender,
      grant: grantStep(sender, this.#emit),
      emit: this.#emit,
    })
    this.#root = new BoundSource({ engine: this.#engine, waits: new AbortableWaits(), maxTokens }, Object.freeze({}))
    provider.subscribe((event) => {
      if (event.type === 'settings.failed') health.failed('settings', event.error)
      if (event.type === 'settings.changed' || event.type === 'settings.recovered') health.recovered('settings')
      this.#listeners.emit(event)
      if (event.type === 'settings.changed') this.#useChanged()
    })
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
    return this.#health.read(() => this.#engine.servesTokens())
  }

  stats(): Stats {
    return { ...this.#stats }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #useChanged(): void {
    try {
      const changed = this.settings.current()
      if (changed !== undefined) this.#engine.use(changed)
    } catch {
      // A provider made by hand gave settings that are not valid. The next call rejects with that.
    }
  }

  async #close(): Promise<void> {
    this.#engine.close()
    await Promise.all([this.#store?.close(), this.settings.close()])
    this.#emit({ type: 'closed', level: 'debug' })
    this.#listeners.clear()
  }

  readonly #emit = (body: EventBody): void => {
    this.#listeners.emit({ ...body, at: this.#time.wall })
  }
}

function isProvider(settings: SettingsInput | SettingsProvider): settings is SettingsProvider {
  return ['current', 'get', 'refresh'].every((name) => typeof Reflect.get(settings, name) === 'function')
}

/** The longest time that a timer can wait, milliseconds. A longer one would fire at once. */
const MAX_NUMBER = 2_147_483_647

function checked(name: string, value: number): number {
  if (typeof value === 'number' && value >= 1 && value <= MAX_NUMBER) return value
  throw new TypeError(`${name} is not a number from 1 to ${MAX_NUMBER}; leave it out for the default`)
}
