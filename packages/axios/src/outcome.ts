/**
 * The result of a sent request, without its token. axios puts its config and its request on every answer and every error.
 */
import { covered, coverStream } from '@maskinporten-kit/core/internal'
import type { AxiosAnswer, AxiosCall, AxiosFailure, FetchLike, NotedInit } from './axios-like.ts'

export interface Outcome {
  /** The answer, or the answer on the error: `validateStatus` decides which of them a 401 becomes. */
  readonly answer: AxiosAnswer | undefined
  /** The promise that axios gave; it has settled. */
  readonly ended: Promise<AxiosAnswer>
  /** The address that answered, after redirects. */
  readonly from: string | undefined
}

/** For a call with a token. */
export interface Sent {
  readonly url: URL
  /** The address that answered, noted by `notingFetch`. */
  from?: string | undefined
}

/**
 * Puts the caller's config back. If a token was sent, the request is replaced by a plain object with the fields that people
 * read.
 */
export async function outcomeOf(ended: Promise<AxiosAnswer>, config: AxiosCall, sent?: Sent): Promise<Outcome> {
  let error: AxiosFailure | undefined
  const answer = await ended.catch((thrown: AxiosFailure | undefined) => {
    error = thrown
    return thrown?.response
  })
  const responseUrl = sent?.from ?? answer?.request?.res?.responseUrl
  // Before axios 1.19 its fetch adapter wraps an AxiosError in another AxiosError.
  for (const holder of [answer, error, error?.cause]) {
    if (holder?.config) holder.config = config
    if (!holder?.request) continue
    if (sent) {
      // A Response that a test made by hand has an empty url.
      const { url } = sent
      const { pathname, search, hostname } = responseUrl === url.href ? url : new URL(responseUrl ?? '', url)
      const { method = config.method?.toUpperCase(), path = pathname + search } = holder.request
      holder.request = { method, path, host: hostname, ...(answer && { res: { responseUrl } }) }
    } else holder.request = covered(holder.request)
  }
  coverStream(answer?.data)
  return { answer, ended, from: responseUrl }
}

/**
 * axios' fetch adapter does not tell which address answered. So a function that notes the address travels in `fetchOptions`,
 * which axios copies for each call. It is removed before the caller's fetch is called.
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
