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
  /** Default `globalThis.fetch`, looked up at each call. Whoever replaces the global one gives the former one here. */
  readonly fetch?: ((input: string | URL | Request, init?: RequestInit) => Promise<Response>) | undefined
  /** Sent with the token and only with it, such as a subscription key; a call's own header of that name wins. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export interface MaskinportenRequestInit extends RequestInit {
  /** The token of this call, merged field by field over the source's default; `false` sends the call as it is. */
  maskinporten?: PerCall
}

export type MaskinportenFetch = (input: string | URL | Request, init?: MaskinportenRequestInit) => Promise<Response>

/** A fetch may take more than the standard says. */
type Send = (input: string | URL | Request, init: RequestInit | undefined, ...more: unknown[]) => Promise<Response>

/**
 * A `fetch` that sends the token along, and on a 401 renews it and sends once more when the body can be sent again.
 *
 * Its calls reject as fetch's do, and with a `MaskinportenError` when there is no token or the call may not have one:
 * nothing was sent then.
 *
 * @throws {TypeError} when `allow` or `headers` cannot be used.
 */
export function maskinportenFetch(tokens: TokenSource, options: MaskinportenFetchOptions): MaskinportenFetch {
  const guard = originGuard(options)
  const bearer = bearers()
  const fixed = fixedHeaders(options.headers)

  // Under this name, as fetch is: logs show it.
  return async function fetch(givenInput, givenInit, ...more: unknown[]) {
    const send: Send = options.fetch ?? globalThis.fetch
    // Until the first await all is read and copied: a caller may use its objects for the next call, as under fetch itself.
    const { input, init, maskinporten } = readCall(givenInput, givenInit)
    const own = typeof input === 'string' ? undefined : input
    const url = typeof input === 'string' ? input : requestPart(input, 'url')
    const headers = copyHeaders(init?.headers ?? (own && requestPart(own, 'headers')))

    if (!guard(url, maskinporten, hasAuthorization(headers))) {
      // The caller's own object keeps `maskinporten`, for a retry with that object.
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
        // As fetch does with a body that it does not come to send.
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
  /** What is judged is what is sent: of a URL, the text. */
  readonly input: string | Request
  /** A copy. */
  readonly init: RequestInit | undefined
  readonly maskinporten: unknown
}

/** A body in the init stands over the Request's own, which then stays unread, for the second sending too. */
function overBody(own: Request, init: RequestInit | undefined): RequestInit | undefined {
  return init?.body ? { method: init.method ?? own.method, body: '' } : undefined
}

/** Takes `maskinporten` out: of the init, or of a Request, where openapi-fetch hangs the options it does not know. */
function readCall(given: string | URL | Request, givenInit: MaskinportenRequestInit | undefined): Call {
  const input = isRequest(given) ? given : resolveAddress(String(given))
  const onRequest = isRequest(given) && 'maskinporten' in given ? given.maskinporten : undefined
  const maskinporten = copyPerCall(givenInit?.maskinporten === undefined ? onRequest : givenInit.maskinporten)
  const init = givenInit && copyInit(givenInit)
  // Asked first, as deleting makes an object slow.
  if (init && 'maskinporten' in init) delete init.maskinporten
  return { maskinporten, init, input }
}
type CallHeaders = NonNullable<RequestInit['headers']>

/** A `Headers` or a plain object, which costs less. */
function copyHeaders(headers: CallHeaders | undefined): CallHeaders | undefined {
  return headers && (Symbol.iterator in headers ? new Headers(headers) : { ...headers })
}

function hasAuthorization(headers: CallHeaders = {}): boolean {
  if (headers instanceof Headers) return headers.has('authorization')
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')
}

/** `fixed` beside the caller's own needs a `Headers`, which knows that names have no case. */
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
  // Node loads all of its fetch at the first `Headers`, which takes longer than all else here: not before a call.
  if (headers === undefined) return undefined
  if (new Headers(headers).has('authorization')) {
    throw new TypeError('`headers` holds an Authorization, which is the token’s place: leave it out')
  }
  return { ...headers }
}
