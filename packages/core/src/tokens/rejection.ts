/** When an API answers 401 to a token: how often a new token may be requested. */
import type { Time } from '../time.ts'

const COOL_DOWN_MS = 10_000
const COOL_DOWN_MAX_MS = 300_000

export class Rejections {
  readonly #time: Time
  #coolDownMs = COOL_DOWN_MS
  #nextCoolDownMs = COOL_DOWN_MS
  #renewedAt = Number.NEGATIVE_INFINITY
  #seenAt = Number.NEGATIVE_INFINITY
  /** Whether the token held now came by a renewal after a rejection. */
  #heldIsSuccessor = false
  /** The token that was rejected last. Other callers get it until the new token is there. */
  value: string | undefined

  constructor(time: Time) {
    this.#time = time
  }

  /**
   * Whether a renewal may begin now: at most one in ten seconds. The time doubles, up to five minutes, while new tokens are
   * rejected too.
   */
  report(value: string): boolean {
    const goesOn = this.#heldIsSuccessor || this.#time.now <= this.#seenAt + this.#coolDownMs
    this.value = value
    this.#seenAt = this.#time.now
    if (this.#time.now < this.#renewedAt + this.#coolDownMs) return false
    this.#nextCoolDownMs = goesOn ? Math.min(this.#coolDownMs * 2, COOL_DOWN_MAX_MS) : COOL_DOWN_MS
    return true
  }

  /** Notes that a new token is there. A failed renewal starts no cool-down here: failures have their own pause. */
  follow(isSuccessor: boolean): void {
    this.#heldIsSuccessor = isSuccessor
    if (!isSuccessor) return
    if (this.#renewedAt > Number.NEGATIVE_INFINITY) this.#coolDownMs = this.#nextCoolDownMs
    this.#renewedAt = this.#time.now
  }
}
