// Everything that must hold before a change lands, the tests excepted: `npm run check`. Each step's time is printed;
// a step that fails shows what it said, and the others still run, so that one run tells all.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)
const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const packageManager = manifest instanceof Object && 'packageManager' in manifest ? String(manifest.packageManager) : ''

/** turbo asks the package manager for the graph, so pnpm must be on PATH. */
const turbo = (task: string): readonly string[] => [
  'npx',
  '--yes',
  '-p',
  packageManager,
  '-c',
  `turbo run ${task} --continue --output-logs=errors-only`,
]

const steps: readonly (readonly [string, readonly string[]])[] = [
  ['build', turbo('build')],
  ['types', turbo('types')],
  ['structure', ['node', 'scripts/check-structure.ts']],
  ['lint', ['oxlint', '--type-aware', '--deny-warnings']],
  ['format', ['oxfmt', '--check']],
]

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !steps.some(([step]) => step === name))
if (unknown.length > 0)
  throw new Error(`no such step: ${unknown.join(', ')}; there are ${steps.map(([name]) => name).join(', ')}`)

const failed: string[] = []
for (const [name, command] of steps) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const start = performance.now()
  const { code, output } = await run(command)
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6)
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${seconds} s  ${name}`)
  if (code === 0) continue
  failed.push(name)
  console.log(output.trim().replaceAll(/^/gm, '       '))
}
if (failed.length > 0) {
  console.log(`check failed: ${failed.join(', ')}. Run one alone with \`npm run check -- ${failed[0] ?? ''}\`.`)
  process.exitCode = 1
}

function run([command = '', ...words]: readonly string[]): Promise<{
  readonly code: number | null
  readonly output: string
}> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      cwd: root,
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', NO_COLOR: '1' },
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      resolve({ code, output: Buffer.concat(chunks).toString('utf8') })
    })
  })
}
