/** The client that an adapter's test hands to the exam. */
import type { TokenRequest, TokenSource } from '@maskinporten-kit/core'
import type { AdapterOptions } from '@maskinporten-kit/core/adapter'

export interface ExamCall {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** A client that has no use for a web stream makes its own kind of it. */
  readonly body?:
    | string
    | Uint8Array<ArrayBuffer>
    | ArrayBuffer
    | Blob
    | FormData
    | URLSearchParams
    | ReadableStream<Uint8Array>
  readonly maskinporten?: TokenRequest | false
  readonly signal?: AbortSignal
}

export interface ExamAnswer {
  readonly status: number
  readonly text: string
  /** Everything the caller was handed: the answer, and the error if there was one. */
  readonly shown: readonly unknown[]
}

/** Rejects as the client does, but for an error that holds an answer: that is given as one. */
export type ExamClient = (url: string, call?: ExamCall) => Promise<ExamAnswer>
export type MakeExamClient = (tokens: TokenSource, options: AdapterOptions) => ExamClient
