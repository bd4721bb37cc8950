// The budgets of size/budgets.ts, and, where one is exceeded, what went into the bundle.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { note } from './note.ts'
import { runCommand } from './run-command.ts'
import { budgets } from './size/budgets.ts'
import { readJson, record, root } from './workspace.ts'

const notes = mkdtempSync(join(tmpdir(), 'size-'))
try {
  const { code, output } = await runCommand(
    ['node', 'node_modules/size-limit/bin.js', '--json', '--config', 'scripts/size/budgets.ts'],
    { cwd: root, env: { SIZE_NOTES: notes } },
  )
  const results: unknown = /^\[/m.test(output) ? JSON.parse(output.slice(output.search(/^\[/m))) : undefined
  if (!Array.isArray(results)) throw new Error(`size-limit did not measure:\n${output.trim()}`)
  for (const result of results) report(result)
  if (code !== 0) process.exitCode = 1
} finally {
  rmSync(notes, { recursive: true })
}

function report(result: unknown): void {
  const { name, size, sizeLimit, passed } = record(result)
  const [weight, limit] = [Number(size), Number(sizeLimit)]
  const goal = budgets.find((budget) => budget.name === name)?.goal
  const missed = goal !== undefined && weight > Number.parseFloat(goal) * 1000
  const line = `${String(name)}: ${(weight / 1000).toFixed(2)} kB of ${(limit / 1000).toFixed(2)} kB${missed ? ` (the goal of ${goal} is missed)` : ''}`
  if (passed === true) return missed ? note(line) : console.log(line)
  console.error(`${line}: ${weight - limit} bytes too many. In the bundle, in bytes before compression:`)
  for (const [id, length] of modulesOf(String(name)))
    console.error(`  ${String(length).padStart(7)}  ${relative(root, id)}`)
}

function modulesOf(name: string): readonly (readonly [string, number])[] {
  return Object.entries(readJson(join(notes, `${name}.json`)))
    .map(([id, length]): readonly [string, number] => [id, Number(length)])
    .filter(([, length]) => length > 0)
    .toSorted(([, one], [, other]) => other - one)
}
