import { spawn } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cliFile, environmentWith, maskinporten, nodeArguments } from './maskinporten.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-endings-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs Node; resolves with the code, or with the signal that ended it. */
function node(args: readonly string[]): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { env: environmentWith(), stdio: 'ignore' })
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
}

async function millisecondsOf(args: readonly string[]): Promise<number> {
  const began = performance.now()
  expect(await node(args)).toBe(0)
  return performance.now() - began
}

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0

describe('maskinporten --version', { timeout: 120_000 }, () => {
  test('says the version of the package, as -V does', async () => {
    const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    expect(await maskinporten(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' })
    expect((await maskinporten(['-V'])).stdout).toBe(`${manifest.version}\n`)
  })

  test('starts within 1.3 times an empty ES module', async () => {
    // Both as JavaScript, as the package ships it: the types are not stripped at each start.
    const empty = join(folder, 'empty.mjs')
    await writeFile(empty, '')
    await writeFile(join(folder, 'package.json'), '{"type":"module","version":"1.2.3"}')
    const file = join(folder, 'dist.mjs')
    const source = stripTypeScriptTypes(await readFile(cliFile, 'utf8')).replace('../package.json', './package.json')
    await writeFile(file, source)
    const ratios: number[] = []
    // One after the other, so that the load of the machine is in both.
    for (let round = 0; round < 15; round++) {
      const before = await millisecondsOf([empty])
      const own = await millisecondsOf([file, '--version'])
      const after = await millisecondsOf([empty])
      ratios.push((2 * own) / (before + after))
    }
    expect(median(ratios)).toBeLessThan(1.3)
  })

  test.each([
    ['--version', []],
    ['keys create --help', ['commander']],
  ])('loads nothing for %s but what it needs, and never a library that asks', async (words, needed) => {
    const log = join(folder, 'loaded.txt')
    const hook = join(folder, 'hook.mjs')
    await writeFile(
      hook,
      `import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
registerHooks({ resolve: (specifier, context, next) => {
  appendFileSync(${JSON.stringify(log)}, specifier + '\\n')
  return next(specifier, context)
} })`,
    )
    await writeFile(log, '')
    const code = await node([`--import=${pathToFileURL(hook).href}`, ...nodeArguments, ...words.split(' ')])
    expect(code).toBe(0)
    const packages = (await readFile(log, 'utf8'))
      .split('\n')
      .filter((one) => /^[@a-z]/.test(one) && !/^(?:node|file):/.test(one))
    expect(packages).not.toContain('@clack/prompts')
    if (needed.length === 0) expect(packages).toEqual([])
    else for (const name of needed) expect(packages).toContain(name)
  })
})

/** Ends the command when it has said something; resolves with the code and what it said. */
function interrupted(
  words: readonly string[],
  when: RegExp,
): Promise<{ readonly code: number | null; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeArguments, ...words], { cwd: folder, env: environmentWith() })
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part
        if (when.test(text)) child.kill('SIGINT')
      })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, text }))
    child.stdin.on('error', () => undefined)
  })
}

/** Of SIGHUP, the first signal and the last that is listened to; Node itself has listeners for Ctrl-C. Linux says which a process has. */
const CAUGHT = 1n

async function untilCaught(pid: number): Promise<void> {
  for (let caught = 0n; (caught & CAUGHT) === 0n;) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    const [, mask = '0'] = /^SigCgt:\s*([\da-f]+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
    caught = BigInt(`0x${mask}`)
  }
}

describe('a command that is ended', { timeout: 120_000 }, () => {
  test.skipIf(process.platform !== 'linux')('by Ctrl-C ends with 130, as shells have it', async () => {
    // It waits for standard input.
    const child = spawn(process.execPath, [...nodeArguments, 'keys', 'inspect', '-'], {
      cwd: folder,
      env: environmentWith(),
    })
    const ended = new Promise((resolve) => child.once('close', (code) => resolve(code)))
    await untilCaught(child.pid ?? 0)
    child.kill('SIGINT')
    expect(await ended).toBe(130)
  })

  test('by Ctrl-C while the key is made leaves the old files, and none half-way', async () => {
    await maskinporten(['keys', 'create', '--kid', 'old'], { cwd: folder })
    const before = await readFile(join(folder, 'maskinporten.private.jwk.json'), 'utf8')
    const { code } = await interrupted(['keys', 'create', '--force', '--bits', '4096'], /Making the key/)
    const after = await readFile(join(folder, 'maskinporten.private.jwk.json'), 'utf8')
    // A key that is made within a second is not told of, and then it is there whole.
    if (code === 130) expect(after).toBe(before)
    else expect(JSON.parse(after)).toMatchObject({ kty: 'RSA' })
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('by a reader who has read enough ends quietly', async () => {
    const child = spawn(process.execPath, [...nodeArguments, 'scopes'], { env: environmentWith() })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.stdout.destroy()
    const code = await new Promise((resolve) => child.once('close', (ended) => resolve(ended)))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

test(
  'nothing is coloured that is no terminal, and FORCE_COLOR does not outdo NO_COLOR',
  { timeout: 60_000 },
  async () => {
    const words = ['keys', 'inspect', '-']
    const input = '{}'
    const [plain, without] = await Promise.all([
      maskinporten(words, { input }),
      maskinporten(words, { input, env: { FORCE_COLOR: '1', NO_COLOR: '1' } }),
    ])
    for (const { stdout } of [plain, without]) expect(stdout).not.toContain('\u001b[')
  },
)

test('the emulator is handed what follows, with its exit code', { timeout: 120_000 }, async () => {
  const [version, wrong] = await Promise.all([
    maskinporten(['emulator', '--version']),
    maskinporten(['emulator', '--bogus']),
  ])
  expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+/) })
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('maskinporten-emulator:') })
  const run = ['emulator', 'run', '--quiet', '--', process.execPath, '-e', 'process.exit(7)']
  expect(await maskinporten(run)).toMatchObject({ code: 7 })
})
