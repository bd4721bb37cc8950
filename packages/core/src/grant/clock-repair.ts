/** How far the server's clock is from ours, learnt only from a refusal about time. */
export class ClockRepair {
  #offsetMs = 0

  /** Corrected now for `iat`, milliseconds since the Unix epoch: neither forward- nor back-dated. */
  correct(wall: number): number {
    return wall + this.#offsetMs
  }

  /** Tries a newly measured offset; what it returns puts the former one back, for a refusal once more. */
  try(skewMs: number): () => void {
    const former = this.#offsetMs
    this.#offsetMs = skewMs
    return () => {
      this.#offsetMs = former
    }
  }
}
