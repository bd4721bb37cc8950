/** How a sending ended, with nothing of what was sent left on it: axios hangs its config and its request on answers and errors. */
import type { AxiosAnswer, AxiosCall, FetchLike } from './axios-like.ts'

export interface Outcome {
  /** Of the answer, or of the one on the error: by `validateStatus` a 401 is either. */
  readonly status: unknown
  readonly data: unknown
  /** Where the answer came from, after redirects. */
  readonly finalUrl: string | undefined
  /** @throws what axios threw. */
  settle(): AxiosAnswer
}

/** Puts the caller's config back and, where a token was sent, instead of the request what people read of it. */
export async function outcomeOf(
  sending: Promise<AxiosAnswer>,
  config: AxiosCall,
  tokenSentTo?: string,
): Promise<Outcome> {
  let answer: AxiosAnswer | undefined
  let error: unknown
  try {
    answer = await sending
  } catch (thrown) {
    error = thrown
  }
  const received: unknown = answer ?? fieldOf(error, 'response')
  const finalUrl = finalUrlOf(fieldOf(received, 'request'))
  for (const holder of [received, ...holdersIn(error)]) {
    if (!isRecord(holder)) continue
    if ('config' in holder) holder['config'] = config
    const request = holder['request']
    if (tokenSentTo === undefined || !isRecord(request)) continue
    const { pathname, search, hostname } = new URL(finalUrl ?? tokenSentTo)
    const { method = config.method?.toUpperCase(), path = pathname + search } = request
    holder['request'] = { method, path, host: hostname, ...(isRecord(received) && { res: { responseUrl: finalUrl } }) }
  }
  const data = fieldOf(received, 'data')
  if (tokenSentTo !== undefined) hideSocket(data)
  return {
    status: fieldOf(received, 'status'),
    data,
    finalUrl,
    settle() {
      if (answer === undefined) throw error
      return answer
    },
  }
}

const answeredBy: unique symbol = Symbol('answered by')

/** axios' fetch adapter does not tell where the answer came from, so that is noted on its Request, which nobody else sees. */
export async function notingFetch(
  send: FetchLike,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const answer = await send(input, init)
  if (typeof input === 'object') Object.assign(input, { [answeredBy]: answer.url })
  return answer
}

function finalUrlOf(request: unknown): string | undefined {
  const url = fieldOf(request, answeredBy) ?? fieldOf(fieldOf(request, 'res'), 'responseUrl')
  return typeof url === 'string' && url !== '' ? url : undefined
}

/** A streamed answer of the http adapter leads to its request and its socket: Node needs them, printing does not. */
function hideSocket(data: unknown): void {
  for (const name of ['req', 'socket', 'client']) {
    if (isRecord(data) && Object.hasOwn(data, name)) Object.defineProperty(data, name, { enumerable: false })
  }
}

/** Before axios 1.19 its fetch adapter wraps an AxiosError in another one. */
function holdersIn(error: unknown): Set<unknown> {
  const errors = new Set<unknown>()
  for (let one = error; isRecord(one) && !errors.has(one); one = one['cause']) errors.add(one).add(one['response'])
  return errors
}

function fieldOf(value: unknown, name: string | symbol): unknown {
  return isRecord(value) ? value[name] : undefined
}

function isRecord(value: unknown): value is Record<string | symbol, unknown> {
  return typeof value === 'object' && value !== null
}
