/** What the command runs, and what it says of it. */
import type { Directed } from './directed.ts'
import { faultKinds, isFault } from './faults.ts'
import { Plot } from './plot.ts'
import { sometimes } from './referee/sometimes.ts'
import { asTest, shrink } from './shrink.ts'
import { type Outcome, type Scenario, simulate } from './simulate.ts'

const REAL_SECOND = 1_000

/** Returns the plot. */
export async function runOnce(scenario: Scenario): Promise<string> {
  const plot = new Plot(scenario.hours)
  const outcome = await simulate({ ...scenario, watch: (world) => plot.watch(world) })
  const { counts, hours, hash } = outcome
  console.log(
    `seed ${scenario.seed}, ${scenario.instances} instances, ${hours.toFixed(1)} simulated hours: ${counts.calls} calls, ${counts.failures} failed, ` +
      `${counts.requests} token requests, ${counts.exchanges} exchanges, ${outcome.pairs.size} pairs of faults, log ${hash}`,
  )
  await explain(scenario, outcome)
  return plot.toSvg(
    `Maskinporten Kit: seed ${scenario.seed}, ${scenario.instances} instances, ${hours.toFixed(0)} h`,
    outcome.faults,
  )
}

/** One seed after the other until so many minutes have passed. */
export async function runFor(minutes: number, scenario: Scenario): Promise<void> {
  // Not `performance.now`, which is virtual during a run.
  const endsAt = Date.now() + minutes * 60 * REAL_SECOND
  const seen = new Set<string>()
  const pairs = new Set<string>()
  let total = 0
  let { seed } = scenario
  const isOver = (): boolean => Date.now() >= endsAt
  for (; !isOver(); seed++) {
    const outcome = await simulate({ ...scenario, seed, isOver })
    total += outcome.hours
    for (const what of outcome.seen) seen.add(what)
    for (const pair of outcome.pairs) pairs.add(pair)
    if (!isOver())
      console.log(
        `seed ${seed}: ${outcome.hours.toFixed(1)} h, ${outcome.counts.calls} calls, ${outcome.counts.failures} failed, ${outcome.counts.requests} token requests, ${pairs.size} pairs so far`,
      )
    if (await explain({ ...scenario, seed }, outcome)) return
  }
  const missing = sometimes.filter((what) => !seen.has(what))
  const kinds = faultKinds.filter((kind) => isFault({ kind, at: 0, forMs: 0 })).length
  const all = (kinds * (kinds + 1)) / 2
  console.log(
    `${(total / 24).toFixed(1)} simulated days of ${scenario.instances} instances, seeds ${scenario.seed} to ${seed - 1}: every promise held.`,
  )
  console.log(
    `${pairs.size} of ${all} pairs of faults; ${sometimes.length - missing.length} of ${sometimes.length} rare branches${missing.length > 0 ? `, not: ${missing.join('; ')}` : ''}.`,
  )
  if (missing.length > 0 || pairs.size < all) process.exitCode = 1
}

/** The first of so many seeds that breaks a promise, for the hunt after planted bugs. A directed schedule goes before them. */
export async function findIn(scenario: Scenario, seeds: number, directed?: Directed): Promise<object> {
  const drawn = Array.from({ length: seeds }, (_, index) => ({ ...scenario, seed: scenario.seed + index }))
  let hours = 0
  for (const one of directed === undefined ? drawn : [{ ...scenario, ...directed }, ...drawn]) {
    const outcome = await simulate(one)
    hours += outcome.hours
    const [breach] = outcome.breaches
    if (breach !== undefined) return { ...breach, seed: one.seed, hours }
  }
  return { what: '', seed: scenario.seed + seeds - 1, hours }
}

/** Whether a promise was broken. */
async function explain(scenario: Scenario, outcome: Outcome): Promise<boolean> {
  const [breach] = outcome.breaches
  if (breach === undefined) return false
  process.exitCode = 1
  console.log(
    `\nbroken: ${breach.invariant}, after ${(breach.at / 3_600_000).toFixed(2)} h: ${breach.what}\n\ncutting it down …`,
  )
  const failing = await shrink(scenario, outcome)
  console.log(`\n${asTest(failing, `${breach.invariant}: ${breach.what}`)}`)
  return true
}
