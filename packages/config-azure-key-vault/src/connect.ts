/** The real client, imported when it is first needed: both packages together take 220–350 ms and 45 MiB. */
import { MaskinportenError } from '@maskinporten-kit/core'
import type { KvSetting } from './kv-setting.ts'
import type { SecretReader, VaultCredential } from './secret-reader.ts'

export async function connect(
  { vaultUrl, application }: KvSetting,
  given: VaultCredential | undefined,
): Promise<SecretReader> {
  const { SecretClient } = await import('@azure/keyvault-secrets')
  return new SecretClient(vaultUrl, given ?? (await credentialOf(application)))
}

async function credentialOf(application: KvSetting['application']): Promise<VaultCredential> {
  const identity = await import('@azure/identity').catch(() => {
    const hint = 'Install @azure/identity, or pass a credential.'
    throw new MaskinportenError(
      'settings_unavailable',
      `signing in to Key Vault needs @azure/identity, which is not installed. ${hint}`,
      { detail: 'KV_IDENTITY_MISSING', hint },
    )
  })
  if (application === undefined) return new identity.DefaultAzureCredential()
  const { tenantId, clientId, clientSecret } = application
  return new identity.ClientSecretCredential(tenantId, clientId, clientSecret)
}
