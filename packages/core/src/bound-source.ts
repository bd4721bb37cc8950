/** A source with a default request, and the fast path: the promise of a fresh token, found without a copy of the request. */
import type { Entry } from './tokens/entry.ts'
import { Known, RecentRequests } from './tokens/recent-requests.ts'
import { invalidRequest } from './grant/read-request.ts'
import { copyRequest, mergeRequests } from './grant/token-request.ts'
import { MaskinportenError } from './errors.ts'
import type { AccessToken, BindableTokenSource, GetTokenOptions, TokenRequest } from './token-source.ts'

/** What stands behind all sources of one instance. */
export interface Machine {
  readonly maxTokens: number
  /** The few milliseconds of now on both clocks, and the settings in force: calls that find the same may share one wait. */
  readonly moment: string
  /** The promise of a fresh token, if the entry still is the one and holds one. */
  fresh(known: Known): Promise<AccessToken> | undefined
  /** Ends the waiting with the signal. */
  abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T>
  /** Everything else. `remember` is told which entry it is. */
  obtain(
    request: TokenRequest,
    options: GetTokenOptions | undefined,
    remember: (entry: Entry, revision: number) => void,
  ): Promise<AccessToken>
}

export class BoundSource implements BindableTokenSource {
  readonly #machine: Machine
  readonly #request: TokenRequest
  #own: Known | undefined
  /** Asked for without a request of the call, and not there yet. */
  #pending:
    | { readonly moment: string; readonly token: Promise<AccessToken>; others: Promise<AccessToken> | undefined }
    | undefined
  #recent: RecentRequests | undefined

  /** @param request copied and frozen. */
  constructor(machine: Machine, request: TokenRequest) {
    this.#machine = machine
    this.#request = request
  }

  getToken(request?: TokenRequest, options?: GetTokenOptions): Promise<AccessToken> {
    const signal = options?.signal
    try {
      if (options?.rejected === undefined && isLive(signal)) {
        const known = request === undefined ? this.#own : this.#recent?.find(request)
        const fresh = known && this.#machine.fresh(known)
        if (fresh !== undefined) return fresh
      }
      if (signal !== undefined) throwIfAborted(signal)
      const token =
        request === undefined && options?.rejected === undefined ? this.#shared() : this.#ask(request, options)
      return signal === undefined ? token : this.#machine.abortable(token, signal)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  with(request: TokenRequest): BindableTokenSource {
    return new BoundSource(this.#machine, mergeRequests(this.#request, copyRequest(request)))
  }

  /** Ten thousand callers of one moment cost as much as one: they share its promise. */
  #shared(): Promise<AccessToken> {
    const { moment } = this.#machine
    if (this.#pending?.moment === moment) return (this.#pending.others ??= this.#joined(this.#pending.token))
    const pending = { moment, token: this.#ask(undefined, undefined), others: undefined }
    const end = (): void => {
      if (this.#pending === pending) this.#pending = undefined
    }
    this.#pending = pending
    pending.token.then(end, end)
    return pending.token
  }

  /** The first caller's page was interrupted, or its request has ended: that is not the others' error. They begin anew. */
  #joined(token: Promise<AccessToken>): Promise<AccessToken> {
    return token.catch((error: unknown) => {
      if (error instanceof MaskinportenError) throw error
      return this.#ask(undefined, undefined)
    })
  }

  #ask(request: TokenRequest | undefined, options: GetTokenOptions | undefined): Promise<AccessToken> {
    // At the call, not after a wait: what the caller changes later changes nothing.
    const own = request === undefined ? undefined : copyRequest(request)
    const merged = own === undefined ? this.#request : mergeRequests(this.#request, own)
    return this.#machine.obtain(merged, options, (entry, revision) => {
      if (own === undefined) (this.#own ??= new Known()).is(entry, revision)
      else (this.#recent ??= new RecentRequests(this.#machine.maxTokens)).remember(own, entry, revision)
    })
  }
}

/** Not so of null and the like, which the long way refuses. */
function isLive(signal: { readonly aborted?: unknown } | null | undefined): boolean {
  return signal === undefined || signal?.aborted === false
}

/** Refuses a null too, which callers without types give. */
function throwIfAborted(signal: AbortSignal): void {
  if (typeof signal?.throwIfAborted !== 'function' || typeof signal.addEventListener !== 'function')
    throw invalidRequest('signal', 'is not an AbortSignal', 'give one, or leave it out')
  signal.throwIfAborted()
}
