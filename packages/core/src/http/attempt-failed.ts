import { MaskinportenError } from '../errors.ts'
import { retryAfterMs } from './retry-after.ts'
import type { Answer } from './send.ts'

/** Who could mend a refusal: the clock, another key, or nobody at once. Undefined: no refusal, but a fault that may pass. */
export type RefusalKind = 'time' | 'key' | 'other'

/** What the engine must know of a failure beyond the error that a caller sees. */
export class AttemptFailed extends Error {
  readonly error: MaskinportenError
  readonly refusal: RefusalKind | undefined
  readonly retryAfterMs: number
  /** Server's `Date` minus our clock at receipt, milliseconds; NaN without `Date`. */
  readonly skewMs: number
  /** Undefined when no answer came. */
  readonly durationMs: number | undefined

  constructor(error: MaskinportenError, answer?: Answer, refusal?: RefusalKind) {
    super(error.message)
    this.error = error
    this.refusal = refusal
    this.retryAfterMs = answer ? retryAfterMs(answer.header, answer.receivedAt) : 0
    this.skewMs = answer ? Date.parse(answer.header('date') ?? '') - answer.receivedAt : Number.NaN
    this.durationMs = answer?.durationMs
  }
}

/** For a `catch` where no answer came. A host's interruption goes on as it is. */
export function failAttempt(error: unknown): never {
  throw error instanceof MaskinportenError ? new AttemptFailed(error) : error
}
