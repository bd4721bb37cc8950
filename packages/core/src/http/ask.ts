/** One question to an endpoint that gives tokens: the answer of a 2xx, or what its refusal means. */
import { fault } from '../errors.ts'
import type { CoreRequestInit } from '../fetch-function.ts'
import { AttemptFailed, type RefusalKind, failAttempt } from './attempt-failed.ts'
import { LIMIT_MS } from './bounded.ts'
import { type ErrorBody, parseErrorBody } from './error-body.ts'
import { STATUS_HINTS, foreignAnswer, redirectHint } from './foreign-answer.ts'
import { type Answer, type Sender, send } from './send.ts'

export interface Endpoint {
  readonly gives: 'token' | 'exchange'
  /** What a refusal means; not asked about redirects, 429 and 5xx. */
  readonly classify: (body: ErrorBody) => RefusalKind
  /** The way out, where the refusal is known. */
  readonly explain: (body: ErrorBody, status: number) => string | undefined
  /** The way out of all others. */
  readonly otherwise: string
}

/** @throws AttemptFailed around `…_refused` or `…_unavailable`; a redirect is refused, and so is a 2xx with an error body. */
export async function ask(
  sender: Sender,
  { gives, classify, explain, otherwise }: Endpoint,
  url: string,
  init: Pick<CoreRequestInit, 'method' | 'headers' | 'body'>,
  secret: string,
  signal: AbortSignal,
): Promise<Answer> {
  const failure = `${gives}_unavailable` as const
  const answer = await send(sender, url, init, { signal, limitMs: LIMIT_MS, failure }).catch(failAttempt)
  const { status, place } = answer
  // A redirect that a browser hides has the status 0.
  const isGood = status > 0 && status < 300
  if (isGood && !/^\s*\{/.test(answer.text.slice(0, 100)) && !answer.text.startsWith('\uFEFF')) return answer
  const body = parseErrorBody(answer.text, secret)
  if (isGood && !isErrorBody(body)) return answer
  const foreign = isGood ? undefined : foreignAnswer(answer, secret)
  if (status === 429 || status >= 500) {
    const fields = { ...body, status, retryable: true, traceId: foreign?.supportId ?? body.traceId }
    const what = foreign === undefined ? `${place} answered ${status}` : `cannot reach ${place}: ${foreign.what}`
    throw new AttemptFailed(fault(failure, what, foreign?.hint ?? 'try again later', fields), answer)
  }
  const isRedirect = status < 400 && !isGood
  const { oauthError, description, mpCode } = body
  const ofStatus = oauthError === undefined ? STATUS_HINTS[status] : undefined
  const hint = isRedirect ? redirectHint(answer) : (foreign?.hint ?? explain(body, status) ?? ofStatus ?? otherwise)
  const own = `${oauthError ?? `status ${status}`}${mpCode ? ` (${mpCode})` : ''}${oauthError && description ? `: ${description}` : ''}`
  const said = isRedirect ? own : (foreign?.what ?? own)
  // Altinn answers 401 in an outage too; Maskinporten says by it that the client is not known.
  const retryable = gives === 'exchange' && status === 401
  const fields = {
    ...body,
    status,
    retryable,
    detail: isRedirect ? 'REDIRECT' : undefined,
    traceId: foreign?.supportId ?? body.traceId,
  }
  throw new AttemptFailed(
    fault(`${gives}_refused`, `${gives} refused by ${place}: ${said}`, hint, fields),
    answer,
    isRedirect ? 'other' : classify(body),
  )
}

/** RFC 6749 §5.2: `error` is what makes it one. */
const isErrorBody = ({ oauthError }: ErrorBody): boolean => oauthError !== undefined && oauthError !== ''
