/** What everything here meets at: a request for a token, and the token. */

/**
 * Whose token it is. `maskinporten`: Maskinporten's own, for most APIs. `altinn`: exchanged at Altinn, for Altinn's
 * platform and apps, which take no other.
 */
export type TokenKind = 'maskinporten' | 'altinn'

/**
 * What a caller asks for. Every field is part of the token's identity; a field that is not given takes the settings'
 * default. Unknown fields throw `request_invalid`: a misspelt `consumerorg` must not silently yield a token without
 * delegation.
 */
export interface TokenRequest {
  /** Space-delimited string or list; split, de-duplicated, sorted. Default: the settings' scope. */
  readonly scopes?: string | readonly string[] | undefined
  /** Absolute URI(s) of the API without fragment ([RFC 8707](https://www.rfc-editor.org/rfc/rfc8707)); becomes the token's `aud`. */
  readonly resource?: string | readonly string[] | undefined
  /** Nine digits, mod-11 valid: the organisation that has delegated in Altinn. Claim `consumer_org`. */
  readonly consumerOrg?: string | undefined
  /** Altinn system user (systembruker), [RFC 9396](https://www.rfc-editor.org/rfc/rfc9396) type `urn:altinn:systemuser`. */
  readonly systemUser?: SystemUserRequest | undefined
  /** Altinn consent (samtykke), [RFC 9396](https://www.rfc-editor.org/rfc/rfc9396) type `urn:altinn:consent`. */
  readonly consent?: ConsentRequest | undefined
  /** Eleven digits, for scopes that use pid-restricted tokens. */
  readonly pid?: string | undefined
  /** `altinn` exchanges the token at Altinn. Default: the settings' `exchangeToAltinnToken`. */
  readonly kind?: TokenKind | undefined
  /** Further claims of the grant (`iss_onbehalfof`, a new RAR type). Names that core sets itself are refused. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
}

export interface SystemUserRequest {
  /** Organisation number of the system user's owner: nine digits, with or without `0192:`. */
  readonly org: string
  /** At most 255 letters, digits, `_` and `-`. */
  readonly externalRef?: string | undefined
}

export interface ConsentRequest {
  /** The consent's UUID. */
  readonly id: string
  /** Who gave it: `urn:altinn:person:identifier-no:<11 digits>` or `urn:altinn:organization:identifier-no:<9 digits>`. */
  readonly from: string
}

export interface GetTokenOptions {
  /** Ends this caller's wait, with `signal.reason`; never a request that others share. */
  readonly signal?: AbortSignal | undefined
  /** The token an API has just answered 401 to. Renewed only if its value is still the cached one. */
  readonly rejected?: AccessToken | undefined
}

/** The one contract that adapters know. */
export interface TokenSource {
  /**
   * A valid token: the cached one, or a new one. However many callers ask at once, the server is asked once. Of
   * `createMaskinporten` it takes at most `timeoutMs` (10 s unless set), settings included.
   *
   * Rejects with a `MaskinportenError`: `request_invalid`, `settings_invalid`, `settings_unavailable`,
   * `metadata_invalid`, `token_refused`, `token_unavailable`, `exchange_refused`, `exchange_unavailable`, `timeout` or
   * `closed`; or with `signal.reason`, once the caller's signal is aborted. A source of your own may reject with its own errors.
   */
  getToken(request?: TokenRequest, options?: GetTokenOptions): Promise<AccessToken>
}

export interface BindableTokenSource extends TokenSource {
  /**
   * A source bound to a default request, copied and frozen: the fast path. Requests merge field by field,
   * settings ← `with()` ← call; a field is replaced whole.
   */
  with(request: TokenRequest): BindableTokenSource
}

/**
 * A token and what is known of it. `String(token)` says "use .value"; `JSON.stringify(token)` and `util.inspect(token)`
 * never show the token either. It is renewed before it expires, so ask for it at each call instead of keeping it.
 */
export interface AccessToken {
  /** The bearer token itself: a secret. It goes into the header as `Bearer ${value}`. */
  readonly value: string
  readonly kind: TokenKind
  /** Those that Maskinporten says it granted; where it says nothing, those that were asked for. */
  readonly scopes: readonly string[]
  /** When this machine takes the token for expired: its wall clock, milliseconds since the Unix epoch. */
  readonly expiresAt: number
}
