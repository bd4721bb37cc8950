// By way of src, which ships: tsc copies no hand-written declarations to dist.
/// <reference path="../src/commonjs.d.cts" preserve="true" />
/** An axios interceptor that carries a Maskinporten token. */
import { MaskinportenError } from '@maskinporten-kit/core'
import type { TokenSource } from '@maskinporten-kit/core'
import { answeredElsewhere, bearer, canSendAgain, originGuard, renewedToken } from '@maskinporten-kit/core/adapter'
import type { AdapterOptions } from '@maskinporten-kit/core/adapter'
import type { AxiosAnswer, AxiosCall, AxiosHeadersLike, AxiosLike, FetchLike } from './axios-like.ts'
import { notingFetch, outcomeOf } from './outcome.ts'
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

  function send(config: AxiosCall, changes: object): Promise<AxiosAnswer> {
    const asMerged = { transformRequest: undefined, transformResponse: undefined, maskinporten: undefined }
    return plain.request({ ...config, ...asMerged, ...changes })
  }

  function sendWith(authorization: string, config: AxiosCall, url: URL): Promise<Outcome> {
    const fetch = config.env?.fetch ?? globalFetch
    if (!noting.has(fetch)) noting.set(fetch, (input, init) => notingFetch(fetch, input, init))
    const sending = send(config, {
      // What was judged is what is sent.
      url: url.href,
      baseURL: undefined,
      headers: withHeader(config.headers, authorization),
      beforeRedirect: keepHome(authorization, url.origin, config.beforeRedirect),
      env: { ...config.env, fetch: noting.get(fetch) },
    })
    return outcomeOf(sending, config, url.href)
  }

  async function authorise(config: AxiosCall): Promise<AxiosAnswer> {
    refuseDefault(instance)
    const { maskinporten } = config
    const uri = plain.getUri({ ...config, params: undefined })
    const url = new URL(uri, config.socketPath ? 'http://localhost' : undefined)
    if (!guard(url, maskinporten, hasCredential(config))) {
      return (await outcomeOf(send(config, {}), config)).settle()
    }
    const token = await withinLimits(config, (signal) => tokens.getToken(maskinporten, signal && { signal }))
    const first = await sendWith(bearer(token), config, url)
    const rejected = first.status === 401 && !answeredElsewhere(url, first.finalUrl)
    if (!rejected || !canSendAgain(config.data)) return first.settle()

    const successor = await withinLimits(config, (signal) => renewedToken(tokens, maskinporten, token, signal))
    if (successor === undefined) return first.settle()
    discard(first.data)
    return (await sendWith(bearer(successor), config, url)).settle()
  }

  const id = instance.interceptors.request.use((config) => {
    const { adapter } = config
    config.adapter = (call: AxiosCall) => {
      // This config is what answers and errors show, and what a retry sends again.
      call.adapter = adapter
      return authorise(call)
    }
    return config
  })
  return () => instance.interceptors.request.eject(id)
}

const globalFetch: FetchLike = (input, init) => globalThis.fetch(input, init)

function refuseDefault({ defaults }: AxiosLike): void {
  if (!('maskinporten' in defaults) || defaults.maskinporten === undefined) return
  const hint = 'bind the default to the source, tokens.with({ … })'
  throw new MaskinportenError(
    'request_invalid',
    `axios would mix a default \`maskinporten\` into each call’s: ${hint}`,
    { hint },
  )
}

function hasCredential({ auth, headers }: AxiosCall): boolean {
  const own = headers.get('authorization')
  // axios takes null and false for "not this header".
  return Boolean(auth) || !(own === undefined || own === null || own === false)
}

/** Made anew by the caller's class, as each build of axios has its own; set even where the caller wrote `false`. */
function withHeader(headers: AxiosHeadersLike, authorization: string): AxiosHeadersLike {
  const sent = headers.concat()
  sent.set('Authorization', authorization, true)
  return sent
}

/** Before axios 1.21 the http adapter takes the header along to subdomains. After the caller's own hook, which may copy it. */
function keepHome(
  authorization: string,
  origin: string,
  own: AxiosCall['beforeRedirect'],
): AxiosCall['beforeRedirect'] {
  return (options, ...more) => {
    own?.(options, ...more)
    const { headers, href } = options as { headers?: Record<string, unknown>; href?: string }
    if (headers === undefined || (href !== undefined && new URL(href).origin === origin)) return
    for (const [name, value] of Object.entries(headers)) {
      if (value === authorization) Reflect.deleteProperty(headers, name)
    }
  }
}

/** The caller's signal, cancel token and timeout also end the wait for a token. */
async function withinLimits<T>(config: AxiosCall, wait: (signal?: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, cancelToken, timeout } = config
  if (!signal && !cancelToken && !timeout) return wait()
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const timer = timeout
    ? setTimeout(() => {
        const hint = 'raise axios’ timeout, or ask for a token beforehand'
        controller.abort(
          new MaskinportenError('timeout', `no token within axios’ timeout of ${timeout} ms: ${hint}`, {
            hint,
            retryable: true,
          }),
        )
      }, timeout)
    : undefined
  signal?.addEventListener?.('abort', abort)
  if (isSubscribable(cancelToken)) cancelToken.subscribe(abort)
  if (signal?.aborted) abort()
  try {
    return await wait(controller.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener?.('abort', abort)
    if (isSubscribable(cancelToken)) cancelToken.unsubscribe(abort)
  }
}

/** Older declarations of axios do not say that a cancel token is. */
function isSubscribable(token: unknown): token is Record<'subscribe' | 'unsubscribe', (listener: () => void) => void> {
  return typeof token === 'object' && token !== null && 'subscribe' in token
}

/** The 401's body, when it came as a stream: its connection is wanted again. */
function discard(data: unknown): void {
  if (data instanceof ReadableStream) void data.cancel()
  else if (isDestroyable(data)) data.destroy()
}

function isDestroyable(data: unknown): data is { destroy(): void } {
  return typeof data === 'object' && data !== null && 'destroy' in data
}
