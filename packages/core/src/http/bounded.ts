/** A request or a signature, with a time limit. Its error holds nothing of what was sent or signed. */
import { type MaskinportenError, isMaskinportenError } from '../errors.ts'
import { withDeadline } from '../with-deadline.ts'
import { isHostInterruption } from './host-interruption.ts'

/** Longest wait for an answer or a signature, milliseconds. */
export const LIMIT_MS = 30_000

/**
 * The wait ends with `signal`. The work gets a signal too, but a caller's own function may ignore it.
 *
 * @throws what `signal` was aborted with; what the work threw, when that is a MaskinportenError or an interruption by the
 * host; else what `cannot` makes of the reason.
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
  // Not by `instanceof`: in Jest, as in other realms, an error of fetch is not an instance of the `Error` that is seen here.
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 4; depth++) {
    if ('code' in at && typeof at.code === 'string' && /^\w{3,40}$/.test(at.code)) return at.code
    at = 'cause' in at ? at.cause : undefined
  }
  return 'an error without a code'
}
