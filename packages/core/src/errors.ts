/** The one error class, its closed union of codes, and its guard. */

/** Branch on `code`. Adding one is a minor: keep a default branch. */
export type MaskinportenErrorCode =
  | 'closed'
  | 'request_invalid'
  | 'settings_invalid'
  | 'settings_unavailable'
  | 'metadata_invalid'
  | 'token_refused'
  | 'token_unavailable'
  | 'exchange_refused'
  | 'exchange_unavailable'
  | 'timeout'
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
  /** Open: the finer code of a source, the settings or the key parser: `KV_FORBIDDEN`, `KEY_PUBLIC_ONLY`. */
  declare readonly detail?: string
  declare readonly problems?: readonly SettingsProblem[]
  /** HTTP status of the server's answer. */
  declare readonly status?: number
  /** `error` of RFC 6749 §5.2, verbatim. */
  declare readonly oauthError?: string
  /** `error_description` of RFC 6749 §5.2, verbatim. */
  declare readonly description?: string
  /** `error_uri` of RFC 6749 §5.2, verbatim. */
  declare readonly errorUri?: string
  /** `MP-nnn`, out of `error_uri` (Digdir, «Feilsøking»). */
  declare readonly mpCode?: string
  /** What Digdir's and Altinn's support ask for. */
  declare readonly traceId?: string
  /** Whether the same call can succeed later with nothing changed. */
  readonly retryable: boolean
  /** The way out, one sentence; also the end of `message`. */
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

/** By name and code, so that an error of another copy of this package passes too, and one of another realm, as in Jest. */
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
