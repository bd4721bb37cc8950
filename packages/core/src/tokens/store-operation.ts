/** One operation of a store: bounded, and its failure an event that holds nothing of the store's own words. */
import { abortable } from '../abortable.ts'
import type { MaskinportenEvents } from '../events.ts'
import { startTimer } from '../timer.ts'
import { childController } from '../with-deadline.ts'

const LATE = Symbol('late')
/**
 * The wait is made of so many timers, one after the other. Between two of them a busy process reads its sockets, so an
 * answer that has arrived counts, and a process that gets little of its processor does not blame the store.
 */
export const TURNS = 5

export type StoreFailure = MaskinportenEvents['store.failed']

/**
 * `failed` for an error, for an operation that takes longer than `ms`, and once `closing` is aborted.
 *
 * @param report told of an error or a timeout; not when all is closed.
 * @param turned told of each of the timers that has passed.
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
    // In an async function, so that a store that throws at once is a miss too.
    return await abortable((async () => operation(own.signal))(), own.signal)
  } catch (error) {
    if (!closing?.aborted) report(error === LATE ? { reason: 'timeout' } : { reason: 'error', ...namesOf(error) })
    return 'failed'
  } finally {
    stop()
    release()
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
