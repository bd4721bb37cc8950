/** Altinn's exchange (Altinn, «Exchange Maskinporten token»): a Maskinporten token in, an Altinn token with a life of its own out. */
import { decode } from 'jose/base64url'
import { MaskinportenError, type MaskinportenErrorFields } from '../errors.ts'
import { AttemptFailed, withoutSecret } from '../grant/token-endpoint.ts'
import { type Answer, type Sender, send } from '../http/send.ts'

/** For a token whose `exp` and `iat` cannot be read. */
const FALLBACK_LIFETIME_MS = 60_000

export interface ExchangeAnswer {
  readonly value: string
  readonly lifetimeMs: number
  readonly answer: Answer
}

/** @throws AttemptFailed around `exchange_refused` or `exchange_unavailable`. */
export async function exchangeToken(
  sender: Sender,
  { url, testOrg }: { readonly url: string; readonly testOrg: boolean },
  maskinportenToken: string,
  options: { readonly signal: AbortSignal; readonly limitMs: number },
): Promise<ExchangeAnswer> {
  const address = testOrg ? `${url}${url.includes('?') ? '&' : '?'}test=true` : url
  const answer = await sendAttempt(sender, address, maskinportenToken, options)
  const { status } = answer
  if (status === 200) return readToken(answer, address)
  if (status === 429 || status >= 500) {
    throw new AttemptFailed(
      failed('exchange_unavailable', `${address} answered ${status}`, 'try again later', { status, retryable: true }),
      answer,
    )
  }
  const hint = HINTS[status] ?? 'check TokenExchangeEnvironment and the scopes'
  const description = withoutSecret(answer.text, maskinportenToken).trim().slice(0, 500) || undefined
  const fields = { status, description, retryable: status === 401 }
  throw new AttemptFailed(
    failed('exchange_refused', `token exchange refused by ${address} with ${status}`, hint, fields),
    answer,
    'other',
  )
}

const HINTS: Readonly<Record<number, string>> = {
  0: 'a redirect is never followed with a token; set the address it should have',
  302: 'a redirect is never followed with a token; set the address it should have',
  401: 'check that Environment and TokenExchangeEnvironment belong together; Altinn also answers so while it has an outage',
  410: 'Altinn has removed enterprise users; use a system user',
}

async function sendAttempt(
  sender: Sender,
  url: string,
  token: string,
  options: { readonly signal: AbortSignal; readonly limitMs: number },
): Promise<Answer> {
  const headers = { accept: 'application/json', authorization: `Bearer ${token}` }
  try {
    return await send(sender, url, { method: 'GET', headers }, { ...options, failure: 'exchange_unavailable' })
  } catch (error) {
    throw error instanceof MaskinportenError ? new AttemptFailed(error) : error
  }
}

/** The JWT as a JSON string, or bare: which one depends on `Accept` and has changed before. */
function readToken(answer: Answer, url: string): ExchangeAnswer {
  const value = answer.text.trim().replace(/^"(.*)"$/, '$1')
  if (!/^[\w.~+/-]+=*$/.test(value)) {
    throw new AttemptFailed(
      failed(
        'exchange_unavailable',
        `${url} answered 200 without a token`,
        'check the address and any proxy in between',
        { status: 200, retryable: true, detail: 'NO_TOKEN' },
      ),
      answer,
    )
  }
  return { value, lifetimeMs: lifetimeOf(value), answer }
}

/** `exp − iat`: an Altinn token outlives the Maskinporten token it was had for. */
function lifetimeOf(jwt: string): number {
  try {
    const claims: unknown = JSON.parse(new TextDecoder().decode(decode(jwt.split('.')[1] ?? '')))
    const seconds = Reflect.get(Object(claims), 'exp') - Reflect.get(Object(claims), 'iat')
    if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  } catch {
    // Not a JWT that can be read: the fallback below.
  }
  return FALLBACK_LIFETIME_MS
}

function failed(
  code: 'exchange_refused' | 'exchange_unavailable',
  message: string,
  hint: string,
  fields: MaskinportenErrorFields,
): MaskinportenError {
  return new MaskinportenError(code, `${message}; ${hint}`, { ...fields, hint })
}
