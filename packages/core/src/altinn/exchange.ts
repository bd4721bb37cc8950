/**
 * Altinn's exchange ([Altinn](https://docs.altinn.studio/authorization/getting-started/authentication/maskinporten)): a
 * Maskinporten token in, an Altinn token with a life of its own out.
 */
import { decode } from 'jose/base64url'
import { environments } from '../environments.ts'
import { parseObject, withoutMark } from '../http/answer-text.ts'
import { type Endpoint, ask, tokenIn } from '../http/ask.ts'
import type { Answer, Sender } from '../http/send.ts'
import { lifetimeMs, numberIn } from '../http/token-text.ts'

/** For a token whose `exp` and `iat` cannot be read. */
const FALLBACK_LIFETIME_SECONDS = 60

/** As in the settings. */
interface ExchangeAddress {
  readonly url: string
  readonly testOrg: boolean
}

export interface ExchangeAnswer {
  readonly value: string
  readonly lifetimeMs: number
  readonly answer: Answer
}

/** @throws AttemptFailed around `exchange_refused` or `exchange_unavailable`. */
export async function exchangeToken(
  sender: Sender,
  exchange: ExchangeAddress,
  token: string,
  signal: AbortSignal,
): Promise<ExchangeAnswer> {
  const endpoint: Endpoint = {
    gives: 'exchange',
    by: '',
    classify: () => 'other',
    explain: (_, status) => explainExchangeRefusal(status, exchange, token),
    otherwise: 'check TokenExchangeEnvironment and the scopes',
  }
  const url = exchange.testOrg ? `${exchange.url}${exchange.url.includes('?') ? '&' : '?'}test=true` : exchange.url
  const init = { method: 'GET', headers: { accept: 'application/json', authorization: `Bearer ${token}` } } as const
  const answer = await ask(sender, endpoint, url, init, token, signal)
  // The JWT as a JSON string, or bare: which one depends on `Accept` and has changed before.
  const value = tokenIn(
    withoutMark(answer.text)
      .trim()
      .replace(/^"(.*)"$/, '$1'),
    answer,
    'exchange',
    token,
  )
  // An Altinn token outlives the Maskinporten token that it was exchanged for.
  const { exp, iat } = payloadOf(value)
  return { value, lifetimeMs: lifetimeMs(numberIn(exp) - numberIn(iat), FALLBACK_LIFETIME_SECONDS), answer }
}

/** What the call had decides: which Maskinporten issued the token, and which Altinn was asked. */
function explainExchangeRefusal(status: number, { url, testOrg }: ExchangeAddress, token: string): string | undefined {
  if (status === 410) return 'Altinn has removed enterprise users; use a system user'
  if (status !== 401) return undefined
  const { hostname, origin } = new URL(url)
  const prod = new URL(environments.prod.exchangeUrl)
  if (testOrg && origin === prod.origin)
    return 'leave out UseAltinnTestOrg: the test organisation is not in the production environment'
  const { iss } = payloadOf(token)
  const wanted = /\.altinn\.(no|cloud)$/.test(hostname)
    ? environments[origin === prod.origin ? 'prod' : 'test'].issuer
    : iss
  if (typeof iss !== 'string' || !URL.canParse(iss))
    return 'check that Environment and TokenExchangeEnvironment belong together; Altinn also answers so in an outage'
  if (iss !== wanted)
    return `the token is of ${new URL(iss).origin}/, and ${hostname} takes those of ${String(wanted)}: make Environment and TokenExchangeEnvironment belong together`
  return 'Altinn also answers so in an outage: try again later; if it lasts, check the scopes and the client'
}

function payloadOf(jwt: string): Readonly<Record<string, unknown>> {
  try {
    return parseObject(new TextDecoder().decode(decode(jwt.split('.')[1] ?? '')))
  } catch {
    return {}
  }
}
