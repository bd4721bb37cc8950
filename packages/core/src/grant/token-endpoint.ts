/**
 * The token endpoint ([RFC 6749 §5](https://www.rfc-editor.org/rfc/rfc6749#section-5);
 * [Digdir](https://docs.digdir.no/docs/Maskinporten/maskinporten_protocol_token)): one assertion in, one token or one
 * refusal out.
 */
import { fault } from '../errors.ts'
import { kindOf } from '../kind-of.ts'
import { parseObject } from '../http/answer-text.ts'
import { type Endpoint, ask, tokenIn } from '../http/ask.ts'
import { AttemptFailed } from '../http/attempt-failed.ts'
import type { Answer, Sender } from '../http/send.ts'
import { lifetimeMs, numberIn } from '../http/token-text.ts'
import type { Granted } from './grant-step.ts'
import { type Asked, askedBy, classifyRefusal, explainRefusal } from './refusal.ts'

const GRANT_TYPE = encodeURIComponent('urn:ietf:params:oauth:grant-type:jwt-bearer')
/** Digdir's documented default (`access_token_lifetime`), for an answer without `expires_in` ([RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)). */
const DEFAULT_LIFETIME_SECONDS = 120

/** @throws AttemptFailed around `token_refused` or `token_unavailable`. */
export async function requestToken(
  sender: Sender,
  url: string,
  assertion: string,
  signal: AbortSignal,
  asked: Asked,
): Promise<Granted> {
  const endpoint: Endpoint = {
    gives: 'token',
    by: askedBy(asked),
    classify: classifyRefusal,
    explain: (body) => explainRefusal(body, asked),
    otherwise: 'look the answer up at https://docs.digdir.no/docs/Maskinporten/maskinporten_feilsoking',
  }
  const init = {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: `grant_type=${GRANT_TYPE}&assertion=${assertion}`,
  } as const
  const answer = await ask(sender, endpoint, url, init, assertion, signal)
  const { access_token: value, token_type: type = 'bearer', expires_in: expires, scope } = parseObject(answer.text)
  // RFC 6749 §7.1 (https://www.rfc-editor.org/rfc/rfc6749#section-7.1): a client must not use a token whose type it does not understand.
  const isBearer = typeof type === 'string' && type.toLowerCase() === 'bearer'
  if (answer.status === 200 && value !== undefined && !isBearer) throw otherType(type, answer)
  return {
    value: tokenIn(value, answer, 'token', assertion),
    lifetimeMs: lifetimeMs(numberIn(expires), DEFAULT_LIFETIME_SECONDS),
    scopes: typeof scope === 'string' && scope !== '' ? scope.split(' ') : undefined,
    answer,
  }
}

/** APIs refuse a token of [DPoP](https://www.rfc-editor.org/rfc/rfc9449) or of mutual TLS that comes as a bearer token. */
function otherType(type: unknown, answer: Answer): AttemptFailed {
  const { place, status } = answer
  const isText = typeof type === 'string'
  const name = isText && /^[\w-]{1,20}$/.test(type) ? `of the type ${type}` : 'of a type other than Bearer'
  const kind = isText ? `a token ${name}` : `a token_type that is ${kindOf(type)} instead of "Bearer"`
  const what = `${place} answered ${status} with ${kind}, but this library takes only Bearer tokens`
  const check = 'check Authority and TokenEndpoint in the settings, and any proxy in between'
  // Another type may be of Maskinporten; one that is no text is not.
  const hint = isText ? check : `this is not an answer of Maskinporten: ${check}`
  const fields = { status, detail: 'TOKEN_TYPE', retryable: false }
  return new AttemptFailed(fault('token_unavailable', what, hint, fields), answer, 'other')
}
