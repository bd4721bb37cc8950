/** One request of core's own: no redirect followed, a limit of its own, and nothing of it in the error when it fails. */
import type { Clock } from '../clock.ts'
import { fault } from '../errors.ts'
import type { CoreRequestInit, FetchFunction } from '../fetch-function.ts'
import { startTimer } from './timer.ts'

export interface Answer {
  readonly status: number
  readonly text: string
  readonly header: (name: string) => string | null
  /** When it was sent, on both clocks: a life counts from there. */
  readonly sentAt: number
  readonly sentMonotonic: number
  /** Wall clock at receipt, milliseconds since the Unix epoch. */
  readonly receivedAt: number
  readonly durationMs: number
}

export interface Sender {
  readonly fetch: FetchFunction | undefined
  readonly clock: Clock
}

/** @throws MaskinportenError `failure`, retryable, on a network fault or after `limitMs`; what `signal` was aborted with. */
export async function send(
  { fetch, clock }: Sender,
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
  const own = new AbortController()
  const ended = new Promise<never>((_, reject) => {
    own.signal.addEventListener('abort', () => reject(own.signal.reason), { once: true })
  })
  ended.catch(() => {})
  const abort = (): void => own.abort(signal.reason)
  const late = (): void => {
    own.abort(
      fault(
        failure,
        `no answer from ${url} within ${limitMs / 1000} s`,
        'try again; if it lasts, look at the network and at the server’s status page',
        {
          detail: 'NO_ANSWER',
          retryable: true,
        },
      ),
    )
  }
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  const stop = startTimer(limitMs, late)
  const sentAt = clock.now()
  const sentMonotonic = clock.monotonic()
  try {
    // Raced, since a fetch of the caller's own may not heed its signal.
    const request = (fetch ?? globalThis.fetch)(url, { ...init, redirect: 'manual', signal: own.signal })
    const response = await Promise.race([request, ended])
    const text = await Promise.race([response.text(), ended])
    return {
      status: response.status,
      text,
      header: (name) => response.headers.get(name),
      sentAt,
      sentMonotonic,
      receivedAt: clock.now(),
      durationMs: clock.monotonic() - sentMonotonic,
    }
  } catch (error) {
    if (own.signal.aborted) throw own.signal.reason
    throw fault(
      failure,
      `cannot reach ${url} (${faultCode(error)})`,
      'check the network, DNS and proxy, then try again',
      {
        detail: 'NETWORK',
        retryable: true,
      },
    )
  } finally {
    stop()
    signal.removeEventListener('abort', abort)
  }
}

/** The system's short code (`ECONNREFUSED`) only: a message or a cause may quote the request. */
function faultCode(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string' && /^[A-Z0-9_]{3,40}$/.test(at.code)) return at.code
  }
  return 'network fault'
}
