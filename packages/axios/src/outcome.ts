/** How a sending ended, with nothing of what was sent left on it: axios hangs its config and its request on answers and errors. */
import type { AxiosAnswer, AxiosCall, AxiosFailure, AxiosRequestLike, FetchLike, NotedInit } from './axios-like.ts'
import { covered, coverStream, leads } from './stand-in.ts'

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
  for (const holder of [answer, error, error?.cause, error?.cause?.response]) {
    if (holder?.config) holder.config = config
    if (!holder?.request) continue
    holder.request = sent ? summary(holder.request, config, sent, answer && { responseUrl }) : covered(holder.request)
  }
  if (leads(answer?.data)) coverStream(answer.data)
  return { answer, ended, from: responseUrl }
}

function summary(
  request: AxiosRequestLike,
  config: AxiosCall,
  { href }: Sent,
  res: { responseUrl: string | undefined } | undefined,
): object {
  // A Response that was made by hand, as a test's is, says ''.
  const { pathname, search, hostname } = new URL(res?.responseUrl ?? '', href)
  const { method = config.method?.toUpperCase(), path = pathname + search } = request
  return { method, path, host: hostname, ...(res && { res }) }
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

/** Lets go of an answer's stream, as its connection is wanted again. For nobody to wait for: of a teed stream it never ends. */
export async function letGoOf(data: AxiosAnswer['data']): Promise<void> {
  // A stream that fails to close would end the process.
  data?.on?.('error', () => {})
  await (data?.destroy ? data.destroy() : (data?.body ?? data)?.cancel?.())
}
