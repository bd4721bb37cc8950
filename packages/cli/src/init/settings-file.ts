/** `appsettings.json` of a new project: the section of Altinn's guide, for .NET and for Node alike. */
import type { EnvironmentName } from '../portals.ts'
import type { BegunApi } from './begun-api.ts'

export interface SettingsOptions {
  readonly apis: readonly BegunApi[]
  readonly environment: EnvironmentName
  /** Of the vault; empty: none yet. Default: there is no vault. */
  readonly keyVault?: string | undefined
  /** In the place of `Environment`, and for an emulator: more of either section. */
  readonly addresses?: Readonly<Record<string, unknown>> | undefined
  readonly more?: Readonly<Record<string, unknown>> | undefined
  readonly vaultAccess?: Readonly<Record<string, unknown>> | undefined
}

export const scopesOf = (apis: readonly BegunApi[]): readonly string[] => [
  ...new Set(apis.flatMap(({ scopes }) => scopes)),
]

export function settingsFile({ apis, environment, keyVault, addresses, more, vaultAccess }: SettingsOptions): object {
  return {
    MaskinportenSettings: {
      ...(addresses ?? { Environment: environment }),
      ClientId: '',
      Scope: scopesOf(apis).join(' '),
      EncodedJwk: '',
      // As .NET's section spells it.
      ...(apis.some(({ kind }) => kind === 'altinn') ? { ExhangeToAltinnToken: true } : {}),
      ...more,
    },
    ...(keyVault === undefined ? {} : { kvSetting: { SecretUri: keyVault, ...vaultAccess } }),
  }
}
