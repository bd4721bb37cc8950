/** ky options that carry a Maskinporten token. */
import { MaskinportenError } from '@maskinporten-kit/core'
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
import type { AdapterOptions, OriginGuard, PerCall } from '@maskinporten-kit/core/adapter'
import {
  copyRequestBody,
  isRequest,
  requestPart,
  requestWith,
  resolveAddress,
  vendorOptions,
} from '@maskinporten-kit/core/internal'
import type { BeforeRequestHook, InitHook, Options } from 'ky'

declare module 'ky' {
  interface Options {
    /**
     * The token request of this call. Its fields replace those of the source's default request. `false`: the call is sent
     * without a token.
     */
    maskinporten?: PerCall
  }
}

export interface MaskinportenKyOptions {
  readonly hooks: { readonly init: InitHook[]; readonly beforeRequest: BeforeRequestHook[] }
}

type Fetch = NonNullable<Options['fetch']>
/** Some fetch functions take more arguments than the standard says. */
type Send = (...call: [...Parameters<Fetch>, ...more: unknown[]]) => Promise<Response>

/**
 * Options for `ky.extend()` or `ky.create()`. Each attempt asks for the token, ky's own retries too. After a 401 the token
 * is renewed, and the request is sent once more inside the same attempt, if the body can be sent again.
 *
 * A call rejects with a `MaskinportenError` when there is no token or the call may not have one: nothing was sent then.
 *
 * @throws {TypeError} when `allow` cannot be used.
 */
export function maskinportenKy(tokens: TokenSource, options: AdapterOptions): MaskinportenKyOptions {
  const guard = originGuard(options, 'maskinportenKy')
  const bearer = bearers()

  const last: InitHook = (call) => {
    const made: Made = {}
    const beforeRequest = call.hooks?.beforeRequest?.filter((hook) => hook !== refuse) ?? []
    // This hook runs before hooks that may replace the Request.
    if (hasBody(call)) beforeRequest.unshift(noting(made))
    call.hooks = { ...call.hooks, beforeRequest }
    try {
      call.fetch = authorised({ tokens, guard, bearer }, call, copyPerCall(call.maskinporten), made)
    } catch (error) {
      // The call rejects with it. Thrown in this hook it would be thrown before the call returns a promise.
      call.fetch = () => Promise.reject(error)
    }
    delete call.maskinporten
  }
  // Runs after all other init hooks: one of them may set another fetch, which would send the call without a token.
  const init: InitHook = ({ hooks }) => {
    // `ky.extend` with a function that returns the defaults gives every hook twice.
    if (!hooks?.init?.includes(last)) hooks?.init?.push(last)
  }
  return { hooks: { init: [init], beforeRequest: [refuse] } }
}

/** The init hook removes this hook. ky 1 has no init hooks, so there it stays and refuses the call. */
function refuse(): never {
  const hint = 'use ky 2 or later, and keep the init hooks of these options'
  throw new MaskinportenError(
    'request_invalid',
    `ky did not run the hook that adds the token, so nothing was sent: ${hint}`,
    { detail: 'KY_INIT_NOT_RUN', hint },
  )
}

/** The Request that ky made, and the body that it was made from. */
interface Made {
  request?: Request
  body?: string | Blob
}

/**
 * Notes a body that cannot change, such as JSON. Each Request of ours gets that body, and the body of ky's Request stays
 * unread.
 */
function noting(made: Made): BeforeRequestHook {
  return ({ request, options: { body } }) => {
    if (typeof body === 'string' || body instanceof Blob) Object.assign(made, { request, body })
  }
}

/** What all calls share. */
interface Means {
  readonly tokens: TokenSource
  readonly guard: OriginGuard
  readonly bearer: ReturnType<typeof bearers>
}

function authorised({ tokens, guard, bearer }: Means, call: Options, maskinporten: unknown, made: Made): Fetch {
  const { fetch } = call
  return async (given, init = {}, ...rest: unknown[]) => {
    const send: Send = fetch ?? globalThis.fetch
    // ky calls fetch with a Request. A wrapper may call it with a URL, or with an init, which would win over our header.
    const more = vendorOptions(init)
    const whole = Object.keys(more).length === Object.keys(init).length
    const input = isRequest(given) ? given : resolveAddress(String(given))
    // For an address that cannot be resolved, the guard throws a better error than `new Request` does.
    if (typeof input === 'string' && !URL.canParse(input)) guard(input, maskinporten, false)
    // A Request of another fetch's own class cannot be copied. It is sent unchanged, together with an init.
    const foreign = isForeign(input)
    const request = typeof input === 'string' ? new Request(input, init) : whole ? input : requestWith(input, init)
    const headers = foreign && init.headers ? new Headers(init.headers) : requestPart(request, 'headers')
    const url = requestPart(request, 'url')
    if (!guard(url, maskinporten, headers.has('authorization'))) return send(request, foreign ? init : more, ...rest)

    const signal = (foreign && init.signal) || requestPart(request, 'signal')
    const body = request === made.request ? made.body : undefined
    const token = await tokens.getToken(maskinporten, signal && { signal })
    const again = body === undefined ? copyForResend(request, foreign ? init : call) : request
    // Only the Request has the body, as with openapi-fetch.
    const copy = again === undefined && !foreign && !hasBody(call) ? copyRequestBody(request) : undefined
    /**
     * Sends a Request of our own. ky shows its own Request to hooks and puts it on errors, so that one never gets the token.
     */
    const sendWith = async (
      authorization: string,
      one: Request,
      bytes?: Uint8Array<ArrayBuffer>,
    ): Promise<Response> => {
      const sent = body ?? bytes
      const ours = requestWith(one, sent === undefined ? {} : { body: sent }, request)
      const own = foreign ? new Headers(headers) : requestPart(ours, 'headers')
      // A hook removed the content type, and the new Request took one from the body.
      if (!headers.has('content-type')) own.delete('content-type')
      own.set('authorization', authorization)
      try {
        return await send(ours, foreign ? { ...init, headers: own } : more, ...rest)
      } catch (error) {
        if (!foreign) discardBody(ours, error)
        throw error
      }
    }
    try {
      const answer = await sendWith(bearer(token), request)
      if (answer.status !== 401 || answeredElsewhere(url, answer.url)) return answer
      const bytes = await copy?.take()
      if (again === undefined && bytes === undefined) return answer
      const successor = await renewedToken(tokens, maskinporten, token, signal)
      if (successor === undefined) return answer
      discardBody(answer)
      return await sendWith(bearer(successor), again ?? request, bytes)
    } finally {
      copy?.drop()
      if (again !== request) discardBody(again)
    }
  }
}

function copyForResend(request: Request, { json, body }: { json?: unknown; body?: unknown }): Request | undefined {
  const given = hasBody({ json, body })
  // A Request of another fetch's own class: `body` is the body of the init.
  if (isForeign(request)) return (given ? canSendAgain(body) : !request.body) ? request : undefined
  if (requestPart(request, 'body') === null) return request
  return given && canSendAgain(body) ? Request.prototype.clone.call(request) : undefined
}

function hasBody({ json, body }: { json?: unknown; body?: unknown }): boolean {
  return json !== undefined || (body !== undefined && body !== null)
}

function isForeign(input: string | Request): boolean {
  return typeof input !== 'string' && !(input instanceof Request)
}
