/** One call to an API, and the line of the trace that it makes. */
import { isMaskinportenError, type TokenKind } from '@maskinporten-kit/core'
import type { ApiRequest } from './api-client.ts'
import type { Component } from './component.ts'
import { refused, StepFailure, unanswered } from './step-failure.ts'
import type { Taken } from './take-steps.ts'
import type { CallStep } from './trace.ts'

export interface Api {
  readonly kind: TokenKind
  readonly origin: string
}

export interface Call extends ApiRequest {
  readonly id: CallStep['id']
}

/** What was read out of an answer; `count` and `word` are for the trace. */
export interface Reading<T> {
  readonly value: T
  readonly count: number
  readonly word?: string | undefined
}

/** @throws StepFailure for an answer that is not 2xx or cannot be read; MaskinportenError when there is no token. */
export async function call<T>(
  component: Component,
  { kind, origin }: Api,
  { id, ...request }: Call,
  read: (text: string) => Reading<T>,
): Promise<Taken<T>> {
  const { method } = request
  const url = origin + request.path
  const client = component.client(kind, origin)
  const window = component.watched.begin()
  const started = performance.now()
  const { status, text } = await client.send(request).catch((error: unknown) => {
    throw isMaskinportenError(error) ? error : unanswered(method, url, error)
  })
  const ms = performance.now() - started
  if (status < 200 || status > 299) throw refused(method, url, status)
  const { value, count, word } = read(text)
  return { value, step: { id, ms, freshness: window.freshness(kind), kind, method, url, status, count, word } }
}

/** @throws StepFailure; the text is not quoted, for it may hold what people wrote. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new StepFailure('the answer is not JSON; see that the address is that of the API')
  }
}
