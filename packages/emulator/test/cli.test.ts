import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'

const command = new URL('../src/cli.ts', import.meta.url).pathname
const running: ChildProcess[] = []

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

interface Run {
  readonly child: ChildProcess
  /** Resolves with what was printed when it contains `text`, or when the process ends. */
  readonly until: (text: string) => Promise<string>
  readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>
}

function run(...args: readonly string[]): Run {
  const child = spawn(process.execPath, ['--conditions=@maskinporten-kit/source', command, ...args])
  running.push(child)
  let printed = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ended = new Promise<{ code: number | null; errors: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, errors }))
  })
  return {
    child,
    ended,
    until: (text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (printed.includes(text)) resolve(printed)
        }
        child.stdout.on('data', look)
        void ended.then(() => resolve(printed))
        look()
      }),
  }
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  'prints addresses and a ready-made section, and ends cleanly at %s',
  async (signal) => {
    const { child, ended, until } = run('--client', 'altinn:serviceowner/instances.read')
    const printed = await until('Ctrl-C')
    expect(printed).toContain('not affiliated with Digdir or Altinn')
    const section = printed.slice(printed.indexOf('{'), printed.lastIndexOf('}') + 1)
    const issuer = /Maskinporten +(\S+)/.exec(printed)?.[1]
    expect(JSON.parse(section)).toMatchObject({
      MaskinportenSettings: { authority: issuer, scope: 'altinn:serviceowner/instances.read' },
    })
    child.kill(signal)
    expect(await ended).toEqual({ code: 0, errors: '' })
  },
)

test('prints one line of JSON for scripts, registers each client asked for, and writes the authority where it is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emulator-'))
  try {
    const ca = join(folder, 'ca.pem')
    const { child, ended, until } = run('--json', '--client', 'a:b', '--client', 'c:d e:f 310702641', '--ca', ca)
    const summary: unknown = JSON.parse(await until('\n'))
    expect(summary).toMatchObject({
      clients: [{ scopes: ['a:b'] }, { scopes: ['c:d', 'e:f'], orgNumber: '310702641' }],
      ca: await readFile(ca, 'utf8'),
    })
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0 })
  } finally {
    await rm(folder, { recursive: true })
  }
})

test.each([
  [['--port', 'x'], '--port is a number'],
  [['--what'], "Unknown option '--what'"],
  [['--client', '310702641'], 'one scope or more'],
])('%j ends with 1 and one sentence', async (args, words) => {
  const { code, errors } = await run(...args).ended
  expect(code).toBe(1)
  expect(errors).toContain(words)
  expect(errors.trim().split('\n')).toHaveLength(1)
})
