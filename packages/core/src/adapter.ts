/** For authors of adapters: which call may carry a token, what a 401 leads to, and which body can be sent again. */
import { MaskinportenError } from './errors.ts'
import { readRequest } from './grant/read-request.ts'
import type { AccessToken, TokenRequest, TokenSource } from './token-source.ts'

export { canSendAgain, discardBody } from './adapter/bodies.ts'

export interface AdapterOptions {
  /** Absolute URL with no path but `/`, a list of them, or a function. Anything else is a TypeError when the adapter is made. */
  readonly allow: string | URL | readonly (string | URL)[] | ((url: URL) => boolean)
  /** What happens to a request to another origin. Default `reject`: the error `origin_not_allowed`, and nothing is sent. */
  readonly otherOrigins?: 'reject' | 'pass-through' | undefined
}

/** What a caller may write under `maskinporten` for one call. `false`: send it as it is. */
export type PerCall = TokenRequest | false | undefined

/**
 * Whether a call gets a token. `false`: it is sent as it is, asks for no token, and its 401 is the caller's.
 *
 * `ownCredential`: the call has an `Authorization`, or what its client makes one of. User info in the URL is seen here.
 *
 * @throws {MaskinportenError} `request_invalid`: a credential and a `maskinporten` request at once, or one that is no
 * request, and an address that is relative or malformed; `origin_not_allowed`: plain http elsewhere than on loopback, or another origin than those allowed.
 */
export type OriginGuard = (
  target: string | URL,
  maskinporten: unknown,
  ownCredential: boolean,
) => maskinporten is TokenRequest | undefined

/** @throws {TypeError} when `allow` is not what {@link AdapterOptions} says. */
export function originGuard({ allow, otherOrigins }: AdapterOptions): OriginGuard {
  const allowed = allowedBy(allow)
  return (target, maskinporten, ownCredential): maskinporten is TokenRequest | undefined => {
    if (maskinporten === false) return false
    if (maskinporten !== undefined && (typeof maskinporten !== 'object' || maskinporten === null)) {
      throw refusal(
        'request_invalid',
        '`maskinporten` is neither a token request nor false',
        'give an object such as { scopes }, or leave it out',
      )
    }
    if (!ownCredential && typeof target === 'string' && allowed.starts.some((start) => target.startsWith(start)))
      return true
    if (ownCredential && maskinporten === undefined) return false
    const url = parsed(target)
    if (ownCredential || url.username !== '' || url.password !== '') {
      if (maskinporten === undefined) return false
      throw refusal(
        'request_invalid',
        `the call to ${url.host} has a credential of its own and a \`maskinporten\` request`,
        'leave one of them out',
      )
    }
    if (isPlainHttp(url)) {
      throw refusal(
        'origin_not_allowed',
        `no token is sent over plain http, as to ${url.origin}`,
        'use https, or `maskinporten: false` for a call without a token',
      )
    }
    if (url.protocol.startsWith('http') && allowed.has(url)) return true
    if (otherOrigins === 'pass-through') return false
    throw refusal(
      'origin_not_allowed',
      `${url.origin} is not among the origins that may have a token`,
      'add it to `allow`, or use `maskinporten: false` for a call without a token',
    )
  }
}

/**
 * What writes the header of a token, RFC 6750 §2.1; one for each adapter. The same string each time: clients keep what they
 * sent until memory is swept, and a kilobyte made anew for each request costs more than all else that an adapter does.
 */
export function bearers(): (token: AccessToken) => string {
  const written = new WeakMap<AccessToken, { readonly value: string; readonly header: string }>()
  return (token) => {
    const { value } = token
    const known = written.get(token)
    // Another's source may change the token that it handed out.
    if (known?.value === value) return known.header
    const header = `Bearer ${value}`
    written.set(token, { value, header })
    return header
  }
}

/**
 * The successor of a token that an API has answered 401 to; undefined when none is to be had, and the 401 is then the answer.
 *
 * @throws the signal's reason, once it is aborted.
 */
export async function renewedToken(
  tokens: TokenSource,
  request: TokenRequest | undefined,
  rejected: AccessToken,
  signal: AbortSignal | undefined,
): Promise<AccessToken | undefined> {
  try {
    return await tokens.getToken(request, { rejected, signal })
  } catch {
    signal?.throwIfAborted()
    return undefined
  }
}

/** Whether an answer came from another origin than the one asked, by a redirect: it says nothing about our token. */
export function answeredElsewhere(asked: string | URL, answeredBy: string | undefined): boolean {
  // A Response that was made by hand, as a test's is, says '' or whatever its maker wrote.
  return URL.canParse(answeredBy ?? '') && new URL(answeredBy ?? asked).origin !== new URL(asked).origin
}

/**
 * What stands under `maskinporten` as it is now, so that a renewal asks for the same token whatever the caller does with
 * its object meanwhile. What is not an object comes back as it is, for the guard to refuse.
 *
 * @throws {MaskinportenError} `request_invalid` as core's own reader does: for a field that a copy would lose.
 */
export function copyPerCall(maskinporten: unknown): unknown {
  return typeof maskinporten === 'object' && maskinporten !== null ? readRequest(maskinporten) : maskinporten
}

interface Allowed {
  has(url: URL): boolean
  /**
   * What most addresses begin with, which then need not be parsed: an origin as `URL` writes it, and the slash after it.
   * Nothing behind that slash changes the origin or is user info.
   */
  readonly starts: readonly string[]
}

function allowedBy(allow: AdapterOptions['allow']): Allowed {
  if (typeof allow === 'function') {
    const has = (url: URL): boolean => {
      const answer: unknown = allow(url)
      // Exactly true: an async function's promise is no permission.
      return answer === true
    }
    return { has, starts: [] }
  }
  const entries = (typeof allow === 'string' || allow instanceof URL ? [allow] : [...allow]).map(urlOfOrigin)
  const origins = new Set(entries.map(({ origin }) => origin))
  const starts = entries.filter((url) => !isPlainHttp(url)).map(({ origin }) => `${origin}/`)
  return { has: (url) => origins.has(url.origin), starts }
}

function urlOfOrigin(entry: string | URL): URL {
  const url = URL.canParse(entry) ? new URL(entry) : undefined
  if (url === undefined || !/^https?:\/\/[^/@*]+\/$/.test(url.href)) {
    throw new TypeError(
      '`allow` takes absolute http(s) URLs with nothing after the host, such as https://platform.tt02.altinn.no; for more than that give a function',
    )
  }
  return url
}

/** Loopback is as good as https. */
function isPlainHttp({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && !isLoopback(hostname)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
}

function refusal(code: 'request_invalid' | 'origin_not_allowed', what: string, hint: string): MaskinportenError {
  return new MaskinportenError(code, `${what}: ${hint}`, { hint })
}

function parsed(target: string | URL): URL {
  if (URL.canParse(target)) return new URL(target)
  // Named without user info and without the query, where secrets stand.
  const named = String(target)
    .replace(/[?#].*$/s, '')
    .replace(/^.*@/s, '')
  throw refusal(
    'request_invalid',
    `the address "${named}" is relative or malformed, and nothing resolves it`,
    'give an absolute URL such as https://api.example.no/path',
  )
}
