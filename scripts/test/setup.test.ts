import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
let clone: string

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'setup-'))
  mkdirSync(join(clone, 'scripts'))
  for (const file of ['package.json', 'pnpm-lock.yaml', 'scripts/setup.mjs', 'scripts/node-packages.json'])
    copyFileSync(join(root, file), join(clone, file))
})
afterEach(() => {
  rmSync(clone, { recursive: true })
})

/** The set-up of an empty clone on a process that says this of itself. */
function setUp(
  self: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly said: string; readonly code: number | null }> {
  return new Promise((resolve, reject) => {
    const words = ['--import', `data:text/javascript,${encodeURIComponent(self)}`, join(clone, 'scripts', 'setup.mjs')]
    const child = spawn(process.execPath, words, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    child.on('error', reject)
    child.on('close', (code) => {
      resolve({ said, code })
    })
  })
}

const platform = (name: string): string => `Object.defineProperty(process, 'platform', { value: '${name}' })`
const arch = (name: string): string => `Object.defineProperty(process, 'arch', { value: '${name}' })`
const oldNode = `Object.defineProperty(process.versions, 'node', { value: '20.20.2' })`

describe('the set-up', () => {
  it('says which platforms it is for on another one', async () => {
    const { said, code } = await setUp(platform('sunos') + ';' + arch('x64'))
    expect(said).toMatch(/^set-up: sunos-x64 is not a platform .* use one of linux-x64, /)
    expect(code).toBe(1)
  })

  it('asks for a newer Node by hand where the registry has none', async () => {
    const { said, code } = await setUp([platform('win32'), arch('arm64'), oldNode].join(';'))
    expect(said).toMatch(/^set-up: Node 20.20.2 is too old, .* for win32-arm64. Install Node >=22/)
    expect(code).toBe(1)
  })

  it('says that it cannot write', async () => {
    writeFileSync(join(clone, 'node_modules'), 'a file, where a folder should come')
    const { said, code } = await setUp('')
    expect(said).toMatch(
      /^set-up: cannot write to .*node_modules \(E[A-Z]+\). Clone the repository into a folder you own/,
    )
    expect(code).toBe(1)
  })

  it('says that the registry cannot be reached', async () => {
    const home = join(clone, 'home')
    const { said, code } = await setUp('', {
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_cache: home,
      HOME: home,
    })
    expect(said).toContain(
      'set-up: installing the packages of pnpm-lock.yaml failed. The npm registry cannot be reached: check',
    )
    expect(code).toBe(1)
  })
})
