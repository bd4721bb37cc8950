import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scopesOf } from '../src/self-service/scopes.ts'
import { curlLine } from '../src/token/curl-line.ts'
import { requestOf } from '../src/token/request-flags.ts'
import { inProcess } from './in-process.ts'
import { environmentWith, maskinporten } from './maskinporten.ts'

const scope = 'altinn:serviceowner/instances.read'
let emulator: Emulator
let client: EmulatedClient
let folder: string
let cwd: string
beforeAll(async () => {
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: [scope, 'a:b'], orgNumber: '991825827' })
  folder = await mkdtemp(join(tmpdir(), 'token-'))
  cwd = folder
  await writeSettings({})
})
afterAll(async () => {
  await emulator.close()
  await rm(folder, { recursive: true })
})

/** The guide's section, with its spelling of the names. */
async function writeSettings(more: object): Promise<void> {
  const { authority, clientId, encodedJwk, tokenExchangeEnvironment } = client.settings
  const MaskinportenSettings = {
    Authority: authority,
    ClientId: clientId,
    Scope: `${scope} a:b`,
    EncodedJwk: encodedJwk,
    ExhangeToAltinnToken: true,
    TokenExchangeEnvironment: tokenExchangeEnvironment,
    UseAltinnTestOrg: true,
    ...more,
  }
  await writeFile(join(folder, 'appsettings.json'), JSON.stringify({ MaskinportenSettings }))
}

const isToken = expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/)

test('nothing but the token is on standard output, also with EnableDebugLog', async () => {
  await writeSettings({ EnableDebugLog: true })
  const { code, stdout, stderr } = await maskinporten(['token'], { cwd })
  await writeSettings({})
  expect({ code, stdout: stdout.trimEnd() }).toEqual({ code: 0, stdout: isToken })
  expect(decodeJwt(stdout)['urn:altinn:org']).toBe('ttd')
  expect(stderr).toMatch(/maskinporten token\.start[^]*maskinporten exchange\.end/)
  expect(stderr).not.toContain(stdout.trim())
  expect(stderr).not.toContain(client.settings.encodedJwk)
})

test('--quiet leaves standard error empty, also with EnableDebugLog', async () => {
  await writeSettings({ EnableDebugLog: true })
  expect(await inProcess(['token', '--quiet', '--settings', cwd])).toEqual({
    code: 0,
    stdout: expect.stringMatching(/\S+\n/),
    stderr: '',
  })
  await writeSettings({})
})

test('the flags make the request', async () => {
  const consumer = '310702641'
  emulator.maskinporten.defineScope({ name: 'a:b', delegable: true, accessibleForAll: true })
  emulator.maskinporten.delegate({ from: consumer, to: '991825827', scope: 'a:b' })
  const words = ['token', '--kind', 'maskinporten', '--scope', 'a:b', '--consumer-org', consumer]
  const { stdout } = await inProcess([...words, '--resource', 'https://api.test', '--settings', cwd])
  expect(decodeJwt(stdout)).toMatchObject({
    scope: 'a:b',
    aud: ['https://api.test'],
    consumer: { ID: `0192:${consumer}` },
  })
})

test('a system user and a consent are written in one word each', () => {
  const of = (flags: Parameters<typeof requestOf>[0]): unknown => {
    const { systemUser, consent } = requestOf(flags)
    return systemUser ?? consent
  }
  expect(of({ systemUser: '310702641' })).toEqual({ org: '310702641' })
  expect(of({ systemUser: '0192:310702641:ref_1' })).toEqual({ org: '310702641', externalRef: 'ref_1' })
  const id = '2bfd9a5f-0000-4000-8000-000000000000'
  expect(of({ consent: `${id}:310702641` })).toEqual({ id, from: 'urn:altinn:organization:identifier-no:310702641' })
  expect(of({ consent: `${id}:20914695016` })).toEqual({ id, from: 'urn:altinn:person:identifier-no:20914695016' })
  const from = 'urn:altinn:person:identifier-no:20914695016'
  expect(of({ consent: `${id}:${from}` })).toEqual({ id, from })
  expect(() => of({ consent: id })).toThrow('who gave it')
})

test('--header is the line of a header', async () => {
  const { stdout } = await inProcess(['token', '--header', '--settings', cwd])
  expect(stdout).toMatch(/^Authorization: Bearer [\w-]+\.[\w-]+\.[\w-]+\n$/)
})

test('--inspect shows header, claims and life, and not the signature', async () => {
  const words = ['token', '--inspect', '--kind', 'maskinporten']
  const plain = await inProcess([...words, '--scope', 'a:b', '--settings', cwd])
  expect(plain.stdout).toMatch(/^Kind +maskinporten\nScopes +a:b\nLife +1\d\d s left of 120 s, until 20/)
  expect(plain.stdout).toContain('"client_id"')
  const json = await inProcess([...words, '--json', '--settings', cwd])
  expect(JSON.parse(json.stdout)).toMatchObject({
    kind: 'maskinporten',
    scopes: ['a:b', scope],
    header: { alg: 'RS256' },
    claims: { iss: emulator.maskinporten.issuer },
    lifetime: 120,
  })
  expect(plain.stdout + json.stdout).not.toMatch(/eyJ/)
})

test('--env sets a variable of the shell', async () => {
  const { stdout } = await inProcess(['token', '--env', '--settings', cwd])
  const { stdout: seen } = await promisify(execFile)('sh', ['-c', `${stdout}\nprintf %s "$MASKINPORTEN_TOKEN"`])
  expect(seen).toEqual(isToken)
  const powershell = await inProcess(['token', '--env', 'powershell', '--settings', cwd])
  expect(powershell.stdout).toMatch(/^\$env:MASKINPORTEN_TOKEN = '[\w.-]+'\n$/)
  expect((await inProcess(['token', '--env', 'cmd', '--settings', cwd])).code).toBe(2)
})

test('--credential-process is one line of JSON, which --json writes over several', async () => {
  const shape = {
    version: 1,
    token: isToken,
    token_type: 'Bearer',
    kind: 'altinn',
    scopes: ['a:b', scope],
    expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    expires_in: expect.any(Number),
  }
  const line = await inProcess(['token', '--credential-process', '--settings', cwd])
  expect(line.stdout.trimEnd().split('\n').length).toBe(1)
  expect(JSON.parse(line.stdout)).toEqual(shape)
  const json = await inProcess(['token', '--json', '--settings', cwd])
  expect(JSON.parse(json.stdout)).toEqual(shape)
})

test('--curl is a line without the token, which a shell runs', async () => {
  const url = `${emulator.altinn.url}/storage/api/v1/instances?org=ttd`
  const { code, stdout } = await inProcess(['token', '--curl', url, '--scope', scope, '--settings', cwd])
  expect([code, stdout]).toEqual([
    0,
    `maskinporten token --header --scope ${scope} --settings ${cwd} | curl --header @- '${url}'\n`,
  ])
  expect(emulator.requests('token').at(-1)?.grant?.claims).not.toMatchObject({ scope })
  const { execPath } = process
  const cli = new URL('../src/cli.ts', import.meta.url).pathname
  const line = stdout.replace(/^maskinporten/, `'${execPath}' --conditions=@maskinporten-kit/source '${cli}'`)
  const ran = await promisify(execFile)('sh', ['-c', line.replace('curl', 'curl --silent --noproxy "*"')], {
    cwd,
    env: environmentWith(),
  })
  expect(JSON.parse(ran.stdout)).toMatchObject({ instances: [] })
})

test('the words of the line for curl are quoted, and npx is named where it runs', () => {
  const flags = { scope: ["a'b", 'c d'], settings: '/a b' }
  const line = curlLine(flags, 'https://api.test/$HOME', { npm_command: 'exec' })
  expect(line).toBe(
    String.raw`npx @maskinporten-kit/cli token --header --scope 'a'\''b' --scope 'c d' --settings '/a b' | curl --header @- 'https://api.test/$HOME'`,
  )
  for (const url of ['http://api.test', 'https://user:secret@api.test', 'api.test', ''])
    expect(() => curlLine({}, url, {})).toThrow('https')
})

test.each([
  [['--raw', '--header'], '--raw and --header are two forms'],
  [['--header', '--json'], '--header and --json are two forms'],
  [['--inspect', '--credential-process', '--json'], '--inspect and --credential-process are two forms'],
  [['--kind', 'other'], 'maskinporten, altinn'],
  [['--system-user', '123'], 'not a Norwegian organisation number'],
  [['--scope', 'a,b'], 'separate scopes with spaces'],
])('%j is wrong use', async (flags, words) => {
  const { code, stdout, stderr } = await inProcess(['token', ...flags, '--settings', cwd])
  // Under --json the failure is a document.
  expect([code, stdout]).toEqual([2, flags.includes('--json') ? expect.stringContaining('"error"') : ''])
  expect(stderr).toContain(words)
})

test('wrong settings end with 3, a refusal with 1', async () => {
  expect((await inProcess(['token', '--settings', '/nowhere'])).code).toBe(3)
  const { code, stdout, stderr } = await inProcess(['token', '--scope', 'no:such', '--settings', cwd])
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toContain('invalid_scope')
})

test('--environment names a file, and one that is not there is wrong use that says what chooses the environment', async () => {
  const asked = emulator.requests('token').length
  for (const command of [
    ['token'],
    ['call', 'https://api.test/x'],
    ['keys', 'status'],
    ['register'],
    ['key-vault', 'push'],
  ]) {
    const { code, stdout, stderr } = await inProcess([...command, '--environment', 'prod', '--settings', cwd])
    expect([command, code, stdout]).toEqual([command, 2, ''])
    expect(stderr).toContain('appsettings.prod.json is not in')
    expect(stderr).toContain('"Environment": "prod"')
  }
  const other = await inProcess(['token', '--environment', 'Staging', '--settings', cwd, '--lang', 'nb'])
  expect([other.code, other.stderr]).toEqual([2, expect.not.stringContaining('"Environment"')])
  expect(emulator.requests('token').length).toBe(asked)
  const file = join(folder, 'appsettings.staging.json')
  await writeFile(file, '{}')
  expect((await inProcess(['token', '--environment', 'Staging', '--settings', cwd])).code).toBe(0)
  await rm(file)
})

test('a scope that is a known one but for a letter is named, and asked for all the same', async () => {
  const misspelt = scope.replace('instances', 'instanses')
  const { code, stderr } = await inProcess(['token', '--scope', misspelt, '--settings', cwd])
  expect(code).toBe(1)
  expect(stderr).toContain(`the registry has no scope ${misspelt}: is it ${scope}?`)
  const known = await inProcess(['token', '--scope', scope, '--settings', cwd])
  expect([known.code, known.stderr]).toEqual([0, ''])
})

test('a misspelt scope of the settings is named, too, by token and by call', async () => {
  const misspelt = scope.replace('instances', 'instanses')
  await writeSettings({ Scope: misspelt })
  const token = await inProcess(['token', '--settings', cwd])
  const called = await inProcess(['call', 'http://127.0.0.1:9/x', '--settings', cwd])
  const api = await inProcess(['token', '--api', 'altinn/storage', '--settings', cwd])
  await writeSettings({})
  for (const { stderr } of [token, called]) expect(stderr).toContain(`no scope ${misspelt}: is it ${scope}?`)
  // Its own scopes are asked for.
  expect([api.code, api.stderr]).toEqual([0, ''])
})

test('an API of the registry says kind and scopes, and what else it wants', async () => {
  const { stdout } = await inProcess(['token', '--api', 'altinn/storage', '--json', '--settings', cwd])
  expect(JSON.parse(stdout)).toMatchObject({ kind: 'altinn', scopes: [scope] })
  const line = await inProcess(['token', '--api', 'altinn/storage', '--curl', '--settings', cwd])
  expect(line.stdout).toContain(
    `--api altinn/storage --settings ${cwd} | curl --header @- ${emulator.altinn.url}/storage`,
  )
  const write = await inProcess(['token', '--api', 'altinn/storage', '--access', 'admin', '--settings', cwd])
  expect([write.code, write.stderr]).toEqual([2, expect.stringContaining('no scope for --access admin')])
  const other = await inProcess(['token', '--api', 'Altinn/Storage', '--settings', cwd])
  expect([other.code, await scopesOf({ api: ['Altinn/Storage'] }, undefined)]).toEqual([0, [scope]])
  const endUser = await inProcess(['token', '--api', 'altinn/dialogporten-enduser', '--settings', cwd])
  expect(endUser.stderr).toContain('--system-user')
})

test('no key, no assertion and no token is printed but where the token is asked for', async () => {
  await writeSettings({ EnableDebugLog: true })
  const forms = [
    ['--inspect'],
    ['--inspect', '--json'],
    ['--curl', 'https://api.test'],
    ['--raw'],
    ['--env'],
    ['--json'],
  ]
  const from = emulator.requests('token').length
  for (const form of forms) {
    const { stdout, stderr } = await inProcess(['token', ...form, '--settings', cwd])
    const asked = ['--raw', '--env'].includes(form[0] ?? '') || form.join(' ') === '--json'
    expect(/[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/.test(stdout)).toBe(asked)
    expect(stderr).not.toMatch(/eyJ[\w-]{20,}/)
    expect(stdout + stderr).not.toContain(client.settings.encodedJwk)
    for (const { grant } of emulator.requests('token').slice(from))
      expect(stdout + stderr).not.toContain(grant?.assertion ?? 'none')
  }
  await writeSettings({})
})
