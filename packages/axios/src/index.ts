// The path leads to src, which is published too: tsc does not copy hand-written declarations to dist.
/// <reference path="../src/commonjs.d.cts" preserve="true" />
/** An axios interceptor that carries a Maskinporten token. */
import { MaskinportenError } from '@maskinporten-kit/core'
import type { AccessToken, TokenSource } from '@maskinporten-kit/core'
import {
  answeredElsewhere,
  bearers,
  canSendAgain,
  copyPerCall,
  discardBody,
  originGuard,
  renewedToken,
} from '@maskinporten-kit/core/adapter'
import type { AdapterOptions } from '@maskinporten-kit/core/adapter'
import { assignUncovered, copyBody, coverOptions, uncoveredCopy, withinLimits } from '@maskinporten-kit/core/internal'
import type {
  AxiosAnswer,
  AxiosCall,
  AxiosLike,
  AxiosSender,
  BeforeRedirect,
  FetchLike,
  Fill,
  Interceptor,
  OwnAdapter,
} from './axios-like.ts'
import { notingFetch, outcomeOf } from './outcome.ts'
import type { Outcome, Sent } from './outcome.ts'
import { addressFor, targetOf } from './target.ts'

export type { AxiosLike } from './axios-like.ts'

/**
 * Attaches the interceptor to an instance of your own. Attach before your own interceptors that set `adapter`. Returns a
 * function that detaches it. After a 401 the token is renewed, and the request is sent once more if its data can be sent
 * again.
 *
 * A call rejects with a `MaskinportenError` when there is no token or the call may not have one: nothing was sent then.
 *
 * @throws {TypeError} when `allow` cannot be used.
 * @throws {MaskinportenError} `request_invalid` when the instance's defaults hold a `maskinporten`: axios would mix it with
 * each call's, lists and objects item by item. Use `tokens.with()`.
 */
export function maskinportenAxios(instance: AxiosLike, tokens: TokenSource, options: AdapterOptions): () => void {
  const guard = originGuard(options, 'maskinportenAxios')
  const bearer = bearers()
  refuseDefault(instance)
  // Only axios can resolve an adapter by its name, such as 'http', so a second instance sends the request. It gets a
  // function that fills in the config: merging the caller's config a second time would cost more than everything else here.
  const plain = instance.create() as AxiosSender
  for (const name in plain.defaults) delete plain.defaults[name]
  plain.interceptors.request.use(filled, null, { synchronous: true })
  // One for each fetch of the caller: axios builds something for each new fetch it gets and keeps it for good.
  const noting = new Map<FetchLike | undefined, FetchLike>()

  function send(config: AxiosCall, changes: Partial<AxiosCall> = {}, sent?: Sent): Promise<Outcome> {
    const { adapter, env, fetchOptions } = config
    if (typeof adapter === 'function') {
      const call = uncoveredCopy(config, changes, { maskinporten: undefined })
      return outcomeOf(Promise.resolve(call).then(adapter as OwnAdapter), config, sent)
    }
    const own = env?.fetch
    const fetch = noting.get(own) ?? notingFetch(own)
    noting.set(own, fetch)
    const maskinporten = (url: string | undefined): unknown => sent && (sent.from = url)
    const note = sent && { env: { ...env, fetch }, fetchOptions: { ...fetchOptions, maskinporten } }
    // Spread and `Object.assign` take three times as long for objects without a prototype, such as axios' configs.
    const fill: Fill = (call) => assignUncovered(call, config, changes, note)
    return outcomeOf(plain.request({ maskinporten: fill }), config, sent)
  }

  async function authorise(config: AxiosCall): Promise<AxiosAnswer> {
    refuseDefault(instance)
    coverOptions(config)
    const maskinporten = copyPerCall(config.maskinporten)
    // For axios a header that is null or false is a header that is not sent.
    const credential = Boolean(config.auth) || (config.headers.get('authorization') ?? false) !== false
    const target = targetOf(plain, config)
    // An address that cannot be resolved is sent unchanged too.
    const lost = options.otherOrigins === 'pass-through' && !URL.canParse(target)
    if (!guard(lost ? 'x:' : target, maskinporten, credential)) return (await send(config)).ended

    // The address that was checked is the one that is sent: another parser could read the text differently.
    const url = new URL(target)
    const { href, origin } = url
    const address = addressFor(config, target, href)
    // While this call waits for its token, the caller may change these objects. axios has copied plain objects already.
    const data = copyBody(config.data)
    const params = copyBody(config.params)
    const sendWith = (token: AccessToken): Promise<Outcome> => {
      const authorization = bearer(token)
      const headers = config.headers.concat()
      // `true`: also if the caller set the header to false.
      headers.set('Authorization', authorization, true)
      // Before axios 1.21 the http adapter keeps the header on a redirect to a subdomain. The caller's own hook may copy the
      // header too.
      const beforeRedirect: BeforeRedirect = (to, ...more) => {
        config.beforeRedirect?.(to, ...more)
        if (new URL(to.href).origin === origin) return
        for (const name in to.headers) if (to.headers[name] === authorization) delete to.headers[name]
      }
      return send(config, { ...address, data, params, headers, beforeRedirect }, { url })
    }

    const token = await withinLimits(config, (signal) => tokens.getToken(maskinporten, { signal }))
    const { answer, ended, from } = await sendWith(token)
    if (answer?.status !== 401 || !canSendAgain(data) || answeredElsewhere(href, from)) return ended

    const successor = await withinLimits(config, (signal) => renewedToken(tokens, maskinporten, token, signal))
    if (!successor) return ended
    discardBody({ body: answer.data })
    return (await sendWith(successor)).ended
  }

  const guarded = <C extends AxiosCall>(config: C): C => {
    const { adapter, data } = config
    // Here too, because the call may fail before it is sent.
    coverOptions(config)
    // The data is not transformed yet.
    config.data = data
    // Answers and errors show this config, and a retry sends it again.
    config.adapter = (call: AxiosCall) => authorise(Object.assign(call, { adapter }))
    return config
  }
  // Synchronous: otherwise axios would read the caller's data after the call has returned.
  const id = instance.interceptors.request.use(guarded as Interceptor, null, { synchronous: true })
  return () => instance.interceptors.request.eject(id)
}

function filled(call: AxiosCall): AxiosCall {
  if (typeof call.maskinporten === 'function') call.maskinporten(call)
  call.transformRequest = call.transformResponse = call.maskinporten = undefined
  return call
}

function refuseDefault({ defaults }: AxiosLike): void {
  const { maskinporten }: { readonly maskinporten?: unknown } = defaults
  if (maskinporten === undefined) return
  throw new MaskinportenError('request_invalid', 'axios mixes a default `maskinporten` into calls: use tokens.with()', {
    hint: 'use tokens.with()',
  })
}
