import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, watch } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { jwtBearer, signGrant } from './sign-grant.ts'

const command = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
// A process of its own, on a machine that may be busy.
const timeout = 60_000

interface Run {
  readonly child: ChildProcess
  /** Resolves with what was printed when it contains `text`, or when the process ends. */
  readonly until: (text: string) => Promise<string>
  readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>
}

function run(...args: readonly string[]): Run {
  return runIn(undefined, ...args)
}

function runIn(cwd: string | undefined, ...args: readonly string[]): Run {
  const child = spawn(process.execPath, ['--conditions=@maskinporten-kit/source', command, ...args], { cwd })
  onTestFinished(() => void child.kill('SIGKILL'))
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

test(
  'prints what fits a screen: addresses, client, key and settings as files, a curl line; and ends cleanly at Ctrl-C',
  {
    timeout,
  },
  async () => {
    const { child, ended, until } = run('--port', '0', '--client', 'altinn:serviceowner/instances.read')
    const printed = await until('Ctrl-C')
    const lines = printed.trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(24)
    expect(lines.filter((line) => line.length > 110)).toEqual([])
    expect(printed).toContain('not affiliated with Digdir or Altinn')
    const shown = (name: string): string => new RegExp(`${name} +(\\S+)`).exec(printed)?.[1] ?? ''
    const settings: unknown = JSON.parse(await readFile(shown('settings'), 'utf8'))
    expect(settings).toMatchObject({
      MaskinportenSettings: {
        authority: shown('Maskinporten'),
        clientId: shown('client'),
        scope: 'altinn:serviceowner/instances.read',
      },
    })
    const key: unknown = JSON.parse(await readFile(shown('key'), 'utf8'))
    expect(key).toMatchObject({ kty: 'RSA', kid: shown('kid'), d: expect.any(String) })
    expect(printed).not.toContain(JSON.parse(JSON.stringify(key)).d)
    expect((await stat(shown('key'))).mode & 0o077).toBe(0)
    const [, header = '', url = ''] = /^ *curl -H '([^']+)' (\S+)$/m.exec(printed) ?? []
    const [name = '', value = ''] = header.split(': ')
    expect((await fetch(url, { headers: { [name]: value } })).status).toBe(200)
    child.kill('SIGINT')
    expect(await ended).toEqual({ code: 0, errors: '' })
    for (const file of ['key', 'settings']) await expect(stat(shown(file))).rejects.toThrow('ENOENT')
  },
)

test('tells its version', { timeout }, async () => {
  const { until, ended } = run('--version')
  expect(await until('\n')).toMatch(/^\d+\.\d+\.\d+\S*\n$/)
  expect(await ended).toEqual({ code: 0, errors: '' })
})

test(
  'prints one line of JSON for scripts, writes its authority where it is told, and ends cleanly at SIGTERM',
  { timeout },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'emulator-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const ca = join(folder, 'ca.pem')
    const { child, ended, until } = run(
      '--port',
      '0',
      '--json',
      '--client',
      'a:b',
      '--client',
      'c:d e:f 310702641',
      '--ca',
      ca,
    )
    const summary: unknown = JSON.parse(await until('\n'))
    expect(summary).toMatchObject({
      clients: [{ scopes: ['a:b'] }, { scopes: ['c:d', 'e:f'], orgNumber: '310702641' }],
      ca: await readFile(ca, 'utf8'),
    })
    child.kill('SIGTERM')
    expect(await ended).toEqual({ code: 0, errors: '' })
  },
)

test('ends with 1 and one sentence when it cannot do what it is asked', { timeout }, async () => {
  expect(await run('--client', '310702641').ended).toEqual({
    code: 1,
    errors: expect.stringMatching(/^maskinporten-emulator: --client names one scope or more[^\n]*\n$/),
  })
})

test('a reset brings the clients of the command line back, with the same id and key', { timeout }, async () => {
  const { until } = run('--port', '0', '--json', '--client', 'a:b')
  const summary = JSON.parse(await until('\n'))
  const [client] = summary.clients
  const control = (path: string, method = 'GET', body?: object): Promise<Response> =>
    fetch(`${summary.control}/__emulator${path}`, {
      method,
      headers: { 'x-maskinporten-emulator': '1' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  expect((await control(`/clients/${client.clientId}`, 'DELETE')).status).toBe(204)
  expect((await control('/reset', 'POST')).status).toBe(204)
  const assertion = await signGrant({ clock: Date, maskinporten: { issuer: summary.issuer } }, client)
  const body = new URLSearchParams({ grant_type: jwtBearer, assertion })
  expect((await fetch(`${summary.maskinporten}/token`, { method: 'POST', body })).status).toBe(200)
})

test('what init writes is found in the working directory, and stays the same over starts', { timeout }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emulator-init-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  expect(await runIn(folder, 'init', '--client', 'a:b').ended).toEqual({ code: 0, errors: '' })
  const key = join(folder, 'emulator-client.jwk.json')
  expect((await stat(key)).mode & 0o077).toBe(0)
  const content = await readFile(key, 'utf8')
  expect(await runIn(folder, 'init').ended).toEqual({ code: 1, errors: expect.stringContaining('overwrites nothing') })
  expect(await readFile(key, 'utf8')).toBe(content)
  const config: unknown = JSON.parse(await readFile(join(folder, 'emulator.json'), 'utf8'))
  const { child, ended, until } = runIn(folder, '--port', '0', '--json', '--log', 'json')
  const summary = JSON.parse(await until('\n'))
  const [client] = summary.clients
  expect(config).toMatchObject({ clients: [{ clientId: client.clientId, scopes: ['a:b'] }] })
  const assertion = await signGrant({ clock: Date, maskinporten: { issuer: summary.issuer } }, client, {
    key: JSON.parse(content),
  })
  const body = new URLSearchParams({ grant_type: jwtBearer, assertion })
  expect((await fetch(`${summary.maskinporten}/token`, { method: 'POST', body })).status).toBe(200)
  expect((await fetch(`${summary.maskinporten}/token`, { method: 'POST', body })).status).toBe(400)
  child.kill('SIGTERM')
  const { code, errors } = await ended
  const lines = errors.trim().split('\n')
  expect([code, ...lines.map((line) => JSON.parse(line))]).toMatchObject([
    0,
    { kind: 'request', method: 'POST', path: '/token', status: 200, time: expect.stringMatching(/Z$/) },
    { status: 400, rule: 'MP-012' },
  ])
  expect(errors).not.toMatch(/eyJ/)
})

test(
  'of a client of the configuration, its own key file is shown, and no copy of the key is written',
  { timeout },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'emulator-key-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    expect(await runIn(folder, 'init', '--client', 'a:b').ended).toEqual({ code: 0, errors: '' })
    const { child, ended, until } = runIn(folder, '--port', '0', '--client', 'c:d')
    const printed = await until('Ctrl-C')
    const shown = (name: string): string => new RegExp(`${name} +(\\S+)`).exec(printed)?.[1] ?? ''
    expect(shown('key')).toBe('emulator-client.jwk.json')
    const written = dirname(shown('settings'))
    expect((await readdir(written)).toSorted()).toEqual([
      'client-1.appsettings.json',
      'client-2.appsettings.json',
      'client-2.jwk.json',
    ])
    const section = JSON.parse(await readFile(shown('settings'), 'utf8')).MaskinportenSettings
    expect(section).toMatchObject({ clientId: shown('client'), scope: 'a:b' })
    expect(section).not.toHaveProperty('encodedJwk')
    child.kill('SIGHUP')
    expect(await ended).toEqual({ code: 0, errors: '' })
    await expect(readdir(written)).rejects.toThrow('ENOENT')
    expect(await readdir(folder)).toContain('emulator-client.jwk.json')
  },
)

test('a bad configuration ends the start with file, line and column', { timeout }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emulator-bad-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'other.json'), '{\n  "prots": {}\n}')
  expect(await runIn(folder, '--config', 'other.json').ended).toEqual({
    code: 1,
    errors: expect.stringMatching(/^maskinporten-emulator: other\.json:2:3 .*Did you mean `ports`\?/),
  })
})

test(
  'without a file its client has the same id and key at every start, and ports of a file are taken',
  { timeout },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'emulator-ports-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const start = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
      const { child, ended, until } = runIn(folder, '--json', '--quiet', ...args)
      const summary = JSON.parse(await until('\n'))
      child.kill('SIGTERM')
      await ended
      return summary
    }
    const [first, second] = [await start('--port', '0'), await start('--port', '0')]
    expect(first['clients']).toMatchObject([{ kid: 'no-secret-of-maskinporten-emulator' }])
    const idAndKey = (summary: Record<string, unknown>): unknown =>
      Array.isArray(summary['clients']) ? summary['clients'].map(({ clientId, jwk }) => [clientId, jwk]) : summary
    expect(idAndKey(first)).toEqual(idAndKey(second))
    const port = Number(new URL(String(first['control'])).port)
    const zero = { altinn: 0, register: 0, selfService: 0, keyVault: 0, control: port, entra: 0, maskinporten: 0 }
    await writeFile(join(folder, 'emulator.json'), JSON.stringify({ ports: zero }))
    expect((await start())['control']).toBe(`http://127.0.0.1:${port}`)
  },
)

/** `TMPDIR` of a process of its own: what it leaves behind stands there. */
async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'emulator-left-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s while the keys are written leaves none of them behind',
  { timeout },
  async (signal) => {
    const TMPDIR = await temporaryFolder()
    const clients = Array.from({ length: 6 }, (_one, at) => ['--client', `a:${at}`]).flat()
    const args = ['--conditions=@maskinporten-kit/source', command, '--port', '0', ...clients]
    const child = spawn(process.execPath, args, { stdio: 'ignore', env: { ...process.env, TMPDIR } })
    onTestFinished(() => void child.kill('SIGKILL'))
    const watcher = watch(TMPDIR, () => {
      watcher.close()
      child.kill(signal)
    })
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
    expect(await readdir(TMPDIR)).toEqual([])
  },
)

test.skipIf(process.platform === 'win32').each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s before the command of `run` starts ends without it, and leaves nothing behind',
  { timeout },
  async (signal, code) => {
    const [TMPDIR, home] = [await temporaryFolder(), await temporaryFolder()]
    await mkdir(join(home, 'bin'))
    // As slow as a JVM on a busy machine.
    await writeFile(join(home, 'bin/keytool'), '#!/bin/sh\ntouch "$JAVA_HOME/asked"\nexec sleep 15\n', { mode: 0o755 })
    const started = join(home, 'started')
    const args = ['--conditions=@maskinporten-kit/source', command, 'run', '--', 'touch', started]
    const env = { ...process.env, TMPDIR, JAVA_HOME: home }
    const child = spawn(process.execPath, args, { stdio: 'ignore', env })
    onTestFinished(() => void child.kill('SIGKILL'))
    const ended = new Promise((resolve) => child.once('close', resolve))
    const watcher = watch(home, (_event, name) => {
      if (name !== 'asked') return
      watcher.close()
      child.kill(signal)
    })
    expect(await ended).toBe(code)
    expect(await readdir(TMPDIR)).toEqual([])
    expect(existsSync(started)).toBe(false)
  },
)
