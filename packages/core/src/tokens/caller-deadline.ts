/** How long one caller waits. */
import type { Time } from '../time.ts'

/**
 * A wait rejects with this when what it waits for will never end, or when the process was suspended meanwhile. The caller
 * then starts again.
 */
export const GIVEN_UP: unique symbol = Symbol('given up')

export class CallerDeadline {
  at: number
  readonly #time: Time
  readonly #timeoutMs: number
  #isExtended = false

  constructor(time: Time, timeoutMs: number) {
    this.#time = time
    this.#timeoutMs = timeoutMs
    this.at = time.now + timeoutMs
  }

  /**
   * Gives the caller its whole time again, but only once. Used when the process was suspended, and when the work belonged to
   * a request that has ended (Workers): in that time the server had no chance to answer.
   */
  extend(): boolean {
    if (this.#isExtended) return false
    this.#isExtended = true
    this.at = this.#time.now + this.#timeoutMs
    return true
  }
}
