/** The failure of one attempt, with what the engine must know of it beyond the error that a caller sees. */
import { MaskinportenError } from '../errors.ts'
import type { Answer } from './send.ts'

/** Who could mend a refusal: the clock, another key, or nobody at once. Undefined: no refusal, but a failure that may pass. */
export type RefusalKind = 'time' | 'key' | 'other'

export class AttemptFailed extends Error {
  readonly error: MaskinportenError
  readonly refusal: RefusalKind | undefined
  /** What `Retry-After` asks for, milliseconds; 0 without one. */
  readonly retryAfterMs: number
  /** Server's `Date` minus our clock at receipt, milliseconds; NaN without `Date`. */
  readonly skewMs: number
  /** Undefined when no answer came. */
  readonly durationMs: number | undefined

  constructor(error: MaskinportenError, answer?: Answer, refusal?: RefusalKind) {
    super(error.message)
    this.error = error
    this.refusal = refusal
    this.skewMs = answer ? httpDate(answer.header('date')) - answer.receivedAt : Number.NaN
    this.retryAfterMs = answer ? retryAfterMs(answer, this.skewMs) : 0
    this.durationMs = answer?.durationMs
  }
}

/** Use it in a `catch` where no answer came. An interruption by the host is thrown unchanged. */
export function failAttempt(error: unknown): never {
  throw error instanceof MaskinportenError ? new AttemptFailed(error) : error
}

/**
 * Seconds, or a date ([RFC 9110 §10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)). A date is read against
 * the answer's own `Date`, since the two machines' clocks differ.
 */
function retryAfterMs({ header, receivedAt }: Answer, skewMs: number): number {
  const value = header('retry-after')?.trim() ?? ''
  if (/^\d+$/.test(value)) return Number(value) * 1000
  return Math.max(0, httpDate(value) - receivedAt - (skewMs || 0)) || 0
}

const HTTP_DATE =
  /^(?:\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT|\w{6,9}, \d\d-\w{3}-\d\d [\d:]{8} GMT|\w{3} \w{3} [ \d]\d [\d:]{8} \d{4})$/

/**
 * Milliseconds since the Unix epoch; NaN for what is not one of the three forms of
 * [RFC 9110 §5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7). `Date.parse` alone takes `1` and local times.
 */
function httpDate(text: string | null): number {
  const value = text?.trim() ?? ''
  return HTTP_DATE.test(value) ? Date.parse(value.replace(/( GMT)?$/, ' GMT')) : Number.NaN
}
