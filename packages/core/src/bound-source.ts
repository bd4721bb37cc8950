/** A token source with a default request. On the fast path it finds a fresh token without copying the request. */
import type { AbortableWaits } from './abortable.ts'
import { MaskinportenError } from './errors.ts'
import { invalidRequest } from './grant/read-request.ts'
import { copyRequest, mergeRequests } from './grant/token-request.ts'
import { RecentRequest, RecentRequests } from './recent-requests.ts'
import type { AccessToken, BindableTokenSource, GetTokenOptions, TokenRequest } from './token-source.ts'
import type { Engine } from './tokens/engine.ts'

/** What all sources of one instance share. */
export interface SharedParts {
  readonly engine: Engine
  readonly waits: AbortableWaits
  readonly maxTokens: number
}

export class BoundSource implements BindableTokenSource {
  readonly #parts: SharedParts
  readonly #request: TokenRequest
  /** For calls without a request. */
  readonly #own = new RecentRequest()
  /** For calls with a request. */
  #recent: RecentRequests | undefined

  /** @param request copied and frozen. */
  constructor(parts: SharedParts, request: TokenRequest) {
    this.#parts = parts
    this.#request = request
  }

  getToken(request?: TokenRequest, options?: GetTokenOptions): Promise<AccessToken> {
    const signal = options?.signal
    const rejected = options?.rejected
    const { engine, waits } = this.#parts
    try {
      if (rejected === undefined && isLive(signal)) {
        const recent = request === undefined ? this.#own : this.#recent?.find(request)
        if (recent?.entry !== undefined && recent.revision === engine.revision) {
          const token = engine.fresh(recent.entry)
          if (token !== undefined) return token
        }
      }
      if (signal !== undefined) throwIfAborted(signal)
      const token = rejected === undefined ? this.#ask(request) : this.#obtain(copied(request), valueOf(rejected))
      return signal === undefined ? token : waits.abortable(token, signal)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  with(request: TokenRequest): BindableTokenSource {
    return new BoundSource(this.#parts, mergeRequests(this.#request, copyRequest(request)))
  }

  /** All callers in one turn of the event loop share one promise, so ten thousand of them cost as much as one. */
  #ask(request: TokenRequest | undefined): Promise<AccessToken> {
    // Copied at the call: what the caller changes later has no effect.
    const copy = copied(request)
    const recent =
      copy === undefined ? this.#own : (this.#recent ??= new RecentRequests(this.#parts.maxTokens)).add(copy)
    if (recent?.turn !== undefined) return (recent.turn.others ??= this.#joined(recent.turn.token, copy, recent))
    const token = this.#obtain(copy, undefined, recent)
    if (recent !== undefined) {
      recent.turn = { token, others: undefined }
      queueMicrotask(() => (recent.turn = undefined))
    }
    return token
  }

  /**
   * The first caller's page may be interrupted (Next.js), or its request may end (Workers). The other callers do not get
   * that error: they start again.
   */
  #joined(token: Promise<AccessToken>, copy: TokenRequest | undefined, recent: RecentRequest): Promise<AccessToken> {
    return token.catch((error: unknown) => {
      if (error instanceof MaskinportenError) throw error
      return this.#obtain(copy, undefined, recent)
    })
  }

  #obtain(copy: TokenRequest | undefined, rejected?: string, recent?: RecentRequest): Promise<AccessToken> {
    const merged = copy === undefined ? this.#request : mergeRequests(this.#request, copy)
    return this.#parts.engine.obtain(merged, rejected, (entry, revision) => {
      if (recent === undefined) return
      recent.entry = entry
      recent.revision = revision
    })
  }
}

/** Only `undefined` means "no request". `null` and other values are refused. */
function copied(request: TokenRequest | undefined): TokenRequest | undefined {
  return request === undefined ? undefined : copyRequest(request)
}

/**
 * Any other value, such as the text of the token, would match no cached token, and the caller would get the rejected token
 * again.
 */
function valueOf(rejected: AccessToken): string {
  if (typeof rejected?.value === 'string') return rejected.value
  throw invalidRequest('rejected', 'is not a token', 'give the one that getToken gave, or leave it out')
}

/** False for `null` and other values too: the slow path refuses them. */
function isLive(signal: { readonly aborted?: unknown } | null | undefined): boolean {
  return signal === undefined || signal?.aborted === false
}

/** Refuses `null` too, which callers without types may give. */
function throwIfAborted(signal: AbortSignal): void {
  if (typeof signal?.throwIfAborted !== 'function' || typeof signal.addEventListener !== 'function')
    throw invalidRequest('signal', 'is not an AbortSignal', 'give one, or leave it out')
  signal.throwIfAborted()
}
