/** One operation of a store, with a time limit. What is reported of a failure holds no text from the store. */
import { abortable } from '../abortable.ts'
import type { MaskinportenEvents } from '../events.ts'
import { startTimer } from '../timer.ts'
import { childController } from '../with-deadline.ts'

const LATE = Symbol('late')
/**
 * The time limit is made of this many timers, one after the other. Between two timers a busy process reads its sockets. So
 * an answer that has already arrived counts, and a busy process does not blame the store.
 */
export const TURNS = 5

export type StoreFailure = MaskinportenEvents['store.failed']

/**
 * Resolves to `failed` after an error, after `ms`, and when `closing` is aborted.
 *
 * @param report called with an error or a timeout, but not when `closing` is aborted.
 * @param turned called after each of the timers.
 */
export async function operate<T>(
  operation: (signal: AbortSignal) => Promise<T>,
  ms: number,
  report: (failure: Omit<StoreFailure, 'operation'>) => void,
  closing?: AbortSignal,
  turned?: () => void,
): Promise<T | 'failed'> {
  const { own, release } = childController(closing)
  let left = TURNS
  let stop = (): void => {}
  const turn = (): void => {
    stop = startTimer(ms / TURNS, () => {
      turned?.()
      if (--left > 0) turn()
      else own.abort(LATE)
    })
  }
  turn()
  try {
    // The async function turns an error that the store throws at once into a rejection.
    return await abortable((async () => operation(own.signal))(), own.signal)
  } catch (error) {
    if (!closing?.aborted) report(error === LATE ? { reason: 'timeout' } : { reason: 'error', ...namesOf(error) })
    return 'failed'
  } finally {
    stop()
    release()
  }
}

/** Only the class and the code: the message may hold the key or the token. */
function namesOf(error: unknown): { readonly errorName?: string; readonly errorCode?: string } {
  try {
    if (typeof error !== 'object' || error === null) return {}
    const { name } = error.constructor
    const { code }: { readonly code?: unknown } = error
    return {
      ...(/^\w{1,31}$/.test(name) ? { errorName: name } : {}),
      ...(typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,30}$/.test(code) ? { errorCode: code } : {}),
    }
  } catch {
    return {}
  }
}
