/** Where client id and key are put: one place, or several of which the last one wins. All else stands in appsettings.json. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SecretClient } from '@azure/keyvault-secrets'
import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { fromEnv } from '@maskinporten-kit/config-env'
import { fromAppSettings } from '@maskinporten-kit/config-json'
import { type SettingsProvider, settingsFrom } from '@maskinporten-kit/core'
import type { EmulatedClient, Emulator } from '@maskinporten-kit/emulator'
import type { SourceName } from './arguments.ts'

const vaultUrl = 'https://soknad-kv.vault.azure.net'

/** Writes one file into the folder, two secrets into the emulated vault, and nothing elsewhere. Returns new settings at each call. */
export async function placeCredential(
  emulator: Emulator,
  { settings, clientId }: EmulatedClient,
  folder: string,
  places: readonly SourceName[],
): Promise<() => SettingsProvider> {
  const { encodedJwk } = settings
  const inJson = places.includes('json')
  const section = {
    Authority: settings.authority,
    ClientId: inJson ? clientId : '',
    Scope: settings.scope,
    EncodedJwk: inJson ? encodedJwk : '',
    // Spelt as in the .NET client whose settings these are.
    ExhangeToAltinnToken: settings.exchangeToAltinnToken,
    TokenExchangeEnvironment: settings.tokenExchangeEnvironment,
    UseAltinnTestOrg: settings.useAltinnTestOrg === true,
    EnableDebugLog: true,
  }
  const text = JSON.stringify({ MaskinportenSettings: section }, null, 2)
  await writeFile(join(folder, 'appsettings.json'), `${text}\n`, { flag: 'wx', mode: 0o600 })

  const env = { MaskinportenSettings__ClientId: clientId, MaskinportenSettings__EncodedJwk: encodedJwk }
  if (places.includes('key-vault')) {
    emulator.keyVault.setSecret('MaskinportenSettings--ClientId', clientId)
    emulator.keyVault.setSecret('MaskinportenSettings--EncodedJwk', encodedJwk)
  }
  return () =>
    settingsFrom([
      // An empty environment: what this machine has set for another app is not for this one.
      fromAppSettings({ directory: folder, env: {} }),
      ...(places.includes('env') ? [fromEnv({ env })] : []),
      ...(places.includes('key-vault') ? [fromAzureKeyVault({ client: vaultClient(emulator) })] : []),
    ])
}

function vaultClient({ keyVault }: Emulator): SecretClient {
  return new SecretClient(vaultUrl, keyVault.credential, keyVault.clientOptions)
}
