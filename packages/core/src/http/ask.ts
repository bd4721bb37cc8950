/** One question to an endpoint that gives tokens: the token's answer, or what its refusal means. */
import { MaskinportenError, fault } from '../errors.ts'
import type { CoreRequestInit } from '../fetch-function.ts'
import { type ErrorBody, parseErrorBody, parseObject, withoutMark } from './answer-text.ts'
import { AttemptFailed, type RefusalKind, failAttempt } from './attempt-failed.ts'
import { LIMIT_MS } from './bounded.ts'
import { foreignAnswer, statusHint } from './foreign-answer.ts'
import { type Answer, type Sender, send } from './send.ts'
import { isTokenOf } from './token-text.ts'

export interface Endpoint {
  readonly gives: 'token' | 'exchange'
  /** Who asked with what, for the refusal: ` for the client c with the kid k`. */
  readonly by: string
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
  { gives, by, classify, explain, otherwise }: Endpoint,
  url: string,
  init: Pick<CoreRequestInit, 'method' | 'headers' | 'body'>,
  secret: string,
  signal: AbortSignal,
): Promise<Answer> {
  const failure = `${gives}_unavailable` as const
  const answer = await send(sender, url, init, { signal, limitMs: LIMIT_MS, failure }).catch(failAttempt)
  const { status, place, text } = answer
  const isGood = status >= 200 && status < 300
  // `error` makes an error body (https://www.rfc-editor.org/rfc/rfc6749#section-5.2).
  if (isGood && !isText(parseObject(text)['error'])) return answer
  const body = parseErrorBody(text, secret)
  const foreign = isGood ? undefined : foreignAnswer(answer, secret)
  const fields = { ...body, status, traceId: foreign?.supportId ?? body.traceId }
  if (status === 429 || status >= 500) {
    const what = foreign === undefined ? `${place} answered ${status}` : `cannot reach ${place}: ${foreign.what}`
    const error = fault(failure, what, foreign?.hint ?? 'try again later', { ...fields, retryable: true })
    throw new AttemptFailed(error, answer)
  }
  const { oauthError, description, mpCode } = body
  const code = `${oauthError ?? `status ${status}`}${mpCode ? ` (${mpCode})` : ''}`
  const what = `${gives} refused by ${place}${foreign === undefined ? `${by}: ${code}` : `: ${foreign.what}`}`
  const isRedirect = status < 400 && !isGood
  const known = explain(body, status) ?? (oauthError === undefined ? statusHint(status) : undefined)
  const hint = foreign?.hint ?? known ?? otherwise
  // Last, since they may be long.
  const words = foreign === undefined && oauthError && description ? `. The server's words: "${description}"` : ''
  const error = new MaskinportenError(`${gives}_refused`, `${what}; ${hint}${words}`, {
    ...fields,
    hint,
    detail: isRedirect ? 'REDIRECT' : undefined,
    // Altinn answers 401 in an outage too; Maskinporten says by it that the client is not known.
    retryable: gives === 'exchange' && status === 401,
  })
  throw new AttemptFailed(error, answer, isRedirect ? 'other' : classify(body))
}

/**
 * The token of a 200.
 *
 * @throws AttemptFailed around `…_unavailable`, with nothing of the answer: another 2xx or a proxy's page may hold a token.
 */
export function tokenIn(value: unknown, answer: Answer, gives: Endpoint['gives'], secret: string): string {
  const { status, place, text } = answer
  if (status === 200 && isTokenOf(gives === 'token' ? 'maskinporten' : 'altinn', value)) return value
  const foreign = foreignAnswer(answer, secret)
  const bare = withoutMark(text).trim()
  let why = 'the answer has none in it'
  if (foreign !== undefined) why = foreign.what
  else if (status !== 200) why = 'only a 200 gives one'
  else if (bare === '') why = 'the answer is empty'
  else if (/^[{["]/.test(bare) && !isJson(bare)) why = 'the JSON is cut short, or something stands behind it'
  else if (isText(value)) why = 'the value there does not have the form of a token'
  const hint = foreign?.hint ?? 'check the address and any proxy in between'
  const fields = { status, detail: 'NO_TOKEN', retryable: true, traceId: foreign?.supportId }
  const what = `${place} answered ${status} without a token: ${why}`
  throw new AttemptFailed(fault(`${gives}_unavailable`, what, hint, fields), answer)
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
