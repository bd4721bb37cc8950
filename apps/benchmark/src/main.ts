/** `pnpm bench`: runs the measures, prints their tables, writes them to results/. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Arguments, readArguments, usage } from './arguments.ts'
import { type Report, runInProcess } from './measure-process.ts'
import { measures } from './measures/names.ts'
import { refuseOldNode } from './node-version.ts'
import { toMarkdown } from './report/markdown.ts'
import { outcomeOf } from './report/outcome.ts'
import { type Run, intoReadme } from './report/readme.ts'
import { type Summary, summarise } from './report/summary.ts'
import { surroundings } from './surroundings.ts'

const DEFAULT_PROCESSES = 9
const folder = fileURLToPath(new URL('../results/', import.meta.url))
const readme = fileURLToPath(new URL('../README.md', import.meta.url))

async function main(): Promise<void> {
  refuseOldNode(process.versions.node)
  const asked = readArguments(process.argv.slice(2), Object.keys(measures))
  if (asked.help) return console.log(usage)
  const where = surroundings()
  console.log(`${where.date}, Node ${where.node}, ${where.platform}, ${where.processor}, load ${where.load}\n`)
  mkdirSync(folder, { recursive: true })
  const summaries: Summary[] = []
  const failed: string[] = []
  for (const name of asked.names) {
    try {
      const summary = await measured(name, asked)
      summaries.push(summary)
      console.log(`${toMarkdown(summary)}\n`)
    } catch (error) {
      // The others still run: one run tells all.
      failed.push(name)
      console.error(`${name} was not measured: ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  const run = { where, summaries, failed }
  write(run, asked)
  const { sentences, exitCode } = outcomeOf(run, asked.check)
  for (const sentence of sentences) console.error(sentence)
  console.error(`It took ${(process.uptime() / 60).toFixed(1)} minutes.`)
  process.exitCode = exitCode
}

async function measured(name: string, { effort, profile }: Arguments): Promise<Summary> {
  const first = await runInProcess(name, effort, profile ? folder : undefined)
  const wanted = effort === 'short' || profile ? 1 : (first.processes ?? DEFAULT_PROCESSES)
  const runs: Report[] = [first]
  while (runs.length < wanted) runs.push(await runInProcess(name, effort))
  return summarise(first, runs)
}

/** latest.json is a whole run; what is less goes beside it. */
function write(run: Run, { whole, effort, readme: toReadme }: Arguments): void {
  const { where, summaries, failed } = run
  const text = JSON.stringify({ ...where, effort, failed, measures: summaries }, undefined, 2)
  writeFileSync(`${folder}${whole ? 'latest' : 'partial'}.json`, `${text}\n`)
  if (toReadme) writeFileSync(readme, intoReadme(readFileSync(readme, 'utf8'), run))
}

main().catch((error: unknown) => {
  // What was asked for wrongly, and a Node that is too old, are no one's bug.
  if (error instanceof TypeError) console.error(`${error.message}; see --help`)
  else console.error(error instanceof RangeError ? error.message : error)
  process.exitCode = 1
})
