/** The token endpoint (RFC 6749 §5; Digdir, «Token-endepunktet»): one assertion in, one token or one refusal out. */
import { type Endpoint, ask, tokenIn } from '../http/ask.ts'
import { parseObject } from '../http/json.ts'
import { lifetimeMs, numberIn } from '../http/lifetime.ts'
import type { Answer, Sender } from '../http/send.ts'
import { classifyRefusal, explainRefusal } from './refusal.ts'

const GRANT_TYPE = encodeURIComponent('urn:ietf:params:oauth:grant-type:jwt-bearer')
/** Digdir's documented default (`access_token_lifetime`), for an answer without `expires_in` (RFC 6749 §5.1). */
const DEFAULT_LIFETIME_SECONDS = 120

const ENDPOINT: Endpoint = { gives: 'token', classify: classifyRefusal, explain: explainRefusal }

export interface TokenAnswer {
  readonly value: string
  readonly lifetimeMs: number
  /** As granted; undefined when the answer names none (RFC 6749 §5.1: then as asked for). */
  readonly scopes: readonly string[] | undefined
  readonly answer: Answer
}

/** @throws AttemptFailed around `token_refused` or `token_unavailable`. */
export async function requestToken(
  sender: Sender,
  url: string,
  assertion: string,
  signal: AbortSignal,
): Promise<TokenAnswer> {
  const init = {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: `grant_type=${GRANT_TYPE}&assertion=${assertion}`,
  } as const
  const answer = await ask(sender, ENDPOINT, url, init, assertion, signal)
  const { access_token: value, token_type: type = 'bearer', expires_in: expires, scope } = parseObject(answer.text)
  return {
    value: tokenIn(String(type).toLowerCase() === 'bearer' && value, answer, 'token'),
    lifetimeMs: lifetimeMs(numberIn(expires), DEFAULT_LIFETIME_SECONDS),
    scopes: typeof scope === 'string' && scope !== '' ? scope.split(' ') : undefined,
    answer,
  }
}
