/**
 * Authorization server metadata ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414);
 * [Digdir](https://docs.digdir.no/docs/Maskinporten/maskinporten_func_wellknown)): the exact issuer, and where the token
 * endpoint is.
 */
import { environments } from '../environments.ts'
import { MaskinportenError, fault } from '../errors.ts'
import { isSafeUrl, quotedAddress } from '../http/address.ts'
import { parseObject } from '../http/answer-text.ts'
import { foreignAnswer } from '../http/foreign-answer.ts'
import { type Answer, type Sender, send } from '../http/send.ts'

export interface Metadata {
  readonly issuer: string
  readonly tokenEndpoint: string
}

/** A caller who waits 10 s in all must not lose more of it here. */
const DISCOVERY_LIMIT_MS = 3_000
/** For so long after a failed discovery, the last good answer serves without another request. */
const FAILURE_WINDOW_MS = 30_000
const REFRESH_MS = 3_600_000

/** What is known of one issuer's metadata. Times are milliseconds on the line of time. */
interface IssuerState {
  good?: { readonly metadata: Metadata; readonly at: number }
  failedAt?: number | undefined
  asking?: { readonly metadata: Promise<Metadata>; readonly at: number } | undefined
}

/** One request at a time for each issuer. While discovery is down, the last good answer or the known endpoints serve. */
export class Discovery {
  readonly #states = new Map<string, IssuerState>()
  readonly #sender: Sender

  constructor(sender: Sender) {
    this.#sender = sender
  }

  /** @throws MaskinportenError `metadata_invalid`, or `token_unavailable` when discovery is down and nothing else serves. */
  async find(authority: string, signal: AbortSignal, metadataUrl?: string): Promise<Metadata> {
    const key = metadataUrl ?? authority
    const state = this.#states.get(key) ?? {}
    this.#states.set(key, state)
    const now = this.#sender.time.now
    const isWithin = (at: number | undefined, ms: number): boolean => at !== undefined && now - at < ms
    const { good, asking } = state
    const fallback = good?.metadata ?? knownEndpoints(authority)
    if (fallback !== undefined && isWithin(state.failedAt, FAILURE_WINDOW_MS)) return fallback
    if (good !== undefined && isWithin(good.at, REFRESH_MS)) return good.metadata
    // In Workers a fetch ends together with the request that started it. Its promise then never settles.
    const shared = isWithin(asking?.at, DISCOVERY_LIMIT_MS) ? asking?.metadata : undefined
    const metadata = shared ?? this.#ask(state, authority, signal, metadataUrl)
    if (shared === undefined) state.asking = { metadata, at: now }
    if (good !== undefined) {
      metadata.catch(() => {})
      return good.metadata
    }
    try {
      return await metadata
    } catch (error) {
      // The error belongs to the page (Next.js) or the request (Workers) of another caller, which has ended.
      if (shared !== undefined && !(error instanceof MaskinportenError)) {
        if (state.asking?.metadata === shared) state.asking = undefined
        return this.find(authority, signal, metadataUrl)
      }
      if (fallback !== undefined && isRetryable(error)) return fallback
      throw error
    }
  }

  async #ask(state: IssuerState, authority: string, signal: AbortSignal, metadataUrl?: string): Promise<Metadata> {
    try {
      const metadata = await readMetadata(this.#sender, authority, metadataUrl, signal)
      state.good = { metadata, at: this.#sender.time.now }
      state.failedAt = undefined
      return metadata
    } catch (error) {
      if (isRetryable(error)) state.failedAt = this.#sender.time.now
      throw error
    } finally {
      state.asking = undefined
    }
  }
}

const isRetryable = (error: unknown): boolean => error instanceof MaskinportenError && error.retryable

function knownEndpoints(authority: string): Metadata | undefined {
  return Object.values(environments).find(({ issuer }) => isSameIssuer(issuer, authority))
}

/** A URL that was given is asked as it is; else the second form of the address after a 404 of the first. */
async function readMetadata(
  sender: Sender,
  authority: string,
  metadataUrl: string | undefined,
  signal: AbortSignal,
): Promise<Metadata> {
  const endsAt = sender.time.now + DISCOVERY_LIMIT_MS
  const get = (url: string): Promise<Answer> => {
    const limitMs = Math.max(1, endsAt - sender.time.now)
    const init = { method: 'GET', headers: { accept: 'application/json' } } as const
    return send(sender, url, init, { signal, limitMs, failure: 'token_unavailable' })
  }
  const [url, second] = metadataUrl === undefined ? metadataUrls(authority) : [metadataUrl]
  const first = await get(url)
  return checked(first.status === 404 && second !== undefined ? await get(second) : first, authority)
}

function checked(answer: Answer, authority: string): Metadata {
  const { status, text, place } = answer
  if (status === 429 || status >= 500)
    throw fault('token_unavailable', `${place} answered ${status}`, 'try again later', { status, retryable: true })
  const { issuer, token_endpoint: tokenEndpoint } = parseObject(status === 200 ? text : '')
  const invalid = (what: string, hint = 'check Authority (or Environment) and any proxy in between'): never => {
    throw fault('metadata_invalid', `metadata at ${place} ${what}`, hint, { status })
  }
  if (typeof issuer !== 'string' || typeof tokenEndpoint !== 'string') {
    const foreign = foreignAnswer(answer, '')
    const by = foreign ? `: ${foreign.what}` : ''
    return invalid(`answered ${status} without an issuer and a token endpoint${by}`, foreign?.hint)
  }
  // RFC 8414 §3.3 (https://www.rfc-editor.org/rfc/rfc8414#section-3.3): else another server could get the assertion.
  if (!isSameIssuer(issuer, authority)) invalid(`names the issuer ${quotedAddress(issuer)} instead of ${authority}`)
  const { origin } = new URL(authority)
  const named = `names a token endpoint, ${quotedAddress(tokenEndpoint)},`
  if (!URL.canParse(tokenEndpoint) || new URL(tokenEndpoint).origin !== origin)
    invalid(`${named} which is not at ${origin}`)
  // A blob: URL has the origin of the page that made it, and user info would be sent as a password.
  if (!isSafeUrl(tokenEndpoint)) invalid(`${named} with user info or no https address`)
  return { issuer, tokenEndpoint }
}

/**
 * The well-known part stands between the host and the path of the issuer
 * ([RFC 8414 §3.1](https://www.rfc-editor.org/rfc/rfc8414#section-3.1)). Many servers have it after the path, as OpenID
 * Connect does.
 */
function metadataUrls(authority: string): readonly [string, string?] {
  const { origin, pathname } = new URL(authority)
  const path = pathname.replace(/\/$/, '')
  const wellKnown = '/.well-known/oauth-authorization-server'
  return path === '' ? [origin + wellKnown] : [origin + wellKnown + path, origin + path + wellKnown]
}

const isSameIssuer = (a: string, b: string): boolean => a.replace(/\/$/, '') === b.replace(/\/$/, '')
