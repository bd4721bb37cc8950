/** One question to an endpoint that gives tokens: the answer of a 200, or what its refusal means. */
import { MaskinportenError, fault } from '../errors.ts'
import type { CoreRequestInit } from '../fetch-function.ts'
import { AttemptFailed, type RefusalKind } from './attempt-failed.ts'
import { type ErrorBody, parseErrorBody } from './error-body.ts'
import { type Answer, type Sender, send } from './send.ts'

/** An answer this long after sending still counts, milliseconds. */
const LIMIT_MS = 30_000

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
  const unavailable = `${gives}_unavailable` as const
  let answer: Answer
  try {
    answer = await send(sender, url, init, { signal, limitMs: LIMIT_MS, failure: unavailable })
  } catch (error) {
    throw error instanceof MaskinportenError ? new AttemptFailed(error) : error
  }
  const { status } = answer
  if (status === 200) return answer
  const body = parseErrorBody(withoutSecret(answer.text, secret))
  if (status === 429 || status >= 500) {
    const error = fault(unavailable, `${url} answered ${status}`, 'try again later', {
      ...body,
      status,
      retryable: true,
    })
    throw new AttemptFailed(error, answer)
  }
  const isRedirect = status < 400
  const hint = isRedirect
    ? 'a redirect is never followed with a credential; set the address it should have'
    : explain(body, status)
  const said = [body.oauthError ?? `status ${status}`, body.mpCode && `(${body.mpCode})`].filter(Boolean).join(' ')
  const what = `${gives} refused by ${url}: ${said}${body.oauthError && body.description ? `: ${body.description}` : ''}`
  const fields = { ...body, status, retryable: status === 401, detail: isRedirect ? 'REDIRECT' : undefined }
  throw new AttemptFailed(fault(`${gives}_refused`, what, hint, fields), answer, isRedirect ? 'other' : classify(body))
}

/** A 200 that is not what it should be: a proxy's page, say. */
export function noToken(answer: Answer, gives: Endpoint['gives'], url: string): AttemptFailed {
  const fields = { status: answer.status, detail: 'NO_TOKEN', retryable: true }
  return new AttemptFailed(
    fault(
      `${gives}_unavailable`,
      `${url} answered 200 without a token`,
      'check the address and any proxy in between',
      fields,
    ),
    answer,
  )
}

/** A server may echo what it was sent, whole or its signature only. */
function withoutSecret(text: string, secret: string): string {
  const parts = [secret, ...secret.split('.').filter((part) => part.length > 20)]
  return parts.reduce((left, part) => left.replaceAll(part, '[left out]'), text)
}
