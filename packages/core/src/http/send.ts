/** One request of core's own. It follows no redirect and has its own time limit, and an error holds nothing of it. */
import { fault } from '../errors.ts'
import type { CoreRequestInit, FetchFunction } from '../fetch-function.ts'
import { bounded } from './bounded.ts'
import { noAnswer } from './no-answer.ts'
import type { Time } from '../time.ts'

/**
 * Next.js replaces the global fetch by one that keeps answers, and so tokens, under `.next/cache`. This mark makes it keep
 * nothing; every other fetch ignores the mark. `cache: 'no-store'` would make static pages of Next.js fail.
 */
const UNCACHED = { next: { internal: true } }

/** A token is a few kilobytes; no answer to core's requests is longer. Bytes. */
const MAX_BYTES = 1_048_576

export interface Answer {
  /** The address without its query, as errors name it: a gateway's key may stand in the query. */
  readonly place: string
  readonly status: number
  readonly text: string
  readonly header: (name: string) => string | null
  /** When it was sent, on the line of time: a life counts from there. */
  readonly sentAt: number
  /** Wall clock at receipt, milliseconds since the Unix epoch. */
  readonly receivedAt: number
  readonly durationMs: number
}

export interface Sender {
  readonly fetch: FetchFunction | undefined
  readonly time: Time
  /** Told of each address before the runtime's own fetch is asked. */
  readonly onSend?: ((url: string) => void) | undefined
}

/**
 * @throws MaskinportenError `failure`, retryable, on a network fault, after `limitMs`, or when the body is longer than
 * 1 MiB; what `signal` was aborted with.
 */
export async function send(
  { fetch, time, onSend }: Sender,
  url: string,
  init: Pick<CoreRequestInit, 'method' | 'headers' | 'body'>,
  {
    signal,
    limitMs,
    failure,
  }: {
    readonly signal: AbortSignal
    readonly limitMs: number
    readonly failure: 'token_unavailable' | 'exchange_unavailable'
  },
): Promise<Answer> {
  const place = url.replace(/\?.*/, '')
  const sentAt = time.now
  const elapsed = time.stopwatch()
  const request = async (own: AbortSignal): Promise<Answer> => {
    const sendIt = fetch ?? globalThis.fetch
    if (typeof sendIt !== 'function')
      throw fault(failure, `cannot reach ${place}: there is no fetch here`, 'give one as the option fetch', {
        detail: 'FETCH',
      })
    if (fetch === undefined) onSend?.(url)
    const options = { ...init, redirect: 'manual', signal: own } as const
    const response = await sendIt(url, fetch === undefined ? { ...options, ...UNCACHED } : options)
    const { status } = response
    const text = await readText(response)
    if (text === undefined)
      throw fault(
        failure,
        `${place} answered ${status} with more than 1 MiB`,
        'check the address and any proxy in between',
        { detail: 'TOO_LARGE', status, retryable: true },
      )
    return {
      place,
      status,
      text,
      header: (name) => headerOf(response, name),
      sentAt,
      receivedAt: time.wall,
      durationMs: elapsed(),
    }
  }
  return bounded(request, signal, limitMs, (code, error) => {
    const { why, hint, detail } = noAnswer(error, url, code)
    return fault(failure, `cannot reach ${place} (${why})`, hint, { detail, retryable: true })
  })
}

/**
 * Undefined when it is longer than 1 MiB: counted while it is read where the answer has a body that can be iterated,
 * afterwards where it has only `text()`.
 */
async function readText(response: Awaited<ReturnType<FetchFunction>>): Promise<string | undefined> {
  const chunks = chunksOf(response.body)
  if (chunks === undefined) {
    const whole: unknown = await response.text()
    if (typeof whole !== 'string') throw new TypeError('text() gave no text')
    return whole.length > MAX_BYTES ? undefined : whole
  }
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await chunks.next()
    if (done === true) return text + decoder.decode()
    bytes += value.length
    if (bytes > MAX_BYTES) {
      // Nobody waits for its end: that of a cloned body comes only with the end of the clone.
      void Promise.resolve(chunks.return?.()).catch(() => undefined)
      return undefined
    }
    text += typeof value === 'string' ? value : decoder.decode(value, { stream: true })
  }
}

/** An answer that a caller's fetch made by hand may lack `headers`, or throw on access. Then it has no header. */
function headerOf({ headers }: Awaited<ReturnType<FetchFunction>>, name: string): string | null {
  try {
    const value: unknown = headers.get(name)
    return typeof value === 'string' ? value : null
  } catch {
    return null
  }
}

type Chunk = string | Uint8Array<ArrayBuffer>

/**
 * The chunks of a web stream or a Node stream that nobody reads yet. Undefined for anything else that a caller's fetch may
 * give as a body.
 */
function chunksOf(body: unknown): AsyncIterator<Chunk, undefined> | undefined {
  const stream = new Object(body) as {
    [Symbol.asyncIterator]?(): AsyncIterator<Chunk, undefined>
    readonly locked?: boolean
    readonly readableDidRead?: boolean
  }
  return stream.locked === true || stream.readableDidRead === true ? undefined : stream[Symbol.asyncIterator]?.()
}
