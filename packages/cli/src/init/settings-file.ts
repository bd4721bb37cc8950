/** `appsettings.json` of a new project: the section of Altinn's guide, for .NET and for Node alike. */
import type { EnvironmentName } from '../portals.ts'
import type { BegunApi } from './begun-api.ts'

export interface SettingsOptions {
  /** At least one. The first is the one that the program calls. */
  readonly apis: readonly BegunApi[]
  readonly environment: EnvironmentName
  /** Of the vault; empty: it is filled in later. Default: the app reads from none, and the section is left out. */
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
      // As .NET's section spells it. It holds for all: the calls of the others ask for their own kind by `api()`.
      ...(apis[0]?.kind === 'altinn' ? { ExhangeToAltinnToken: true } : {}),
      ...more,
    },
    ...(keyVault === undefined ? {} : { kvSetting: { SecretUri: keyVault, ...vaultAccess } }),
  }
}
