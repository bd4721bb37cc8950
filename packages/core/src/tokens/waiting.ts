/** Those who wait: each until the deadline, its own signal, or the end of all. */
import { MaskinportenError } from '../errors.ts'
import { startTimer } from '../http/timer.ts'
import type { Time } from '../time.ts'

export class Waiting {
  readonly #time: Time
  readonly #rejecters = new Set<(error: unknown) => void>()

  constructor(time: Time) {
    this.#time = time
  }

  /** Settles with `promise`; at the deadline with what `late` says, an error or a value; with `closed` when all is closed. */
  until<T>(deadline: number, promise: Promise<T>, late: () => T | MaskinportenError): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        stop()
        this.#rejecters.delete(rejectAll)
      }
      const rejectAll = (error: unknown): void => {
        end()
        reject(error)
      }
      const stop = startTimer(
        Math.max(0, deadline - this.#time.now),
        () => {
          end()
          const answer = late()
          if (answer instanceof MaskinportenError) reject(answer)
          else resolve(answer)
        },
        true,
      )
      this.#rejecters.add(rejectAll)
      promise.then(resolve, reject).finally(end)
    })
  }

  rejectAll(error: MaskinportenError): void {
    for (const reject of this.#rejecters) reject(error)
  }
}
