import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const fixtures = join(import.meta.dirname, 'fixtures', 'count')
const vitest = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs')

/** A run of its own over one folder of fixtures: its last line on standard output, and its exit code. */
function run(name: string): Promise<{ readonly last: string | undefined; readonly code: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [vitest, 'run', '--root', fixtures, '--dir', join(fixtures, name)], {
      env: { ...process.env, CASE: name },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.on('error', reject)
    child.on('close', (code) => {
      resolve({ last: output.trimEnd().split('\n').at(-1), code })
    })
  })
}

// Each starts a vitest of its own: a busy machine needs its time.
describe.concurrent('the last line of the tests', { timeout: 60_000 }, () => {
  it.each([
    ['passes', '1 passed, 0 failed, 2 skipped'],
    ['fails', '1 passed, 1 failed'],
    ['does-not-load', '0 passed, 1 failed'],
    ['file-throws', '0 passed, 1 failed'],
    ['hook-throws', '1 passed, 1 failed, 1 skipped'],
    ['rejection', '1 passed, 1 failed'],
    ['worker-dies', '0 passed, 1 failed, 1 skipped'],
    ['type-error', '1 passed, 1 failed'],
    ['nothing', '0 passed, 1 failed'],
  ])('counts a run that %s', async (name, line) => {
    const { last, code } = await run(name)
    expect(last).toBe(line)
    expect(code).toBe(name === 'passes' ? 0 : 1)
  })
})
