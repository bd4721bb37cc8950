/** How a sending ended, with nothing of what was sent left on it: axios hangs its config and its request on answers and errors. */
import { covered, coverStream } from '@maskinporten-kit/core/internal'
import type { AxiosAnswer, AxiosCall, AxiosFailure, FetchLike, NotedInit } from './axios-like.ts'

export interface Outcome {
  /** The answer, or the one on the error: by `validateStatus` a 401 is either. */
  readonly answer: AxiosAnswer | undefined
  /** Settled, as axios settled it. */
  readonly ended: Promise<AxiosAnswer>
  /** Where the answer came from, after redirects. */
  readonly from: string | undefined
}

/** Of a call that carries a token. */
export interface Sent {
  readonly href: string
  /** Where the answer came from, as `notingFetch` saw it. */
  from?: string | undefined
}

/** Puts the caller's config back and, where a token was sent, instead of the request what people read of it. */
export async function outcomeOf(ended: Promise<AxiosAnswer>, config: AxiosCall, sent?: Sent): Promise<Outcome> {
  let error: AxiosFailure | undefined
  const answer = await ended.catch((thrown: AxiosFailure | undefined) => {
    error = thrown
    return thrown?.response
  })
  const responseUrl = sent?.from ?? answer?.request?.res?.responseUrl
  // Before axios 1.19 its fetch adapter wraps an AxiosError in another one.
  for (const holder of [answer, error, error?.cause]) {
    if (holder?.config) holder.config = config
    if (!holder?.request) continue
    if (sent) {
      // A Response that was made by hand, as a test's is, says ''.
      const { pathname, search, hostname } = new URL(responseUrl ?? '', sent.href)
      const { method = config.method?.toUpperCase(), path = pathname + search } = holder.request
      holder.request = { method, path, host: hostname, ...(answer && { res: { responseUrl } }) }
    } else holder.request = covered(holder.request)
  }
  coverStream(answer?.data)
  return { answer, ended, from: responseUrl }
}

/**
 * axios' fetch adapter does not tell where the answer came from. What asks for that travels in `fetchOptions`, which axios
 * copies for each call, and is taken out again before the caller's fetch is called.
 */
export function notingFetch(fetch: FetchLike | undefined): FetchLike {
  return async (input, init: NotedInit = {}) => {
    const note = init.maskinporten
    delete init.maskinporten
    const answer = await (fetch ?? globalThis.fetch)(input, Object.keys(init).length ? init : undefined)
    note?.(answer?.url)
    return answer
  }
}
