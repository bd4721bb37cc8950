/** Authorization server metadata (RFC 8414; Digdir, «Well-known-endepunkt»): where the token endpoint is, and the exact issuer. */
import { environments } from '../environments.ts'
import { MaskinportenError, fault } from '../errors.ts'
import { foreignAnswer, redirectHint } from '../http/foreign-answer.ts'
import { parseObject } from '../http/json.ts'
import { type Answer, type Sender, send } from '../http/send.ts'
import { quotedAddress } from '../http/server-words.ts'
import { isSafeUrl } from '../settings/issuer.ts'

export interface Metadata {
  readonly issuer: string
  readonly tokenEndpoint: string
}

/** A caller who waits 10 s in all must not lose more of it here. */
const LIMIT_MS = 3_000
/** How long a failed discovery is stood in for, without asking again. */
const FAILURE_WINDOW_MS = 30_000
const REFRESH_MS = 3_600_000

interface Known {
  good?: { readonly metadata: Metadata; readonly at: number }
  failedAt?: number
  asking?: { readonly metadata: Promise<Metadata>; readonly at: number } | undefined
}

/** One flight per issuer; the last good answer or the known endpoints stand in when discovery is down. */
export class Discovery {
  readonly #known = new Map<string, Known>()
  readonly #sender: Sender

  constructor(sender: Sender) {
    this.#sender = sender
  }

  /** @throws MaskinportenError `metadata_invalid`, or `token_unavailable` when it is down and nothing stands in. */
  async find(authority: string, signal: AbortSignal, metadataUrl?: string): Promise<Metadata> {
    const place = metadataUrl ?? authority
    const known = this.#known.get(place) ?? {}
    this.#known.set(place, known)
    const now = this.#sender.time.now
    const standIn = known.good?.metadata ?? knownEndpoints(authority)
    if (standIn !== undefined && known.failedAt !== undefined && now - known.failedAt < FAILURE_WINDOW_MS)
      return standIn
    if (known.good !== undefined && now - known.good.at < REFRESH_MS) return known.good.metadata
    // In Workers one ends with the request that began it, and would never end by itself.
    const running = known.asking !== undefined && now - known.asking.at < LIMIT_MS ? known.asking.metadata : undefined
    const asking = running ?? this.#begin(authority, metadataUrl, known, signal, now)
    if (known.good !== undefined) {
      asking.catch(() => {})
      return known.good.metadata
    }
    try {
      return await asking
    } catch (error) {
      // That of the page or request for which it was asked; this one's is another.
      if (running !== undefined && !(error instanceof MaskinportenError)) {
        if (known.asking?.metadata === running) known.asking = undefined
        return this.find(authority, signal, metadataUrl)
      }
      if (standIn !== undefined && error instanceof MaskinportenError && error.retryable) return standIn
      throw error
    }
  }

  #begin(
    authority: string,
    metadataUrl: string | undefined,
    known: Known,
    signal: AbortSignal,
    at: number,
  ): Promise<Metadata> {
    const asking = { metadata: this.#ask(authority, metadataUrl, known, signal), at }
    known.asking = asking
    const end = (): void => {
      if (known.asking === asking) known.asking = undefined
    }
    asking.metadata.then(end, end)
    return asking.metadata
  }

  async #ask(authority: string, metadataUrl: string | undefined, known: Known, signal: AbortSignal): Promise<Metadata> {
    try {
      const metadata = await readMetadata(this.#sender, authority, metadataUrl, signal)
      known.good = { metadata, at: this.#sender.time.now }
      delete known.failedAt
      return metadata
    } catch (error) {
      if (error instanceof MaskinportenError && error.retryable) known.failedAt = this.#sender.time.now
      throw error
    }
  }
}

function knownEndpoints(authority: string): Metadata | undefined {
  const known = Object.values(environments).find(({ issuer }) => sameIssuer(issuer, authority))
  return known && { issuer: known.issuer, tokenEndpoint: known.tokenEndpoint }
}

/** A URL that was given is asked as it is; else the second form of the address after a 404 of the first. */
async function readMetadata(
  sender: Sender,
  authority: string,
  metadataUrl: string | undefined,
  signal: AbortSignal,
): Promise<Metadata> {
  const [url, second] = metadataUrl === undefined ? metadataUrls(authority) : [metadataUrl]
  const endsAt = sender.time.now + LIMIT_MS
  const first = await getDocument(sender, url, LIMIT_MS, signal)
  if (first.status !== 404 || second === undefined) return checked(first, url, authority)
  const rest = Math.max(1, endsAt - sender.time.now)
  return checked(await getDocument(sender, second, rest, signal), second, authority)
}

function getDocument(sender: Sender, url: string, limitMs: number, signal: AbortSignal): Promise<Answer> {
  const init = { method: 'GET', headers: { accept: 'application/json' } } as const
  return send(sender, url, init, { signal, limitMs, failure: 'token_unavailable' })
}

function checked(answer: Answer, url: string, authority: string): Metadata {
  const { status, text } = answer
  if (status === 429 || status >= 500) {
    throw fault('token_unavailable', `${url} answered ${status}`, 'try again later', { status, retryable: true })
  }
  const { issuer, token_endpoint: tokenEndpoint } = parseObject(status === 200 ? text : '')
  const invalid = (
    what: string,
    hint = 'check Authority (or Environment) and any proxy in between',
  ): MaskinportenError => fault('metadata_invalid', `metadata at ${url} ${what}`, hint, { status })
  if (typeof issuer !== 'string' || typeof tokenEndpoint !== 'string') {
    const foreign = foreignAnswer(answer, '')
    const hint = foreign?.hint ?? (status >= 300 && status < 400 ? redirectHint(answer) : undefined)
    const who = foreign === undefined ? '' : `: ${foreign.what}`
    throw invalid(`answered ${status} without an issuer and a token endpoint${who}`, hint)
  }
  // RFC 8414 §3.3: otherwise an assertion for Maskinporten could be led elsewhere.
  if (!sameIssuer(issuer, authority)) throw invalid(`names the issuer ${quotedAddress(issuer)} instead of ${authority}`)
  const { origin } = new URL(authority)
  if (!URL.canParse(tokenEndpoint) || new URL(tokenEndpoint).origin !== origin) {
    throw invalid(`names a token endpoint, ${quotedAddress(tokenEndpoint)}, which is not at ${origin}`)
  }
  // A blob: URL has the origin of the page that made it, and user info would be sent as a password.
  if (!isSafeUrl(tokenEndpoint))
    throw invalid(`names a token endpoint, ${quotedAddress(tokenEndpoint)}, with user info or no https address`)
  return { issuer, tokenEndpoint }
}

/** RFC 8414 §3.1: between the host and the path of the issuer. Many servers have it after the path, as OpenID Connect does. */
function metadataUrls(authority: string): readonly [string, string?] {
  const { origin, pathname } = new URL(authority)
  const path = pathname.replace(/\/$/, '')
  const wellKnown = '/.well-known/oauth-authorization-server'
  return path === '' ? [origin + wellKnown] : [origin + wellKnown + path, origin + path + wellKnown]
}

function sameIssuer(a: string, b: string): boolean {
  return a.replace(/\/$/, '') === b.replace(/\/$/, '')
}
