/** The settings of the app in this folder, read as the app reads them. */
import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { fromEnv } from '@maskinporten-kit/config-env'
import { fromAppSettings } from '@maskinporten-kit/config-json'
import { type ConfigSource, type SettingsProvider, settingsFrom } from '@maskinporten-kit/core'
import type { Command } from 'commander'
import type { Text } from './language.ts'

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
    .option('--section <name>', say({ en: 'default: MaskinportenSettings', nb: 'ellers: MaskinportenSettings' }))
    .option('--key-vault <url>', say({ en: 'default: kvSetting:SecretUri', nb: 'ellers: kvSetting:SecretUri' }))
}

/** Files, then variables, then the vault over both: the order of the README. */
export function sourcesOf(
  { settings, environment, keyVault }: SettingsFlags,
  isWatching = false,
): readonly ConfigSource[] {
  // `undefined`: as often as each source looks by itself.
  const refreshMs = isWatching ? undefined : 0
  return [
    fromAppSettings({ directory: settings, environment, refreshMs }),
    fromEnv(),
    fromAzureKeyVault({ vaultUrl: keyVault, refreshMs }),
  ]
}

export function readSettings(flags: SettingsFlags): SettingsProvider {
  return settingsFrom(sourcesOf(flags), { section: flags.section })
}

/** For what runs on: the sources are read again at their usual intervals, so that a new key is used without a restart. */
export function watchSettings(flags: SettingsFlags): SettingsProvider {
  return settingsFrom(sourcesOf(flags, true), { section: flags.section })
}
