/** The little of axios that is used, by shape: axios declares its types once for ESM and once for CommonJS, and the two do not fit. */
import type { PerCall } from '@maskinporten-kit/core/adapter'
import type { GenericAbortSignal } from 'axios'

// Without type parameters it fits every axios: they have become more over the versions. For CommonJS: commonjs.d.cts.
declare module 'axios' {
  interface AxiosRequestConfig {
    /** The token of this call, merged field by field over the source's default; `false` sends the call as it is. */
    maskinporten?: PerCall
  }
}

/** As much of an axios instance as is asked of one. */
export interface AxiosLike {
  readonly defaults: object
  readonly interceptors: {
    readonly request: {
      use(interceptor: Interceptor, rejected: null, options: { readonly synchronous: true }): number
      eject(id: number): void
    }
  }
  create(): object
}

/** It gives back what it is given, whatever class a version of axios has for it. */
export type Interceptor = <Config>(config: Config) => Config

/** What `create()` makes. */
export interface AxiosSender {
  readonly defaults: object
  readonly interceptors: {
    readonly request: {
      use(
        interceptor: (config: AxiosCall) => AxiosCall,
        rejected: null,
        options: { readonly synchronous: true },
      ): number
    }
  }
  getUri(config: object): string
  request(config: object): Promise<AxiosAnswer>
}

/** A request's config as an adapter sees it: merged, its data transformed. */
export interface AxiosCall {
  url?: string | URL | undefined
  baseURL?: string | undefined
  allowAbsoluteUrls?: boolean | undefined
  method?: string | undefined
  data?: unknown
  params?: unknown
  headers: AxiosHeadersLike
  adapter?: unknown
  auth?: object | undefined
  timeout?: number | undefined
  signal?: GenericAbortSignal | undefined
  cancelToken?: CancelTokenLike | undefined
  beforeRedirect?: BeforeRedirect | undefined
  socketPath?: unknown
  env?: { fetch?: FetchLike | undefined } | undefined
  fetchOptions?: object | undefined
  maskinporten?: PerCall | Fill
  transformRequest?: unknown
  transformResponse?: unknown
}

/** Ours, to the instance that sends. */
export type Fill = (call: Partial<AxiosCall>) => void

/** It can be subscribed to; axios declares that since 1.13 only. */
export interface CancelTokenLike {
  readonly promise: unknown
  subscribe?(listener: () => void): void
  unsubscribe?(listener: () => void): void
}

export interface AxiosHeadersLike {
  get(name: string): unknown
  set(name: string, value: string, rewrite: true): unknown
  concat(): AxiosHeadersLike
}

/** The caller's, which knows of no names. */
export type OwnAdapter = (config: object) => Promise<AxiosAnswer>

export type BeforeRedirect = (
  options: { readonly href: string; readonly headers: Record<string, unknown> },
  ...more: never[]
) => void

export type FetchLike = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** What axios' fetch adapter makes of `fetchOptions`. */
export interface NotedInit extends RequestInit {
  /** Ours, to the fetch that sends: it is told where the answer came from. */
  maskinporten?: ((url: string | undefined) => unknown) | undefined
}

export interface AxiosAnswer {
  readonly status: number
  readonly data: unknown
  config: object
  request?: AxiosRequestLike | undefined
}

/** An AxiosError, or whatever else was thrown. */
export type AxiosFailure = Partial<Pick<AxiosAnswer, 'config' | 'request'>> & {
  readonly response?: AxiosAnswer
  readonly cause?: AxiosFailure
}

/** A ClientRequest of the http adapter, a Request of the fetch adapter, or what we put in their place. */
export interface AxiosRequestLike {
  readonly method?: string | undefined
  readonly path?: string | undefined
  readonly host?: string | undefined
  readonly res?: { readonly responseUrl?: string | undefined } | undefined
}
