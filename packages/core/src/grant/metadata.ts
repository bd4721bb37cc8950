/** Authorization server metadata (RFC 8414; Digdir, «Well-known-endepunkt»): where the token endpoint is, and the exact issuer. */
import { environments } from '../environments.ts'
import { MaskinportenError } from '../errors.ts'
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
  asking?: Promise<Metadata> | undefined
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
    known.asking ??= this.#ask(authority, known, signal).finally(() => {
      known.asking = undefined
    })
    if (known.good !== undefined) {
      known.asking.catch(() => {})
      return known.good.metadata
    }
    try {
      return await known.asking
    } catch (error) {
      if (standIn !== undefined && error instanceof MaskinportenError && error.retryable) return standIn
      throw error
    }
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
  const answer = await send(
    sender,
    url,
    { method: 'GET', headers: { accept: 'application/json' } },
    { signal, limitMs: LIMIT_MS, failure: 'token_unavailable' },
  )
  if (answer.status === 429 || answer.status >= 500) {
    const hint = 'try again later'
    throw new MaskinportenError('token_unavailable', `${url} answered ${answer.status}; ${hint}`, {
      status: answer.status,
      retryable: true,
      hint,
    })
  }
  if (answer.status !== 200) throw invalid(url, `answered ${answer.status}`)
  const { issuer, token_endpoint: tokenEndpoint } = parseObject(answer.text, url)
  // RFC 8414 §3.3: otherwise an assertion for Maskinporten could be led elsewhere.
  if (typeof issuer !== 'string' || !sameIssuer(issuer, authority))
    throw invalid(url, `names the issuer ${quoted(issuer)} instead of ${authority}`)
  if (
    typeof tokenEndpoint !== 'string' ||
    !URL.canParse(tokenEndpoint) ||
    new URL(tokenEndpoint).origin !== new URL(authority).origin
  ) {
    throw invalid(
      url,
      `names the token endpoint ${quoted(tokenEndpoint)}, which is not at ${new URL(authority).origin}`,
    )
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

function parseObject(text: string, url: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // The parser's own message quotes the body.
  }
  throw invalid(url, 'did not answer with a JSON object')
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `"${value.slice(0, 200)}"` : 'none'
}

function invalid(url: string, what: string): MaskinportenError {
  const hint = 'check Authority (or Environment) and any proxy in between'
  return new MaskinportenError('metadata_invalid', `metadata at ${url} ${what}; ${hint}`, { hint })
}
