/** One operation of a store: bounded, and its failure an event that holds nothing of the store's own words. */
import type { MaskinportenEvents } from '../events.ts'
import { withDeadline } from '../with-deadline.ts'

/** One operation of the store, milliseconds. */
const OPERATION_MS = 1_000
const LATE = Symbol('late')

export type StoreFailure = MaskinportenEvents['store.failed']

/**
 * `failed` for an error, for an operation that takes too long, and once `closing` is aborted.
 *
 * @param report told of an error or a timeout; not when all is closed.
 */
export async function operate<T>(
  operation: (signal: AbortSignal) => Promise<T>,
  report: (failure: Omit<StoreFailure, 'operation'>) => void,
  closing?: AbortSignal,
): Promise<T | 'failed'> {
  try {
    // In an async function, so that a store that throws at once is a miss too.
    return await withDeadline(
      OPERATION_MS,
      closing,
      async (signal) => operation(signal),
      () => LATE,
    )
  } catch (error) {
    if (!closing?.aborted) report(error === LATE ? { reason: 'timeout' } : { reason: 'error', ...namesOf(error) })
    return 'failed'
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
