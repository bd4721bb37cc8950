/** Until when one caller waits. */
import type { Time } from '../time.ts'

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
   * Once: the process was suspended, or the work belonged to a request that has ended (Workers). That time was not the
   * server's.
   */
  extend(): boolean {
    if (this.#isExtended) return false
    this.#isExtended = true
    this.at = this.#time.now + this.#timeoutMs
    return true
  }
}
