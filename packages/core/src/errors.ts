/** The one error class, its closed union of codes, and its guard. */

/** What kind of failure it is: branch on it. Adding a code is a minor, so keep a default branch. `errors.md` says who acts on each. */
export type MaskinportenErrorCode =
  /** The instance was closed by `close()`, before the call or while it waited. */
  | 'closed'
  /** The call is written wrong, and nothing was sent. `detail` names the field of the token request. */
  | 'request_invalid'
  /** Settings or key cannot be used. `problems` has everything that is wrong, `detail` the code of the first one. */
  | 'settings_invalid'
  /** A source of settings could not be read, and there are no earlier settings. `detail` says why. */
  | 'settings_unavailable'
  /** The issuer's metadata cannot be used: not JSON, another issuer, or a token endpoint elsewhere. */
  | 'metadata_invalid'
  /** Maskinporten said no. Its words are in `oauthError`, `description` and `mpCode`. */
  | 'token_refused'
  /** Maskinporten gave no token, and did not say no: no connection, a 5xx, an answer without a token. */
  | 'token_unavailable'
  /** Altinn refused to exchange the token. `status` and `description` are Altinn's. */
  | 'exchange_refused'
  /** Altinn's exchange gave no token: no connection, a 401 or 5xx, an answer without a token. */
  | 'exchange_unavailable'
  /** No token within `timeoutMs`, settings included; or the settings did not load in their time. */
  | 'timeout'
  /** An adapter was called with an origin that is not in `allow`, and nothing was sent. */
  | 'origin_not_allowed'

/** One thing that is wrong with the settings: what, where it came from, and the way out. */
export interface SettingsProblem {
  readonly code: string
  readonly key: string
  readonly origin: string
  readonly message: string
}

export interface MaskinportenErrorFields {
  readonly detail?: string | undefined
  readonly problems?: readonly SettingsProblem[] | undefined
  readonly status?: number | undefined
  readonly oauthError?: string | undefined
  readonly description?: string | undefined
  readonly errorUri?: string | undefined
  readonly mpCode?: string | undefined
  readonly traceId?: string | undefined
  readonly retryable?: boolean | undefined
  readonly hint?: string | undefined
}

/**
 * Everything this project throws. No secret is in any field, and there is no third-party `cause` that could hold one.
 * The constructor is public, for authors of config sources and token stores.
 */
export class MaskinportenError extends Error {
  override readonly name = 'MaskinportenError'
  readonly code: MaskinportenErrorCode
  /** Open: the finer code of a source, the settings or the key parser, and its anchor in `errors.md`: `KV_FORBIDDEN`, `KEY_PUBLIC_ONLY`. */
  declare readonly detail?: string
  declare readonly problems?: readonly SettingsProblem[]
  /** HTTP status of the server's answer. */
  declare readonly status?: number
  /** `error` of [RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2), verbatim. */
  declare readonly oauthError?: string
  /** `error_description` of [RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2), verbatim. */
  declare readonly description?: string
  /** `error_uri` of [RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2), verbatim. */
  declare readonly errorUri?: string
  /** `MP-nnn`, out of `error_uri` (Digdir, «Feilsøking»), and its anchor in `errors.md`. */
  declare readonly mpCode?: string
  /** What Digdir's and Altinn's support ask for. */
  declare readonly traceId?: string
  /** Whether the same call can succeed later with nothing changed. */
  readonly retryable: boolean
  /** The way out, one sentence; also in `message`. */
  readonly hint: string

  constructor(code: MaskinportenErrorCode, message: string, fields: MaskinportenErrorFields = {}) {
    super(message)
    this.code = code
    this.retryable = fields.retryable ?? false
    this.hint = fields.hint ?? ''
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined)
        Object.defineProperty(this, name, { value, enumerable: true, configurable: true, writable: true })
    }
  }
}

/** What went wrong and the way out: the message is both. */
export function fault(
  code: MaskinportenErrorCode,
  what: string,
  hint: string,
  fields?: MaskinportenErrorFields,
): MaskinportenError {
  return new MaskinportenError(code, `${what}; ${hint}`, { ...fields, hint })
}

/** Tells by name and code. So it knows errors of another copy of this package too, and those of another realm, as in Jest. */
export function isMaskinportenError<C extends MaskinportenErrorCode>(
  error: unknown,
  code?: C,
): error is MaskinportenError & { readonly code: C } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'name' in error &&
    error.name === 'MaskinportenError' &&
    'code' in error &&
    (code === undefined || error.code === code)
  )
}
