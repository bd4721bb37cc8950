/** The pause after failures, for each identity. No request is sent during the pause. */
import type { MaskinportenError } from '../errors.ts'
import { type Time, jitter } from '../time.ts'

const FIRST_MS = 1_000
const CAP_HELD_MS = 30_000
const CAP_EMPTY_MS = 5_000
const RETRY_AFTER_CAP_HELD_MS = 300_000
const RETRY_AFTER_CAP_EMPTY_MS = 30_000

export interface Failure {
  readonly error: MaskinportenError
  readonly retryAfterMs: number
  /**
   * Whether only a person can mend it, such as a missing scope or delegation. A new key becomes known by itself, so it is
   * not lasting.
   */
  readonly lasting: boolean
}

export class BackOff {
  readonly #time: Time
  #failures = 0
  #factor = 1
  #since = 0
  #revision = 0
  #failure: Failure | undefined

  constructor(time: Time) {
    this.#time = time
  }

  fail(failure: Failure, revision: number): void {
    this.#failures = this.#revision === revision ? this.#failures + 1 : 1
    this.#factor = jitter()
    this.#since = this.#time.now
    this.#revision = revision
    this.#failure = failure
  }

  end(): void {
    this.#failures = 0
    this.#failure = undefined
  }

  /**
   * The last error while the pause lasts, else undefined. The longest pause depends on `held`, which may have changed since
   * the failure: when a token expires or is rejected, a running pause becomes shorter. Changed settings end the pause.
   *
   * @param held whether there is a valid token that no API has rejected.
   */
  running(held: boolean, revision: number): MaskinportenError | undefined {
    const failure = this.#failure
    if (failure === undefined || this.#revision !== revision) return undefined
    const cap = held || failure.lasting ? CAP_HELD_MS : CAP_EMPTY_MS
    const doubled = Math.min(FIRST_MS * 2 ** Math.min(this.#failures - 1, 16), cap) * this.#factor
    const asked = Math.min(failure.retryAfterMs, held ? RETRY_AFTER_CAP_HELD_MS : RETRY_AFTER_CAP_EMPTY_MS)
    return this.#time.now < this.#since + Math.max(doubled, asked) ? failure.error : undefined
  }
}
