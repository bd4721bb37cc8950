/** The token in an answer, or why there is none. */
import { fault } from '../errors.ts'
import { type Endpoint } from './ask.ts'
import { AttemptFailed } from './attempt-failed.ts'
import { foreignAnswer } from './foreign-answer.ts'
import { withoutMark } from './json.ts'
import type { Answer } from './send.ts'
import { isTokenOf } from './token-text.ts'

/**
 * The token of a 200.
 *
 * @throws AttemptFailed around `…_unavailable`, with nothing of the answer: another 2xx or a proxy's page may hold a token.
 */
export function tokenIn(value: unknown, answer: Answer, gives: Endpoint['gives'], secret: string): string {
  const { status, place } = answer
  if (status === 200 && isTokenOf(gives === 'token' ? 'maskinporten' : 'altinn', value)) return value
  const foreign = foreignAnswer(answer, secret)
  const why = foreign?.what ?? whyNone(value, answer)
  const fields = { status, detail: 'NO_TOKEN', retryable: true, traceId: foreign?.supportId }
  const hint = foreign?.hint ?? 'check the address and any proxy in between'
  throw new AttemptFailed(
    fault(`${gives}_unavailable`, `${place} answered ${status} without a token: ${why}`, hint, fields),
    answer,
  )
}

function whyNone(value: unknown, { status, text }: Answer): string {
  const bare = withoutMark(text).trim()
  if (status !== 200) return `only a 200 gives one`
  if (bare === '') return 'the answer is empty'
  if (/^[{["]/.test(bare) && !isJson(bare)) return 'the JSON is cut short, or something stands behind it'
  if (typeof value === 'string' && value !== '') return 'what it gave has not the form of one'
  return 'the answer has none in it'
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
