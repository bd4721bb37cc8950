/** What doctor asks the registry of APIs. */
import { type Api, scopeOf } from '@maskinporten-kit/apis'

/** The APIs that take a scope. */
export const apisOf = (scope: string): readonly Api[] => scopeOf(scope).map(({ api }) => api)

export const isKnownScope = (scope: string): boolean => scopeOf(scope).length > 0
