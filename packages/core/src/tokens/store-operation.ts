/** One operation of a store: bounded, and its failure an event that holds nothing of the store's own words. */
import { startTimer } from '../http/timer.ts'
import type { MaskinportenEvents } from '../events.ts'

/** One operation of the store, milliseconds. */
const OPERATION_MS = 1_000

export type StoreFailure = MaskinportenEvents['store.failed']

/**
 * `failed` for an error, for an operation that takes too long, and once `closing` is aborted.
 *
 * @param report told of an error or a timeout; not when all is closed.
 */
export function operate<T>(
  operation: (signal: AbortSignal) => Promise<T>,
  report: (failure: Omit<StoreFailure, 'operation'>) => void,
  closing?: AbortSignal,
): Promise<T | 'failed'> {
  return new Promise((resolve) => {
    const own = new AbortController()
    let isOver = false
    const end = (value: T | 'failed'): void => {
      isOver = true
      stop()
      closing?.removeEventListener('abort', give)
      resolve(value)
    }
    const give = (): void => {
      end('failed')
      own.abort()
    }
    const stop = startTimer(OPERATION_MS, () => {
      report({ reason: 'timeout' })
      give()
    })
    if (closing?.aborted) return give()
    closing?.addEventListener('abort', give, { once: true })
    // In a promise, so that a store that throws at once is a miss too.
    Promise.resolve(own.signal)
      .then(operation)
      .then(end, (error: unknown) => {
        if (!isOver) report({ reason: 'error', ...nameOf(error) })
        end('failed')
      })
  })
}

/** The class and the code only: a message may hold the key or the token. */
function nameOf(error: unknown): { readonly errorName?: string; readonly errorCode?: string } {
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
