/** Rejects with `signal.reason` when the signal is aborted. The work goes on, and its later failure is ignored. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, work])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** All waits on one signal share one listener: adding a listener takes longer the more of them there are. */
export class AbortableWaits {
  readonly #bySignal = new WeakMap<AbortSignal, WaitsOfSignal>()

  /** As `abortable`. */
  async abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted()
    let waits = this.#bySignal.get(signal)
    if (waits === undefined) this.#bySignal.set(signal, (waits = new WaitsOfSignal(signal)))
    const { promise, reject } = Promise.withResolvers<never>()
    waits.add(reject)
    try {
      return await Promise.race([promise, work])
    } finally {
      waits.delete(reject)
    }
  }
}

class WaitsOfSignal {
  readonly #signal: AbortSignal
  readonly #rejecters = new Set<(reason: unknown) => void>()

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  add(reject: (reason: unknown) => void): void {
    this.#rejecters.add(reject)
    if (this.#rejecters.size === 1) this.#signal.addEventListener('abort', this.#abort, { once: true })
  }

  /** Removes the listener with the last wait: the signal may live as long as the process. */
  delete(reject: (reason: unknown) => void): void {
    if (this.#rejecters.delete(reject) && this.#rejecters.size === 0)
      this.#signal.removeEventListener('abort', this.#abort)
  }

  readonly #abort = (): void => {
    for (const reject of this.#rejecters) reject(this.#signal.reason)
  }
}
