/** What is held for many identities, and for more of them than may be held. */
import { numbersOf } from '../child.ts'
import type { Measure } from '../measure.ts'
import { type Round, interleave } from '../rounds.ts'

const SCRIPT = new URL('../processes/heap.ts', import.meta.url)
const FLAGS = ['--expose-gc', '--conditions=@maskinporten-kit/source']
const KEYS = 10_000
const MANY_KEYS = 100_000
const MAX = 1_000
const KIB = 1024
const MIB = 1024 * KIB

const systems = ['limit', 'ours', 'ours, bound', 'lru-cache', '@smithy/property-provider']
/** The others know no bound. */
const bounded = ['ours', 'ours, bound', 'lru-cache']

export const heap: Measure = {
  name: 'heap',
  title: 'Heap for each of 10,000 keys with tokens of 1.1 kB; held after 100,000 with at most 1,000 tokens',
  figures: [
    { name: 'a key', unit: 'KiB', against: 'limit' },
    { name: 'held', unit: 'MiB' },
  ],
  budget: [
    { system: 'ours', figure: 'a key', atMost: 1.3 },
    { system: 'ours', figure: 'held', atMost: 4 },
  ],
  systems,
  processes: 1,
  async run(effort) {
    const rounds = Object.fromEntries(systems.map((system) => [system, heapOf(system, effort.pick(1, 0) === 1)]))
    return { samples: await interleave(rounds, effort.pick(1, 5)) }
  },
}

function heapOf(system: string, short: boolean): Round {
  return async () => ({
    'a key': (await bytesOf(system, KEYS, KEYS)) / KEYS / KIB,
    ...(bounded.includes(system)
      ? { held: (await bytesOf(system, short ? MANY_KEYS / 10 : MANY_KEYS, MAX)) / MIB }
      : {}),
  })
}

async function bytesOf(system: string, keys: number, max: number): Promise<number> {
  return (await numbersOf(SCRIPT, [system, String(keys), String(max)], { flags: FLAGS }))['bytes'] ?? Number.NaN
}
