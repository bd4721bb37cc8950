/** Waits that end: by a time, or by a signal. What is waited for may go on. */
import { abortable } from './abortable.ts'
import { startTimer } from './timer.ts'

/**
 * The outcome of `work`, unless `ms` pass or `parent` is aborted before. The signal that the work is given ends with the
 * wait.
 *
 * @param late what the wait rejects with after `ms`; the signal's reason too.
 * @param keepAlive whether the wait keeps a process alive: while a caller waits.
 */
export async function withDeadline<T>(
  ms: number,
  parent: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
  late: () => unknown,
  keepAlive = false,
): Promise<T> {
  const own = new AbortController()
  const abort = (): void => own.abort(parent?.reason)
  if (parent?.aborted) abort()
  else parent?.addEventListener('abort', abort, { once: true })
  const stop = startTimer(Math.max(0, ms), () => own.abort(late()), keepAlive)
  try {
    return await abortable(work(own.signal), own.signal)
  } catch (error) {
    // Ends what the work left running: an answer without end.
    own.abort(error)
    throw error
  } finally {
    stop()
    parent?.removeEventListener('abort', abort)
  }
}
