/** What doctor asks the registry of APIs. */
import type { TokenKind } from '@maskinporten-kit/core'
import type { Text } from '../language.ts'

export interface RegistryApi {
  readonly id: string
  readonly name: Text
  readonly owner: { readonly name: Text }
  readonly baseUrls: { readonly test?: string | undefined; readonly prod?: string | undefined }
  readonly token: { readonly kind: TokenKind; readonly eitherKind?: true | undefined }
  readonly scopes: readonly { readonly name: string }[]
}

export interface Registry {
  readonly apis: readonly RegistryApi[]
  /** The known scopes that a name may be a misspelling of, nearest first; empty for a known one. */
  nearestScopes(name: string): readonly string[]
  /** Whose address this is. */
  apisAt(url: string): readonly { readonly api: RegistryApi; readonly environment: 'test' | 'prod' }[]
}

/** The APIs that take a scope. */
export const apisOf = (registry: Registry, scope: string): readonly RegistryApi[] =>
  registry.apis.filter(({ scopes }) => scopes.some(({ name }) => name === scope))
