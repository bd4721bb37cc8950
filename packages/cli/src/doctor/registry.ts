/** What doctor asks the registry of APIs. */
import { type Api, apis, scopeOf } from '@maskinporten-kit/apis'

/** The APIs that take a scope. */
export const apisOf = (scope: string): readonly Api[] => scopeOf(scope).map(({ api }) => api)

export const knownScopes: ReadonlySet<string> = new Set(apis.flatMap(({ scopes }) => scopes.map(({ name }) => name)))
