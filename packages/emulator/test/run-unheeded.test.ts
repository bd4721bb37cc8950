import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createSummary } from '../src/command/summary.ts'
import { unheededLine } from '../src/command/unheeded.ts'
import { runtimeOf } from '../src/command/runtime.ts'
import type { LoggedRequest } from '../src/http/log.ts'
import { proxyUnheeded } from './run-node.ts'
import { folderWith, runAround } from './run-under.ts'

const timeout = 60_000
const nothing = '0 tokens, 0 exchanges, 0 calls, 0 refused'
const noConnection = /^maskinporten-emulator: the proxy saw no connection: [^\n]*HTTPS_PROXY; /

/** As a client does whose agent is its own: superagent, and axios with a proxy switched off. */
const pastTheProxy = `
  import { get } from 'node:https'
  await new Promise((resolve) => get('https://test.maskinporten.no/jwk', { agent: false }, resolve).on('error', resolve))`
const throughTheProxy = `await fetch('https://test.maskinporten.no/jwk')`
const node = (source: string): readonly string[] => [process.execPath, '--input-type=module', '--eval', source]

test.skipIf(proxyUnheeded)(
  'a command that calls nothing, or past the proxy, is told of, and how it is mended',
  { timeout },
  async () => {
    const { code, errors } = await runAround(node('process.exitCode = 5'))
    expect(errors).toMatch(noConnection)
    expect(errors).toMatch(/\.agent\(https\.globalAgent\)\nmaskinporten-emulator: 0 tokens[^\n]*\n$/)
    expect(code).toBe(5)
  },
)

test.skipIf(proxyUnheeded)(
  '--strict ends with 3 then, and with the code of the command otherwise',
  { timeout },
  async () => {
    const args = ['--strict']
    expect((await runAround(node('process.exitCode = 5'), { args })).code).toBe(3)
    expect(await runAround(node(`${throughTheProxy}; process.exitCode = 5`), { args })).toEqual({
      code: 5,
      printed: '',
      errors: `maskinporten-emulator: ${nothing}\n`,
    })
  },
)

test.skipIf(proxyUnheeded)(
  'an address of the real environment that Node looks up is told of, though other calls came to the emulator',
  { timeout },
  async () => {
    const { code, errors } = await runAround(node(throughTheProxy + pastTheProxy), { args: ['--strict'] })
    expect(errors).toContain('the command looked up test.maskinporten.no past the proxy of HTTPS_PROXY; ')
    expect(code).toBe(3)
  },
)

test.skipIf(proxyUnheeded)(
  'NODE_OPTIONS of the caller stay, and those of the permission model hold',
  { timeout },
  async () => {
    const source = `console.log(process.env.NODE_OPTIONS)`
    const given = { NODE_OPTIONS: '--max-old-space-size=200' }
    expect((await runAround(node(source), { env: given })).printed).toMatch(
      /^--max-old-space-size=200 --require "[^"]+"\n$/,
    )
    const { printed } = await runAround([process.execPath, '--permission', '--eval', `console.log('runs')`])
    expect(printed).toBe('runs\n')
  },
)

test.skipIf(proxyUnheeded)('Texas counts as met, since it is called past the proxy', { timeout }, async () => {
  const source = `
    const body = JSON.stringify({ identity_provider: 'maskinporten', target: 'x:y' })
    const answer = await fetch(process.env.NAIS_TOKEN_ENDPOINT, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    console.log(answer.status)`
  expect(await runAround(node(source), { args: ['--client', 'x:y', '--strict'] })).toEqual({
    code: 0,
    printed: '200\n',
    errors: 'maskinporten-emulator: 1 token, 0 exchanges, 0 calls, 0 refused\n',
  })
})

test.skipIf(proxyUnheeded)('what was refused is counted, with its rules, after the hosts', { timeout }, async () => {
  const source = `
    const body = new URLSearchParams({ grant_type: 'x' })
    for (const _ of [1, 2]) await fetch('https://test.maskinporten.no/token', { method: 'POST', body })
    await fetch('https://example.com/').catch(() => undefined)`
  const { errors } = await runAround(node(source))
  expect(errors).toBe(
    `maskinporten-emulator: the command called example.com:443, which is not emulated: refused\nmaskinporten-emulator: 0 tokens, 0 exchanges, 0 calls, 3 refused: missing_parameter (2), not_emulated\n`,
  )
})

test.skipIf(proxyUnheeded)('--quiet tells problems only', { timeout }, async () => {
  const { errors } = await runAround(node(''), { args: ['--quiet'] })
  expect(errors.split('\n')).toEqual([expect.stringMatching(noConnection), ''])
})

test.each([
  ['python', 'ClientSession(trust_env=True)'],
  ['ruby', 'http_proxy'],
  ['php', 'file_get_contents'],
  ['java', 'useSystemProperties()'],
  ['dotnet', 'UseProxy = false'],
  ['go', 'http.ProxyFromEnvironment'],
] as const)('the line says how %s is mended, and there is none when all came', (name, words) => {
  const runtime = { name, program: name }
  expect(unheededLine({ met: false, lookups: [] }, runtime, false)).toContain(words)
  expect(unheededLine({ met: true, lookups: ['registry.npmjs.org'] }, runtime, false)).toBeUndefined()
  expect(unheededLine({ met: true, lookups: ['maskinporten.no'] }, undefined, false)).toContain('maskinporten.no')
})

test.each(['TEST.maskinporten.no', 'test.maskinporten.no.', 'maskinporten.no.', 'my.VAULT.azure.net.'])(
  '%s is looked up past the proxy, in whatever case, with the dot of the root or without',
  (host) => {
    expect(unheededLine({ met: true, lookups: [host] }, undefined, false)).toContain(`looked up ${host} past the proxy`)
  },
)

test('the summary counts what was answered, and neither challenges of the vault nor keys', () => {
  const summary = createSummary()
  const tell = (entry: Partial<LoggedRequest>): void =>
    summary.listen({
      kind: 'request',
      id: 1,
      at: 0,
      target: 'token',
      method: 'GET',
      path: '/',
      status: 200,
      ms: 1,
      ...entry,
    })
  tell({})
  tell({ target: 'exchange' })
  for (const target of ['storage', 'events', 'register', 'jwk', 'metadata', 'entra'] as const) tell({ target })
  tell({ target: 'key-vault', status: 401 })
  tell({ target: 'storage', status: 404 })
  expect(summary.line(0)).toBe('1 token, 1 exchange, 4 calls, 0 refused')
  tell({ status: 400, rule: 'kid_unknown' })
  tell({ status: undefined, rule: 'fault' })
  tell({ target: 'key-vault', status: 403 })
  expect(summary.line(2)).toBe(
    '1 token, 1 exchange, 4 calls, 5 refused: kid_unknown, fault, key-vault 403, not_emulated (2)',
  )
})

test.skipIf(process.platform === 'win32')(
  'the runtime is found behind shells, #!, npx, env and npm scripts',
  { timeout },
  async () => {
    const folder = await folderWith({
      node: '#!/bin/sh\necho v22.20.0\n',
      'script.sh': '#!/bin/sh\n# starts it\nset -e\ncd .\nexec ./node app.js\n',
      plain: 'python3 app.py\n',
      tool: '#!/usr/bin/env -S node --no-warnings\n',
      perl: '#!/usr/bin/perl\n',
      'package.json': {
        scripts: {
          dev: 'NODE_ENV=test cross-env A=b python3 -m app',
          start: 'npm run dev',
          test: 'loop',
          loop: 'npm run loop',
        },
      },
    })
    await mkdir(join(folder, 'node_modules/.bin'), { recursive: true })
    await writeFile(join(folder, 'node_modules/.bin/mine'), '#!/usr/bin/env node\n', { mode: 0o755 })
    const env = { PATH: process.env['PATH'] }
    const of = async (...command: readonly string[]): Promise<string | undefined> => {
      const runtime = await runtimeOf(command, { env, folder })
      return runtime && `${runtime.name} ${runtime.program}`
    }
    expect(await of('sh', '-c', 'cd x && FOO=1 exec node app.js')).toBe('node node')
    expect(await of('bash', '-ec', '"./node" app.js')).toBe('node ./node')
    expect(await of('./script.sh')).toBe('node ./node')
    expect(await of('sh', 'plain')).toBe('python python3')
    expect(await of('./tool')).toBe('node node')
    expect(await of('env', '-i', 'A=b', 'ruby', 'app.rb')).toBe('ruby ruby')
    expect(await of('mine')).toBe('node node')
    expect(await of('npx', 'mine')).toBe('node node')
    expect(await of('npm', 'run', 'dev')).toBe('python python3')
    expect(await of('npm', 'start')).toBe('python python3')
    expect(await of('yarn', 'test')).toBe('node node')
    expect(await of('/usr/bin/python3.12', 'x')).toBe('python /usr/bin/python3.12')
    expect(await of('./mvnw', 'test')).toBe('java ./mvnw')
    expect(await of('dotnet', 'test')).toBe('dotnet dotnet')
    expect(await of('./perl')).toBeUndefined()
    expect(await of('no-such-command')).toBeUndefined()
  },
)

test.skipIf(process.platform === 'win32')(
  'a Node that heeds no proxy is warned of behind sh -c, too',
  { timeout },
  async () => {
    const folder = await folderWith({ node: '#!/bin/sh\necho v22.20.0\n' })
    const { errors } = await runAround(['sh', '-c', `exec ${join(folder, 'node')} app.js`])
    expect(errors).toContain('maskinporten-emulator: Node 22.20.0 does not heed HTTPS_PROXY')
    expect(errors).toContain('run the command with Node 22.21, 24.5 or newer')
  },
)

test.skipIf(process.platform === 'win32')(
  'scripts that start themselves or each other, and long lists of commands, are read once',
  { timeout: 20_000 },
  async () => {
    const folder = await folderWith({
      'task.sh': `#!/bin/sh\n${'./task.sh x\n'.repeat(8)}`,
      'a.sh': `#!/bin/sh\n${'./b.sh\nsh a.sh\n'.repeat(8)}`,
      'b.sh': `#!/bin/sh\n${'./a.sh\nnpm run c\n'.repeat(8)}./node`,
      node: '',
      'package.json': { scripts: { c: 'npm run c && ./a.sh && npm run c' } },
      long: '#!/bin/sh\n' + 'no-such-command\n'.repeat(2_000) + 'node app.js\n',
    })
    const of = (...command: readonly string[]): Promise<unknown> =>
      runtimeOf(command, { env: { PATH: process.env['PATH'] }, folder })
    expect(await of('./task.sh')).toBeUndefined()
    expect(await of('./a.sh')).toEqual({ name: 'node', program: 'node' })
    expect(await of('./long')).toEqual({ name: 'node', program: 'node' })
  },
)
