/** What the component needs of an HTTP client: one API, with a token on every request. */
import type { TokenSource } from '@maskinporten-kit/core'

/** Ends a call that nobody answers; the wait for its token counts too. */
export const timeoutMs = 10_000

export interface ApiRequest {
  readonly method: 'GET' | 'POST'
  /** From the API's origin on, with a leading slash. */
  readonly path: string
  readonly json?: unknown
}

export interface ApiAnswer {
  readonly status: number
  readonly text: string
}

export interface ApiClient {
  /** Resolves whatever the status; rejects when there is no token or no answer. */
  send(request: ApiRequest): Promise<ApiAnswer>
}

/** The one thing in which the adapters differ: three files in clients/. */
export type OpenClient = (tokens: TokenSource, origin: string) => ApiClient
