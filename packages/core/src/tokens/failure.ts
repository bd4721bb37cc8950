/** The failure of a flight, and the error that a caller sees of it. */
import { MaskinportenError, fault } from '../errors.ts'
import { AttemptFailed } from '../http/attempt-failed.ts'

/** The exchange could not begin, because no Maskinporten token could be had. */
export class NothingToExchange extends Error {
  readonly failure: unknown

  constructor(failure: unknown) {
    super()
    this.failure = failure
  }
}

/** The error that a caller sees; undefined for an error that is not ours. */
export function errorOf(failure: unknown): MaskinportenError | undefined {
  if (failure instanceof NothingToExchange) return errorOf(failure.failure)
  if (failure instanceof AttemptFailed) return failure.error
  return failure instanceof MaskinportenError ? failure : undefined
}

export function throwForCaller(failure: unknown): never {
  throw errorOf(failure) ?? causeOf(failure)
}

/** An error that is not ours, such as an interruption by Next.js, reaches the caller unchanged. */
function causeOf(failure: unknown): unknown {
  return failure instanceof NothingToExchange ? causeOf(failure.failure) : failure
}

/** @param awaited the step that did not end in time. */
export function timeoutError(timeoutMs: number, awaited?: string, last?: MaskinportenError): MaskinportenError {
  const step = awaited === undefined ? '' : `, while waiting for ${awaited}`
  const cause = last === undefined ? '' : ` (last failure: ${last.message})`
  const hint = `${awaited === undefined ? 'try again' : 'check that it answers'}, or raise timeoutMs`
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
