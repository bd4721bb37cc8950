// The budgets of size/budgets.ts, and, where one is exceeded, the files that grew. `--write` writes today's weights down.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'
import { WEIGHTS } from './size/budgets.ts'
import { differences, shortPath } from './size/weights.ts'
import { readJson, record, root, type Json } from './workspace.ts'

const notes = mkdtempSync(join(tmpdir(), 'size-'))
try {
  const command = ['node', 'node_modules/size-limit/bin.js', '--json', '--config', 'scripts/size/budgets.ts']
  const { output } = await runCommand(command, { cwd: root, env: { SIZE_NOTES: notes } })
  const results: unknown = /^\[/m.test(output) ? JSON.parse(output.slice(output.search(/^\[/m))) : undefined
  if (!Array.isArray(results)) throw new Error(`size-limit did not measure:\n${output.trim()}`)
  if (process.argv.includes('--write')) write(results.map(record))
  else for (const result of results.map(record)) report(result)
} finally {
  rmSync(notes, { recursive: true })
}

function write(results: readonly Json[]): void {
  const weights = results.map(({ name, size }) => [name, { bytes: size, files: filesOf(name) }])
  writeFileSync(WEIGHTS, `${JSON.stringify(Object.fromEntries(weights), undefined, 2)}\n`)
  console.log('wrote scripts/size/weights.json')
}

function report({ name, size, sizeLimit, passed }: Json): void {
  const [weight, limit, before] = [Number(size), Number(sizeLimit), record(readJson(WEIGHTS)[String(name)])]
  const line = `${String(name)}: ${(weight / 1000).toFixed(2)} kB of ${(limit / 1000).toFixed(2)} kB`
  if (passed === true) return console.log(line)
  process.exitCode = 1
  console.error(`${line}: ${weight - limit} bytes too many, and ${weight - Number(before['bytes'])} more than written.`)
  console.error('  Make it smaller, or write the new weights with `npm run size -- --write` and say why in the commit.')
  console.error('  Files that changed since, in bytes before compression, without comments:')
  for (const { file, from, to } of differences(record(before['files']), filesOf(name)))
    console.error(`  ${String(to - from).padStart(7)}  ${file} (${from} → ${to})`)
}

/** Path → length in the bundle, by the plugin of size/budgets.ts. */
function filesOf(budget: unknown): Readonly<Record<string, number>> {
  const noted = Object.entries(readJson(join(notes, `${String(budget)}.json`)))
    .map(([id, length]): readonly [string, number] => [shortPath(root, id), Number(length)])
    // What stands outside the tree is the line by which size-limit itself imports them.
    .filter(([file, length]) => length > 0 && !file.startsWith('..') && !file.includes(':'))
  return Object.fromEntries(noted.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}
