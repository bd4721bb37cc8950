/** The token endpoint (RFC 6749 §5; Digdir, «Token-endepunktet»): one assertion in, one token or one refusal out. */
import { MaskinportenError, type MaskinportenErrorFields } from '../errors.ts'
import { retryAfterMs } from '../http/retry-after.ts'
import { type Answer, type Sender, send } from '../http/send.ts'
import { explainRefusal, parseErrorBody, type RefusalKind, classifyRefusal } from './refusal.ts'

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
/** Digdir's documented default (`access_token_lifetime`), for an answer without `expires_in` (RFC 6749 §5.1). */
const DEFAULT_LIFETIME_MS = 120_000

export interface TokenAnswer {
  readonly value: string
  readonly lifetimeMs: number
  /** As granted; undefined when the answer names none (RFC 6749 §5.1: then as asked for). */
  readonly scopes: readonly string[] | undefined
  readonly answer: Answer
}

/** What the engine must know of a failure beyond the error that a caller sees. */
export class AttemptFailed extends Error {
  readonly error: MaskinportenError
  readonly retryAfterMs: number
  readonly refusal: RefusalKind | undefined
  /** Server's `Date` minus our clock at receipt, milliseconds; undefined without `Date`. */
  readonly skewMs: number | undefined
  /** Undefined when no answer came. */
  readonly durationMs: number | undefined

  constructor(error: MaskinportenError, answer?: Answer, refusal?: RefusalKind) {
    super(error.message)
    this.error = error
    this.retryAfterMs = answer ? retryAfterMs(answer.header, answer.receivedAt) : 0
    this.refusal = refusal
    this.durationMs = answer?.durationMs
    const date = Date.parse(answer?.header('date') ?? '')
    this.skewMs = answer === undefined || Number.isNaN(date) ? undefined : date - answer.receivedAt
  }
}

/** @throws AttemptFailed around `token_refused` or `token_unavailable`. */
export async function requestToken(
  sender: Sender,
  endpoint: string,
  assertion: string,
  options: { readonly signal: AbortSignal; readonly limitMs: number },
): Promise<TokenAnswer> {
  const answer = await sendAttempt(sender, endpoint, assertion, options)
  const { status } = answer
  if (status === 200) return readToken(answer, endpoint)
  if (status === 0 || (status >= 300 && status < 400)) {
    const hint = 'a redirect is never followed with an assertion; set the address it should have'
    throw new AttemptFailed(
      refused(`${endpoint} answered with a redirect; ${hint}`, { status, hint, detail: 'REDIRECT' }),
      answer,
      'other',
    )
  }
  const body = parseErrorBody(withoutSecret(answer.text, assertion))
  if (status === 429 || status >= 500) {
    const hint = 'try again later'
    throw new AttemptFailed(unavailable(`${endpoint} answered ${status}; ${hint}`, { ...body, status, hint }), answer)
  }
  const hint = explainRefusal(body)
  const words = [body.oauthError ?? `status ${status}`, body.mpCode && `(${body.mpCode})`].filter(Boolean).join(' ')
  const said = body.description === undefined ? '' : `: ${body.description}`
  throw new AttemptFailed(
    refused(`token refused by ${endpoint}: ${words}${said}; ${hint}`, { ...body, status, hint }),
    answer,
    classifyRefusal(body),
  )
}

async function sendAttempt(
  sender: Sender,
  endpoint: string,
  assertion: string,
  options: { readonly signal: AbortSignal; readonly limitMs: number },
): Promise<Answer> {
  const body = `grant_type=${encodeURIComponent(GRANT_TYPE)}&assertion=${assertion}`
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }
  try {
    return await send(sender, endpoint, { method: 'POST', headers, body }, { ...options, failure: 'token_unavailable' })
  } catch (error) {
    throw error instanceof MaskinportenError ? new AttemptFailed(error) : error
  }
}

function readToken(answer: Answer, endpoint: string): TokenAnswer {
  let body: unknown
  try {
    body = JSON.parse(answer.text)
  } catch {
    // The parser's own message would quote the token.
  }
  const member = (name: string): unknown =>
    typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
  const value = member('access_token')
  const type = member('token_type') ?? 'Bearer'
  if (typeof value !== 'string' || value === '' || typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
    const hint = 'check the address and any proxy in between'
    throw new AttemptFailed(
      unavailable(`${endpoint} answered 200 without a bearer token; ${hint}`, {
        status: 200,
        detail: 'NO_TOKEN',
        hint,
      }),
      answer,
    )
  }
  const seconds = Number(member('expires_in') ?? Number.NaN)
  const scope = member('scope')
  return {
    value,
    lifetimeMs: Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : DEFAULT_LIFETIME_MS,
    scopes: typeof scope === 'string' && scope !== '' ? scope.split(' ') : undefined,
    answer,
  }
}

/** A server may echo what it was sent. */
export function withoutSecret(text: string, secret: string): string {
  return text
    .replaceAll(secret, '[left out]')
    .replaceAll(secret.slice(secret.lastIndexOf('.') + 1) || secret, '[left out]')
}

function refused(message: string, fields: MaskinportenErrorFields): MaskinportenError {
  return new MaskinportenError('token_refused', message, fields)
}

function unavailable(message: string, fields: MaskinportenErrorFields): MaskinportenError {
  return new MaskinportenError('token_unavailable', message, { retryable: true, ...fields })
}
