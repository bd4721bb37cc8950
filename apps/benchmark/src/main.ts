/** `pnpm bench`: runs the measures, prints their tables, writes results/latest.json. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readArguments, usage } from './arguments.ts'
import type { Effort } from './measure.ts'
import { type Report, runInProcess } from './measure-process.ts'
import { measures } from './measures/names.ts'
import { toMarkdown } from './report/markdown.ts'
import { intoReadme } from './report/readme.ts'
import { type Summary, summarise } from './report/summary.ts'
import { type Surroundings, surroundings } from './surroundings.ts'

const DEFAULT_PROCESSES = 5
const folder = fileURLToPath(new URL('../results/', import.meta.url))
const readme = fileURLToPath(new URL('../README.md', import.meta.url))

async function main(): Promise<void> {
  const asked = readArguments(process.argv.slice(2), Object.keys(measures))
  if (asked.help) return console.log(usage)
  const where = surroundings()
  console.log(`${where.date}, Node ${where.node}, ${where.platform}, ${where.processor}, load ${where.load}\n`)
  mkdirSync(folder, { recursive: true })
  const summaries: Summary[] = []
  const failed: string[] = []
  for (const name of asked.names) {
    try {
      const summary = await measured(name, asked.effort, asked.profile ? folder : undefined)
      summaries.push(summary)
      console.log(`${toMarkdown(summary)}\n`)
    } catch (error) {
      // The others still run: one run tells all.
      failed.push(name)
      console.error(`${name} was not measured: ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  write(where, summaries, asked.readme)
  if (failed.length > 0) {
    console.error(`Not measured: ${failed.join(', ')}.`)
    process.exitCode = 1
  }
  const exceeded = summaries.filter(({ verdicts }) => verdicts.some(({ judgement }) => judgement === 'exceeded'))
  if (exceeded.length === 0) return
  console.error(`Over the budget: ${exceeded.map(({ name }) => name).join(', ')}.`)
  if (asked.check) process.exitCode = 1
}

async function measured(name: string, effort: Effort['kind'], profileTo: string | undefined): Promise<Summary> {
  const runs: Report[] = [await runInProcess(name, effort, profileTo)]
  const [shape] = runs
  if (shape === undefined) throw new Error(`${name} was not measured`)
  const wanted = effort === 'short' || profileTo !== undefined ? 1 : (shape.processes ?? DEFAULT_PROCESSES)
  while (runs.length < wanted) runs.push(await runInProcess(name, effort))
  return summarise(shape, runs)
}

function write(where: Surroundings, summaries: readonly Summary[], toReadme: boolean): void {
  writeFileSync(`${folder}latest.json`, `${JSON.stringify({ ...where, measures: summaries }, undefined, 2)}\n`)
  if (toReadme) writeFileSync(readme, intoReadme(readFileSync(readme, 'utf8'), where, summaries))
}

main().catch((error: unknown) => {
  console.error(error instanceof TypeError ? `${error.message}; see --help` : error)
  process.exitCode = 1
})
