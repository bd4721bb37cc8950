import type { TokenRequest, TokenSource } from '@maskinporten-kit/core'
import { type AdapterOptions, answeredElsewhere, bearers, canSendAgain } from '@maskinporten-kit/core/adapter'
import { copyPerCall, originGuard, renewedToken } from '@maskinporten-kit/core/adapter'

export interface Call {
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
  readonly maskinporten?: TokenRequest | false | undefined
}
export type Send = (url: string, call: Call) => Promise<{ readonly statusCode: number; readonly url: string }>

export function maskinportenGot<S extends Send>(send: S, tokens: TokenSource, options: AdapterOptions): S {
  const guard = originGuard(options, 'maskinportenGot')
  const bearer = bearers()
  const withToken: Send = async (url, { maskinporten, headers, ...call }) => {
    const own = Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'authorization')
    const request = copyPerCall(maskinporten)
    if (!guard(url, request, own)) return send(url, { ...call, headers })
    const sendWith = (authorization: string): ReturnType<Send> =>
      send(url, { ...call, headers: { ...headers, authorization } })
    const token = await tokens.getToken(request, { signal: call.signal })
    const answer = await sendWith(bearer(token))
    if (answer.statusCode !== 401 || answeredElsewhere(url, answer.url) || !canSendAgain(call.body)) return answer
    const successor = await renewedToken(tokens, request, token, call.signal)
    return successor === undefined ? answer : sendWith(bearer(successor))
  }
  return withToken as S
}
