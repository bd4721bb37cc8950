// The budgets of size/budgets.ts, and, where one is exceeded, the files that grew. `--write` writes today's weights down.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'
import { WEIGHTS } from './size/budgets.ts'
import { differences, shortPath, type Weight } from './size/weights.ts'
import { readJson, record, root } from './workspace.ts'

const writing = process.argv.includes('--write')
const notes = mkdtempSync(join(tmpdir(), 'size-'))
try {
  const { code, output } = await runCommand(
    ['node', 'node_modules/size-limit/bin.js', '--json', '--config', 'scripts/size/budgets.ts'],
    { cwd: root, env: { SIZE_NOTES: notes } },
  )
  const results: unknown = /^\[/m.test(output) ? JSON.parse(output.slice(output.search(/^\[/m))) : undefined
  if (!Array.isArray(results)) throw new Error(`size-limit did not measure:\n${output.trim()}`)
  if (writing) {
    const now = Object.fromEntries(results.map((one) => [String(record(one)['name']), weightOf(one)]))
    writeFileSync(WEIGHTS, `${JSON.stringify(now, undefined, 2)}\n`)
    console.log('wrote scripts/size/weights.json')
  } else {
    const written = readJson(WEIGHTS)
    for (const result of results) report(result, record(written[String(record(result)['name'])]))
    if (code !== 0) process.exitCode = 1
  }
} finally {
  rmSync(notes, { recursive: true })
}

function report(result: unknown, before: Readonly<Record<string, unknown>>): void {
  const { name, size, sizeLimit, passed } = record(result)
  const [weight, limit] = [Number(size), Number(sizeLimit)]
  const line = `${String(name)}: ${(weight / 1000).toFixed(2)} kB of ${(limit / 1000).toFixed(2)} kB`
  if (passed === true) return console.log(line)
  console.error(`${line}: ${weight - limit} bytes too many, and ${weight - Number(before['bytes'])} more than written.`)
  console.error('  Files that changed since, in bytes before compression, without comments:')
  for (const { file, from, to } of differences(record(before['files']), weightOf(result).files))
    console.error(`  ${String(to - from).padStart(7)}  ${file} (${from} → ${to})`)
}

function weightOf(result: unknown): Weight {
  const { name, size } = record(result)
  const files = Object.entries(readJson(join(notes, `${String(name)}.json`)))
    .map(([id, length]): readonly [string, number] => [shortPath(root, id), Number(length)])
    // What stands outside the tree is the line by which size-limit itself imports them.
    .filter(([file, length]) => length > 0 && !file.startsWith('..') && !file.includes(':'))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
  return { bytes: Number(size), files: Object.fromEntries(files) }
}
