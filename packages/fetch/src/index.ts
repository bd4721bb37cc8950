/** `fetch` that carries a Maskinporten token. */
import type { TokenSource } from '@maskinporten-kit/core'
import {
  answeredElsewhere,
  bearers,
  canSendAgain,
  copyPerCall,
  discardBody,
  originGuard,
  renewedToken,
} from '@maskinporten-kit/core/adapter'
import type { AdapterOptions, PerCall } from '@maskinporten-kit/core/adapter'
import {
  copyBody,
  copyInit,
  copyRequestBody,
  isRequest,
  requestPart,
  requestWith,
  resolveAddress,
} from '@maskinporten-kit/core/internal'

export interface MaskinportenFetchOptions extends AdapterOptions {
  /** Default `globalThis.fetch`, looked up at each call. If you replace the global fetch, give the former one here. */
  readonly fetch?: ((input: string | URL | Request, init?: RequestInit) => Promise<Response>) | undefined
  /**
   * Headers that are sent together with the token, such as a subscription key. A header of the call with the same name wins.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export interface MaskinportenRequestInit extends RequestInit {
  /**
   * The token request of this call. Its fields replace those of the source's default request. `false`: the call is sent
   * without a token.
   */
  maskinporten?: PerCall
}

export type MaskinportenFetch = (input: string | URL | Request, init?: MaskinportenRequestInit) => Promise<Response>

/** Some fetch functions take more arguments than the standard says. */
type Send = (input: string | URL | Request, init: RequestInit | undefined, ...more: unknown[]) => Promise<Response>

/**
 * A `fetch` that sends the token with each call. After a 401 it renews the token and sends the call once more, if the body
 * can be sent again.
 *
 * Its calls reject as fetch's do, and with a `MaskinportenError` when there is no token or the call may not have one:
 * nothing was sent then.
 *
 * @throws {TypeError} when `allow` or `headers` cannot be used.
 */
export function maskinportenFetch(tokens: TokenSource, options: MaskinportenFetchOptions): MaskinportenFetch {
  const guard = originGuard(options, 'maskinportenFetch')
  const bearer = bearers()
  const fixed = fixedHeaders(options.headers)

  // Named `fetch`, because logs show the name.
  return async function fetch(givenInput, givenInit, ...more: unknown[]) {
    const send: Send = options.fetch ?? globalThis.fetch
    // Everything is read and copied before the first await. So a caller may reuse its objects for the next call, as with
    // fetch itself.
    const { input, init, maskinporten } = readCall(givenInput, givenInit)
    const own = typeof input === 'string' ? undefined : input
    const url = typeof input === 'string' ? input : requestPart(input, 'url')
    const headers = copyHeaders(init?.headers ?? (own && requestPart(own, 'headers')))

    if (!guard(url, maskinporten, hasAuthorization(headers))) {
      // The caller's own object keeps `maskinporten`, so that a retry with the same object works.
      const plain = own && 'maskinporten' in own ? requestWith(own, {}) : input
      return send(plain, init?.headers && headers ? { ...init, headers } : init, ...more)
    }

    if (init?.body) init.body = copyBody(init.body)
    const copy = own && !init?.body ? copyRequestBody(own) : undefined
    const signal = init?.signal ?? (own && requestPart(own, 'signal')) ?? undefined
    const sendWith = async (authorization: string, body?: Uint8Array<ArrayBuffer>): Promise<Response> => {
      const all = withToken(headers, fixed, authorization)
      const request = own && requestWith(own, { headers: all, ...(body ? { body } : overBody(own, init)) })
      try {
        return await send(request ?? input, { ...init, headers: all }, ...more)
      } catch (error) {
        discardBody(request, error)
        throw error
      }
    }
    try {
      const token = await tokens.getToken(maskinporten, signal && { signal }).catch((error: unknown) => {
        // fetch does the same with a body that it does not send.
        discardBody(init?.body ? init : own, error)
        throw error
      })
      const answer = await sendWith(bearer(token))

      if (answer.status !== 401 || answeredElsewhere(url, answer.url)) return answer
      const body = await copy?.take()
      if (init?.body ? !canSendAgain(init.body) : !body && own && requestPart(own, 'body')) return answer
      const successor = await renewedToken(tokens, maskinporten, token, signal)
      if (successor === undefined) return answer
      discardBody(answer)
      return await sendWith(bearer(successor), body)
    } finally {
      copy?.drop()
    }
  }
}

interface Call {
  /** The guard checks exactly what is sent. Of a URL object that is its text. */
  readonly input: string | Request
  /** A copy of the caller's headers. */
  readonly init: RequestInit | undefined
  readonly maskinporten: unknown
}

/** A body in the init replaces that of the Request, which then stays unread, also when the call is sent again. */
function overBody(own: Request, init: RequestInit | undefined): RequestInit | undefined {
  return init?.body ? { method: init.method ?? own.method, body: '' } : undefined
}

/** Takes `maskinporten` out of the init, or out of a Request, where openapi-fetch puts options that it does not know. */
function readCall(given: string | URL | Request, givenInit: MaskinportenRequestInit | undefined): Call {
  const input = isRequest(given) ? given : resolveAddress(String(given))
  const onRequest = isRequest(given) && 'maskinporten' in given ? given.maskinporten : undefined
  const maskinporten = copyPerCall(givenInit?.maskinporten === undefined ? onRequest : givenInit.maskinporten)
  const init = givenInit && copyInit(givenInit)
  // Checked first, because `delete` makes an object slow.
  if (init && 'maskinporten' in init) delete init.maskinporten
  return { maskinporten, init, input }
}
type CallHeaders = NonNullable<RequestInit['headers']>

/** A `Headers`, or a plain object, which is faster. */
function copyHeaders(headers: CallHeaders | undefined): CallHeaders | undefined {
  return headers && (Symbol.iterator in headers ? new Headers(headers) : { ...headers })
}

function hasAuthorization(headers: CallHeaders = {}): boolean {
  if (headers instanceof Headers) return headers.has('authorization')
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')
}

/** Joining `fixed` with the caller's headers needs a `Headers`, which compares names without regard to case. */
function withToken(
  headers: CallHeaders | undefined,
  fixed: Record<string, string> | undefined,
  authorization: string,
): CallHeaders {
  if (headers === undefined) return { ...fixed, authorization }
  if (fixed === undefined && !(Symbol.iterator in headers)) return { ...headers, authorization }
  const all = new Headers(fixed ?? headers)
  if (fixed) for (const [name, value] of new Headers(headers)) all.set(name, value)
  all.set('authorization', authorization)
  return all
}

function fixedHeaders(headers: Readonly<Record<string, string>> | undefined): Record<string, string> | undefined {
  // The first `Headers` makes Node load its whole fetch, which takes longer than everything else here. So it waits for the
  // first call.
  if (headers === undefined) return undefined
  if (new Headers(headers).has('authorization')) {
    throw new TypeError(
      'the option `headers` of maskinportenFetch has an Authorization header: leave it out, since the token goes there',
    )
  }
  return { ...headers }
}
