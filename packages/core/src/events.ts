/** What `subscribe` reports. Never a secret in one. */
import type { Clock } from './clock.ts'
import type { MaskinportenError } from './errors.ts'
import type { TokenKind } from './token-source.ts'

/** Grows in minors: keep a default branch. Start and end of one thing share an `id`. Durations are milliseconds. */
export interface MaskinportenEvents {
  'token.start': {
    readonly id: number
    readonly why: 'missing' | 'renewal' | 'rejected'
    readonly kind: TokenKind
    readonly scopes: readonly string[]
    /** The `id` of the Altinn token that this Maskinporten token is for. */
    readonly parentId?: number | undefined
    /** The organisation that has delegated: nine digits. */
    readonly consumerOrg?: string | undefined
    /** The organisation of the system user: nine digits. */
    readonly systemUserOrg?: string | undefined
  }
  /** Without `error` and without `expiresAt` it was given up: all was closed, or the settings are of another client now. */
  'token.end': {
    readonly id: number
    readonly durationMs: number
    readonly error?: MaskinportenError | undefined
    /** Where the token came from. Absent: another acquisition brought it. */
    readonly from?: 'server' | 'store' | undefined
    readonly lifetimeMs?: number | undefined
    /** Milliseconds since the Unix epoch. */
    readonly expiresAt?: number | undefined
  }
  /** `parentId`: of the Altinn token that the exchange is for. */
  'exchange.start': { readonly id: number; readonly parentId: number }
  'exchange.end': { readonly id: number; readonly durationMs: number; readonly error?: MaskinportenError | undefined }
  /** The shared store failed or gave something else than a token: a miss, so no call fails by it. */
  'store.failed': {
    readonly operation: 'get' | 'set' | 'lease' | 'release'
    /** `invalid`: what it gave is not a token of that kind, or not a lease. */
    readonly reason: 'error' | 'timeout' | 'invalid'
    /** Class and code of the store's error. */
    readonly errorName?: string | undefined
    readonly errorCode?: string | undefined
  }
  'clock.repaired': { readonly skewMs: number }
  'settings.changed': SettingsLoad & { readonly revision: number; readonly keys: readonly string[] }
  'settings.warning': { readonly code: string; readonly key: string; readonly origin: string; readonly message: string }
  'settings.failed': SettingsLoad & {
    readonly source: string
    readonly error: MaskinportenError
    readonly failures: number
  }
  /** The source can be read again, and nothing had changed; `failures` is how often it could not. */
  'settings.recovered': { readonly source: string; readonly failures: number }
  'key.changed': {
    readonly kid: string
    readonly previousKid: string
    readonly origin: string
    readonly ageMs?: number | undefined
    readonly previousAgeMs?: number | undefined
  }
  'key.rejected': { readonly kid: string; readonly fallbackKid?: string | undefined }
  /** The newest key's end is nearer than 1/6 of its life, then 1/12, then 1/50. */
  'key.expires-soon': {
    readonly kid: string
    /** May be a fraction; below zero when the end is past. */
    readonly daysLeft: number
  }
  /** The last one: `close()` is done. */
  closed: object
}

/** Both are undefined when the provider was made by hand. */
interface SettingsLoad {
  /** Why the sources were asked. */
  readonly why?: 'start' | 'poll' | 'rejected' | undefined
  /** How long the load took; of a source that failed, how long it was asked. */
  readonly durationMs?: number | undefined
}

export type MaskinportenEvent = {
  readonly [T in keyof MaskinportenEvents]: {
    readonly type: T
    readonly level: 'debug' | 'info' | 'warn' | 'error'
    /** Milliseconds since the Unix epoch. */
    readonly at: number
  } & MaskinportenEvents[T]
}[keyof MaskinportenEvents]

/** An event before it is stamped with its time. */
export type EventBody = MaskinportenEvent extends infer E
  ? E extends MaskinportenEvent
    ? Omit<E, 'at'>
    : never
  : never

export type SettingsEvent = Extract<MaskinportenEvent, { type: `settings.${string}` | `key.${string}` }>

/** Calls every listener in turn; one that throws, or whose promise rejects, breaks nothing. */
export class Listeners<E> {
  readonly #all = new Set<(event: E) => unknown>()

  add(listener: (event: E) => unknown): () => void {
    const own = (event: E): unknown => listener(event)
    this.#all.add(own)
    return () => {
      this.#all.delete(own)
    }
  }

  get size(): number {
    return this.#all.size
  }

  emit(event: E): void {
    for (const listener of this.#all) {
      try {
        Promise.resolve(listener(event)).catch(() => {})
      } catch {
        // A listener that throws must not cost anybody a token.
      }
    }
  }

  clear(): void {
    this.#all.clear()
  }
}

/** What a settings provider reports. */
export class SettingsEvents {
  readonly #clock: Clock
  readonly #listeners = new Listeners<SettingsEvent>()
  /** The last warning about each key of each source. The same warning is not repeated. */
  readonly #warned = new Map<string, string>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(listener: (event: SettingsEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  emit<T extends SettingsEvent['type']>(type: T, level: SettingsEvent['level'], fields: MaskinportenEvents[T]): void {
    this.#listeners.emit({ type, level, at: this.#clock.now(), ...fields } as SettingsEvent)
  }

  warn(warnings: readonly MaskinportenEvents['settings.warning'][]): void {
    for (const warning of warnings) {
      const place = `${warning.code} ${warning.key} ${warning.origin}`
      if (this.#warned.get(place) !== warning.message) this.emit('settings.warning', 'warn', warning)
      this.#warned.set(place, warning.message)
    }
  }

  clear(): void {
    this.#listeners.clear()
  }
}
