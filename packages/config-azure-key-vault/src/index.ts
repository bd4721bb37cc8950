export { fromAzureKeyVault } from './from-azure-key-vault.ts'
export type { AzureKeyVaultOptions } from './from-azure-key-vault.ts'
export type { ReadSecret, SecretReader, VaultCredential } from './secret-reader.ts'
