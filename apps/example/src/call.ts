/** One call to an API, and the line of the trace that it makes. */
import { isMaskinportenError, type TokenKind } from '@maskinporten-kit/core'
import type { ApiRequest } from './api-client.ts'
import type { Component } from './component.ts'
import { refused, StepFailure, unanswered } from './step-failure.ts'
import type { CallStep } from './trace.ts'
import type { Taken } from './take-steps.ts'

export interface Api {
  readonly kind: TokenKind
  readonly origin: string
}

export interface Reading<T> {
  readonly value: T
  readonly count: number
  readonly word?: string | undefined
}

/** @throws StepFailure for an answer that is not 2xx or cannot be read; MaskinportenError when there is no token. */
export async function call<T>(
  component: Component,
  api: Api,
  id: CallStep['id'],
  request: ApiRequest,
  read: (text: string) => Reading<T>,
): Promise<Taken<T>> {
  const url = api.origin + request.path
  const window = component.watched.begin()
  const started = performance.now()
  const answer = await component
    .client(api.kind, api.origin)
    .send(request)
    .catch((error: unknown) => {
      throw isMaskinportenError(error) ? error : unanswered(request.method, url, error)
    })
  const ms = performance.now() - started
  if (answer.status < 200 || answer.status > 299) throw refused(request.method, url, answer.status)
  const { value, count, word } = read(answer.text)
  const freshness = window.freshness(api.kind)
  const { kind } = api
  const { method } = request
  return { value, step: { id, ms, freshness, kind, method, url, status: answer.status, count, word } }
}

/** @throws StepFailure; the text is not quoted, for it may hold what people wrote. */
export function json<T>(read: (value: unknown) => Reading<T>): (text: string) => Reading<T> {
  return (text) => {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      throw new StepFailure('the answer is not JSON; see that the address is that of the API')
    }
    return read(value)
  }
}
