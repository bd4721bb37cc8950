/** Ends the waiting, not the work, with `signal.reason`; the work's later failure goes unheard. */
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

/** All waits on one signal share one listener: Node compares each new listener with every one that is there. */
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

  /** Without waits nothing of ours is left on a signal that may live as long as the process. */
  delete(reject: (reason: unknown) => void): void {
    if (this.#rejecters.delete(reject) && this.#rejecters.size === 0)
      this.#signal.removeEventListener('abort', this.#abort)
  }

  readonly #abort = (): void => {
    for (const reject of this.#rejecters) reject(this.#signal.reason)
  }
}
