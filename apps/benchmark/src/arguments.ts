/** What `pnpm bench` is asked to do. */
import { parseArgs } from 'node:util'
import type { Effort } from './measure.ts'

export interface Arguments {
  readonly names: readonly string[]
  /** All measures, in full, undisturbed. */
  readonly whole: boolean
  readonly effort: Effort['kind']
  readonly check: boolean
  readonly readme: boolean
  readonly profile: boolean
  readonly help: boolean
}

export const usage = `pnpm bench [names] [options]

  names       the measures to run; default: all
  --check     exits 1 when ours misses a goal beyond the noise and beyond what is accepted
  --short     few rounds, to see that it runs: its figures are no figures
  --readme    writes the tables into README.md
  --profile   writes a processor profile of each process of a measure to results/
  --help
`

/** @throws TypeError for a name that no measure has, an option that there is not, and --readme for less than a whole run. */
export function readArguments(words: readonly string[], known: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      check: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      readme: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const unknown = positionals.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new TypeError(`there is no measure ${unknown.join(', ')}; choose from ${known.join(', ')}`)
  const { check, short, readme, profile, help } = values
  if (readme && positionals.length > 0)
    throw new TypeError('README.md holds one whole run; give --readme without names')
  if (readme && short) throw new TypeError('the figures of --short are no figures; give --readme without it')
  if (readme && profile) throw new TypeError('a profile slows what it looks at; give --readme without --profile')
  return {
    names: positionals.length === 0 ? known : positionals,
    whole: positionals.length === 0 && !short && !profile,
    effort: short ? 'short' : 'full',
    check,
    readme,
    profile,
    help,
  }
}
