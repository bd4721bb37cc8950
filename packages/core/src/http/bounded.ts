/** What is asked of others, a request or a signature: bounded, and nothing that it was asked with in the error. */
import { type MaskinportenError, isMaskinportenError } from '../errors.ts'
import { unlessAborted } from '../unless-aborted.ts'
import { isHostInterruption } from './host-interruption.ts'
import { startTimer } from './timer.ts'

/** Longest wait for an answer or a signature, milliseconds. */
export const LIMIT_MS = 30_000

/**
 * Ended with the signal, since work of the caller's own may not heed the one it is given.
 *
 * @throws what `signal` was aborted with; a MaskinportenError of the work's own; a host's interruption; else what `cannot` makes of the reason.
 */
export async function bounded<T>(
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  limitMs: number,
  cannot: (why: string, error?: unknown) => MaskinportenError,
): Promise<T> {
  const own = new AbortController()
  const abort = (): void => own.abort(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  const stop = startTimer(limitMs, () => own.abort(cannot(`no answer within ${limitMs / 1000} s`)))
  try {
    return await unlessAborted(work(own.signal), own.signal)
  } catch (error) {
    if (own.signal.aborted) throw own.signal.reason
    const known = isMaskinportenError(error) || isHostInterruption(error)
    const failure: unknown = known ? error : cannot(faultCode(error), error ?? null)
    // Ends what the work left running: an answer without end.
    own.abort(failure)
    throw failure
  } finally {
    stop()
    signal.removeEventListener('abort', abort)
  }
}

/** A short code (`ECONNREFUSED`, `Forbidden`) only: a message or a cause may quote the request, or a PIN. */
function faultCode(error: unknown): string {
  // By shape: in Jest and in other realms errors of fetch are of another class than the `Error` that is seen here.
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 4; depth++) {
    if ('code' in at && typeof at.code === 'string' && /^\w{3,40}$/.test(at.code)) return at.code
    at = 'cause' in at ? at.cause : undefined
  }
  return 'unknown fault'
}
