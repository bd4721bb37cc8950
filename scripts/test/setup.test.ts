import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readJson, record, type Json } from '../workspace.ts'

const root = join(import.meta.dirname, '..', '..')
let clone: string

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'setup-'))
  mkdirSync(join(clone, 'scripts', 'pnpm'), { recursive: true })
  const scripts = [
    'setup.mjs',
    'verified-install.mjs',
    'verified-node.mjs',
    'node-packages.json',
    'pnpm/package.json',
    'pnpm/package-lock.json',
  ]
  for (const file of ['package.json', 'pnpm-lock.yaml', ...scripts.map((one) => `scripts/${one}`)])
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
const runBy = (version: string): string => `Object.defineProperty(process.versions, 'node', { value: '${version}' })`
const oldNode = runBy('20.20.2')

describe('the set-up', () => {
  it('says which platforms it is for on another one', async () => {
    const { said, code } = await setUp(platform('sunos') + ';' + arch('x64'))
    expect(said).toMatch(/^set-up: sunos-x64 is not a platform .* use one of linux-x64, /)
    expect(code).toBe(1)
  })

  it('asks for a newer Node by hand where the registry has none', async () => {
    const { said, code } = await setUp([platform('win32'), arch('arm64'), oldNode].join(';'))
    expect(said).toMatch(/^set-up: Node 20.20.2 is too old, .* for win32-arm64. Install Node \^22\.18/)
    expect(code).toBe(1)
  })

  // 24.0.0 and 24.0.1 end the process where a signature fails (CVE-2025-23166), and tests of keys that do not fit do that.
  it.each([
    ['22.17.1', true],
    ['22.18.0', false],
    ['22.23.5', false],
    ['23.11.1', true],
    ['24.0.1', true],
    ['24.0.2', false],
    ['26.0.0', false],
  ])('brings a newer Node for Node %s: %s', async (version, brought) => {
    writeFileSync(join(clone, 'node_modules'), 'a file, where a folder should come')
    const { said } = await setUp([platform('win32'), arch('arm64'), runBy(version)].join(';'))
    expect(said).toMatch(brought ? /^set-up: Node \S+ is too old/ : /^set-up: cannot write/)
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
    expect(said).toMatch(/^set-up: installing pnpm [\d.]+ failed\. The npm registry cannot be reached: check/)
    expect(code).toBe(1)
  })

  // npm tries a download again before it gives up.
  it.each(['pnpm', 'Node'])(
    'refuses a %s that is not the one this repository names',
    { timeout: 120_000 },
    async (what) => {
      if (what === 'Node') pretendToHavePnpm()
      const registry = await startRegistryOfForgeries()
      try {
        const { said, code } = await setUp(what === 'Node' ? oldNode : '', {
          npm_config_registry: registry.url,
          npm_config_cache: join(clone, 'cache'),
        })
        expect(said).toMatch(
          new RegExp(`^set-up: installing ${what} [\\d.]+ failed\\. The registry sent something other than`),
        )
        expect(said).toContain('EINTEGRITY')
        expect(code).toBe(1)
        expect(existsSync(join(clone, 'node_modules', '.setup'))).toBe(false)
      } finally {
        registry.close()
      }
    },
  )
})

describe('the integrity that is written down', () => {
  it('of pnpm is the same in packageManager, which corepack heeds, and in the lockfile, which npm heeds', () => {
    const locked = packagesOf(readJson(join(root, 'scripts', 'pnpm', 'package-lock.json')))
    const { version, integrity } = record(locked['node_modules/pnpm'])
    const hex = Buffer.from(String(integrity).replace('sha512-', ''), 'base64').toString('hex')
    expect(readJson(join(root, 'package.json'))['packageManager']).toBe(`pnpm@${String(version)}+sha512.${hex}`)
    const wanted = record(readJson(join(root, 'scripts', 'pnpm', 'package.json'))['dependencies'])
    expect(wanted).toEqual({ pnpm: version })
  })

  it('is there for pnpm and for the Node of the set-up on every platform', () => {
    const locked = packagesOf(readJson(join(root, 'scripts', 'pnpm', 'package-lock.json')))
    for (const name of ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'])
      expect(record(locked[`node_modules/@pnpm/exe.${name}`])['integrity']).toMatch(/^sha512-\S{88}$/)
    const [, version = ''] = versionsOf()
    for (const one of Object.values(readJson(join(root, 'scripts', 'node-packages.json'))))
      expect(record(record(one)['integrity'])[version]).toMatch(/^sha512-\S{88}$/)
  })
})

function packagesOf(lockfile: Json): Json {
  return record(lockfile['packages'])
}

/** Of pnpm, and of the Node that the set-up brings. */
function versionsOf(): readonly string[] {
  const { dependencies } = readJson(join(root, 'scripts', 'pnpm', 'package.json'))
  const [, node = ''] = /NODE_VERSION = '(.*)'/.exec(readFileSync(join(root, 'scripts', 'setup.mjs'), 'utf8')) ?? []
  return [String(record(dependencies)['pnpm']), node]
}

/** As far as the set-up looks: its version, and a script that installs nothing. */
function pretendToHavePnpm(): void {
  const { dependencies } = readJson(join(clone, 'scripts', 'pnpm', 'package.json'))
  const folder = join(clone, 'scripts', 'pnpm', 'node_modules', 'pnpm')
  mkdirSync(join(folder, 'bin'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: record(dependencies)['pnpm'] }))
  writeFileSync(join(folder, 'bin', 'pnpm.mjs'), '')
}

/** A registry that has every package in every version that is asked for, and sends its own bytes for it. */
async function startRegistryOfForgeries(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    if (request.url?.endsWith('.tgz')) return void response.end('not a package of anybody')
    const name = decodeURIComponent(request.url?.slice(1) ?? '')
    const versions = versionsOf().map((version): [string, Json] => [
      version,
      { name, version, dist: { tarball: `${url}${name}-${version}.tgz` } },
    ])
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ name, versions: Object.fromEntries<Json>(versions) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}/`
  return { url, close: () => void server.close() }
}
