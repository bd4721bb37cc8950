/** For authors of adapters: which call may carry a token, what a 401 leads to, and which body can be sent again. */
import { MaskinportenError } from './errors.ts'
import { readRequest } from './grant/read-request.ts'
import { isLoopback, quotedAddress } from './http/address.ts'
import { escaped } from './http/answer-text.ts'
import type { AccessToken, TokenRequest, TokenSource } from './token-source.ts'

export { canSendAgain, discardBody } from './adapter/bodies.ts'

export interface AdapterOptions {
  /** Absolute URL with no path but `/`, a list of them, or a function. Anything else is a TypeError when the adapter is made. */
  readonly allow: string | URL | readonly (string | URL)[] | ((url: URL) => boolean)
  /** What happens to a request to another origin. Default `reject`: the error `origin_not_allowed`, and nothing is sent. */
  readonly otherOrigins?: 'reject' | 'pass-through' | undefined
}

/** What a caller may write under `maskinporten` for one call. `false`: the call is sent without a token. */
export type PerCall = TokenRequest | false | undefined

/**
 * Whether a call gets a token. `false`: the call is sent without one, and a 401 goes to the caller.
 *
 * `ownCredential`: the call has an `Authorization` header, or an option from which its client makes one. The guard itself
 * looks for user info in the URL.
 *
 * @throws {MaskinportenError} `request_invalid`: a credential beside a `maskinporten` request, a `maskinporten` that is not
 * a request, or an address that is relative or malformed. `origin_not_allowed`: plain http to another host than loopback,
 * or an origin that `allow` does not have.
 */
export type OriginGuard = (
  target: string | URL,
  maskinporten: unknown,
  ownCredential: boolean,
) => maskinporten is TokenRequest | undefined

/**
 * `of`: the function of the adapter that has these options, for the error's message: `maskinportenFetch`.
 *
 * @throws {TypeError} when `allow` is not what {@link AdapterOptions} says.
 */
export function originGuard(options: AdapterOptions, of?: string): OriginGuard {
  // From plain JavaScript the options may be missing.
  const { allow, otherOrigins } = Object(options) as AdapterOptions
  const allowed = allowedBy(allow, `the option \`allow\` of ${of ?? 'the adapter'}`)
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
        `the call to ${url.host} has ${ownCredential ? 'an Authorization header of its own (or an option that makes one, such as auth)' : 'a user name or password in its address'}, and \`maskinporten\` asks for a token`,
        'to send your own credential, leave out `maskinporten`; to send a token, leave out your own credential',
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
      `${url.origin} is not in \`allow\`, so it may not get the token`,
      'if you did not expect this address, find out first where it comes from, such as a link in an answer; if it is an API that should get your token, add it to `allow`; for a call without a token, use `maskinporten: false`',
    )
  }
}

/**
 * Makes the function that writes a token's header ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)), one
 * for each adapter. A token's header is the same string each time: clients keep what they sent until the next garbage
 * collection, and a new kilobyte for each request costs more than the rest of an adapter.
 */
export function bearers(): (token: AccessToken) => string {
  const written = new WeakMap<AccessToken, { readonly value: string; readonly header: string }>()
  return (token) => {
    const { value } = token
    const known = written.get(token)
    // A TokenSource of the caller's own may change a token that it has handed out.
    if (known?.value === value) return known.header
    const header = `Bearer ${value}`
    written.set(token, { value, header })
    return header
  }
}

/**
 * A new token after an API answered 401 to `rejected`. Undefined when there is none: the 401 is then the answer.
 *
 * @throws the signal's reason, once the signal is aborted.
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

/** Whether a redirect led the call to another origin. Its 401 then says nothing about our token. */
export function answeredElsewhere(asked: string | URL, answeredBy: string | undefined): boolean {
  // The url of a Response that a test made is '' or free text.
  return URL.canParse(answeredBy ?? '') && new URL(answeredBy ?? asked).origin !== new URL(asked).origin
}

/**
 * A copy of the `maskinporten` of one call, so that a renewal asks for the same token even if the caller changes its object
 * meanwhile. A value that is not an object is returned unchanged, and the guard refuses it.
 *
 * @throws {MaskinportenError} `request_invalid` for a field that the copy would lose.
 */
export function copyPerCall(maskinporten: unknown): unknown {
  return typeof maskinporten === 'object' && maskinporten !== null ? readRequest(maskinporten) : maskinporten
}

interface Allowed {
  has(url: URL): boolean
  /**
   * The origins as `URL` writes them, each with a slash. An address that begins so need not be parsed: nothing after that
   * slash changes the origin or adds user info.
   */
  readonly starts: readonly string[]
}

/** `name`: what messages call the option. */
function allowedBy(allow: AdapterOptions['allow'] | undefined, name: string): Allowed {
  if (typeof allow === 'function') {
    const has = (url: URL): boolean => {
      const answer: unknown = allow(url)
      // Exactly true: the promise of an async function is not a permission.
      return answer === true
    }
    return { has, starts: [] }
  }
  const list: readonly unknown[] =
    Symbol.iterator in Object(allow) && typeof allow !== 'string' ? [...(allow as Iterable<unknown>)] : [allow]
  const entries = list.map((entry) => urlOfOrigin(entry, name))
  const origins = new Set(entries.map(({ origin }) => origin))
  const starts = entries.filter((url) => !isPlainHttp(url)).map(({ origin }) => `${origin}/`)
  return { has: (url) => origins.has(url.origin), starts }
}

function urlOfOrigin(entry: unknown, name: string): URL {
  const text = typeof entry === 'string' || entry instanceof URL ? String(entry) : ''
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:\/\/[^/@*]+\/$/.test(url.href)) return url
  const none = entry === undefined ? 'is missing' : 'is or holds something that is not an address'
  const what = text === '' ? none : `names an address ${quotedAddress(text)}`
  const isLonger = url !== undefined && /^https?:\/\/[^/@*]+\/./.test(url.href)
  throw new TypeError(
    isLonger
      ? `${name} names an address with ${url.pathname === '/' ? 'a query' : 'a path'}, ${quotedAddress(text)}: write '${url.origin}'`
      : `${name} ${what}: list the servers that may get the token, each as https:// and the host, such as allow: ['https://platform.tt02.altinn.no']`,
  )
}

/** Loopback needs no https. */
function isPlainHttp({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && !isLoopback(hostname)
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
  const what = /^[a-z][a-z\d+.-]*:/i.test(named) ? 'is malformed' : 'is relative, and no base address is set'
  const hint = 'give an absolute URL such as https://api.example.no/path'
  throw refusal('request_invalid', `the address "${escaped(named)}" ${what}`, hint)
}
