/** The issuer's metadata as it is answered here, and the clock of who answers. */
import { type Observer, skewOf } from './observe.ts'

const LIMIT_MS = 5_000

export interface DiscoveryAnswer {
  readonly url: string
  readonly status?: number | undefined
  readonly issuer?: string | undefined
  readonly tokenEndpoint?: string | undefined
  readonly authorizationDetailsTypes?: readonly string[] | undefined
  /** The server's clock less this machine's, milliseconds, to about half a second. */
  readonly skewMs?: number | undefined
  /** A page instead of JSON: of a firewall, a proxy or a login. */
  readonly page?: string | undefined
  readonly isRedirect?: boolean | undefined
  /** Why there was no answer: a code such as `ENOTFOUND`. */
  readonly failure?: string | undefined
}

/** Digdir and [RFC 8414 §3](https://www.rfc-editor.org/rfc/rfc8414#section-3): the well-known part stands behind the host. */
export async function discover(
  issuer: string,
  named: string | undefined,
  observer: Observer,
): Promise<DiscoveryAnswer> {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  const url = named ?? `${origin}/.well-known/oauth-authorization-server${path}`
  const sentAt = Date.now()
  try {
    const answer = await observer.fetch(url, {
      headers: { accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(LIMIT_MS),
    })
    const skewMs = skewOf(answer.headers.get('date'), sentAt, Date.now())
    const text = (await answer.text()).slice(0, 200_000)
    const about = { url, status: answer.status, skewMs }
    if (answer.status === 0 || (answer.status >= 300 && answer.status < 400)) return { ...about, isRedirect: true }
    const metadata = objectIn(text)
    if (metadata === undefined) return { ...about, page: /<title>([^<]{1,120})/i.exec(text)?.[1]?.trim() ?? 'no JSON' }
    const { issuer: said, token_endpoint: tokenEndpoint, authorization_details_types_supported: types } = metadata
    return {
      ...about,
      issuer: textIn(said),
      tokenEndpoint: textIn(tokenEndpoint),
      authorizationDetailsTypes: Array.isArray(types) ? types.map(String) : undefined,
    }
  } catch (error) {
    return { url, failure: observer.exchanges.at(-1)?.failure ?? (error instanceof Error ? error.name : 'unknown') }
  }
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}
