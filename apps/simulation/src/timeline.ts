/**
 * One virtual time for the whole world. Timers belong to the machine whose code armed them: only one machine's code runs
 * at a time, up to the point where it waits for time, so the one that runs is known without any bookkeeping in promises.
 */
import type { Machine } from './machine.ts'

export interface Timer {
  at: number
  readonly id: number
  readonly machine: Machine | undefined
  readonly run: () => void
  /** How long its machine had been suspended when it was armed; `undefined`: it comes from outside and is not put off by it. */
  suspendedMs: number | undefined
  isCancelled: boolean
}

/** After so many timers Node's own event loop has a turn. */
const TURN = 1_000
const real = { setTimeout, clearTimeout, setImmediate, random: Math.random }

export class Timeline {
  /** Milliseconds since the world began. */
  now = 0
  /** Whose code runs. */
  current: Machine | undefined
  readonly #heap: Timer[] = []
  #lastId = 0
  #ran = 0
  /** Cryptography runs off the clock, on threads: one after the other, so that it ends in the same order in every run. */
  #crypto: Promise<unknown> = Promise.resolve()
  #busy = 0
  readonly #hmacs = new WeakMap<CryptoKey, Map<string, Promise<unknown>>>()

  /** Replaces the timers, `performance.now`, the random numbers and the pace of WebCrypto of this process until disposed of. */
  install(random: () => number): Disposable {
    const arm = (run: () => void, ms = 0): Timer => this.#arm(this.now + Math.max(0, ms), this.current, run, false)
    const cancel = (timer?: Timer): void => {
      if (timer !== undefined) timer.isCancelled = true
    }
    Object.assign(globalThis, { setTimeout: arm, clearTimeout: cancel })
    Object.defineProperty(performance, 'now', {
      value: () => this.current?.monotonic() ?? this.now,
      configurable: true,
    })
    Math.random = random
    const restore = this.#holdCrypto()
    return {
      [Symbol.dispose]: () => {
        Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout })
        Reflect.deleteProperty(performance, 'now')
        Math.random = real.random
        restore()
      },
    }
  }

  /** Something that reaches a machine from outside, or happens in the world (no machine), after `ms`. */
  after(ms: number, machine: Machine | undefined, run: () => void): Timer {
    return this.#arm(this.now + ms, machine, run, true)
  }

  /** Runs all that is due until then, in order, each with its consequences. */
  async run(until: number, isOver: () => boolean = () => false): Promise<void> {
    while (!isOver()) {
      const next = this.#heap[0]
      if (next === undefined || next.at > until) break
      this.#pop()
      if (next.isCancelled || next.machine?.isGone === true) continue
      const later = next.machine?.postponed(next)
      if (later !== undefined) {
        next.at = later
        this.#push(next)
        continue
      }
      this.now = Math.max(this.now, next.at)
      this.current = next.machine
      next.run()
      await this.#settle()
    }
    this.now = Math.max(this.now, isOver() ? 0 : until)
  }

  async #settle(): Promise<void> {
    // A tick comes after every promise that can settle without time, and costs a tenth of an immediate.
    await new Promise<void>((resolve) => process.nextTick(resolve))
    if (this.#busy === 0 && ++this.#ran % TURN !== 0) return
    do await new Promise<void>((resolve) => void real.setImmediate(resolve))
    while (this.#busy > 0)
  }

  #arm(at: number, machine: Machine | undefined, run: () => void, isOutside: boolean): Timer {
    const suspendedMs = isOutside ? undefined : machine?.suspendedMs
    const timer: Timer = { at, id: ++this.#lastId, machine, run, suspendedMs, isCancelled: false }
    this.#push(timer)
    return timer
  }

  #push(timer: Timer): void {
    const heap = this.#heap
    let place = heap.push(timer) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      const above = heap[parent]
      if (above === undefined || !isBefore(timer, above)) break
      heap[place] = above
      place = parent
    }
    heap[place] = timer
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      const [left, right] = [heap[child], heap[child + 1]]
      if (left === undefined) break
      if (right !== undefined && isBefore(right, left)) child++
      const least = heap[child]
      if (least === undefined || !isBefore(least, last)) break
      heap[place] = least
      place = child
    }
    heap[place] = last
  }

  /** The same key names the same identities again and again, and threads take a tenth of a run for it. */
  #knownHmac([, key, bytes]: readonly unknown[]): {
    readonly made: Promise<unknown> | undefined
    readonly keep: (made: Promise<unknown>) => void
  } {
    const ofKey = this.#hmacs.get(key as CryptoKey) ?? new Map<string, Promise<unknown>>()
    this.#hmacs.set(key as CryptoKey, ofKey)
    const text = Buffer.from(bytes as Uint8Array).toString('latin1')
    return { made: ofKey.get(text), keep: (made) => void ofKey.set(text, made) }
  }

  #holdCrypto(): () => void {
    const { subtle } = globalThis.crypto
    const names = ['sign', 'verify', 'encrypt', 'decrypt', 'importKey', 'exportKey', 'deriveKey', 'digest'] as const
    for (const name of names) {
      const own: (...given: readonly unknown[]) => Promise<unknown> = subtle[name].bind(subtle) as never
      const held = (...given: readonly unknown[]): Promise<unknown> => {
        const known = name === 'sign' && given[0] === 'HMAC' ? this.#knownHmac(given) : undefined
        if (known?.made !== undefined) return known.made
        this.#busy++
        const done = this.#crypto.then(() => own(...given))
        this.#crypto = done.catch(() => undefined)
        const end = (): void => void this.#busy--
        done.then(end, end)
        known?.keep(done)
        return done
      }
      Object.defineProperty(subtle, name, { value: held, configurable: true })
    }
    return () => {
      for (const name of names) Reflect.deleteProperty(subtle, name)
    }
  }
}

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.id < b.id)
