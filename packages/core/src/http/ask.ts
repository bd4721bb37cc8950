/** One question to an endpoint that gives tokens: the answer of a 2xx, or what its refusal means. */
import { fault } from '../errors.ts'
import type { CoreRequestInit } from '../fetch-function.ts'
import { AttemptFailed, type RefusalKind, failAttempt } from './attempt-failed.ts'
import { LIMIT_MS } from './bounded.ts'
import { type ErrorBody, parseErrorBody } from './error-body.ts'
import { type Answer, type Sender, send } from './send.ts'

export interface Endpoint {
  readonly gives: 'token' | 'exchange'
  /** What a refusal means; not asked about redirects, 429 and 5xx. */
  readonly classify: (body: ErrorBody) => RefusalKind
  readonly explain: (body: ErrorBody, status: number) => string
}

/** @throws AttemptFailed around `…_refused` or `…_unavailable`; a redirect is refused. */
export async function ask(
  sender: Sender,
  { gives, classify, explain }: Endpoint,
  url: string,
  init: Pick<CoreRequestInit, 'method' | 'headers' | 'body'>,
  secret: string,
  signal: AbortSignal,
): Promise<Answer> {
  const failure = `${gives}_unavailable` as const
  const answer = await send(sender, url, init, { signal, limitMs: LIMIT_MS, failure }).catch(failAttempt)
  const { status, place } = answer
  // A redirect that a browser hides has the status 0.
  if (status > 0 && status < 300) return answer
  const body = parseErrorBody(answer.text, secret)
  if (status === 429 || status >= 500) {
    const fields = { ...body, status, retryable: true }
    throw new AttemptFailed(fault(failure, `${place} answered ${status}`, 'try again later', fields), answer)
  }
  const isRedirect = status < 400
  const hint = isRedirect
    ? 'a redirect is never followed with a credential; set the address it should have'
    : explain(body, status)
  const { oauthError, description, mpCode } = body
  const said = `${oauthError ?? `status ${status}`}${mpCode ? ` (${mpCode})` : ''}${oauthError && description ? `: ${description}` : ''}`
  // Altinn answers 401 in an outage too; Maskinporten says by it that the client is not known.
  const retryable = gives === 'exchange' && status === 401
  const fields = { ...body, status, retryable, detail: isRedirect ? 'REDIRECT' : undefined }
  throw new AttemptFailed(
    fault(`${gives}_refused`, `${gives} refused by ${place}: ${said}`, hint, fields),
    answer,
    isRedirect ? 'other' : classify(body),
  )
}

/**
 * The token of a 200, one that a header may carry (RFC 6750 §2.1): an HTTP client would quote any other in its error.
 *
 * @throws AttemptFailed around `…_unavailable`, with nothing of the answer: another 2xx or a proxy's page may hold a token.
 */
export function tokenIn(value: unknown, answer: Answer, gives: Endpoint['gives']): string {
  const { status, place } = answer
  if (status === 200 && typeof value === 'string' && /^[\w.~+/-]+=*$/.test(value)) return value
  const fields = { status, detail: 'NO_TOKEN', retryable: true }
  const what = `${place} answered ${status} without a token`
  const hint = 'check the address and any proxy in between'
  throw new AttemptFailed(fault(`${gives}_unavailable`, what, hint, fields), answer)
}
