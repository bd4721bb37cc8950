/**
 * The parts of axios that are used, described by shape: axios declares its types for ESM and for CommonJS, and the two are
 * incompatible.
 */
import type { PerCall } from '@maskinporten-kit/core/adapter'
import type { GenericAbortSignal } from 'axios'

// Without type parameters this fits every version of axios: newer versions have more parameters. For CommonJS:
// commonjs.d.cts.
declare module 'axios' {
  interface AxiosRequestConfig {
    /**
     * The token request of this call. Its fields replace those of the source's default request. `false`: the call is sent
     * without a token.
     */
    maskinporten?: PerCall
  }
}

/** The part of an axios instance that is used. */
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

/** Returns the config that it got. Its class differs between the versions of axios. */
export type Interceptor = <Config>(config: Config) => Config

/** The result of `create()`. */
export interface AxiosSender {
  readonly defaults: Record<string, unknown>
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

/** Fills in the config of the instance that sends. */
export type Fill = (call: Partial<AxiosCall>) => void

/** All versions have `subscribe`; axios declares it only from 1.13 on. */
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

/** An adapter of the caller's own, as a function. */
export type OwnAdapter = (config: object) => Promise<AxiosAnswer>

export type BeforeRedirect = (
  options: { readonly href: string; readonly headers: Record<string, unknown> },
  ...more: never[]
) => void

export type FetchLike = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** The init that axios' fetch adapter builds from `fetchOptions`. */
export interface NotedInit extends RequestInit {
  /** Called with the address that answered. */
  maskinporten?: ((url: string | undefined) => unknown) | undefined
}

export interface AxiosAnswer {
  readonly status: number
  readonly data: unknown
  config: object
  request?: AxiosRequestLike | undefined
}

/** An AxiosError, or any other value that was thrown. */
export type AxiosFailure = Partial<Pick<AxiosAnswer, 'config' | 'request'>> & {
  readonly response?: AxiosAnswer
  readonly cause?: AxiosFailure
}

/** A ClientRequest of the http adapter, a Request of the fetch adapter, or the plain object that replaces them. */
export interface AxiosRequestLike {
  readonly method?: string | undefined
  readonly path?: string | undefined
  readonly host?: string | undefined
  readonly res?: { readonly responseUrl?: string | undefined } | undefined
}
