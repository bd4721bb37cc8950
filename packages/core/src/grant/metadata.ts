/** Authorization server metadata (RFC 8414; Digdir, «Well-known-endepunkt»): where the token endpoint is, and the exact issuer. */
import { environments } from '../environments.ts'
import { MaskinportenError, fault } from '../errors.ts'
import { isHostInterruption } from '../http/host-interruption.ts'
import { parseObject } from '../http/json.ts'
import { type Sender, send } from '../http/send.ts'

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
  async find(authority: string, signal: AbortSignal): Promise<Metadata> {
    const known = this.#known.get(authority) ?? {}
    this.#known.set(authority, known)
    const now = this.#sender.clock.monotonic()
    const standIn = known.good?.metadata ?? knownEndpoints(authority)
    if (standIn !== undefined && known.failedAt !== undefined && now - known.failedAt < FAILURE_WINDOW_MS)
      return standIn
    if (known.good !== undefined && now - known.good.at < REFRESH_MS) return known.good.metadata
    // In Workers one ends with the request that began it, and would never end by itself.
    const running = known.asking !== undefined && now - known.asking.at < LIMIT_MS ? known.asking.metadata : undefined
    const asking = running ?? this.#begin(authority, known, signal, now)
    if (known.good !== undefined) {
      asking.catch(() => {})
      return known.good.metadata
    }
    try {
      return await asking
    } catch (error) {
      // That of the page for which it was asked; this one's is another.
      if (running !== undefined && isHostInterruption(error)) return this.find(authority, signal)
      if (standIn !== undefined && error instanceof MaskinportenError && error.retryable) return standIn
      throw error
    }
  }

  #begin(authority: string, known: Known, signal: AbortSignal, at: number): Promise<Metadata> {
    const asking = { metadata: this.#ask(authority, known, signal), at }
    known.asking = asking
    const end = (): void => {
      if (known.asking === asking) known.asking = undefined
    }
    asking.metadata.then(end, end)
    return asking.metadata
  }

  async #ask(authority: string, known: Known, signal: AbortSignal): Promise<Metadata> {
    try {
      const metadata = await readMetadata(this.#sender, authority, signal)
      known.good = { metadata, at: this.#sender.clock.monotonic() }
      delete known.failedAt
      return metadata
    } catch (error) {
      if (error instanceof MaskinportenError && error.retryable) known.failedAt = this.#sender.clock.monotonic()
      throw error
    }
  }
}

function knownEndpoints(authority: string): Metadata | undefined {
  const known = Object.values(environments).find(({ issuer }) => sameIssuer(issuer, authority))
  return known && { issuer: known.issuer, tokenEndpoint: known.tokenEndpoint }
}

async function readMetadata(sender: Sender, authority: string, signal: AbortSignal): Promise<Metadata> {
  const url = metadataUrl(authority)
  const init = { method: 'GET', headers: { accept: 'application/json' } } as const
  const { status, text } = await send(sender, url, init, { signal, limitMs: LIMIT_MS, failure: 'token_unavailable' })
  if (status === 429 || status >= 500) {
    throw fault('token_unavailable', `${url} answered ${status}`, 'try again later', { status, retryable: true })
  }
  const { issuer, token_endpoint: tokenEndpoint } = parseObject(status === 200 ? text : '')
  const invalid = (what: string): MaskinportenError =>
    fault(
      'metadata_invalid',
      `metadata at ${url} ${what}`,
      'check Authority (or Environment) and any proxy in between',
      { status },
    )
  if (typeof issuer !== 'string' || typeof tokenEndpoint !== 'string') {
    throw invalid(`answered ${status} without an issuer and a token endpoint`)
  }
  // RFC 8414 §3.3: otherwise an assertion for Maskinporten could be led elsewhere.
  if (!sameIssuer(issuer, authority))
    throw invalid(`names the issuer ${JSON.stringify(issuer.slice(0, 200))} instead of ${authority}`)
  const { origin } = new URL(authority)
  if (!URL.canParse(tokenEndpoint) || new URL(tokenEndpoint).origin !== origin) {
    throw invalid(`names the token endpoint ${JSON.stringify(tokenEndpoint.slice(0, 200))}, which is not at ${origin}`)
  }
  return { issuer, tokenEndpoint }
}

/** RFC 8414 §3.1: between the host and the path of the issuer. */
function metadataUrl(authority: string): string {
  const { origin, pathname } = new URL(authority)
  return `${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`
}

function sameIssuer(a: string, b: string): boolean {
  return a.replace(/\/$/, '') === b.replace(/\/$/, '')
}
