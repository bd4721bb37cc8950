// `pnpm mutants`: takes one promise of the token engine away at a time, and wants the test that guards it to turn red.
// `pnpm mutants WORD` runs those whose name holds the word.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Mutant, mutants } from './mutants/list.ts'

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

const root = join(import.meta.dirname, '..')
const word = process.argv[2] ?? ''
const queue = mutants.filter((mutant) => mutant.name.includes(word))
const total = queue.length
if (total === 0) throw new Error(`no mutant's name holds "${word}"; scripts/mutants/list.ts has them all`)
const survivors: string[] = []
const started = performance.now()

async function worker(): Promise<void> {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const fault = await tryMutant(mutant)
    console.log(fault === undefined ? `killed    ${mutant.name}` : `SURVIVED  ${mutant.name}: ${fault}`)
    if (fault !== undefined) survivors.push(mutant.name)
  }
}

/** Why the mutant counts as alive; undefined when its test turned red. */
async function tryMutant(mutant: Mutant): Promise<string | undefined> {
  const source = readFileSync(join(root, 'packages/core/src', mutant.file), 'utf8')
  if (source.split(mutant.from).length !== 2)
    return `its text stands ${source.split(mutant.from).length - 1} times in ${mutant.file}, not once`
  const report = await run(mutant)
  if (report === undefined) return 'the tests did not run'
  const results = report.testResults.flatMap((file) => file.assertionResults)
  const named = results.filter((result) => result.fullName.includes(mutant.red))
  if (named.length === 0) return `no test is named "${mutant.red}"`
  if (named.every((result) => result.status === 'skipped' || result.status === 'pending'))
    return 'its tests were skipped'
  return named.some((result) => result.status === 'failed') ? undefined : `"${mutant.red}" stays green`
}

/** The tests' own report of a run with the mutant in memory. */
async function run(mutant: Mutant): Promise<Report | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'mutant-'))
  const file = join(folder, 'report.json')
  const files = mutant.run.map((name) => `packages/core/test/${name}`)
  const options = [
    '--config',
    'scripts/mutants/vitest.config.ts',
    '--root',
    root,
    '--outputFile',
    file,
    '-t',
    escape(mutant.red),
  ]
  try {
    await new Promise((resolve) => {
      const env = { ...process.env, MUTANT: JSON.stringify(mutant) }
      const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...options, ...files], {
        cwd: root,
        env,
        stdio: 'ignore',
      })
      child.on('close', resolve)
    })
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, worker))
console.log(
  `${total - survivors.length} of ${total} mutants killed in ${((performance.now() - started) / 1000).toFixed(1)} s`,
)
if (survivors.length > 0) process.exitCode = 1
