/** Secrets of one vault as a source: named gets, never a listing. */
import {
  type ConfigEntry,
  type ConfigLayer,
  type ConfigSource,
  type LoadContext,
  MaskinportenError,
  createConfigLayer,
} from '@maskinporten-kit/core'
import { connect } from './connect.ts'
import { type KvSetting, readKvSetting } from './kv-setting.ts'
import type { ReadSecret, SecretReader, VaultCredential } from './secret-reader.ts'
import { absenceOf, vaultError } from './vault-error.ts'

const NAMES = ['ClientId', 'EncodedJwk', 'JwkBase64', 'Authority']
const REFRESH_MS = 5 * 60_000
const SHORTEST_REFRESH_MS = 60_000
/** A little less than the provider's own deadline, so that the error can name the vault. */
const DEADLINE_MS = 9_000
/** The SDK does not try again on a 429 without Retry-After, and real ones come without. */
const THROTTLED_WAITS_MS = [1_000, 2_000, 4_000]
const HOUR_MS = 60 * 60_000

export interface AzureKeyVaultOptions {
  /** Default: `kvSetting:SecretUri` of the sources below. */
  readonly vaultUrl?: string | undefined
  /** Default: the Entra application of `kvSetting`, or `DefaultAzureCredential` of the optional `@azure/identity`. */
  readonly credential?: VaultCredential | undefined
  /** A `SecretClient` of your own; then nothing of Azure's is imported here. */
  readonly client?: SecretReader | undefined
  /** Replaces the section in the secrets' names: `my-app` → `my-app--ClientId`. Default: the section. */
  readonly prefix?: string | undefined
  /** Settings to look for. Default ClientId, EncodedJwk, JwkBase64, Authority. */
  readonly names?: readonly string[] | undefined
  /** Without a vault to ask, or with none of the names in it: an error instead of nothing. Default false. */
  readonly required?: boolean | undefined
  /** How often the vault is asked, milliseconds. Default 5 min, at least 60 s; 0: never. */
  readonly refreshMs?: number | undefined
}

/**
 * `MaskinportenSettings--ClientId` is `MaskinportenSettings:ClientId`. Without `client`, `vaultUrl` and
 * `kvSetting:SecretUri` it gives nothing and warns (`KV_INACTIVE`), since the guide adds the vault outside Development only.
 *
 * Its `load` rejects with `settings_unavailable` and a `detail` of `KV_…` (`KV_FORBIDDEN`, `KV_TIMEOUT`, …), or with
 * `settings_invalid` when `kvSetting` is incomplete. Azure's own errors are never passed on.
 *
 * @throws MaskinportenError `settings_invalid`, detail `KV_NAME`: a name that no secret can have.
 */
export function fromAzureKeyVault(options: AzureKeyVaultOptions = {}): ConfigSource {
  const { prefix, names = NAMES } = options
  const refreshMs = options.refreshMs ?? REFRESH_MS
  for (const name of prefix === undefined ? names : [prefix, ...names]) checkName(secretName(name))
  const address = options.client?.vaultUrl ?? options.vaultUrl
  const connections = new Connections(options)
  return {
    name: address === undefined ? 'Key Vault' : `Key Vault ${vaultNameOf(address)}`,
    refreshMs: refreshMs > 0 ? Math.max(refreshMs, SHORTEST_REFRESH_MS) : undefined,
    load: (context) => loadSecrets(context, options, connections),
  }
}

/** One client for as long as the address and the application stay: it holds the sign-in. */
class Connections {
  readonly #options: AzureKeyVaultOptions
  #key: string | undefined
  #reader: Promise<SecretReader> | undefined

  constructor(options: AzureKeyVaultOptions) {
    this.#options = options
  }

  to(setting: KvSetting): Promise<SecretReader> {
    const key = JSON.stringify(setting)
    if (key !== this.#key || this.#reader === undefined) {
      this.#key = key
      this.#reader = connect(setting, this.#options.credential)
      this.#reader.catch(() => {
        this.#reader = undefined
      })
    }
    return this.#reader
  }
}

async function loadSecrets(
  context: LoadContext,
  options: AzureKeyVaultOptions,
  connections: Connections,
): Promise<ConfigLayer> {
  const { section, earlier, warn } = context
  const setting = options.client ?? readKvSetting(earlier, options.vaultUrl, options.credential !== undefined)
  if (setting === undefined) {
    const message =
      'no vault is named: neither client, vaultUrl nor kvSetting:SecretUri is set. Set one of them to read secrets.'
    if (options.required === true)
      throw new MaskinportenError('settings_invalid', `Key Vault is required, and ${message}`, {
        detail: 'KV_INACTIVE',
        hint: 'Set kvSetting:SecretUri.',
      })
    warn({ code: 'KV_INACTIVE', key: 'kvSetting:SecretUri', message: `Key Vault gives nothing, since ${message}` })
    return new Map()
  }
  const prefix = secretName(options.prefix ?? section)
  checkName(prefix)
  const vault = new Vault(context, prefix, vaultNameOf(setting.vaultUrl))
  const reader = await vault.bounded('(sign-in)', () => options.client ?? connections.to(setting))
  const [first, ...rest] = namesToAsk(context, options)
  // The first alone: a cold client otherwise pays one anonymous 401 for each of them.
  const entries =
    first === undefined
      ? []
      : [await vault.read(reader, first), ...(await Promise.all(rest.map((name) => vault.read(reader, name))))]
  const layer = new Map(
    entries.flatMap((entry) => (entry === undefined ? [] : [[entry.key.toLowerCase(), entry] as const])),
  )
  if (layer.size === 0) vault.reportNothing(options)
  return layer
}

/** A poll asks for what was there before, and once an hour for all: a move from EncodedJwk to JwkBase64 is noticed. */
function namesToAsk(
  { section, keys, why, previous }: LoadContext,
  { names, refreshMs = REFRESH_MS }: AzureKeyVaultOptions,
): readonly string[] {
  const known = new Set(keys.map((key) => key.toLowerCase()))
  const keyOf = (name: string): string => keyName(section, name).toLowerCase()
  const asked = names ?? NAMES.filter((name) => known.has(keyOf(name)))
  const before = asked.filter((name) => previous?.has(keyOf(name)) === true)
  const now = Date.now()
  const isNewHour = Math.floor(now / HOUR_MS) !== Math.floor((now - refreshMs) / HOUR_MS)
  return why === 'poll' && before.length > 0 && !isNewHour ? before : asked
}

/** One load: its deadline, and what it says of each secret. */
class Vault {
  readonly #context: LoadContext
  readonly #prefix: string
  readonly #name: string
  readonly #endsAt = Date.now() + DEADLINE_MS

  constructor(context: LoadContext, prefix: string, name: string) {
    this.#context = context
    this.#prefix = prefix
    this.#name = name
  }

  /** Absent: `undefined` at first; later what was there before, with a warning. */
  async read(reader: SecretReader, name: string): Promise<ConfigEntry | undefined> {
    const { previous, section } = this.#context
    const key = keyName(section, name)
    const secret = `${this.#prefix}--${secretName(name)}`
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
      else if (before !== undefined)
        this.#warn(
          'KV_SECRET_NOT_FOUND',
          key,
          `Key Vault ${this.#name} no longer has a secret "${secret}"; its last value stays in use. Create it again.`,
        )
      return before
    }
    const { value = '', properties } = found
    if (value.trim() === '' && before !== undefined) {
      this.#warn(
        'KV_SECRET_EMPTY',
        key,
        `Secret "${secret}" in ${this.#name} is empty; its last value stays in use. Give it a value.`,
      )
      return before
    }
    this.#warnOfDates(key, secret, properties)
    const { version } = properties
    if (before !== undefined && version !== undefined && before.version === version) return before
    const layer = createConfigLayer(
      { [key]: value },
      {
        origin: `Key Vault ${this.#name}, ${secret}${version === undefined ? '' : ` (${version.slice(0, 8)})`}`,
        secret: true,
        version,
        createdAt: properties.createdOn?.getTime(),
        expiresAt: properties.expiresOn?.getTime(),
      },
    )
    return [...layer.values()][0]
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

  reportNothing({ required, names = NAMES }: AzureKeyVaultOptions): void {
    const all = names.map((name) => `${this.#prefix}--${secretName(name)}`).join(', ')
    const message = `Key Vault ${this.#name} has none of the secrets ${all}. Create those that you need.`
    if (required === true)
      throw new MaskinportenError('settings_unavailable', message, {
        detail: 'KV_SECRET_NOT_FOUND',
        hint: 'Create those that you need.',
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

const secretName = (name: string): string => name.replaceAll(':', '--')
const keyName = (section: string, name: string): string => `${section}:${name.replaceAll('--', ':')}`

/** `my-kv` of `https://my-kv.vault.azure.net`, else the host. */
function vaultNameOf(vaultUrl: string): string {
  const host = URL.canParse(vaultUrl) ? new URL(vaultUrl).host : vaultUrl
  return host.replace(/\.vault\.(?:azure|usgovcloudapi|microsoftazure)\..*$/, '')
}

/** Azure Key Vault, «Vault-name and Object-name»: letters, digits and hyphens, at most 127. */
function checkName(name: string): void {
  if (/^[\dA-Za-z-]{1,127}$/.test(name)) return
  const hint = 'Use letters, digits and hyphens.'
  throw new MaskinportenError(
    'settings_invalid',
    `no secret can be named ${JSON.stringify(name.slice(0, 127))}. ${hint}`,
    { detail: 'KV_NAME', hint },
  )
}
