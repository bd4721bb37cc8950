/** Altinn's exchange (Altinn, «Exchange Maskinporten token»): a Maskinporten token in, an Altinn token with a life of its own out. */
import { decode } from 'jose/base64url'
import { parseObject, withoutMark } from '../http/answer-text.ts'
import { type Endpoint, ask, tokenIn } from '../http/ask.ts'
import type { Answer, Sender } from '../http/send.ts'
import { lifetimeMs, numberIn } from '../http/token-text.ts'

/** For a token whose `exp` and `iat` cannot be read. */
const FALLBACK_LIFETIME_SECONDS = 60

const HINTS: Readonly<Record<number, string>> = {
  401: 'check that Environment and TokenExchangeEnvironment belong together; Altinn also answers so in an outage',
  410: 'Altinn has removed enterprise users; use a system user',
}

const ENDPOINT: Endpoint = {
  gives: 'exchange',
  by: '',
  classify: () => 'other',
  explain: (_, status) => HINTS[status],
  otherwise: 'check TokenExchangeEnvironment and the scopes',
}

export interface ExchangeAnswer {
  readonly value: string
  readonly lifetimeMs: number
  readonly answer: Answer
}

/** @throws AttemptFailed around `exchange_refused` or `exchange_unavailable`. */
export async function exchangeToken(
  sender: Sender,
  exchange: { readonly url: string; readonly testOrg: boolean },
  token: string,
  signal: AbortSignal,
): Promise<ExchangeAnswer> {
  const url = exchange.testOrg ? `${exchange.url}${exchange.url.includes('?') ? '&' : '?'}test=true` : exchange.url
  const init = { method: 'GET', headers: { accept: 'application/json', authorization: `Bearer ${token}` } } as const
  const answer = await ask(sender, ENDPOINT, url, init, token, signal)
  // The JWT as a JSON string, or bare: which one depends on `Accept` and has changed before.
  const value = tokenIn(
    withoutMark(answer.text)
      .trim()
      .replace(/^"(.*)"$/, '$1'),
    answer,
    'exchange',
    token,
  )
  return { value, lifetimeMs: lifetimeMs(lifetimeSecondsOf(value), FALLBACK_LIFETIME_SECONDS), answer }
}

/** `exp − iat`: an Altinn token outlives the Maskinporten token it was had for. NaN when it cannot be read. */
function lifetimeSecondsOf(jwt: string): number {
  try {
    const { exp, iat } = parseObject(new TextDecoder().decode(decode(jwt.split('.')[1] ?? '')))
    return numberIn(exp) - numberIn(iat)
  } catch {
    return Number.NaN
  }
}
