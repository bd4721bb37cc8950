import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compile } from '../consumers/compile.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compilers-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** What is said of a compiler that prints this and ends so. */
function compiled(output: string, ending: string): Promise<void> {
  const path = join(folder, 'tsc.mjs')
  writeFileSync(path, `process.stdout.write(${JSON.stringify(output)})\n${ending}\n`)
  return compile([process.execPath, path], folder, 'nodenext')
}

const foreign = "node_modules/axios/index.d.ts(3,1): error TS2304: Cannot find name 'A'.\n  It is not there.\n"
const ours = "node_modules/@maskinporten-kit/core/dist/index.d.ts(3,1): error TS2304: Cannot find name 'A'.\n"

describe('a compiler', () => {
  it.each([
    ['that is content', '', 'process.exitCode = 0'],
    ["that complains of others' types only", foreign, 'process.exitCode = 2'],
  ])('%s is a success', async (_, output, ending) => {
    await expect(compiled(output, ending)).resolves.toBeUndefined()
  })

  it.each([
    ['that complains of ours', `${foreign}${ours}`, 'process.exitCode = 2', /ended with 2:\nnode_modules\/@mask/],
    ['that complains of the example', 'src/app.ts(1,1): error TS1: No.\n', 'process.exitCode = 2', /src\/app/],
    ['that complains of its configuration', 'error TS5083: Cannot read file.\n', 'process.exitCode = 1', /TS5083/],
    ['that says nothing', '', 'process.exitCode = 1', /ended with 1/],
    ['that crashes', '', "throw new Error('out of cheese')", /ended with 1:[^]*out of cheese/],
    ['that crashes after a complaint of others', foreign, "throw new Error('out of cheese')", /out of cheese/],
    ['that is killed', foreign, "process.kill(process.pid, 'SIGKILL')", /ended with null/],
  ])('%s is a failure', async (_, output, ending, said) => {
    await expect(compiled(output, ending)).rejects.toThrow(said)
  })
})
