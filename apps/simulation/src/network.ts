/** Between a machine and a service: how long it takes, and whether anything comes back. */
import type { Active, Fault, FaultKind } from './faults.ts'
import type { Machine } from './machine.ts'
import type { Random } from './random.ts'
import type { Timeline } from './timeline.ts'

export type Service = 'maskinporten' | 'metadata' | 'altinn' | 'redis' | 'vault'

/** The delay of one that works, milliseconds. */
const LATENCY: Readonly<Record<Service, readonly [number, number]>> = {
  maskinporten: [30, 200],
  metadata: [20, 100],
  altinn: [30, 200],
  redis: [0.3, 2],
  vault: [50, 300],
}
/** One in a hundred takes so long, milliseconds: no fault, and no reason to ask twice. */
const TAIL: readonly [number, number] = [500, 1_500]

export interface Passage<T> {
  readonly service: Service
  readonly machine: Machine
  readonly signal: AbortSignal
  /** What the service does when the question reaches it. */
  readonly answer: () => T
  /** When its answer has reached a machine that still waits for it. */
  readonly delivered?: ((value: T) => void) | undefined
}

export class Network {
  readonly #timeline: Timeline
  readonly #active: Active
  readonly #random: Random
  readonly #hungOnce = new WeakMap<Fault, Set<Machine>>()

  constructor(timeline: Timeline, active: Active, random: Random) {
    this.#timeline = timeline
    this.#active = active
    this.#random = random
  }

  /** The outcome is decided when the question is sent; the answer arrives later, or never. */
  pass<T>({ service, machine, signal, answer, delivered }: Passage<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const state = this.#stateOf(service, machine)
    let stop = (): void => {}
    const abort = (): void => {
      stop()
      reject(signal.reason)
    }
    const arrive = (then: () => void): void => {
      const timer = this.#timeline.after(state.delayMs, machine, () => {
        signal.removeEventListener('abort', abort)
        then()
      })
      stop = () => void (timer.isCancelled = true)
    }
    if (signal.aborted) abort()
    else {
      signal.addEventListener('abort', abort, { once: true })
      if (state.isDown) arrive(() => reject(refusedConnection()))
      else if (!state.hangs) {
        const value = answer()
        const { suspendedMs } = machine
        arrive(() => {
          // The other side has given a sleeper's connection up.
          if (machine.suspendedMs > suspendedMs && this.#random.chance(0.5)) return reject(refusedConnection())
          delivered?.(value)
          resolve(value)
        })
      }
    }
    return promise
  }

  #stateOf(service: Service, machine: Machine): { isDown: boolean; hangs: boolean; delayMs: number } {
    const active = this.#active
    const is = (kind: FaultKind): boolean => active.of(kind) !== undefined
    const server = service === 'metadata' ? 'maskinporten' : service
    const [min, max] = service !== 'redis' && this.#random.chance(0.01) ? TAIL : LATENCY[service]
    const isBlip = (server === 'maskinporten' || server === 'altinn') && is(`${server} blip`)
    const late = service === 'maskinporten' ? active.of('maskinporten late')?.amount : undefined
    return {
      isDown: isBlip || is(`${service} down`) || is(`${server} down`) || machine.cutOffFrom.has(server),
      hangs: is(`${service} hangs`) || is(`${server} hangs`) || this.#hangsOnce(service, machine),
      delayMs: this.#random.between(min, max) + (active.of(`${server} slow`)?.amount ?? 0) + (late ?? 0),
    }
  }

  /** The first request of each machine, as on a connection that a firewall has forgotten. */
  #hangsOnce(service: Service, machine: Machine): boolean {
    const fault = service === 'maskinporten' ? this.#active.of('maskinporten hangs once') : undefined
    if (fault === undefined) return false
    const met = this.#hungOnce.get(fault) ?? new Set()
    this.#hungOnce.set(fault, met)
    return met.size < met.add(machine).size
  }
}

function refusedConnection(): TypeError {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  return Object.assign(new TypeError('fetch failed'), { cause })
}
