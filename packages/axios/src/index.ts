// By way of src, which ships: tsc copies no hand-written declarations to dist.
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
  const bearer = bearers()
  refuseDefault(instance)
  // Only axios resolves names such as 'http', so an instance sends. It is given a function that fills its config in: the
  // caller's is merged already, and to have it merged again would cost more than all else here.
  const plain = instance.create() as AxiosSender
  for (const name of Object.keys(plain.defaults)) Reflect.deleteProperty(plain.defaults, name)
  plain.interceptors.request.use(filled, null, synchronous)
  // One for each fetch, as axios keeps what it makes of each fetch it is given for good.
  const noting = new Map<FetchLike | undefined, FetchLike>()

  function send(config: AxiosCall, changes: Partial<AxiosCall> = {}, sent?: Sent): Promise<Outcome> {
    const { adapter, env, fetchOptions } = config
    if (isOwn(adapter)) {
      const call = uncoveredCopy(config, changes, { maskinporten: undefined })
      return outcomeOf(Promise.resolve(call).then(adapter), config, sent)
    }
    const own = env?.fetch
    const fetch = noting.get(own) ?? notingFetch(own)
    noting.set(own, fetch)
    const maskinporten = (url: string | undefined): unknown => sent && (sent.from = url)
    const note = sent && { env: { ...env, fetch }, fetchOptions: { ...fetchOptions, maskinporten } }
    // Neither spread nor `Object.assign`: they take three times as long where there is no prototype, as axios' configs have none.
    const fill: Fill = (call) => assignUncovered(call, config, changes, note)
    return outcomeOf(plain.request({ maskinporten: fill }), config, sent)
  }

  async function authorise(config: AxiosCall): Promise<AxiosAnswer> {
    refuseDefault(instance)
    coverOptions(config)
    const maskinporten = copyPerCall(config.maskinporten)
    // axios takes null and false for "not this header".
    const credential = Boolean(config.auth) || (config.headers.get('authorization') ?? false) !== false
    const target = targetOf(plain, config)
    // What nothing resolves is sent as it is, too.
    const lost = options.otherOrigins === 'pass-through' && !URL.canParse(target)
    if (!guard(lost ? 'x:' : target, maskinporten, credential)) return (await send(config)).ended

    // As it was judged: another parser may read the text in another way.
    const { href, origin } = new URL(target)
    const address = addressFor(config, target, href)
    // The caller may use its objects for the next call while this one waits; axios has copied the plain ones.
    const data = copyBody(config.data)
    const params = copyBody(config.params)
    const sendWith = (token: AccessToken): Promise<Outcome> => {
      const authorization = bearer(token)
      const headers = config.headers.concat()
      // Even over a `false` of the caller's.
      headers.set('Authorization', authorization, true)
      // Before axios 1.21 the http adapter takes the header along to subdomains. The caller's own hook may copy it.
      const beforeRedirect: BeforeRedirect = (to, ...more) => {
        config.beforeRedirect?.(to, ...more)
        if (new URL(to.href).origin === origin) return
        for (const name in to.headers) if (to.headers[name] === authorization) delete to.headers[name]
      }
      return send(config, { ...address, data, params, headers, beforeRedirect }, { href })
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
    // Also for an error before anything is sent.
    coverOptions(config)
    // It is not transformed yet.
    config.data = data
    // This config is what answers and errors show, and what a retry sends again.
    config.adapter = (call: AxiosCall) => authorise(Object.assign(call, { adapter }))
    return config
  }
  const id = instance.interceptors.request.use(guarded as Interceptor, null, synchronous)
  return () => instance.interceptors.request.eject(id)
}

// Else axios would read the caller's data after the call has returned.
const synchronous = { synchronous: true } as const

function isOwn(adapter: unknown): adapter is OwnAdapter {
  return typeof adapter === 'function'
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
