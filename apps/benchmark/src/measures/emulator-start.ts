/** What a start of the emulator costs a test that begins with it, keys included. */
import { build } from '../built-packages.ts'
import { numbersOf } from '../child.ts'
import type { Measure } from '../measure.ts'
import { interleave } from '../rounds.ts'

const SCRIPT = new URL('../processes/emulator-start.mjs', import.meta.url)

/** system → what the process does. */
const ways: Readonly<Record<string, string>> = {
  'nothing (Node)': 'nothing',
  'ours: startEmulator': 'in process',
  'ours: maskinporten-emulator': 'command',
}

export const emulatorStart: Measure = {
  name: 'emulator-start',
  title: 'The emulator: processor time of a process until it is ready, with Node itself',
  figures: [{ name: 'processor time', unit: 'ms' }],
  budget: ['ours: startEmulator', 'ours: maskinporten-emulator'].map((system) => ({
    system,
    figure: 'processor time',
    atMost: 600,
  })),
  systems: Object.keys(ways),
  processes: 1,
  async run(effort) {
    await build(['emulator'])
    const rounds = Object.fromEntries(
      Object.entries(ways).map(([system, way]) => [
        system,
        async () => ({ 'processor time': (await numbersOf(SCRIPT, [way]))['ms'] ?? Number.NaN }),
      ]),
    )
    await interleave(rounds, 1)
    return { samples: await interleave(rounds, effort.pick(7, 25)) }
  },
}
