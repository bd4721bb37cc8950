/** The settings of the app in this folder, read as the app reads them. */
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { fromEnv } from '@maskinporten-kit/config-env'
import { fromAppSettings } from '@maskinporten-kit/config-json'
import {
  type ConfigLayer,
  type ConfigSource,
  type ResolvedSettings,
  type SettingsProvider,
  isMaskinportenError,
  settingsFrom,
} from '@maskinporten-kit/core'
import type { Command } from 'commander'
import { CommandFailed } from './failure.ts'
import type { Text } from './language.ts'

export const DEFAULT_SECTION = 'MaskinportenSettings'

export interface SettingsFlags {
  /** Folder of `appsettings.json`. Default: the working directory. */
  readonly settings?: string | undefined
  /** Which `appsettings.{environment}.json` lies over it. Default: as .NET and Node have it. */
  readonly environment?: string | undefined
  readonly section?: string | undefined
  /** Address of the vault. Default: `kvSetting:SecretUri`. */
  readonly keyVault?: string | undefined
}

/** The flags of every command that reads settings. */
export function addSettingsFlags(command: Command, say: (text: Text) => string): Command {
  return command
    .option(
      '--settings <folder>',
      say({ en: 'where appsettings.json is; default: here', nb: 'der appsettings.json er; ellers her' }),
    )
    .option(
      '--environment <name>',
      say({ en: 'reads appsettings.<name>.json over it', nb: 'leser appsettings.<name>.json over den' }),
    )
    .option('--section <name>', say({ en: 'default: MaskinportenSettings', nb: 'standard: MaskinportenSettings' }))
    .option('--key-vault <url>', say({ en: 'default: kvSetting:SecretUri', nb: 'standard: kvSetting:SecretUri' }))
}

/** Files, then variables, then the vault over both: the order of the README. */
export function sourcesOf(flags: SettingsFlags, isWatching = false): readonly ConfigSource[] {
  return [...localSourcesOf(flags, isWatching), vaultSource(flags.keyVault, refreshOf(isWatching))]
}

/** Without the vault. @throws CommandFailed `usage` for an `--environment` without a file. */
export function localSourcesOf({ settings, environment }: SettingsFlags, isWatching = false): readonly ConfigSource[] {
  if (environment !== undefined) refuseWithoutFile(environment, settings)
  return [fromAppSettings({ directory: settings, environment, refreshMs: refreshOf(isWatching) }), fromEnv()]
}

/** Core reads on without the file, and the settings would be of another environment than who asked believes. */
function refuseWithoutFile(environment: string, folder = '.'): void {
  const file = `appsettings.${environment}.json`
  let names: readonly string[] = []
  try {
    names = readdirSync(folder)
  } catch {
    // A folder that cannot be read has no such file, either.
  }
  if (names.some((name) => name.toLowerCase() === file.toLowerCase())) return
  const where = resolve(folder)
  const chosen = /^(?:test|prod)$/i.exec(environment)?.[0].toLowerCase()
  const meaning: Text = {
    en: `${file} is not in ${where}: --environment names the file that lies over appsettings.json`,
    nb: `${file} finnes ikke i ${where}: --environment sier hvilken fil som legges over appsettings.json`,
  }
  if (chosen === undefined) throw new CommandFailed('usage', meaning)
  throw new CommandFailed('usage', {
    en: `${meaning.en}. Maskinporten's environment is in the settings themselves: "Environment": "${chosen}" in MaskinportenSettings`,
    nb: `${meaning.nb}. Miljøet i Maskinporten står i selve innstillingene: "Environment": "${chosen}" i MaskinportenSettings`,
  })
}

export function readSettings(flags: SettingsFlags): SettingsProvider {
  return settingsFrom(sourcesOf(flags), { section: flags.section })
}

/** For what runs on: the sources are read again at their usual intervals, so that a new key is used without a restart. */
export function watchSettings(flags: SettingsFlags): SettingsProvider {
  return settingsFrom(sourcesOf(flags, true), { section: flags.section })
}

/** `undefined`: as often as each source looks by itself. */
const refreshOf = (isWatching: boolean): number | undefined => (isWatching ? undefined : 0)

/** A sign-in to Azure, with its packages, takes long on a busy machine. */
const LOAD_TIMEOUT_MS = 30_000

export interface Read {
  /** What the sources give together, before core makes settings of it. */
  readonly layer: ConfigLayer
  /** `undefined`: they are not valid. A client that is not registered yet has no id. */
  readonly settings: ResolvedSettings | undefined
}

/** @throws MaskinportenError when a source fails, or with `mustBeValid` when the settings are not valid. */
export async function readSources(
  sources: readonly ConfigSource[],
  section: string = DEFAULT_SECTION,
  mustBeValid = false,
): Promise<Read> {
  let layer: ConfigLayer | undefined
  const last: ConfigSource = {
    // Nothing is looked for here: no message names it.
    name: '',
    nameOf: () => undefined,
    load: ({ earlier }) => {
      layer = earlier
      return Promise.resolve(new Map())
    },
  }
  const provider = settingsFrom([...sources, last], { section, loadTimeoutMs: LOAD_TIMEOUT_MS })
  try {
    const settings = await provider.get()
    return { layer: layer ?? new Map(), settings }
  } catch (error) {
    if (layer === undefined || mustBeValid || !isMaskinportenError(error)) throw error
    return { layer, settings: undefined }
  } finally {
    await provider.close()
  }
}

export async function readLayer(sources: readonly ConfigSource[], section?: string): Promise<ConfigLayer> {
  return (await readSources(sources, section)).layer
}

/** A setting of the section as text; `undefined` for an absent and for a blank one. */
export function settingOf(layer: ConfigLayer, section: string, name: string): string | undefined {
  const text = layer.get(`${section}:${name}`.toLowerCase())?.reveal()?.trim()
  return text === '' ? undefined : text
}

/** A vault on loopback is an emulated one, which the SDK refuses unless it is told. */
function vaultSource(keyVault: string | undefined, refreshMs: number | undefined): ConfigSource {
  const plain = fromAzureKeyVault({ vaultUrl: keyVault, refreshMs })
  return {
    ...plain,
    load: async (context) => {
      const { isLoopback, vaultOf } = await import('./vault/address.ts')
      const vault = vaultOf(context.earlier, keyVault)
      if (vault === undefined || !isLoopback(vault.url)) return plain.load(context)
      const { secretClient } = await import('./vault/secret-client.ts')
      return fromAzureKeyVault({ client: await secretClient(vault), refreshMs }).load(context)
    },
  }
}
