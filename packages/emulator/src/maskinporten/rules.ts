/** What differs between the server as observed and the server as documented, and what nobody knows: each an option. */

import { errorUriBase } from '../network/names.ts'

export interface Rules {
  /** Whose words: as captured from the server, or as documented. */
  readonly texts: 'server' | 'docs'
  /**
   * Reads a body only when it says `application/x-www-form-urlencoded`, and refuses a `grant_type` or `assertion` that is
   * given twice (RFC 6749 §3.2, RFC 7521 §4.1). Default true; no capture shows what the server does.
   */
  readonly strictForm: boolean
  /** Longest `exp - iat` of a grant, seconds: 180 as observed, 120 as documented. */
  readonly maxLifetimeSeconds: number
  /** Tolerance for `iat` and `exp`, seconds. Default 10. */
  readonly skewSeconds: number
  /** Refuses an `iat` older than the tolerance. Default false; true as documented. */
  readonly refuseOldIat: boolean
  /** Refuses claims that Digdir does not document; `nbf` and `sub` excepted. Default false; true as documented. */
  readonly refuseUnknownClaims: boolean
  /** Takes the token endpoint's URL as `aud`, too. Default false. */
  readonly acceptTokenEndpointAudience: boolean
  /** Takes an `x5c` with the leaf certificate only. Default true; false as documented. */
  readonly acceptLeafOnlyChain: boolean
  /** Repeats `externalRef` in the token of a system user. Default false. */
  readonly echoExternalRef: boolean
  /** Adds `aud: "unspecified"` and `client_orgno`, as tokens had until 2024. Default false. */
  readonly legacyClaims: boolean
  /** Of MP-250 and MP-251: no capture shows it. Default 403. */
  readonly forbiddenStatus: 403 | 400
  /** What stands before the code in `error_uri`. Default: production's, as captured from the test environment. */
  readonly errorUriBase: string
  /** How long a new key stays unknown to the token endpoint, milliseconds. Default 0. */
  readonly keyPropagationDelayMs: number
}

const observed: Rules = {
  texts: 'server',
  strictForm: true,
  maxLifetimeSeconds: 180,
  skewSeconds: 10,
  refuseOldIat: false,
  refuseUnknownClaims: false,
  acceptTokenEndpointAudience: false,
  acceptLeafOnlyChain: true,
  echoExternalRef: false,
  legacyClaims: false,
  forbiddenStatus: 403,
  errorUriBase,
  keyPropagationDelayMs: 0,
}

const documented: Rules = {
  ...observed,
  texts: 'docs',
  maxLifetimeSeconds: 120,
  refuseOldIat: true,
  refuseUnknownClaims: true,
  acceptLeafOnlyChain: false,
}

export type RuleOptions = { readonly [K in keyof Rules]?: Rules[K] | undefined }

export function rulesFrom(strict: 'server' | 'docs' = 'server', changes: RuleOptions = {}): Rules {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  return { ...(strict === 'docs' ? documented : observed), ...given }
}
