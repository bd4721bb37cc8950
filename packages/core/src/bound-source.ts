/** A source with a default request, and the fast path: the promise of a fresh token, found without a copy of the request. */
import type { AbortableWaits } from './abortable.ts'
import { MaskinportenError } from './errors.ts'
import { invalidRequest } from './grant/read-request.ts'
import { copyRequest, mergeRequests } from './grant/token-request.ts'
import { KnownRequest, KnownRequests } from './known-requests.ts'
import type { AccessToken, BindableTokenSource, GetTokenOptions, TokenRequest } from './token-source.ts'
import type { Engine } from './tokens/engine.ts'

/** What stands behind all sources of one instance. */
export interface SharedParts {
  readonly engine: Engine
  readonly waits: AbortableWaits
  readonly maxTokens: number
}

export class BoundSource implements BindableTokenSource {
  readonly #parts: SharedParts
  readonly #request: TokenRequest
  /** Calls without a request of their own. */
  readonly #own = new KnownRequest()
  /** The others. */
  #known: KnownRequests | undefined

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
        const known = request === undefined ? this.#own : this.#known?.find(request)
        if (known?.entry !== undefined && known.revision === engine.revision) {
          const token = engine.fresh(known.entry)
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

  /** Ten thousand callers of one turn cost as much as one: they share its promise. */
  #ask(request: TokenRequest | undefined): Promise<AccessToken> {
    // At the call, not after a wait: what the caller changes later changes nothing.
    const copy = copied(request)
    const known = copy === undefined ? this.#own : (this.#known ??= new KnownRequests(this.#parts.maxTokens)).add(copy)
    if (known?.turn !== undefined) return (known.turn.others ??= this.#joined(known.turn.token, copy, known))
    const token = this.#obtain(copy, undefined, known)
    if (known !== undefined) {
      known.turn = { token, others: undefined }
      queueMicrotask(() => (known.turn = undefined))
    }
    return token
  }

  /** The first caller's page was interrupted, or its request has ended: that is not the others' error. They begin anew. */
  #joined(token: Promise<AccessToken>, copy: TokenRequest | undefined, known: KnownRequest): Promise<AccessToken> {
    return token.catch((error: unknown) => {
      if (error instanceof MaskinportenError) throw error
      return this.#obtain(copy, undefined, known)
    })
  }

  #obtain(copy: TokenRequest | undefined, rejected?: string, known?: KnownRequest): Promise<AccessToken> {
    const merged = copy === undefined ? this.#request : mergeRequests(this.#request, copy)
    return this.#parts.engine.obtain(merged, rejected, (entry, revision) => {
      if (known === undefined) return
      known.entry = entry
      known.revision = revision
    })
  }
}

/** Null and the like are refused, not left out. */
function copied(request: TokenRequest | undefined): TokenRequest | undefined {
  return request === undefined ? undefined : copyRequest(request)
}

/** Another thing, such as the token's text, would be compared with no token, and the refused one would go out again. */
function valueOf(rejected: AccessToken): string {
  if (typeof rejected?.value === 'string') return rejected.value
  throw invalidRequest('rejected', 'is not a token', 'give the one that getToken gave, or leave it out')
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
