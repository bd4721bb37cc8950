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

export function sentenceOf(error: unknown): string {
  if (error instanceof StepFailure) return error.message
  if (!isMaskinportenError(error))
    return `this was not expected: ${error instanceof Error ? error.message : 'no error'}`
  const problems = (error.problems ?? []).map(({ key, message }) => `\n  ${key} ${message}`)
  return problems.some((problem) => error.message.includes(problem.trim()))
    ? error.message
    : error.message + problems.join('')
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

function codeOf(error: unknown): string {
  const code = [error, error instanceof Error ? error.cause : undefined]
    .map((one) => (typeof one === 'object' && one !== null && 'code' in one ? one.code : undefined))
    .find((one) => typeof one === 'string')
  return code === undefined ? '' : ` (${code})`
}
