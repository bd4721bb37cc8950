/** Time that moves only when told: two clocks and the timers that core looks up per call. */
import type { Clock } from '@maskinporten-kit/core'

interface Timer {
  readonly at: number
  readonly id: number
  readonly run: () => void
}

const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setImmediate: globalThis.setImmediate,
}
const START = Date.UTC(2026, 10, 24)

export class VirtualTime implements Clock {
  readonly #timers: Timer[] = []
  readonly #cancelled = new Set<number>()
  #lastId = 0
  #elapsed = 0
  /** How far the wall clock was moved by hand, milliseconds. */
  wallShift = 0

  now(): number {
    return START + this.#elapsed + this.wallShift
  }

  monotonic(): number {
    return this.#elapsed
  }

  install(): Disposable {
    Object.assign(globalThis, {
      setTimeout: (run: () => void, ms = 0) => this.#add(run, ms),
      clearTimeout: (id: number) => this.#cancelled.add(id),
    })
    return {
      [Symbol.dispose]: () =>
        void Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout }),
    }
  }

  /** Runs everything due in the next `ms`, in order, each with its consequences. */
  async advance(ms: number): Promise<void> {
    const until = this.#elapsed + ms
    await settle()
    for (;;) {
      const next = this.#next(until)
      if (next === undefined) break
      this.#elapsed = Math.max(this.#elapsed, next.at)
      next.run()
      await settle()
    }
    this.#elapsed = until
  }

  /** A suspended process: time passes, nothing runs, and all that was due runs at once afterwards. */
  freeze(ms: number): void {
    this.#elapsed += ms
  }

  /** A request of Workers has ended: what it had armed never fires. */
  drop(): void {
    this.#timers.length = 0
  }

  /** Resolves when `ms` have passed. */
  after(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#add(resolve, ms))
  }

  /** Timers that are still armed. */
  get armed(): number {
    return this.#timers.filter((timer) => !this.#cancelled.has(timer.id)).length
  }

  #add(run: () => void, ms: number): number {
    const timer = { at: this.#elapsed + Math.max(0, ms), id: ++this.#lastId, run }
    let low = 0
    let high = this.#timers.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#timers[middle]?.at ?? 0) <= timer.at) low = middle + 1
      else high = middle
    }
    this.#timers.splice(low, 0, timer)
    return timer.id
  }

  #next(until: number): Timer | undefined {
    for (;;) {
      const first = this.#timers[0]
      if (first === undefined || first.at > until) return undefined
      this.#timers.shift()
      if (!this.#cancelled.delete(first.id)) return first
    }
  }
}

/** Lets every promise settle that can without time. */
export function settle(): Promise<void> {
  return new Promise((resolve) => void real.setImmediate(resolve))
}
