/** One request of core's own: no redirect followed, a limit of its own, and nothing of it in the error when it fails. */
import { fault } from '../errors.ts'
import type { CoreRequestInit, FetchFunction } from '../fetch-function.ts'
import { readText } from './body.ts'
import { bounded } from './bounded.ts'
import { networkFault } from './network-fault.ts'
import type { Time } from '../time.ts'

/**
 * Next.js puts a fetch of its own in the global place, which keeps answers, and so tokens, under `.next/cache`. It leaves
 * requests marked so alone; every other fetch ignores the mark. `cache: 'no-store'` would make its static pages fail.
 */
const UNCACHED = { next: { internal: true } }

export interface Answer {
  /** Its address as errors name it: a gateway's key may stand in the query. */
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
  const started = time.clock.monotonic()
  const request = async (own: AbortSignal): Promise<Answer> => {
    const sendIt = fetch ?? globalThis.fetch
    if (typeof sendIt !== 'function')
      throw fault(failure, `cannot reach ${place}: there is no fetch here`, 'give one as the option fetch', {
        detail: 'FETCH',
      })
    if (fetch === undefined) onSend?.(url)
    const options = { ...init, redirect: 'manual', signal: own } as const
    const response = await sendIt(url, fetch === undefined ? { ...options, ...UNCACHED } : options)
    const text = await readText(response, (limit) =>
      fault(
        failure,
        `${place} answered ${response.status} with more than ${limit}`,
        'check the address and any proxy in between',
        { detail: 'TOO_LARGE', status: response.status, retryable: true },
      ),
    )
    return {
      place,
      status: response.status,
      text,
      header: (name) => response.headers.get(name),
      sentAt,
      receivedAt: time.wall,
      durationMs: time.clock.monotonic() - started,
    }
  }
  return bounded(request, signal, limitMs, (code, error) => {
    const { why, hint, detail } = networkFault(error, url, code)
    return fault(failure, `cannot reach ${place} (${why})`, hint, { detail, retryable: true })
  })
}
