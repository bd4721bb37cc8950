/** ky options that carry a Maskinporten token. */
import { MaskinportenError } from '@maskinporten-kit/core'
import type { TokenSource } from '@maskinporten-kit/core'
import {
  answeredElsewhere,
  bearer,
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
  // On the options, which ky hands from the one hook to the other; a symbol reaches no fetch.
  const seen = Symbol('maskinporten')

  const last: InitHook = (call) => {
    // Extending with a function that gives the defaults back has every hook twice.
    if (seen in call) return
    const maskinporten = copyPerCall(call.maskinporten)
    delete call.maskinporten
    const inner = call.fetch
    call.fetch = authorised(tokens, guard, call, maskinporten, inner ?? ((...sent) => globalThis.fetch(...sent)))
    Object.assign(call, { [seen]: true })
  }
  // Behind the init hooks that follow ours: one of them may set another fetch, which would send without a token.
  const init: InitHook = (call) => {
    call.hooks?.init?.push(last)
  }
  const beforeRequest: BeforeRequestHook = ({ options: call }: { options?: object }) => {
    if (call !== undefined && seen in call) return
    const hint = 'use ky 2 or later, and keep the init hooks of these options'
    throw new MaskinportenError(
      'request_invalid',
      `ky did not run the hook that adds the token, so nothing was sent: ${hint}`,
      { detail: 'KY_INIT_NOT_RUN', hint },
    )
  }
  return { hooks: { init: [init], beforeRequest: [beforeRequest] } }
}

function authorised(
  tokens: TokenSource,
  guard: OriginGuard,
  call: Options,
  maskinporten: unknown,
  inner: Fetch,
): Fetch {
  return async (given, init = {}) => {
    // ky hands over a Request. A wrapper of another's may not, or may give an init over it, which would win over our header.
    const more = Object.fromEntries(Object.entries(init).filter(([name]) => !(name in Request.prototype)))
    const whole = given instanceof Request && Object.keys(more).length === Object.keys(init).length
    const request = whole ? given : new Request(given, init)
    if (!guard(request.url, maskinporten, request.headers.has('authorization'))) return inner(request, more)

    const { signal } = request
    const token = await tokens.getToken(maskinporten, { signal })
    const again = copyForResend(request, call)
    const answer = await inner(withToken(request, bearer(token)), more)
    if (answer.status !== 401 || again === undefined || answeredElsewhere(request.url, answer.url)) return answer
    const successor = await renewedToken(tokens, maskinporten, token, signal)
    if (successor === undefined) return answer
    await answer.body?.cancel().catch(() => undefined)
    return inner(withToken(again, bearer(successor)), more)
  }
}

/** ky's own Request keeps the caller's headers: it is shown to hooks and hangs on errors. */
function withToken(request: Request, authorization: string): Request {
  const headers = new Headers(request.headers)
  headers.set('authorization', authorization)
  return new Request(request, { headers })
}

/** A Request does not say what its body was made of: the options do. */
function copyForResend(request: Request, { json, body }: Options): Request | undefined {
  if (request.body === null) return request
  const known = json !== undefined || (body !== undefined && body !== null)
  return known && canSendAgain(body) ? request.clone() : undefined
}
