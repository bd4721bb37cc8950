/** Waits that end: by a time, or by a signal. What is waited for may go on. */
import { abortable } from './abortable.ts'
import type { Time } from './time.ts'
import { startTimer } from './timer.ts'

/** A controller that is aborted together with `parent`, until `release` is called. */
export function childController(parent: AbortSignal | undefined): {
  readonly own: AbortController
  readonly release: () => void
} {
  const own = new AbortController()
  const abort = (): void => own.abort(parent?.reason)
  if (parent?.aborted) abort()
  else parent?.addEventListener('abort', abort, { once: true })
  return { own, release: () => parent?.removeEventListener('abort', abort) }
}

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
  const { own, release } = childController(parent)
  const stop = startTimer(Math.max(0, ms), () => own.abort(late()), keepAlive)
  try {
    return await abortable(work(own.signal), own.signal)
  } catch (error) {
    // Ends what the work left running: an answer without end.
    own.abort(error)
    throw error
  } finally {
    stop()
    release()
  }
}

/** The wait of a caller: it ends at `until`, on the line of time, and keeps the process alive. */
export function waitUntil<T>(time: Time, until: number, work: () => Promise<T>, late: () => unknown): Promise<T> {
  // A number of milliseconds since 1970 has only four exact decimals. Rounding down keeps the wait within the deadline.
  const ms = Math.floor((until - time.now) * 1_000) / 1_000
  return withDeadline(ms, undefined, work, late, true)
}
