/** What differs between the server as observed and the server as documented, and what nobody knows: each an option. */

import { errorUriBase } from '../network/names.ts'
import type { TokenErrorId } from './error-table.ts'

/** What replaces members of a row of the table of refusals: no capture shows all of them (protocol reference §11 rows 2, 3, 10, 11). */
export interface RefusalChange {
  readonly status?: number | undefined
  readonly error?: string | undefined
  /** `<name>` stands for a value of the request, as in the table. */
  readonly text?: string | undefined
}

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
  /** Changes of single refusals. Default: none. */
  readonly refusals: { readonly [Id in TokenErrorId]?: RefusalChange | undefined }
  /** What an upload of a key wants at least, bits: the enforced bound is inferred (§11 row 13). Default 2048. */
  readonly minimumKeyBits: number
  /** Longest `kid` that an upload takes, characters: inferred (§11 row 14). Default 255. */
  readonly maxKidLength: number
  /** Takes an earlier end of a key from its `exp`: inferred (§11 row 15). Default true. */
  readonly honourKeyExp: boolean
  /** A key that is uploaded again lives for a year from then: inferred (§11 row 15). Default true. */
  readonly renewKeys: boolean
  /** `aud` of a token for a `resource`: in the form that was sent, or always a list (§11 row 16). Default 'as-sent'. */
  readonly audienceForm: 'as-sent' | 'list'
  /** Remembers a used grant without `jti` by its hash: inferred (§11 row 17). Default true. */
  readonly rememberGrantsWithoutJti: boolean
  /** How long after its `exp` a used grant is remembered, seconds: inferred (§11 row 17). Default 10. */
  readonly rememberGrantsSeconds: number
  /** `expires_in`: what is left when it is sent, or the whole lifetime (§11 row 21: both were seen). Default 'left'. */
  readonly expiresIn: 'left' | 'lifetime'
  /** Body of the exchange's 401: inferred (§11 row 25). Default 'problem'. */
  readonly exchangeErrorBody: 'problem' | 'empty'
  /**
   * Words of Storage's refusals and of polling: as they are, or as the framework writes them, a JSON text or a problem document.
   * No capture of Storage shows it; Altinn's own tests show the problem documents of polling. Default 'text'.
   */
  readonly altinnErrorBody: 'text' | 'json'
  /** Storage sends `next: null` on the last page, or leaves the member out: inferred (§11 row 27). Default true. */
  readonly sendNullNext: boolean
  /** Events takes end points and source filters with http, too, when they are on loopback: inferred. Default true. */
  readonly acceptLoopbackHttp: boolean
  /** Body of the register's refusals: not documented (§11 row 28). Default 'problem'. */
  readonly registerErrorBody: 'problem' | 'empty'
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
  refusals: {},
  minimumKeyBits: 2048,
  maxKidLength: 255,
  honourKeyExp: true,
  renewKeys: true,
  audienceForm: 'as-sent',
  rememberGrantsWithoutJti: true,
  rememberGrantsSeconds: 10,
  expiresIn: 'left',
  exchangeErrorBody: 'problem',
  altinnErrorBody: 'text',
  sendNullNext: true,
  acceptLoopbackHttp: true,
  registerErrorBody: 'problem',
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
