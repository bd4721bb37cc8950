/** The APIs behind Maskinporten: data and look-ups. */
export { api } from './api.ts'
export type { ApiAccess, ApiOptions, ApiRequest } from './api.ts'
export { apis, apisAt, nearestScopes, scopeOf } from './registry.ts'
export type { Api, ApiId } from './registry.ts'
export type {
  Access,
  Audience,
  BaseUrls,
  Environment,
  Fact,
  Owner,
  RateLimit,
  Row,
  Scope,
  Source,
  Sourced,
  StaticHeader,
  Text,
  Token,
} from './row.ts'
