/** What a flight failed with, as the engine tells it apart and as a caller sees it. */
import { MaskinportenError, fault } from '../errors.ts'
import { AttemptFailed } from '../http/attempt-failed.ts'

/** The exchange had no Maskinporten token to exchange. */
export class ParentFailed extends Error {
  readonly failure: unknown

  constructor(failure: unknown) {
    super('no Maskinporten token to exchange')
    this.failure = failure
  }
}

/** What a caller sees of a failure; undefined for what is no error of ours. */
export function errorOf(failure: unknown): MaskinportenError | undefined {
  if (failure instanceof ParentFailed) return errorOf(failure.failure)
  if (failure instanceof AttemptFailed) return failure.error
  return failure instanceof MaskinportenError ? failure : undefined
}

export function throwForCaller(failure: unknown): never {
  throw errorOf(failure) ?? causeOf(failure)
}

/** What is not an error of ours, a host's interruption above all, reaches the caller as it is. */
function causeOf(failure: unknown): unknown {
  return failure instanceof ParentFailed ? causeOf(failure.failure) : failure
}

/** @param awaited the step that did not end in time. */
export function timeoutError(timeoutMs: number, awaited?: string, last?: MaskinportenError): MaskinportenError {
  const step = awaited === undefined ? '' : `, while waiting for ${awaited}`
  const cause = last === undefined ? '' : ` (last failure: ${last.message})`
  const hint = 'try again; if it lasts, look at what was waited for, or raise timeoutMs'
  const fields = { retryable: true, detail: last?.code, status: last?.status }
  return fault('timeout', `no token within ${timeoutMs / 1000} s${step}${cause}`, hint, fields)
}

export function closedError(): MaskinportenError {
  return fault(
    'closed',
    'close() has ended this instance',
    'call close() only when the program ends, or make another instance',
  )
}

export function rejectedAgain(): MaskinportenError {
  const hint = 'check that the API accepts this scope, organisation and environment'
  const fields = { detail: 'REJECTED_AGAIN', retryable: true }
  return fault('token_unavailable', 'an API rejects newly issued tokens, so none is asked for just now', hint, fields)
}
