/** One load from one vault: its deadline, and what it says of each secret. */
import {
  type ConfigEntry,
  type ConfigLayer,
  type LoadContext,
  MaskinportenError,
  createConfigLayer,
} from '@maskinporten-kit/core'
import { keyOfSecret } from './secret-name.ts'
import type { ReadSecret, SecretReader } from './secret-reader.ts'
import { absenceOf, vaultError } from './vault-error.ts'

/** A little less than the provider's own deadline, so that the error can name the vault. */
const DEADLINE_MS = 9_000
/** The SDK does not try again on a 429 without Retry-After, and real ones come without. */
const THROTTLED_WAITS_MS = [1_000, 2_000, 4_000]
/** The settings that may hold the signing key, each in a form of its own. */
const KEY_FORMS = ['encodedjwk', 'jwkbase64', 'jwk', 'jwks']

export class Vault {
  readonly #context: LoadContext
  readonly #secretOf: (name: string) => string
  readonly #name: string
  readonly #endsAt = Date.now() + DEADLINE_MS
  /** What stays though the vault no longer gives it, and how to say so. */
  readonly #kept = new Map<ConfigEntry, () => void>()

  /** `secretOf`: a setting's secret. */
  constructor(context: LoadContext, secretOf: (name: string) => string, name: string) {
    this.#context = context
    this.#secretOf = secretOf
    this.#name = name
  }

  /** Absent: `undefined` at first; later what was there before, with a warning from `layerOf`. */
  async read(reader: SecretReader, name: string): Promise<ConfigEntry | undefined> {
    const { previous, section } = this.#context
    const key = keyOfName(section, name)
    const secret = this.#secretOf(name)
    const before = previous?.get(key.toLowerCase())
    let found: ReadSecret
    try {
      found = await this.#unthrottled(secret, (abortSignal) => reader.getSecret(secret, { abortSignal }))
    } catch (error) {
      if (!(error instanceof Absence)) throw error
      if (error.kind === 'disabled')
        this.#warn(
          'KV_SECRET_DISABLED',
          key,
          `Secret "${secret}" in ${this.#name} is disabled. Enable it, or delete it.`,
        )
      return this.#keep(before, () =>
        error.kind === 'disabled'
          ? undefined
          : this.#warn(
              'KV_SECRET_NOT_FOUND',
              key,
              `Key Vault ${this.#name} no longer has a secret "${secret}"; its last value stays in use. Create it again.`,
            ),
      )
    }
    const { value = '', properties } = found
    if (value.trim() === '' && before !== undefined) {
      return this.#keep(before, () =>
        this.#warn(
          'KV_SECRET_EMPTY',
          key,
          `Secret "${secret}" in ${this.#name} is empty; its last value stays in use. Give it a value.`,
        ),
      )
    }
    this.#warnOfDates(key, secret, properties)
    const { version } = properties
    const expiresAt = properties.expiresOn?.getTime()
    if (before?.version === version && version !== undefined && before?.expiresAt === expiresAt) return before
    const layer = createConfigLayer(
      { [key]: value },
      {
        origin: `Key Vault ${this.#name}, ${secret}${version === undefined ? '' : ` (${version.slice(0, 8)})`}`,
        secret: true,
        version,
        createdAt: properties.createdOn?.getTime(),
        expiresAt,
      },
    )
    return [...layer.values()][0]
  }

  #keep(before: ConfigEntry | undefined, warn: () => void): ConfigEntry | undefined {
    if (before !== undefined) this.#kept.set(before, warn)
    return before
  }

  /** All that was read. A key that was moved to another form's secret is not kept in the former one: the two would be a conflict. */
  layerOf(entries: readonly (ConfigEntry | undefined)[]): ConfigLayer {
    const all = entries.filter((entry) => entry !== undefined)
    const given = new Set(all.filter((entry) => !this.#kept.has(entry)).map((entry) => this.#formOf(entry)))
    const hasKey = KEY_FORMS.some((form) => given.has(form))
    const used = all.filter((entry) => {
      const form = this.#formOf(entry)
      return !hasKey || given.has(form) || !KEY_FORMS.includes(form)
    })
    for (const entry of used) this.#kept.get(entry)?.()
    return new Map(used.map((entry) => [entry.key.toLowerCase(), entry]))
  }

  /** `jwk` of `MaskinportenSettings:Jwk:kid`. */
  #formOf({ key }: ConfigEntry): string {
    const [form = ''] = key.slice(this.#context.section.length + 1).split(':')
    return form.toLowerCase()
  }

  /** As .NET does, such a secret is used; unlike .NET, not silently. */
  #warnOfDates(key: string, secret: string, { notBefore, expiresOn }: ReadSecret['properties']): void {
    const now = Date.now()
    if (expiresOn !== undefined && expiresOn.getTime() <= now)
      this.#warn(
        'KV_SECRET_EXPIRED',
        key,
        `Secret "${secret}" in ${this.#name} expired on ${expiresOn.toISOString()}. Store a new version.`,
      )
    if (notBefore !== undefined && notBefore.getTime() > now)
      this.#warn(
        'KV_SECRET_NOT_YET_VALID',
        key,
        `Secret "${secret}" in ${this.#name} is not valid before ${notBefore.toISOString()}. Check its dates.`,
      )
  }

  /** At the start a few more tries; later the provider asks less often. */
  async #unthrottled<T>(secret: string, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (const waitMs of this.#context.why === 'poll' ? [] : THROTTLED_WAITS_MS) {
      try {
        return await this.bounded(secret, ask)
      } catch (error) {
        if (!(error instanceof MaskinportenError) || error.status !== 429) throw error
        await this.bounded(secret, (signal) => pause(waitMs, signal))
      }
    }
    return this.bounded(secret, ask)
  }

  /** Under the deadline, which the SDK has none of, and under the caller's signal. @throws MaskinportenError, Absence. */
  async bounded<T>(secret: string, work: (signal: AbortSignal) => T | Promise<T>): Promise<T> {
    const { signal } = this.#context
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), Math.max(0, this.#endsAt - Date.now()))
    timer.unref()
    const abort = (): void => deadline.abort()
    signal.addEventListener('abort', abort)
    let stop = (): void => undefined
    const ended = new Promise<never>((_, reject) => {
      stop = () => reject(new Error('deadline'))
      deadline.signal.addEventListener('abort', stop)
    })
    try {
      signal.throwIfAborted()
      return await Promise.race([ended, work(deadline.signal)])
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (error instanceof MaskinportenError) throw error
      const absence = absenceOf(error)
      if (absence !== undefined) throw new Absence(absence)
      throw vaultError(error, this.#name, secret, deadline.signal.aborted ? DEADLINE_MS : undefined)
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      deadline.signal.removeEventListener('abort', stop)
    }
  }

  reportNothing(names: readonly string[], required: boolean): void {
    const all = names.map((name) => this.#secretOf(name)).join(', ')
    const message = `Key Vault ${this.#name} has none of the secrets ${all}. Create the secrets that you need.`
    if (required)
      throw new MaskinportenError('settings_unavailable', message, {
        detail: 'KV_SECRET_NOT_FOUND',
        hint: 'Create the secrets that you need.',
      })
    this.#warn('KV_EMPTY', this.#context.section, message)
  }

  #warn(code: string, key: string, message: string): void {
    this.#context.warn({ code, key, message })
  }
}

class Absence extends Error {
  readonly kind: 'absent' | 'disabled'

  constructor(kind: 'absent' | 'disabled') {
    super(kind)
    this.kind = kind
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** `MaskinportenSettings:Jwk:kid` of `Jwk--kid` or `Jwk:kid`. */
export const keyOfName = (section: string, name: string): string => `${section}:${keyOfSecret(name)}`
