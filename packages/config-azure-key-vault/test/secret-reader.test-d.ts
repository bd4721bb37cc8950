import type { ClientSecretCredential, DefaultAzureCredential } from '@azure/identity'
import type { SecretClient } from '@azure/keyvault-secrets'
import type { AzureKeyVaultOptions, SecretReader, VaultCredential } from '@maskinporten-kit/config-azure-key-vault'
import type { SecretClient as OlderSecretClient } from 'keyvault-secrets-4-11'
import { expectTypeOf, test } from 'vitest'

test('the real clients, of 4.11 as well, are readers; what does not know its vault is none', () => {
  expectTypeOf<SecretClient>().toExtend<SecretReader>()
  expectTypeOf<OlderSecretClient>().toExtend<SecretReader>()
  expectTypeOf<Pick<SecretClient, 'getSecret'>>().not.toExtend<AzureKeyVaultOptions['client']>()
})

test('the real credentials are credentials, and ours goes into both clients', () => {
  expectTypeOf<ClientSecretCredential>().toExtend<VaultCredential>()
  expectTypeOf<DefaultAzureCredential>().toExtend<VaultCredential>()
  expectTypeOf<VaultCredential>().toExtend<ConstructorParameters<typeof SecretClient>[1]>()
  expectTypeOf<VaultCredential>().toExtend<ConstructorParameters<typeof OlderSecretClient>[1]>()
})
