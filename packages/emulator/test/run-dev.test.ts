import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { readArguments } from '../src/command/arguments.ts'
import { callControl } from '../src/command/control-words.ts'
import { type Outcome, proxyUnheeded, runFile } from './run-node.ts'
import { emulate } from './run-under.ts'

const timeout = 60_000

interface Dev {
  readonly child: ChildProcess
  readonly control: string
  readonly told: () => string
  readonly until: (text: string) => Promise<void>
}

async function dev(command: readonly string[], args: readonly string[] = ['--port', '0']): Promise<Dev> {
  const child = spawn(process.execPath, [...emulate, 'dev', ...args, '--', ...command])
  onTestFinished(() => void child.kill('SIGKILL'))
  let told = ''
  const until = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (told.includes(text)) resolve()
      }
      child.stdout.on('data', look)
      child.stderr.on('data', look)
      child.once('close', () => reject(new Error(`ended without ${text}: ${told}`)))
      look()
    })
  child.stdout.on('data', (bytes: Buffer) => (told += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (told += bytes.toString()))
  await until('controls http://')
  return { child, control: /controls (\S+);/.exec(told)?.[1] ?? '', told: () => told, until }
}

const second = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
  runFile(process.execPath, [...emulate, ...args], env)

const listening = `
  setInterval(() => undefined, 1000)
  const ask = async () => { const answer = await fetch('https://test.maskinporten.no/jwk'); console.log('status ' + answer.status + ' ' + (answer.headers.get('retry-after') ?? '')) }
  process.stdin.on('data', ask); await ask()`

test.skipIf(proxyUnheeded)(
  'dev stays while the command runs, and a second shell sets faults and the clock and triggers events',
  { timeout: 2 * timeout },
  async () => {
    const { child, control, told, until } = await dev([process.execPath, '--input-type=module', '--eval', listening])
    expect(told()).toContain(`maskinporten-emulator trigger app.instance.created --control ${control}`)
    await until('status 200')
    const at = ['--control', control]
    expect(await second(['fault', 'jwk', 'status=503', 'headers.retry-after=7', 'headers.x=y', ...at])).toEqual({
      code: 0,
      printed: 'done\n',
      errors: '',
    })
    const headers = { 'x-maskinporten-emulator': '1' }
    expect(await second(['fault', 'clear', 'jwk', ...at])).toMatchObject({ printed: 'done\n' })
    const before = JSON.parse((await second(['clock', ...at])).printed).now
    const { now } = JSON.parse((await second(['clock', 'advance', '2h', ...at])).printed)
    expect(now - before).toBeGreaterThanOrEqual(7_200_000)
    expect(JSON.parse((await second(['clock', 'adjust', '-30s', ...at])).printed).now).toBeLessThan(now)
    const { printed } = await second(['trigger', 'app.instance.process.completed', 'app=mine'], {
      EMULATED_MASKINPORTEN_CONTROL: control,
    })
    expect(JSON.parse(printed)).toMatchObject({
      event: { type: 'app.instance.process.completed' },
      instance: { appId: 'ttd/mine' },
    })
    expect((await fetch(`${control}/__emulator/requests?target=jwk`, { headers })).status).toBe(200)
    child.kill('SIGINT')
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(130)
  },
)

test('dev stays after the command has ended, until a signal, and ends with its code', { timeout }, async () => {
  const { child, control, until } = await dev([process.execPath, '--eval', 'process.exitCode = 4'])
  await until('the command ended with 4; the emulator stays until Ctrl-C')
  expect((await fetch(`${control}/health`)).status).toBe(200)
  child.kill('SIGTERM')
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(4)
})

test.each([
  [['trigger'], 'name the event: trigger app.instance.created; see trigger --help'],
  [['fault'], 'name the target: fault token status=503; see fault --help'],
  [['fault', 'token', '--status'], 'fault takes no --status; see fault --help'],
  [['fault', 'token', 'stauts=503'], 'faults.next takes no stauts; did you mean status?'],
  [['fault', 'token', '503'], '"503" is not name=value'],
  [['clock', 'forward', '1'], 'clock takes advance or adjust'],
  [['clock', 'advance', 'soon'], 'clock advance takes a time'],
  [['clock', '--control', 'x'], '--control is the address that the emulator prints'],
  [['clock', '--control', 'http://127.0.0.1:9'], 'no emulator answers at http://127.0.0.1:9; start one'],
  [['fault', 'token', 'body=@nowhere.json'], 'nowhere.json cannot be read'],
])('%j is refused in one sentence', async (args, words) => {
  const refused = await callControl(args).catch((error: unknown) => (error instanceof Error ? error.message : error))
  expect(refused).toContain(words)
  expect(refused).not.toContain('\n')
})

test('what the emulator refuses is said in its words', { timeout }, async () => {
  const server = createServer((_request, response) => {
    response.writeHead(400, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ detail: 'faults.next: `status` cannot be 99' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const { errors, code } = await second(['fault', 'token', 'status=99', '--control', `http://127.0.0.1:${port}`])
  expect(code).toBe(1)
  expect(errors).toBe('maskinporten-emulator: faults.next: `status` cannot be 99\n')
})

test('each --help fits a screen of 80 x 24', { timeout }, async () => {
  const { help: own } = readArguments(['--help'])
  const { help: around } = readArguments(['dev', '--help'])
  for (const text of [own, around, await callControl(['fault', '--help']), (await second(['trigger', '-h'])).printed]) {
    expect(text).toContain('maskinporten-emulator')
    const lines = (text ?? '').trimEnd().split('\n')
    expect(lines.filter((line) => line.length > 80)).toEqual([])
    expect(lines.length).toBeLessThanOrEqual(24)
  }
})
