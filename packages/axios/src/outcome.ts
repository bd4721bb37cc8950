/** How a sending ended, with nothing of what was sent left on it: axios hangs its config and its request on answers and errors. */
import type { AxiosAnswer, AxiosCall, AxiosFailure, FetchLike } from './axios-like.ts'

export interface Outcome {
  /** The answer, or the one on the error: by `validateStatus` a 401 is either. */
  readonly answer: AxiosAnswer | undefined
  /** Settled, as axios settled it. */
  readonly ended: Promise<AxiosAnswer>
  /** Where the answer came from, after redirects. */
  readonly from: string | undefined
}

/** Puts the caller's config back and, where a token was sent, instead of the request what people read of it. */
export async function outcomeOf(ended: Promise<AxiosAnswer>, config: AxiosCall, sentTo?: string): Promise<Outcome> {
  let error: AxiosFailure | undefined
  const answer = await ended.catch((thrown: AxiosFailure | undefined) => {
    error = thrown
    return thrown?.response
  })
  const { answeredBy, res } = answer?.request ?? {}
  const responseUrl = answeredBy ?? res?.responseUrl
  // Before axios 1.19 its fetch adapter wraps an AxiosError in another one.
  for (const holder of [answer, error, error?.cause]) {
    if (holder?.config) holder.config = config
    if (!sentTo || !holder?.request) continue
    // A Response that was made by hand, as a test's is, says ''.
    const { pathname, search, hostname } = new URL(responseUrl ?? '', sentTo)
    const { method = config.method?.toUpperCase(), path = pathname + search } = holder.request
    holder.request = { method, path, host: hostname, ...(answer && { res: { responseUrl } }) }
  }
  const data = answer?.data
  // A streamed answer of the http adapter leads to its request and its socket: Node needs them, printing does not.
  for (const name of ['req', 'socket', 'client']) {
    if (sentTo && data && Object.hasOwn(data, name)) Object.defineProperty(data, name, { enumerable: false })
  }
  return { answer, ended, from: responseUrl }
}

/** axios' fetch adapter does not tell where the answer came from, so that is noted on its Request, which nobody else sees. */
export function notingFetch(fetch: FetchLike | undefined): FetchLike {
  return async (...sent) => {
    const answer = await (fetch ?? globalThis.fetch)(...sent)
    Object.assign(sent[0], { answeredBy: answer.url })
    return answer
  }
}
