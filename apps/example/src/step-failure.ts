/** Why a step could not be taken: one sentence, without secrets and without the other side's text. */
import { isMaskinportenError } from '@maskinporten-kit/core'

export class StepFailure extends Error {
  override readonly name = 'StepFailure'
}

export function refused(method: string, url: string, status: number): StepFailure {
  return new StepFailure(`${method} ${url} answered ${status}; ${wayOut(status)}`)
}

/** A client's own error can hold the request, and with it the token: only its code is taken. */
export function unanswered(method: string, url: string, error: unknown): StepFailure {
  return new StepFailure(`${method} ${url} got no answer${codeOf(error)}; see that the server can be reached from here`)
}

/** Maskinporten's and ours as they are; anything else is a mistake here. */
export function sentenceOf(error: unknown): string {
  if (error instanceof StepFailure || isMaskinportenError(error)) return error.message
  return `this was not expected: ${error instanceof Error ? error.message : 'no error'}`
}

function wayOut(status: number): string {
  if (status === 400)
    return 'a token without urn:altinn:org gets this: see that the client has an altinn:serviceowner scope'
  if (status === 401) return 'the API does not take the token: see that it is of the environment that the API is in'
  if (status === 403)
    return 'the token may not do this: see which scopes the client has, and whose organisation it is for'
  if (status === 404) return 'see that the instance still is there'
  return 'try again later'
}

/** fetch and ky wrap what happened; undici's own code is the innermost. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const inner = codeOf(error.cause)
  return inner === '' && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : inner
}
