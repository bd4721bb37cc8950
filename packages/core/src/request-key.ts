/** The key by which a caller's request is found again, without copying, checking and normalising it. */
import type { TokenRequest } from './token-source.ts'

/**
 * The request's own names and values as JSON, in the order written, so that no two contents meet in one key. Undefined for a
 * request that must take the long way: one with a list or an object, which could change in place; one of a class, whose
 * getters would not be seen; one with a field that is hidden or not known, which the long way refuses.
 */
export function requestKey(request: TokenRequest): string | undefined {
  // Null is no request.
  if (request === null || Object.getPrototypeOf(request) !== Object.prototype) return undefined
  let name: keyof TokenRequest
  let seen = 0
  for (name in request) {
    const value = request[name]
    if (value === undefined) continue
    if (typeof value !== 'string') return undefined
    seen++
  }
  return seen === countFields(request) ? JSON.stringify(request) : undefined
}

/** Also fields that are not enumerable. */
function countFields(request: TokenRequest): number {
  const { scopes, resource, consumerOrg, systemUser, consent, pid, kind, claims } = request
  return (
    (scopes === undefined ? 0 : 1) +
    (resource === undefined ? 0 : 1) +
    (consumerOrg === undefined ? 0 : 1) +
    (systemUser === undefined ? 0 : 1) +
    (consent === undefined ? 0 : 1) +
    (pid === undefined ? 0 : 1) +
    (kind === undefined ? 0 : 1) +
    (claims === undefined ? 0 : 1)
  )
}
