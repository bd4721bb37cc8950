/** `fetch` that carries a Maskinporten token. */
import type { TokenSource } from '@maskinporten-kit/core'
import {
  answeredElsewhere,
  bearers,
  canSendAgain,
  copyBody,
  copyPerCall,
  originGuard,
  renewedToken,
} from '@maskinporten-kit/core/adapter'
import type { AdapterOptions, PerCall } from '@maskinporten-kit/core/adapter'

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

  return async (givenInput, givenInit) => {
    const send = options.fetch ?? globalThis.fetch
    // Until the first await all is read and copied: a caller may use its objects for the next call, as under fetch itself.
    const { input, init, maskinporten } = readCall(givenInput, givenInit)
    const [url, own] = typeof input === 'string' ? [input] : [input.url, input]
    const headers = copyHeaders(init?.headers ?? own?.headers)

    if (!guard(url, maskinporten, hasAuthorization(headers))) {
      return send(input, init?.headers && headers ? { ...init, headers } : init)
    }

    if (init?.body) init.body = copyBody(init.body)
    const signal = init?.signal ?? own?.signal ?? undefined
    const sendWith = (authorization: string): Promise<Response> => {
      const all = withToken(headers, fixed, authorization)
      return send(own && !init?.body ? carrying(own, all) : input, { ...init, headers: all })
    }
    const token = await tokens.getToken(maskinporten, signal && { signal })
    const answer = await sendWith(bearer(token))

    if (answer.status !== 401 || answeredElsewhere(url, answer.url)) return answer
    // A Request's own body is gone once it was sent, and keeping a copy would hold all of it in memory.
    if (init?.body ? !canSendAgain(init.body) : own?.body) return answer
    const successor = await renewedToken(tokens, maskinporten, token, signal)
    if (successor === undefined) return answer
    await answer.body?.cancel().catch(() => undefined)
    return sendWith(bearer(successor))
  }
}

interface Call {
  /** What is judged is what is sent: of a URL, the text. */
  readonly input: string | Request
  /** A copy. */
  readonly init: RequestInit | undefined
  readonly maskinporten: unknown
}

/** Takes `maskinporten` out: of the init, or of a Request, where openapi-fetch hangs the options it does not know. */
function readCall(given: string | URL | Request, givenInit: MaskinportenRequestInit | undefined): Call {
  const onRequest = isRequest(given) && 'maskinporten' in given ? given.maskinporten : undefined
  const maskinporten = copyPerCall(givenInit?.maskinporten === undefined ? onRequest : givenInit.maskinporten)
  // A Request is a valid init too, and a copy of one would lose all that its getters give.
  if (givenInit && !isPlain(givenInit)) return { maskinporten, input: new Request(given, givenInit), init: undefined }
  const init = givenInit && { ...givenInit }
  // Asked first, as deleting makes an object slow.
  if (init && 'maskinporten' in init) delete init.maskinporten
  if (!isRequest(given)) return { maskinporten, init, input: String(given) }
  // The caller's own object keeps it, for a retry with that object.
  return { maskinporten, init, input: onRequest === undefined ? given : new Request(given) }
}

/** By shape: another fetch than the global one has a Request class of its own. All else is the URL that it is as text. */
function isRequest(input: string | URL | Request): input is Request {
  if (typeof input === 'string') return false
  return input instanceof Request || ('url' in input && String(input) === '[object Request]')
}

/**
 * The Request itself has the token too: what stands before `fetch` and keeps answers, as React and Next.js do, tells calls
 * apart by a Request's own headers, whatever the init says, and would give one customer's answer to another.
 */
function carrying(request: Request, headers: CallHeaders): Request {
  if (!(request instanceof Request)) return request
  // With what others hung on it for the fetch behind us.
  return Object.assign(new Request(request, { headers }), Object.fromEntries(Object.entries(request)))
}

function isPlain(init: RequestInit): boolean {
  const prototype: unknown = Object.getPrototypeOf(init)
  return prototype === Object.prototype || prototype === null
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
