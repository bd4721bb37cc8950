/** The little of the Azure SDK that is used: a real `SecretClient` is a `SecretReader`, a real credential a `VaultCredential`. */

export interface SecretReader {
  readonly vaultUrl: string
  getSecret(name: string, options?: { readonly abortSignal?: AbortSignal }): Promise<ReadSecret>
}

export interface ReadSecret {
  readonly name: string
  readonly value?: string | undefined
  readonly properties: {
    readonly version?: string | undefined
    readonly notBefore?: Date | undefined
    readonly expiresOn?: Date | undefined
    readonly createdOn?: Date | undefined
  }
}

export interface VaultCredential {
  getToken(
    scopes: string | string[],
    options?: object,
  ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>
}
