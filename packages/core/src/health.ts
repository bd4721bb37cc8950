/** Whether tokens can be had. */
import type { MaskinportenError } from './errors.ts'

/**
 * `ok` until something fails. Counted: network, 5xx, settings, all keys rejected; not the refusal of one request (scope,
 * delegation, system user). `degraded`: failing, valid tokens are served; `failing`: no token can be had.
 */
export interface Health {
  readonly status: 'ok' | 'degraded' | 'failing'
  /** Milliseconds since the Unix epoch. */
  readonly since: number
  /** An error code. */
  readonly reason?: string | undefined
}

export type HealthPart = 'settings' | 'tokens'

export class HealthMonitor {
  readonly #now: () => number
  readonly #failures = new Map<HealthPart, { readonly since: number; readonly reason: string }>()
  #okSince: number

  constructor(now: () => number) {
    this.#now = now
    this.#okSince = now()
  }

  failed(part: HealthPart, error: MaskinportenError): void {
    this.#failures.set(part, { since: this.#failures.get(part)?.since ?? this.#now(), reason: error.code })
  }

  recovered(part: HealthPart): void {
    if (this.#failures.delete(part) && this.#failures.size === 0) this.#okSince = this.#now()
  }

  read(servesTokens: () => boolean): Health {
    const failure = this.#failures.get('tokens') ?? this.#failures.get('settings')
    // In Workers the clock shows 0 outside of requests.
    this.#okSince ||= this.#now()
    if (failure === undefined) return { status: 'ok', since: this.#okSince }
    return { status: servesTokens() ? 'degraded' : 'failing', ...failure }
  }
}
