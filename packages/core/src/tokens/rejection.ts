/** A token that an API answered 401 to: how often a successor may be had. */
import type { Time } from '../time.ts'

const COOL_DOWN_MS = 10_000
const COOL_DOWN_MAX_MS = 300_000

export class Rejections {
  readonly #time: Time
  #coolDownMs = COOL_DOWN_MS
  #nextCoolDownMs = COOL_DOWN_MS
  #renewedAt: number | undefined
  #seenAt: number | undefined
  /** Whether the token held now came by a renewal after a rejection. */
  #heldIsSuccessor = false
  /** The value that was rejected last: until its successor is there it serves others, but counts as none. */
  value: string | undefined

  constructor(time: Time) {
    this.#time = time
  }

  /**
   * Whether a renewal may begin now: one in ten seconds, doubling to five minutes while the successor is rejected too.
   */
  report(value: string): boolean {
    const goesOn =
      this.#heldIsSuccessor || (this.#seenAt !== undefined && this.#time.now <= this.#seenAt + this.#coolDownMs)
    this.value = value
    this.#seenAt = this.#time.now
    if (this.#renewedAt !== undefined && this.#time.now < this.#renewedAt + this.#coolDownMs) return false
    this.#nextCoolDownMs = goesOn ? Math.min(this.#coolDownMs * 2, COOL_DOWN_MAX_MS) : COOL_DOWN_MS
    return true
  }

  /** A token is there. A successor that could not be had starts no cool-down: failures have their back-off. */
  follow(isSuccessor: boolean): void {
    this.#heldIsSuccessor = isSuccessor
    if (!isSuccessor) return
    if (this.#renewedAt !== undefined) this.#coolDownMs = this.#nextCoolDownMs
    this.#renewedAt = this.#time.now
  }
}
