import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmulator } from '@maskinporten-kit/emulator'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { proxyUnheeded } from '../../emulator/test/run-node.ts'
import { environmentWith } from './maskinporten.ts'

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** The test runs what the README shows: the block whose first line is this. */
const readme = await readFile(pathOf('../README.md'), 'utf8')
const blocks = [...readme.matchAll(/```sh\n([^]*?)```/g)].map(([, block = '']) => block)
const script = blocks.find((block) => block.startsWith('set -e\n')) ?? ''
/** What the same lines need with an emulator that runs; it has its fixed ports there. */
const variables = blocks.find((block) => block.startsWith('export ')) ?? ''

let folder = ''
let tools = ''
beforeAll(async () => {
  tools = await mkdtemp(join(tmpdir(), 'cli-bin-'))
  const commands = {
    maskinporten: pathOf('../src/cli.ts'),
    'maskinporten-emulator': pathOf('../../emulator/src/cli.ts'),
  }
  for (const [name, file] of Object.entries(commands)) {
    const text = `#!/bin/sh\nexec "${process.execPath}" --conditions=@maskinporten-kit/source "${file}" "$@"\n`
    await writeFile(join(tools, name), text)
    await chmod(join(tools, name), 0o755)
  }
  // What is installed: npx finds the command on the path without asking a registry.
  await writeFile(join(tools, 'npx'), '#!/bin/sh\nexec "$@"\n')
  await chmod(join(tools, 'npx'), 0o755)
  return () => rm(tools, { recursive: true })
})
beforeEach(async () => {
  // A file of tests before this one may have named an authority that is gone.
  vi.unstubAllEnvs()
  folder = await mkdtemp(join(tmpdir(), 'cli-newcomer-'))
  await writeFile(join(folder, 'first-call.sh'), script)
})
afterEach(() => rm(folder, { recursive: true }))

interface Result {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

function shell(words: readonly [string, ...string[]], env: Readonly<Record<string, string>> = {}): Promise<Result> {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const [file, ...rest] = words
    const path = `${tools}${delimiter}${process.env['PATH'] ?? ''}`
    // Nobody is at a terminal: standard input is closed.
    const child = spawn(file, rest, {
      cwd: folder,
      env: environmentWith({ ...env, PATH: path }),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const texts = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => (texts[name] += text))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, ...texts, seconds: (performance.now() - began) / 1000 }))
  })
}

interface Seen {
  readonly code: number
  /** Of a command that failed. */
  readonly stderr: string
  /** The last thing printed is the list of instances. */
  readonly list: unknown
  readonly modes: readonly number[]
  readonly leaks: readonly string[]
}

async function seen({ code, stdout, stderr }: Result): Promise<Seen> {
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')
  const files = ['maskinporten.private.jwk.json', 'maskinporten-admin.json']
  const jwk = JSON.parse(await read('maskinporten.private.jwk.json')) as Readonly<Record<string, string>>
  return {
    code,
    stderr: code === 0 ? '' : stderr,
    list: code === 0 ? JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1)) : undefined,
    modes: await Promise.all(files.map(async (file) => (await stat(join(folder, file))).mode & 0o777)),
    leaks: ['d', 'p', 'q', 'dp', 'dq', 'qi'].filter((member) => (stdout + stderr).includes(jwk[member] ?? 'none')),
  }
}

const right: Seen = {
  code: 0,
  stderr: '',
  list: expect.objectContaining({ instances: expect.any(Array) }),
  modes: [0o600, 0o600],
  leaks: [],
}

/** Of a machine that does other things at the same time, the time says nothing of the lines: it is told instead. */
function inAMinute({ seconds }: Result): void {
  const [load = 0] = loadavg()
  if (load < availableParallelism()) expect(seconds).toBeLessThanOrEqual(60)
  else
    console.warn(
      `not measured: ${seconds.toFixed(0)} s with a load of ${load.toFixed(1)} on ${availableParallelism()} processors`,
    )
}

/** The lines alone take 15 s of a processor's time; machines that run more besides take longer. */
const TIMEOUT_MS = 240_000

describe('a newcomer in an empty folder, with the lines of the README', () => {
  test('has them as a script', () => {
    expect(script.match(/^npx maskinporten \S+/gm)).toEqual(
      ['init', 'keys', 'register', 'key-vault', 'doctor', 'call'].map((word) => `npx maskinporten ${word}`),
    )
  })

  test(
    'gets the list from an emulator that runs',
    async () => {
      await using emulator = await startEmulator()
      await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
      // After `init`, as the README says: before it, there is no such file, and Node warns of each start.
      const lines = script.replace(/^npx maskinporten init .*\n/m, (line) => line + variables)
      const own = lines.replace('https://127.0.0.1:8056', emulator.entra.url)
      await writeFile(join(folder, 'first-call.sh'), own)
      const env = { EMULATED_MASKINPORTEN_CONTROL: emulator.control.url }
      const result = await shell(['sh', 'first-call.sh'], env)
      expect(result.stderr).not.toContain('Ignoring extra certs')
      expect(await seen(result)).toEqual(right)
      inAMinute(result)
    },
    TIMEOUT_MS,
  )

  test.skipIf(proxyUnheeded)(
    'gets the list under run, with nothing but the name of the environment, and the written file gets it too',
    async () => {
      await writeFile(
        join(folder, 'first-call.sh'),
        `${script}echo\nnode --conditions=@maskinporten-kit/source app.mjs\n`,
      )
      await installed()
      const run = ['maskinporten-emulator', 'run', '--no-client', '--', 'sh', 'first-call.sh'] as const
      const result = await shell(run)
      inAMinute(result)
      const [app = ''] = result.stdout.split('\n').slice(-2)
      expect(app).toMatch(/^200 \{.*"instances":\[/)
      expect(await seen({ ...result, stdout: result.stdout.slice(0, -app.length - 1) })).toEqual(right)
      const settings = JSON.parse(await readFile(join(folder, 'appsettings.json'), 'utf8')) as Record<string, object>
      expect(settings['MaskinportenSettings']).toMatchObject({ Environment: 'test' })
      expect(Object.keys(settings['MaskinportenSettings'] ?? {})).not.toContain('Authority')
    },
    TIMEOUT_MS,
  )
})

/** As after npm install: this repository's packages, from their sources. */
async function installed(): Promise<void> {
  const scope = join(folder, 'node_modules', '@maskinporten-kit')
  await mkdir(scope, { recursive: true })
  for (const name of ['apis', 'config-azure-key-vault', 'config-env', 'config-json', 'core', 'fetch'])
    await symlink(pathOf(`../../${name}`), join(scope, name))
}
