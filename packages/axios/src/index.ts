// By way of src, which ships: tsc copies no hand-written declarations to dist.
/// <reference path="../src/commonjs.d.cts" preserve="true" />
/** An axios interceptor that carries a Maskinporten token. */
import { MaskinportenError } from '@maskinporten-kit/core'
import type { TokenSource } from '@maskinporten-kit/core'
import {
  answeredElsewhere,
  bearer,
  canSendAgain,
  copyBody,
  copyPerCall,
  originGuard,
  renewedToken,
} from '@maskinporten-kit/core/adapter'
import type { AdapterOptions } from '@maskinporten-kit/core/adapter'
import type { AxiosAnswer, AxiosCall, AxiosLike, BeforeRedirect, FetchLike } from './axios-like.ts'
import { finalUrlOf, notingFetch, outcomeOf } from './outcome.ts'
import type { Outcome } from './outcome.ts'

export type { AxiosAnswer, AxiosCall, AxiosLike, AxiosSender } from './axios-like.ts'

/**
 * Attaches to an instance of your own, before interceptors of yours that set `adapter`; returns what detaches again.
 * On a 401 the token is renewed and the request sent once more when its data can be sent again.
 *
 * A call rejects with a `MaskinportenError` when there is no token or the call may not have one: nothing was sent then.
 *
 * @throws {TypeError} when `allow` cannot be used.
 * @throws {MaskinportenError} `request_invalid` when the instance's defaults hold a `maskinporten`: axios would mix it
 * with each call's, lists and objects item by item. Use `tokens.with()`.
 */
export function maskinportenAxios(instance: AxiosLike, tokens: TokenSource, options: AdapterOptions): () => void {
  const guard = originGuard(options)
  refuseDefault(instance)
  // Only axios resolves names such as 'http', so an instance sends; the config it is given is merged already.
  const plain = instance.create()
  for (const name of Object.keys(plain.defaults)) Reflect.deleteProperty(plain.defaults, name)
  // One for each fetch, as axios keeps what it makes of each fetch it is given for good.
  const noting = new WeakMap<FetchLike, FetchLike>()

  function send(config: AxiosCall, changes?: object): Promise<AxiosAnswer> {
    const merged = { transformRequest: undefined, transformResponse: undefined, maskinporten: undefined }
    return plain.request({ ...config, ...merged, ...changes })
  }

  function sendWith(
    authorization: string,
    config: AxiosCall,
    { href, origin }: URL,
    copies: Pick<AxiosCall, 'data' | 'params'>,
  ): Promise<Outcome> {
    const headers = config.headers.concat()
    // Even over a `false` of the caller's.
    headers.set('Authorization', authorization, true)
    const fetch = config.env?.fetch ?? globalFetch
    if (!noting.has(fetch)) noting.set(fetch, (...sent) => notingFetch(fetch, ...sent))
    const sending = send(config, {
      ...copies,
      headers,
      // What was judged is what is sent.
      url: href,
      baseURL: undefined,
      beforeRedirect: keepHome(authorization, origin, config.beforeRedirect),
      env: { ...config.env, fetch: noting.get(fetch) },
    })
    return outcomeOf(sending, config, href)
  }

  async function authorise(config: AxiosCall): Promise<AxiosAnswer> {
    refuseDefault(instance)
    const maskinporten = copyPerCall(config.maskinporten)
    const target = plain.getUri({ ...config, params: undefined })
    if (!guard(target, maskinporten, hasCredential(config))) return (await outcomeOf(send(config), config)).ended

    const url = new URL(target)
    // The caller may use its objects for the next call while this one waits; axios has copied the plain ones.
    const copies = { data: copyBody(config.data), params: copyBody(config.params) }
    const token = await withinLimits(config, (signal) => tokens.getToken(maskinporten, signal && { signal }))
    const { answer, ended } = await sendWith(bearer(token), config, url, copies)
    if (answer?.status !== 401 || !canSendAgain(config.data) || answeredElsewhere(url, finalUrlOf(answer))) return ended

    const successor = await withinLimits(config, (signal) => renewedToken(tokens, maskinporten, token, signal))
    if (!successor) return ended
    // Its body, when it came as a stream: the connection is wanted again.
    answer.data?.destroy?.()
    await answer.data?.cancel?.()
    return (await sendWith(bearer(successor), config, url, copies)).ended
  }

  const id = instance.interceptors.request.use(
    (config) => {
      const { adapter } = config
      config.adapter = (call: AxiosCall) => {
        // This config is what answers and errors show, and what a retry sends again.
        call.adapter = adapter
        return authorise(call)
      }
      return config
    },
    null,
    // Else axios would read the caller's data after the call has returned.
    { synchronous: true },
  )
  return () => instance.interceptors.request.eject(id)
}

const globalFetch: FetchLike = (...sent) => globalThis.fetch(...sent)

function refuseDefault({ defaults }: AxiosLike): void {
  if (!('maskinporten' in defaults) || defaults.maskinporten === undefined) return
  const hint = 'use tokens.with({ … })'
  throw new MaskinportenError('request_invalid', `axios mixes a default \`maskinporten\` into each call’s: ${hint}`, {
    hint,
  })
}

/** axios takes null and false for "not this header". */
function hasCredential({ auth, headers }: AxiosCall): boolean {
  const own = headers.get('authorization')
  return Boolean(auth) || !(own === undefined || own === null || own === false)
}

/** Before axios 1.21 the http adapter takes the header along to subdomains. After the caller's own hook, which may copy it. */
function keepHome(authorization: string, origin: string, own: BeforeRedirect | undefined): BeforeRedirect {
  return (options, ...more) => {
    own?.(options, ...more)
    const { href = '', headers = {} } = options
    if (new URL(href).origin === origin) return
    for (const name in headers) if (headers[name] === authorization) delete headers[name]
  }
}

/** The caller's signal, cancel token and timeout also end the wait for a token. */
async function withinLimits<T>(config: AxiosCall, wait: (signal?: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, cancelToken, timeout } = config
  if (!signal && !cancelToken && !timeout) return wait()
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const timer =
    timeout &&
    setTimeout(() => {
      const hint = 'raise it'
      controller.abort(
        new MaskinportenError('timeout', `no token within axios’ timeout of ${timeout} ms: ${hint}`, {
          hint,
          retryable: true,
        }),
      )
    }, timeout)
  if (signal?.aborted) abort()
  signal?.addEventListener?.('abort', abort)
  cancelToken?.subscribe?.(abort)
  try {
    return await wait(controller.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener?.('abort', abort)
    cancelToken?.unsubscribe?.(abort)
  }
}
