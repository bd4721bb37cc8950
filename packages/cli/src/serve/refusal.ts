/** What the token service refuses, in Texas' shape: RFC 6749 §5.2. */
import { type MaskinportenError, isMaskinportenError } from '@maskinporten-kit/core'

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly error: string
  /** For the audit line. */
  readonly mpCode: string | undefined
  readonly traceId: string | undefined

  constructor(status: number, error: string, description: string, cause?: MaskinportenError) {
    super(description)
    this.status = status
    this.error = error
    this.mpCode = cause?.mpCode
    this.traceId = cause?.traceId
  }

  get body(): { readonly error: string; readonly error_description: string } {
    return { error: this.error, error_description: this.message }
  }
}

/** For what is refused before anything is asked upstream. */
export function invalidRequest(description: string): Refusal {
  return new Refusal(400, 'invalid_request', description)
}

/**
 * Upstream's status and words are passed on as they are; a failure without such words is a 500, as Texas has it. A refusal
 * whose status is no error, such as a redirect or a 200 with an error in it, is a 502: passed on, it would look like a token.
 */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (!isMaskinportenError(error)) return new Refusal(500, 'server_error', 'the token service failed')
  const { oauthError, description, message } = error
  const status = error.status !== undefined && error.status >= 400 && error.status <= 599 ? error.status : 502
  switch (error.code) {
    case 'request_invalid':
      return new Refusal(400, 'invalid_request', message, error)
    case 'token_refused':
      if (oauthError === undefined)
        return new Refusal(status, 'server_error', 'identity provider returned an invalid error response', error)
      return new Refusal(status, oauthError, description ?? '', error)
    case 'exchange_refused':
      // Altinn's refusals have no code of OAuth.
      return new Refusal(status, 'exchange_refused', description ?? message, error)
    case 'closed':
      return new Refusal(503, 'server_error', 'the token service is stopping', error)
    case 'settings_invalid':
    case 'settings_unavailable':
    case 'metadata_invalid':
    case 'token_unavailable':
    case 'exchange_unavailable':
    case 'timeout':
    case 'origin_not_allowed':
      return new Refusal(500, 'server_error', `Identity provider request failed: ${message}`, error)
  }
}
