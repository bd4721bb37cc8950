/** ky options that carry a Maskinporten token. */
import { MaskinportenError } from '@maskinporten-kit/core'
import type { TokenSource } from '@maskinporten-kit/core'
import {
  answeredElsewhere,
  bearers,
  canSendAgain,
  copyPerCall,
  originGuard,
  renewedToken,
} from '@maskinporten-kit/core/adapter'
import type { AdapterOptions, OriginGuard, PerCall } from '@maskinporten-kit/core/adapter'
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
    const maskinporten = copyPerCall(call.maskinporten)
    delete call.maskinporten
    const made: Made = {}
    const beforeRequest = call.hooks?.beforeRequest?.filter((hook) => hook !== refuse) ?? []
    // Before the hooks that may put another Request in its place.
    if (hasBody(call)) beforeRequest.unshift(noting(made))
    call.hooks = { ...call.hooks, beforeRequest }
    call.fetch = authorised({ tokens, guard, bearer }, call, maskinporten, made)
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
  return async (given, init = {}) => {
    // ky hands over a Request. A wrapper of another's may not, or may give an init over it, which would win over our header.
    const more = Object.fromEntries(Object.entries(init).filter(([name]) => !(name in Request.prototype)))
    const whole = given instanceof Request && Object.keys(more).length === Object.keys(init).length
    const request = whole ? given : new Request(given, init)
    if (!guard(request.url, maskinporten, request.headers.has('authorization'))) {
      return fetch ? fetch(request, more) : globalThis.fetch(request, more)
    }

    const { signal } = request
    const body = request === made.request ? made.body : undefined
    const token = await tokens.getToken(maskinporten, { signal })
    const again = body === undefined ? copyForResend(request, call) : request
    const answer = await sendWith(bearer(token), request, body, fetch, more)
    if (answer.status !== 401 || again === undefined || answeredElsewhere(request.url, answer.url)) return answer
    const successor = await renewedToken(tokens, maskinporten, token, signal)
    if (successor === undefined) return answer
    await answer.body?.cancel().catch(() => undefined)
    return sendWith(bearer(successor), again, body, fetch, more)
  }
}

/** By a Request of our own. ky's keeps the caller's headers: it is shown to hooks and hangs on errors. */
function sendWith(
  authorization: string,
  request: Request,
  body: Made['body'],
  fetch: Fetch | undefined,
  more: RequestInit,
): Promise<Response> {
  const ours = new Request(request, body === undefined ? {} : { body })
  // A hook took it away, and a body brings its own.
  if (!request.headers.has('content-type')) ours.headers.delete('content-type')
  ours.headers.set('authorization', authorization)
  return fetch ? fetch(ours, more) : globalThis.fetch(ours, more)
}

function copyForResend(request: Request, call: Options): Request | undefined {
  if (request.body === null) return request
  return hasBody(call) && canSendAgain(call.body) ? request.clone() : undefined
}

function hasBody({ json, body }: Options): boolean {
  return json !== undefined || (body !== undefined && body !== null)
}
