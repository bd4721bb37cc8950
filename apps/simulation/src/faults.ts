/** What goes wrong, when and for how long: plain data, drawn from a seed, so that a failing run can be cut down and pasted. */
import type { Random } from './random.ts'

/** Each kind with how long it may last, milliseconds. What happens in a moment counts as going on for half a minute. */
const LENGTHS = {
  'maskinporten down': [5_000, 300_000],
  'maskinporten blip': [500, 1_000],
  'maskinporten slow': [60_000, 300_000],
  'maskinporten late': [60_000, 600_000],
  'maskinporten hangs': [10_000, 300_000],
  'maskinporten hangs once': [60_000, 300_000],
  'maskinporten unavailable': [10_000, 600_000],
  'maskinporten throttles': [500, 60_000],
  'maskinporten refuses': [10_000, 120_000],
  'maskinporten babbles': [10_000, 120_000],
  'metadata down': [30_000, 600_000],
  'metadata hangs': [30_000, 600_000],
  'altinn down': [5_000, 300_000],
  'altinn blip': [500, 1_000],
  'altinn slow': [60_000, 300_000],
  'altinn hangs': [10_000, 300_000],
  'altinn unauthorised': [10_000, 600_000],
  'altinn forgets': [900_000, 900_000],
  'api rejects': [10_000, 600_000],
  'redis down': [10_000, 600_000],
  'redis slow': [10_000, 300_000],
  'redis hangs': [10_000, 300_000],
  'redis flushed': [30_000, 30_000],
  'redis poisoned': [10_000, 300_000],
  'vault down': [30_000, 600_000],
  'vault slow': [30_000, 300_000],
  'vault hangs': [30_000, 300_000],
  'key rotated': [30_000, 30_000],
  'key rotated, known late': [60_000, 180_000],
  'key revoked': [30_000, 30_000],
  'client changed': [30_000, 30_000],
  'clock ahead': [300_000, 3_600_000],
  'clock behind': [300_000, 3_600_000],
  stopped: [1_000, 900_000],
  suspended: [1_000, 3_600_000],
  killed: [1_000, 60_000],
  restarted: [30_000, 30_000],
  'cut off': [10_000, 300_000],
  scaled: [60_000, 900_000],
  rush: [30_000, 120_000],
} as const

export type FaultKind = keyof typeof LENGTHS

export interface Fault {
  readonly kind: FaultKind
  /** Milliseconds since the world began. */
  readonly at: number
  readonly forMs: number
  /** Which machine, for what happens to one; the number is taken modulo the machines there are. */
  readonly machine?: number | undefined
  /** How much: the delay of what is slow, the error of a clock (milliseconds), the seconds of a Retry-After, the number of new machines. */
  readonly amount?: number | undefined
  /** `cut off`: from which service. */
  readonly from?: string | undefined
}

export const faultKinds = Object.keys(LENGTHS) as readonly FaultKind[]

/** Load, not a fault: it explains nothing. */
const ALONE_WITH_LOAD = 'rush'

const AMOUNTS: Readonly<Partial<Record<FaultKind, readonly [number, ...number[]]>>> = {
  'maskinporten slow': [1_500, 4_000],
  'maskinporten late': [12_000],
  'maskinporten throttles': [1, 20, 60, 3_600],
  'altinn slow': [1_500, 4_000],
  'redis slow': [30, 400],
  'vault slow': [3_000],
  'clock ahead': [20_000, 180_000, 3_600_000],
  'clock behind': [20_000, 180_000, 3_600_000],
  scaled: [1, 3],
  rush: [2, 5],
}
const CUT_FROM = ['maskinporten', 'altinn', 'redis', 'vault'] as const

/** In so many pairs the machine is started anew. */
const DEPLOYED = 0.25

/** Every pair of kinds in turn, each pair close together, with calm in between; again until the end. */
export function drawFaults(random: Random, endsAt: number, meanGapMs = 1_500_000): readonly Fault[] {
  const faults: Fault[] = []
  const pairs = (): (readonly [FaultKind, FaultKind | undefined])[] =>
    random.shuffled(
      faultKinds.flatMap((one, index) => [
        [one, undefined] as const,
        ...faultKinds.slice(index).map((other) => [one, other] as const),
      ]),
    )
  let queue = pairs()
  for (let at = random.wait(meanGapMs / 4); at < endsAt; at += random.wait(meanGapMs)) {
    if (queue.length === 0) queue = pairs()
    const [one, other] = queue.shift() ?? ['redis down', undefined]
    const first = drawFault(random, one, at)
    faults.push(first)
    if (other === undefined) continue
    const lag = random.between(0, 0.9 * first.forMs)
    const second = drawFault(random, other, Math.round(at + lag))
    // Whatever is broken, somebody deploys.
    if (random.chance(DEPLOYED))
      faults.push({ ...drawFault(random, 'restarted', Math.round(at + lag)), machine: first.machine })
    // Two that act on one machine act on the same one.
    faults.push(random.chance(0.7) ? { ...second, machine: first.machine } : second)
  }
  return faults.toSorted((a, b) => a.at - b.at)
}

function drawFault(random: Random, kind: FaultKind, at: number): Fault {
  const [min, max] = LENGTHS[kind]
  // Short ones are as telling as long ones.
  const forMs = Math.round(min * (max / min) ** random.next())
  const amounts = AMOUNTS[kind]
  return {
    kind,
    at: Math.round(at),
    forMs,
    machine: random.below(1_000),
    ...(amounts === undefined ? {} : { amount: random.pick(amounts) }),
    ...(kind === 'cut off' ? { from: random.pick(CUT_FROM) } : {}),
  }
}

/** Which faults are going on. */
export class Active {
  readonly #active = new Map<FaultKind, Fault[]>()
  readonly #past: { readonly fault: Fault; readonly until: number }[] = []
  /** Pairs of kinds that were going on together. */
  readonly pairs: Set<string> = new Set()

  begin(fault: Fault): void {
    for (const other of this.all) if (isFault(other) && isFault(fault)) this.pairs.add(pairOf(fault.kind, other.kind))
    const list = this.#active.get(fault.kind) ?? []
    list.push(fault)
    this.#active.set(fault.kind, list)
    this.#past.push({ fault, until: fault.at + fault.forMs })
  }

  end(fault: Fault): void {
    const list = this.#active.get(fault.kind)?.filter((one) => one !== fault) ?? []
    if (list.length === 0) this.#active.delete(fault.kind)
    else this.#active.set(fault.kind, list)
  }

  /** The last one of that kind that is going on. */
  of(kind: FaultKind): Fault | undefined {
    return this.#active.get(kind)?.at(-1)
  }

  ofAll(kind: FaultKind): readonly Fault[] {
    return this.#active.get(kind) ?? []
  }

  get all(): readonly Fault[] {
    return [...this.#active.values()].flat()
  }

  /** Those that were going on at some time since then, or had ended less than `afterMs(fault)` before. */
  since(time: number, afterMs: (fault: Fault) => number): readonly Fault[] {
    const HOUR = 3_600_000
    // What is long over explains nothing any more.
    while ((this.#past[0]?.until ?? time) < time - 4 * HOUR) this.#past.shift()
    return this.#past
      .filter(({ fault, until }) => isFault(fault) && until + afterMs(fault) >= time)
      .map(({ fault }) => fault)
  }
}

export const isFault = ({ kind }: Fault): boolean => kind !== ALONE_WITH_LOAD
const pairOf = (a: FaultKind, b: FaultKind): string => [a, b].toSorted().join(' + ')
