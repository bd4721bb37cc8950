/** Cuts a failing run down to the few events that make it fail, and writes it as a test. */
import type { Fault } from './faults.ts'
import { type Outcome, type Scenario, simulate } from './simulate.ts'

const HOUR_MS = 3_600_000
/** What went before it is rarely the reason. */
const BEFORE_MS = 2 * HOUR_MS
/** When the first event comes in a run that was moved to the start: every token is there by then. */
const FIRST_AT_MS = 1_200_000
/** Where nothing fails any more, the chance of callers decides: so many seeds are tried. */
const SEEDS = 12

export type Failing = Scenario & { readonly faults: readonly Fault[] }

/** @param run how a scenario is tried. */
export async function shrink(
  scenario: Scenario,
  outcome: Pick<Outcome, 'breaches' | 'faults'>,
  run: (scenario: Scenario) => Promise<Pick<Outcome, 'breaches'>> = simulate,
): Promise<Failing> {
  const [breach] = outcome.breaches
  if (breach === undefined) throw new Error('nothing failed')
  const fails = async (one: Failing): Promise<boolean> => {
    const { breaches } = await run(one)
    return breaches.some(({ invariant }) => invariant === breach.invariant)
  }
  const hours = Math.ceil((breach.at / HOUR_MS + 0.05) * 100) / 100
  const near = outcome.faults.filter(({ at, forMs }) => at <= breach.at && at + forMs >= breach.at - BEFORE_MS)
  let failing: Failing = (await atTheStart({ ...scenario, hours, faults: near }, fails)) ?? {
    seed: scenario.seed,
    instances: scenario.instances,
    hours,
    faults: outcome.faults.filter(({ at }) => at <= breach.at),
  }
  failing = { ...failing, faults: await fewest(failing.faults, (faults) => fails({ ...failing, faults })) }
  for (const instances of [1, 2, 3, 4]) {
    if (instances < failing.instances && (await fails({ ...failing, instances }))) return { ...failing, instances }
  }
  return failing
}

/** The same events soon after the beginning, so that every further try takes no time. */
async function atTheStart(failing: Failing, fails: (one: Failing) => Promise<boolean>): Promise<Failing | undefined> {
  const first = Math.min(...failing.faults.map(({ at }) => at))
  const back = first - FIRST_AT_MS
  if (!(back > 0)) return undefined
  const faults = failing.faults.map((fault) => ({ ...fault, at: fault.at - back }))
  const hours = Math.ceil((failing.hours - back / HOUR_MS) * 100) / 100
  for (let seed = 1; seed <= SEEDS; seed++) {
    const moved = { seed, instances: failing.instances, hours, faults }
    if (await fails(moved)) return moved
  }
  return undefined
}

/** Delta debugging (Zeller): halves, then quarters and so on are left out as long as it still fails. */
async function fewest(
  faults: readonly Fault[],
  fails: (some: readonly Fault[]) => Promise<boolean>,
): Promise<readonly Fault[]> {
  if (await fails([])) return []
  let left = faults
  for (let parts = 2; left.length > 1;) {
    const size = Math.ceil(left.length / parts)
    const rest = await firstOf(parts, async (part) => {
      const some = left.filter((_, index) => Math.floor(index / size) !== part)
      return some.length < left.length && (await fails(some)) ? some : undefined
    })
    if (rest !== undefined) {
      left = rest
      parts = Math.max(2, parts - 1)
    } else if (parts >= left.length) return left
    else parts = Math.min(left.length, 2 * parts)
  }
  return left
}

async function firstOf<T>(count: number, attempt: (index: number) => Promise<T | undefined>): Promise<T | undefined> {
  for (let index = 0; index < count; index++) {
    const found = await attempt(index)
    if (found !== undefined) return found
  }
  return undefined
}

/** To be pasted into a file of `apps/simulation/test`. */
export function asTest({ seed, hours, instances, faults }: Failing, title: string): string {
  const lines = faults.map((fault) => `      ${JSON.stringify(fault)},`)
  return `import { expect, it } from 'vitest'
import { simulate } from '../src/simulate.ts'

it(${JSON.stringify(title)}, async () => {
  const { breaches } = await simulate({
    seed: ${seed},
    hours: ${hours},
    instances: ${instances},
    faults: [
${lines.join('\n')}
    ],
  })
  expect(breaches).toEqual([])
})
`
}
