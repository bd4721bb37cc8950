import { ClientSecretCredential, DefaultAzureCredential } from '@azure/identity'
import { SecretClient } from '@azure/keyvault-secrets'
import { type SecretReader, type VaultCredential, fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { SecretClient as OlderSecretClient } from 'keyvault-secrets-4-11'
import { expectTypeOf, test } from 'vitest'

test('the real clients, of 4.11 as well, are readers', () => {
  expectTypeOf<SecretClient>().toExtend<SecretReader>()
  expectTypeOf<OlderSecretClient>().toExtend<SecretReader>()
})

test('the real credentials are credentials, and ours goes into both clients', () => {
  expectTypeOf<ClientSecretCredential>().toExtend<VaultCredential>()
  expectTypeOf<DefaultAzureCredential>().toExtend<VaultCredential>()
  expectTypeOf<VaultCredential>().toExtend<ConstructorParameters<typeof SecretClient>[1]>()
  expectTypeOf<VaultCredential>().toExtend<ConstructorParameters<typeof OlderSecretClient>[1]>()
})

test('what is no client is none', () => {
  // @ts-expect-error: without its address, an error could not name the vault.
  fromAzureKeyVault({ client: { getSecret: async (name: string) => ({ name, properties: {} }) } })
})
