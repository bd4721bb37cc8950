/** Secrets of one vault as a source: named gets, never a listing. */
import { type ConfigLayer, type ConfigSource, type LoadContext, MaskinportenError } from '@maskinporten-kit/core'
import { connect } from './connect.ts'
import { type KvSetting, readKvSetting } from './kv-setting.ts'
import { checkSecretName, keyOfSecret, secretOfKey, vaultNameOf } from './secret-name.ts'
import type { SecretReader, VaultCredential } from './secret-reader.ts'
import { Vault, keyOfName } from './vault.ts'

const NAMES = ['ClientId', 'EncodedJwk', 'JwkBase64', 'Authority']
const REFRESH_MS = 5 * 60_000
const SHORTEST_REFRESH_MS = 60_000
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
  /**
   * Settings to look for, default ClientId, EncodedJwk, JwkBase64, Authority; or the secrets' own names, whole: setting →
   * secret, as `{ EncodedJwk: 'maskinporten-jwk' }`. Then the default settings that are not in it keep their usual names.
   */
  readonly names?: readonly string[] | Readonly<Record<string, string | undefined>> | undefined
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
 * `names` that are the wrong way round, secret → setting, are `settings_invalid` with the detail `CONFIG_NAMES`.
 *
 * @throws MaskinportenError `settings_invalid`, detail `KV_NAME`: a name that no secret can have.
 * @throws TypeError when `names` or `vaultUrl` is of another type.
 */
export function fromAzureKeyVault(options: AzureKeyVaultOptions = {}): ConfigSource {
  checkOptions(options)
  const { prefix } = options
  const named = namesOf(options)
  for (const name of [...(prefix === undefined ? [] : [prefix]), ...named.settings, ...named.secrets.values()])
    checkSecretName(secretOfKey(name))
  const address = options.client?.vaultUrl ?? options.vaultUrl
  const connections = new Connections(options)
  return {
    name: address === undefined ? 'Key Vault' : `Key Vault ${vaultNameOf(address)}`,
    refreshMs: intervalOf(options),
    nameOf: (key, section) => {
      const name = key.startsWith(`${section}:`) ? key.slice(section.length + 1) : ''
      const isAsked = named.settings.some((one) => keyOfSecret(one).toLowerCase() === name.toLowerCase())
      return isAsked ? `Azure Key Vault secret ${secretOf(named, options.prefix ?? section, name)}` : undefined
    },
    load: (context) => loadSecrets(context, options, connections),
  }
}

/** From plain JavaScript they may be anything. */
function checkOptions({ names, vaultUrl }: { readonly names?: unknown; readonly vaultUrl?: unknown }): void {
  const kindOf = (value: unknown): string =>
    value === null ? 'null' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
  if (vaultUrl !== undefined && typeof vaultUrl !== 'string')
    throw new TypeError(`the option vaultUrl of fromAzureKeyVault is ${kindOf(vaultUrl)}; give the address as text`)
  if (names === undefined) return
  const of = '`names` of fromAzureKeyVault'
  if (typeof names !== 'object' || names === null)
    throw new TypeError(`${of} is ${kindOf(names)}; give a list of settings, or an object, setting → secret`)
  for (const [setting, name] of Object.entries(names)) {
    if (typeof name === 'string' || (name === undefined && !Array.isArray(names))) continue
    throw new TypeError(
      Array.isArray(names)
        ? `${of} has ${kindOf(name)} in its list; give the names of settings as text`
        : `${of} has ${kindOf(name)} for ${setting}; give the name of a secret as text`,
    )
  }
}

/** A secret may be called like a setting; but no setting is called like a secret. */
function refuseReversed({ names = NAMES }: AzureKeyVaultOptions, { section, keys }: LoadContext): void {
  if (isList(names)) return
  const known = new Set(keys.map((key) => key.toLowerCase()))
  const isSetting = (name: string): boolean => {
    // `Jwk--kid` is a part of `Jwk`.
    const [first = ''] = keyOfSecret(name)
      .replace(new RegExp(`^${section}:`, 'i'), '')
      .split(':')
    return known.has(`${section}:${first}`.toLowerCase())
  }
  for (const [setting, secret] of Object.entries(names)) {
    if (secret === undefined || isSetting(setting) || !isSetting(secret)) continue
    const shown = /^\w+$/.test(secret) ? secret : JSON.stringify(secret)
    const hint = `Write names: { ${shown}: ${JSON.stringify(setting)} }.`
    const message = `\`names\` of fromAzureKeyVault is the wrong way round: ${secret} is the setting, and ${setting} is the secret. ${hint}`
    const problems = [{ code: 'CONFIG_NAMES', key: secret, origin: 'options', message }]
    throw new MaskinportenError('settings_invalid', message, { detail: 'CONFIG_NAMES', hint, problems })
  }
}

interface Names {
  /** As they are to be looked for, in this order. */
  readonly settings: readonly string[]
  /** Lower-cased setting → the whole name of its secret, where it has one of its own. */
  readonly secrets: ReadonlyMap<string, string>
}

function namesOf({ names = NAMES }: AzureKeyVaultOptions): Names {
  if (isList(names)) return { settings: names, secrets: new Map() }
  const own = Object.entries(names).flatMap(([setting, secret]) =>
    secret === undefined ? [] : [[keyOfSecret(setting), secret] as const],
  )
  const secrets = new Map(own.map(([setting, secret]) => [setting.toLowerCase(), secret]))
  return {
    settings: [...own.map(([setting]) => setting), ...NAMES.filter((name) => !secrets.has(name.toLowerCase()))],
    secrets,
  }
}

const secretOf = ({ secrets }: Names, prefix: string, name: string): string =>
  secrets.get(keyOfSecret(name).toLowerCase()) ?? `${secretOfKey(prefix)}--${secretOfKey(name)}`

const isList = (names: NonNullable<AzureKeyVaultOptions['names']>): names is readonly string[] => Array.isArray(names)

/** How often polls come, milliseconds; `undefined`: never. */
function intervalOf({ refreshMs = REFRESH_MS }: AzureKeyVaultOptions): number | undefined {
  return refreshMs > 0 ? Math.max(refreshMs, SHORTEST_REFRESH_MS) : undefined
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
  refuseReversed(options, context)
  const setting = options.client ?? readKvSetting(earlier, options.vaultUrl, options.credential !== undefined, warn)
  if (setting === undefined) {
    const vault = 'Key Vault (the store of secrets in Azure)'
    const fix = 'set kvSetting:SecretUri to the address of the vault, such as https://my-kv.vault.azure.net/.'
    if (options.required === true)
      throw new MaskinportenError('settings_invalid', `${vault} is required, and no vault is named. S${fix.slice(1)}`, {
        detail: 'KV_INACTIVE',
        hint: `S${fix.slice(1)}`,
      })
    const message = `${vault} is not used, because no vault is named. To read the secrets from it, ${fix}`
    warn({ code: 'KV_INACTIVE', key: 'kvSetting:SecretUri', message })
    return new Map()
  }
  const prefix = options.prefix ?? section
  checkSecretName(secretOfKey(prefix))
  const names = namesOf(options)
  const vault = new Vault(context, (name) => secretOf(names, prefix, name), vaultNameOf(setting.vaultUrl))
  const reader = await vault.bounded('(sign-in)', () => options.client ?? connections.to(setting))
  const [first, ...rest] = namesToAsk(context, options)
  // The first alone: a cold client otherwise pays one anonymous 401 for each of them.
  const entries =
    first === undefined
      ? []
      : [await vault.read(reader, first), ...(await Promise.all(rest.map((name) => vault.read(reader, name))))]
  const layer = vault.layerOf(entries)
  if (layer.size === 0) vault.reportNothing(names.settings, options.required ?? false)
  return layer
}

/** A poll asks for what was there before, and once an hour for all: a move from EncodedJwk to JwkBase64 is noticed. */
function namesToAsk({ section, keys, why, previous }: LoadContext, options: AzureKeyVaultOptions): readonly string[] {
  const known = new Set(keys.map((key) => key.toLowerCase()))
  const keyOf = (name: string): string => keyOfName(section, name).toLowerCase()
  const { settings } = namesOf(options)
  const asked = options.names === undefined ? settings.filter((name) => known.has(keyOf(name))) : settings
  const before = asked.filter((name) => previous?.has(keyOf(name)) === true)
  const now = Date.now()
  const isNewHour = Math.floor(now / HOUR_MS) !== Math.floor((now - (intervalOf(options) ?? 0)) / HOUR_MS)
  return why === 'poll' && before.length > 0 && !isNewHour ? before : asked
}
