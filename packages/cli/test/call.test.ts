import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { inProcess } from './in-process.ts'
import { type Ended, maskinporten } from './maskinporten.ts'

const read = 'altinn:serviceowner/instances.read'
const write = 'altinn:serviceowner/instances.write'
const krr = 'krr:global/kontaktinformasjon.read'
let emulator: Emulator
let client: EmulatedClient
let folder: string
beforeAll(async () => {
  emulator = await startEmulator()
  folder = await mkdtemp(join(tmpdir(), 'call-'))
  vi.stubEnv('EMULATED_MASKINPORTEN_CONTROL', emulator.control.url)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await emulator.close()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  client = await emulator.registerClient({ scopes: [read, write, krr, 'a:b'], orgNumber: '991825827' })
  await writeSettings(read)
})

async function writeSettings(Scope: string, more: object = {}): Promise<void> {
  const { authority, clientId, encodedJwk, tokenExchangeEnvironment } = client.settings
  const MaskinportenSettings = {
    Authority: authority,
    ClientId: clientId,
    Scope,
    EncodedJwk: encodedJwk,
    ExhangeToAltinnToken: true,
    TokenExchangeEnvironment: tokenExchangeEnvironment,
    UseAltinnTestOrg: true,
    ...more,
  }
  await writeFile(join(folder, 'appsettings.json'), JSON.stringify({ MaskinportenSettings }))
}

const call = (...words: readonly string[]): Promise<Ended> => inProcess(['call', ...words, '--settings', folder])
const lastGrant = (): unknown => emulator.requests('token').at(-1)?.grant?.claims

interface Arrived {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** An API of one's own, which says what arrived. */
const arrived: Arrived[] = []
let answerWith: (response: ServerResponse) => void = (response) => response.end('{"ok":true}')
const server = createServer((request, response) => {
  void readText(request).then((body) => {
    arrived.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body })
    answerWith(response)
  })
})
let origin: string
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())
afterEach(() => {
  arrived.length = 0
  answerWith = (response) => response.end('{"ok":true}')
})

test('an API of the registry is called with the token that it takes, and its answer is the result', async () => {
  await emulator.altinn.submit({ org: 'ttd', app: 'app', person: '20914695016', data: { a: 1 } })
  const { code, stdout } = await maskinporten(['call', 'altinn/storage:/instances?org=ttd'], { cwd: folder })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ count: 1, instances: [{ org: 'ttd' }] })
})

test('an API that takes the raw token gets it, at the address that the emulator tells', async () => {
  const body = join(folder, 'persons.json')
  await writeFile(body, JSON.stringify({ personidentifikatorer: ['20914695016'] }))
  const { code, stdout } = await call('digdir/krr:/personer', '--body', body)
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toHaveProperty('personer')
  expect(lastGrant()).toMatchObject({ scope: krr })
})

test('scopes are those of the settings that the API takes, else its lowest, else its scopes to write', async () => {
  await writeSettings(`${read} ${write} a:b`)
  await call('altinn/storage:/instances?org=ttd')
  expect(lastGrant()).toMatchObject({ scope: `${read} ${write}` })
  await writeSettings('a:b')
  await call('altinn/storage:/instances?org=ttd')
  expect(lastGrant()).toMatchObject({ scope: read })
  await call('POST', 'altinn/storage:/instances/1/2/complete')
  expect(lastGrant()).toMatchObject({ scope: `${read} ${write}` })
  await call('altinn/storage:/instances?org=ttd', '--access', 'write')
  expect(lastGrant()).toMatchObject({ scope: `${read} ${write}` })
})

test('an address of Altinn is known by its host, and gets its scopes and its kind', async () => {
  await writeSettings('a:b')
  const { code } = await call(`${emulator.altinn.url}/storage/api/v1/instances?org=ttd`)
  expect([code, lastGrant()]).toEqual([0, expect.objectContaining({ scope: read })])
})

test('an address that nobody knows gets the token of the settings, or of the flags', async () => {
  const { code, stdout } = await call(`${origin}/x?y=1`, '--kind', 'maskinporten', '--scope', 'a:b')
  expect([code, stdout]).toEqual([0, '{"ok":true}'])
  const [{ method, path, headers } = { method: '', path: '', headers: {} }] = arrived
  expect([method, path]).toEqual(['GET', '/x?y=1'])
  expect(decodeJwt(headers.authorization?.replace('Bearer ', '') ?? '')).toMatchObject({ scope: 'a:b' })
})

test('method, headers and body go as they are given', async () => {
  const file = join(folder, 'headers')
  await writeFile(file, 'Ocp-Apim-Subscription-Key: the-key\n\nAccept: text/plain\n')
  const body = join(folder, 'body.xml')
  await writeFile(body, '<a/>')
  await call(`${origin}/x`, '--body', body, '--header', `@${file}`, '--header', 'X-One: 1', '--kind', 'maskinporten')
  await call('put', `${origin}/x`, '--body', body, '--header', 'content-type: a/b', '--kind', 'maskinporten')
  expect(arrived).toMatchObject([
    {
      method: 'POST',
      body: '<a/>',
      headers: {
        'content-type': 'application/xml',
        'ocp-apim-subscription-key': 'the-key',
        accept: 'text/plain',
        'x-one': '1',
      },
    },
    { method: 'PUT', headers: { 'content-type': 'a/b' } },
  ])
})

test('a body is read from standard input', async () => {
  const words = ['call', `${origin}/x`, '--body', '-', '--kind', 'maskinporten']
  const { code } = await maskinporten(words, { cwd: folder, input: '{"a":1}' })
  expect(code).toBe(0)
  expect(arrived).toMatchObject([{ method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } }])
})

test('--include puts status and headers before the answer, --json all into one document', async () => {
  answerWith = (response) =>
    response.writeHead(201, { 'x-one': '1', 'content-type': 'application/json' }).end('{"a":1}')
  const included = await call(`${origin}/x`, '--include', '--kind', 'maskinporten')
  expect(included.stdout).toMatch(/^HTTP 201 Created\n(?:[\w-]+: .*\n)*x-one: 1\n(?:[\w-]+: .*\n)*\n\{"a":1\}$/)
  const json = await call(`${origin}/x`, '--json', '--kind', 'maskinporten')
  expect(JSON.parse(json.stdout)).toEqual({
    status: 201,
    url: `${origin}/x`,
    headers: expect.objectContaining({ 'x-one': '1' }),
    body: { a: 1 },
    body_encoding: 'json',
  })
  answerWith = (response) => response.end(Buffer.from([0xff, 0x00]))
  expect(JSON.parse((await call(`${origin}/x`, '--json', '--kind', 'maskinporten')).stdout)).toMatchObject({
    body: '/wA=',
    body_encoding: 'base64',
  })
})

test('--output writes the answer whole or not at all, and overwrites only with --force', async () => {
  const file = join(folder, 'answer')
  expect((await call(`${origin}/x`, '--output', file, '--kind', 'maskinporten')).stdout).toBe('')
  expect(await readFile(file, 'utf8')).toBe('{"ok":true}')
  expect((await call(`${origin}/x`, '--output', file, '--kind', 'maskinporten')).code).toBe(2)
  expect(arrived.length).toBe(1)
  answerWith = (response) => {
    response.writeHead(200, { 'content-length': '100' }).write('part')
    setTimeout(() => response.destroy(), 50)
  }
  const broken = await call(`${origin}/x`, '--output', file, '--force', '--kind', 'maskinporten')
  expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining('broke')])
  answerWith = (response) => response.writeHead(404).end('nothing')
  const failed = await call(`${origin}/x`, '--output', file, '--force', '--kind', 'maskinporten')
  expect([failed.code, failed.stdout, failed.stderr]).toEqual([1, '', expect.stringContaining('nothing')])
  expect(await readFile(file, 'utf8')).toBe('{"ok":true}')
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([])
})

test('bytes are not shown on a terminal, and it is told that the call was made', async () => {
  answerWith = (response) => response.writeHead(201, { 'content-type': 'application/pdf' }).end(Buffer.from([1, 2]))
  const isTerminal = process.stdout.isTTY
  process.stdout.isTTY = true
  try {
    const { code, stdout, stderr } = await call('POST', `${origin}/x`, '--kind', 'maskinporten')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/was sent and answered with 201 Created[^]*application\/pdf[^]*--output/)
  } finally {
    process.stdout.isTTY = isTerminal
  }
})

test('a refusal ends with 1; the answer is the result, and standard error says what helps', async () => {
  const raw = await call('altinn/storage:/instances?org=ttd', '--kind', 'maskinporten')
  expect([raw.code, raw.stderr]).toEqual([1, expect.stringContaining('altinn/storage takes an Altinn token')])
  const few = await call('altinn/storage:/instances?org=ttd', '--scope', write)
  expect(few.code).toBe(1)
  expect(few.stderr).toContain(`lacks these scopes of altinn/storage`)
  expect(few.stderr).toContain(`${read} (read)`)
  const missing = await call('altinn/storage:/nothing')
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('404')])
  const norwegian = await call('altinn/storage:/instances?org=ttd', '--kind', 'maskinporten', '--lang', 'nb')
  expect(norwegian.stderr).toContain('altinn/storage tar et Altinn-token')
  answerWith = (response) => response.writeHead(401).end()
  const unknown = await call(`${origin}/x`)
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('--kind maskinporten')])
  const token = arrived.at(-1)?.headers.authorization?.slice('Bearer '.length) ?? 'none'
  expect(unknown.stderr + unknown.stdout).not.toContain(token)
})

test.each([301, 302, 303, 307, 308])(
  'a %i to another host is a failure that names it: nothing goes there',
  async (status) => {
    const elsewhere: string[] = []
    const other = createServer((request, response) => {
      elsewhere.push(`${request.method} ${request.url}`)
      response.end('<h1>Log in</h1>')
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(other.address() as AddressInfo).port}`
    answerWith = (response) =>
      response.writeHead(status, { location: `http://${host}/login?session=s3cret` }).end('moved')
    const file = join(folder, `redirected-${status}`)
    const words = [`${origin}/x`, '--kind', 'maskinporten', '--header', 'ocp-apim-subscription-key: k'] as const
    const { code, stdout, stderr } = await call('POST', ...words, '--output', file)
    const json = await call('GET', ...words, '--json')
    other.close()
    expect([code, stdout, elsewhere]).toEqual([1, '', []])
    expect(stderr).toContain(`redirects to ${host}`)
    expect(stderr).not.toContain('s3cret')
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' })
    expect([json.code, elsewhere]).toEqual([1, []])
  },
)

test('a redirect of the API itself, and an answer without news, are failures, too', async () => {
  answerWith = (response) => response.writeHead(302, { location: '/y' }).end()
  const own = await call(`${origin}/x`, '--kind', 'maskinporten')
  expect([own.code, own.stderr]).toEqual([1, expect.stringContaining(`redirects to ${new URL(origin).host}`)])
  expect(arrived.map(({ path }) => path)).toEqual(['/x'])
  answerWith = (response) => response.writeHead(304).end()
  const same = await call(`${origin}/x`, '--kind', 'maskinporten', '--header', 'if-none-match: "1"')
  expect([same.code, same.stderr]).toEqual([1, expect.stringContaining('304')])
})

test("a service owner that asks for another's is told, and how it becomes ttd in test", async () => {
  await writeSettings(read, { UseAltinnTestOrg: false })
  const { code, stderr } = await call('altinn/storage:/instances?org=ttd')
  expect([code, stderr]).toEqual([1, expect.stringContaining('the service owner digdir, and ttd was asked for')])
  expect(stderr).toContain('UseAltinnTestOrg')
})

test('a token that names no service owner is told', async () => {
  client = await emulator.registerClient({ scopes: ['altinn:instances.read'], orgNumber: '991825827' })
  await writeSettings('altinn:instances.read')
  const { code, stderr } = await call('altinn/storage:/instances?org=ttd')
  expect([code, stderr]).toEqual([1, expect.stringContaining('urn:altinn:org')])
})

test.each<readonly [readonly string[], string]>([
  [['altinn/storge:/instances'], 'no API altinn/storge: is it altinn/'],
  [['http://api.test/x'], 'absolute https address'],
  [['https://user:pass@api.test/x'], 'absolute https address'],
  [['GET', 'a', 'b'], 'quotes'],
  [['G-T', 'https://api.test'], 'not a method'],
  [['GET', 'https://api.test', '--body', 'x'], 'GET has no body'],
  [['https://api.test', '--header', 'Authorization: Bearer x'], 'Authorization'],
  [['https://api.test', '--header', 'no colon'], '@FILE'],
  [['https://api.test', '--body', '/nowhere/x'], 'cannot be read'],
  [['altinn/app:/ttd/app/instances'], '--org ttd'],
  [['altinn/storage:/instances', '--access', 'all'], 'read, write, admin'],
])('%j is wrong use, and nothing is asked', async (words, text) => {
  const before = emulator.requests().length
  const { code, stdout, stderr } = await call(...words)
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(text)])
  expect(emulator.requests().length).toBe(before)
})

test('an address of the other environment is refused before any request', async () => {
  const MaskinportenSettings = { ...client.settings, authority: undefined, environment: 'test' }
  const { tokenExchangeEnvironment: _, ...section } = MaskinportenSettings
  const file = join(folder, 'appsettings.json')
  await writeFile(file, JSON.stringify({ MaskinportenSettings: section }))
  const { code, stderr } = await call('https://platform.altinn.no/storage/api/v1/instances')
  expect([code, stderr]).toEqual([2, expect.stringContaining('altinn/storage in prod, and the settings are of test')])
})

test('a server that is not there is told', async () => {
  const { code, stderr } = await call('http://127.0.0.1:9/x', '--kind', 'maskinporten')
  expect([code, stderr]).toEqual([1, expect.stringMatching(/127\.0\.0\.1:9 cannot be reached/)])
})
