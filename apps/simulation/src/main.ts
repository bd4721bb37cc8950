/** `npm run simulate`: see the README. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { directed } from './directed.ts'
import { plant } from './planted.ts'
import { hunt } from './planted-runs.ts'
import { plants } from './plants.ts'

const usage = `npm run simulate -- [--seed 1] [--days 2] [--instances 8] [--plot simulation.svg]
  one run; a broken promise is cut down to a test, which is printed
npm run simulate -- --minutes 60 [--seed 1] [--days 7] [--instances 64]
  one seed after the other for so long; says which pairs of faults and which rare branches were seen
npm run simulate -- --planted [--seed 1] [--seeds 6] [--days 2] [--instances 8]
  every planted bug, until it is found
npm run simulate -- --plant "no lease" [--json]
  one run with that bug in core`

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '6' },
    days: { type: 'string' },
    instances: { type: 'string' },
    minutes: { type: 'string' },
    plot: { type: 'string' },
    plant: { type: 'string' },
    planted: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const seed = numberOf('seed', values.seed)
const seeds = numberOf('seeds', values.seeds)
const minutes = values.minutes === undefined ? undefined : numberOf('minutes', values.minutes)
const days = numberOf('days', values.days ?? (minutes === undefined ? '2' : '7'))
const instances = numberOf('instances', values.instances ?? (minutes === undefined ? '8' : '64'))

if (values.help) console.log(usage)
else if (values.planted) await huntAll()
else {
  // Before core is loaded, by what is imported next.
  if (values.plant !== undefined) plant(values.plant)
  const { runOnce, runFor, findIn } = await import('./runs.ts')
  if (values.json)
    console.log(
      JSON.stringify(await findIn({ seed, hours: 24 * days, instances }, seeds, directed[values.plant ?? ''])),
    )
  else if (minutes !== undefined) await runFor(minutes, { seed, hours: 24 * days, instances })
  else {
    const svg = await runOnce({ seed, hours: 24 * days, instances })
    if (values.plot !== undefined) writeFileSync(values.plot, svg)
  }
}

async function huntAll(): Promise<void> {
  console.log('| planted bug | found by | seed | after simulated hours |\n|---|---|---|---|')
  const findings = await hunt(Object.keys(plants), { seed, seeds, days, instances }, (one) =>
    console.log(`| ${one.name} | ${one.invariant ?? '**not found**'} | ${one.seed} | ${one.hours.toFixed(1)} |`),
  )
  const missed = findings.filter(({ invariant }) => invariant === undefined)
  console.log(`\n${findings.length - missed.length} of ${findings.length} planted bugs were found.`)
  if (missed.length > 0) process.exitCode = 1
}

function numberOf(name: string, text: string): number {
  const number = Number(text)
  if (Number.isFinite(number) && number > 0) return number
  console.error(`--${name} is not a number above zero\n\n${usage}`)
  process.exit(2)
}
