/** What is asked of others, a request or a signature: bounded, and nothing that it was asked with in the error. */
import { type MaskinportenError, isMaskinportenError } from '../errors.ts'
import { withDeadline } from '../with-deadline.ts'
import { isHostInterruption } from './host-interruption.ts'

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
  try {
    return await withDeadline(limitMs, signal, work, () => cannot(`no answer within ${limitMs / 1000} s`))
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw isMaskinportenError(error) || isHostInterruption(error) ? error : cannot(faultCode(error), error ?? null)
  }
}

/** A short code (`ECONNREFUSED`, `Forbidden`) only: a message or a cause may quote the request, or a PIN. */
function faultCode(error: unknown): string {
  // By shape: in Jest and in other realms errors of fetch are of another class than the `Error` that is seen here.
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 4; depth++) {
    if ('code' in at && typeof at.code === 'string' && /^\w{3,40}$/.test(at.code)) return at.code
    at = 'cause' in at ? at.cause : undefined
  }
  return 'an error without a code'
}
