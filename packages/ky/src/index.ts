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
    /** The token of this call, merged field by field over the source's default; `false` sends the call as it is. */
    maskinporten?: PerCall
  }
}

export interface MaskinportenKyOptions {
  readonly hooks: { readonly init: InitHook[]; readonly beforeRequest: BeforeRequestHook[] }
}

type Fetch = NonNullable<Options['fetch']>
/** A fetch may take more than the standard says. */
type Send = (...call: [...Parameters<Fetch>, ...more: unknown[]]) => Promise<Response>

/**
 * Options for `ky.extend()` or `ky.create()`. The token is got at each attempt, ky's own retries included; on a 401 it is
 * renewed and the request sent once more, inside the attempt, when the body can be sent again.
 *
 * A call rejects with a `MaskinportenError` when there is no token or the call may not have one: nothing was sent then.
 *
 * @throws {TypeError} when `allow` cannot be used.
 */
export function maskinportenKy(tokens: TokenSource, options: AdapterOptions): MaskinportenKyOptions {
  const guard = originGuard(options)
  const bearer = bearers()

  const last: InitHook = (call) => {
    const made: Made = {}
    const beforeRequest = call.hooks?.beforeRequest?.filter((hook) => hook !== refuse) ?? []
    // Before the hooks that may put another Request in its place.
    if (hasBody(call)) beforeRequest.unshift(noting(made))
    call.hooks = { ...call.hooks, beforeRequest }
    try {
      call.fetch = authorised({ tokens, guard, bearer }, call, copyPerCall(call.maskinporten), made)
    } catch (error) {
      // The call rejects, where a hook would throw at once.
      call.fetch = () => Promise.reject(error)
    }
    delete call.maskinporten
  }
  // Behind the init hooks that follow ours: one of them may set another fetch, which would send without a token.
  const init: InitHook = ({ hooks }) => {
    // Extending with a function that gives the defaults back has every hook twice.
    if (!hooks?.init?.includes(last)) hooks?.init?.push(last)
  }
  return { hooks: { init: [init], beforeRequest: [refuse] } }
}

/** Stays only where no init hook of ours took it away: on ky 1, which knows none. */
function refuse(): never {
  const hint = 'use ky 2 or later, and keep the init hooks of these options'
  throw new MaskinportenError(
    'request_invalid',
    `ky did not run the hook that adds the token, so nothing was sent: ${hint}`,
    { detail: 'KY_INIT_NOT_RUN', hint },
  )
}

/** The Request that ky made, which does not say what its body was made of. */
interface Made {
  request?: Request
  body?: string | Blob
}

/** What cannot change meanwhile, JSON among it, is given to each Request of ours, and ky's body is left unread. */
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
    // ky hands over a Request. A wrapper of another's may not, or may give an init over it, which would win over our header.
    const more = vendorOptions(init)
    const whole = Object.keys(more).length === Object.keys(init).length
    const input = isRequest(given) ? given : resolveAddress(String(given))
    // The guard names an address that nothing resolves, the Request below does not.
    if (typeof input === 'string' && !URL.canParse(input)) guard(input, maskinporten, false)
    // One of another fetch's own class can only be sent as it is, with an init over it.
    const foreign = isForeign(input)
    const request = typeof input === 'string' ? new Request(input, init) : whole ? input : requestWith(input, init)
    const headers = foreign && init.headers ? new Headers(init.headers) : requestPart(request, 'headers')
    const url = requestPart(request, 'url')
    if (!guard(url, maskinporten, headers.has('authorization'))) return send(request, foreign ? init : more, ...rest)

    const signal = (foreign && init.signal) || requestPart(request, 'signal')
    const body = request === made.request ? made.body : undefined
    const token = await tokens.getToken(maskinporten, signal && { signal })
    const again = body === undefined ? copyForResend(request, foreign ? init : call) : request
    // As openapi-fetch's are: only the Request knows its body.
    const copy = again === undefined && !foreign && !hasBody(call) ? copyRequestBody(request) : undefined
    /** By a Request of our own. ky's keeps the caller's headers: it is shown to hooks and hangs on errors. */
    const sendWith = async (
      authorization: string,
      one: Request,
      bytes?: Uint8Array<ArrayBuffer>,
    ): Promise<Response> => {
      const sent = body ?? bytes
      const ours = requestWith(one, sent === undefined ? {} : { body: sent }, request)
      const own = foreign ? new Headers(headers) : requestPart(ours, 'headers')
      // A hook took it away, and a body brings its own.
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
  // Of another fetch's own class: `body` is that of the init over it.
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
