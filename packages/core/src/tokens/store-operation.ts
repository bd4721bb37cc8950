/** One operation of a store: bounded, and its failure an event that holds nothing of the store's own words. */
import { abortable } from '../abortable.ts'
import type { MaskinportenEvents } from '../events.ts'
import { startTimer } from '../http/timer.ts'

const LATE = Symbol('late')

export type StoreFailure = MaskinportenEvents['store.failed']

/**
 * `failed` for an error, for an operation that takes longer than `ms`, and once `closing` is aborted.
 *
 * @param report told of an error or a timeout; not when all is closed.
 */
export async function operate<T>(
  operation: (signal: AbortSignal) => Promise<T>,
  ms: number,
  report: (failure: Omit<StoreFailure, 'operation'>) => void,
  closing?: AbortSignal,
): Promise<T | 'failed'> {
  const own = new AbortController()
  const abort = (): void => own.abort(closing?.reason)
  if (closing?.aborted) abort()
  else closing?.addEventListener('abort', abort, { once: true })
  // A process that was busy reads its sockets between two timers: an answer that has arrived counts.
  let stop = startTimer(ms, () => {
    stop = startTimer(0, () => own.abort(LATE))
  })
  try {
    // In an async function, so that a store that throws at once is a miss too.
    return await abortable((async () => operation(own.signal))(), own.signal)
  } catch (error) {
    if (!closing?.aborted) report(error === LATE ? { reason: 'timeout' } : { reason: 'error', ...namesOf(error) })
    return 'failed'
  } finally {
    stop()
    closing?.removeEventListener('abort', abort)
  }
}

/** The class and the code only: a message may hold the key or the token. */
function namesOf(error: unknown): { readonly errorName?: string; readonly errorCode?: string } {
  try {
    if (typeof error !== 'object' || error === null) return {}
    const { name } = error.constructor
    const code = 'code' in error ? error.code : undefined
    return {
      ...(/^\w{1,31}$/.test(name) ? { errorName: name } : {}),
      ...(typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,30}$/.test(code) ? { errorCode: code } : {}),
    }
  } catch {
    return {}
  }
}
