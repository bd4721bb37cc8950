import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { Agent, createServer, request as requestHttp } from 'node:http'
import { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import type { ResolvedSettings } from '@maskinporten-kit/core'
import { SignJWT, decodeJwt, exportJWK, generateKeyPair } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { Introspector } from '../src/serve/introspect.ts'
import { type RunningService, type ServeFlags, startService } from '../src/serve/serve.ts'
import { Terminal } from '../src/terminal.ts'
import { environmentWith, nodeArguments } from './maskinporten.ts'

const hasPromtool = spawnSync('promtool', ['--version']).status === 0
const scope = 'altinn:serviceowner/instances.read'
const owner = '310702641'
let emulator: Emulator
let client: EmulatedClient
let folder: string
let key: object
beforeAll(async () => {
  emulator = await startEmulator()
  key = (await emulator.registerClient({ scopes: ['a:b'] })).jwk
  folder = await mkdtemp(join(tmpdir(), 'serve-'))
})
afterAll(async () => {
  await emulator.close()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  await emulator.reset()
  client = await emulator.registerClient({
    clientId: 'the-client',
    scopes: [scope, 'a:b', 'c:d', 'altinn:serviceowner/rolesandrights', 'skatteetaten:skattekorttilarbeidsgiver'],
    orgNumber: '991825827',
    jwk: key,
    accessTokenLifetime: 1000,
  })
  const { settings } = client
  await writeFile(join(folder, 'appsettings.json'), JSON.stringify({ MaskinportenSettings: settings }))
})

/** What was printed while the service ran. */
let printed: { stdout: string; stderr: string }
let service: RunningService | undefined
afterEach(async () => {
  await service?.stop()
  service = undefined
  vi.restoreAllMocks()
})

async function start({ port = '0', ...flags }: Partial<ServeFlags> = {}): Promise<string> {
  printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text)
      return true
    })
  const terminal = new Terminal({ language: 'en', isQuiet: false, isJson: false, isUnattended: true })
  const place = flags.socket === undefined ? { port } : {}
  service = await startService({ settings: folder, ...place, ...flags }, terminal)
  return service.url
}

const audit = (): readonly unknown[] =>
  printed.stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as unknown)

type Format = 'json' | 'form'
type Fields = Readonly<Record<string, unknown>>

function post(
  url: string,
  fields: Fields,
  format: Format = 'json',
  more: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
  const form = new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, text(value)]))
  const type = format === 'form' ? {} : { 'content-type': 'application/json' }
  const body = format === 'form' ? form : JSON.stringify(fields)
  return fetch(url, { method: 'POST', body, headers: { ...type, ...more } })
}

const asked = { identity_provider: 'maskinporten', target: 'a:b' }
const seen = async (answer: Response): Promise<unknown> => [answer.status, await answer.json()]
const refused = (error_description: unknown, status = 400, error: unknown = 'invalid_request'): unknown => [
  status,
  { error, error_description },
]
const ask = (fields: Fields = {}, format?: Format, more?: Readonly<Record<string, string>>): Promise<Response> =>
  post(`${service?.url}/api/v1/token`, { ...asked, ...fields }, format, more)

async function tokenOf(fields?: Fields, format?: Format): Promise<string> {
  const answer = (await (await ask(fields, format)).json()) as { readonly access_token?: string }
  return answer.access_token ?? ''
}

describe.each<Format>(['json', 'form'])('as %s', (format) => {
  test('a token comes with what Texas answers and no more', async () => {
    await start()
    expect(await seen(await ask({ target: 'a:b c:d' }, format))).toEqual([
      200,
      { access_token: expect.any(String), expires_in: expect.any(Number), token_type: 'Bearer' },
    ])
    expect(decodeJwt(await tokenOf({ target: 'a:b c:d' }, format))).toMatchObject({
      scope: 'a:b c:d',
      client_id: client.clientId,
    })
    expect(emulator.requests('token').length).toBe(1)
  })

  // The two requests for Maskinporten in nais/texas, doc/openapi-spec.json, as they stand.
  test("Texas' documented examples are answered in shape, and reach Maskinporten as they are", async () => {
    emulator.maskinporten.addSystemUser({ orgNumber: '313367002', clientIds: [client.clientId], systemId: 's' })
    const details = {
      type: 'urn:altinn:systemuser',
      systemuser_org: { authority: 'iso6523-actorid-upis', ID: '0192:313367002' },
    }
    const idsOfAToken = {
      systemuser_id: ['33a0911a-5459-456f-bc57-3d37ef9a016c'],
      system_id: '974761076_skatt_demo_system',
    }
    const resource = 'http://resource.example/api'
    await start()
    const token = [200, { access_token: expect.any(String), expires_in: expect.any(Number), token_type: 'Bearer' }]
    expect(await seen(await ask({ target: 'altinn:serviceowner/rolesandrights', resource }, format))).toEqual(token)
    const target = 'skatteetaten:skattekorttilarbeidsgiver'
    // Maskinporten knows those two in tokens only, and its refusal is passed on.
    const documented = await ask({ target, authorization_details: [{ ...details, ...idsOfAToken }] }, format)
    expect(await seen(documented)).toEqual(
      refused(expect.stringContaining('Unknown fields'), 400, 'invalid_authorization_details'),
    )
    expect(await seen(await ask({ target, authorization_details: [details] }, format))).toEqual(token)
    expect(emulator.requests('token').map(({ grant }) => grant?.claims)).toMatchObject([
      { scope: 'altinn:serviceowner/rolesandrights', resource: [resource] },
      { scope: target, authorization_details: [{ ...details, ...idsOfAToken }] },
      { scope: target, authorization_details: [details] },
    ])
  })

  test('skip_cache brings a new token, which is then kept', async () => {
    await start()
    const first = await tokenOf({}, format)
    expect(await tokenOf({}, format)).toBe(first)
    const second = await tokenOf({ skip_cache: true }, format)
    expect(second).not.toBe(first)
    expect(await tokenOf({ skip_cache: false }, format)).toBe(second)
    // Inside ten seconds the same one comes again, and no error.
    expect(await tokenOf({ skip_cache: true }, format)).toBe(second)
    expect(emulator.requests('token').length).toBe(2)
  })

  test('a token is introspected, with all its claims', async () => {
    const url = await start()
    const token = await tokenOf({}, format)
    const body = { identity_provider: 'maskinporten', token }
    expect(await seen(await post(`${url}/api/v1/introspect`, body, format))).toEqual([
      200,
      { active: true, ...decodeJwt(token) },
    ])
  })

  test.each(['azuread', 'entra_id', 'tokenx', 'idporten', 'ansattporten'])('%s is not enabled', async (provider) => {
    const url = await start()
    const reason = `identity provider '${provider === 'azuread' ? 'entra_id' : provider}' is not enabled`
    expect(await seen(await ask({ identity_provider: provider }, format))).toEqual(refused(reason))
    const body = { identity_provider: provider, token: 'x' }
    expect(await seen(await post(`${url}/api/v1/introspect`, body, format))).toEqual([
      200,
      { active: false, error: reason },
    ])
  })

  test('what cannot be read is refused in the words of Texas', async () => {
    const url = await start()
    const prefix =
      format === 'json' ? 'Failed to deserialize the JSON body into the target type' : 'Failed to deserialize form body'
    expect(await seen(await ask({ identity_provider: 'invalid' }, format))).toEqual(
      refused(
        `${prefix}: identity_provider: unknown variant \`invalid\`, expected one of \`azuread\`, \`entra_id\`, \`tokenx\`, \`maskinporten\`, \`idporten\`, \`ansattporten\``,
      ),
    )
    expect(await seen(await post(`${url}/api/v1/token`, { identity_provider: 'maskinporten' }, format))).toEqual(
      refused(`${prefix}: missing field \`target\``),
    )
    expect(await seen(await ask({ kind: 'idporten' }, format))).toEqual(
      refused(`${prefix}: kind: unknown variant \`idporten\`, expected one of \`maskinporten\`, \`altinn\``),
    )
  })

  test('kind and consumer_org go beyond Texas', async () => {
    emulator.maskinporten.defineScope({ name: 'a:b', delegable: true, accessibleForAll: true })
    emulator.maskinporten.delegate({ from: owner, to: '991825827', scope: 'a:b' })
    await start()
    const delegated = await tokenOf({ consumer_org: owner }, format)
    expect(decodeJwt(delegated)).toMatchObject({ consumer: { ID: `0192:${owner}` } })
    const altinn = await tokenOf({ target: scope, kind: 'altinn' }, format)
    expect(decodeJwt(altinn)).toMatchObject({ 'urn:altinn:org': 'ttd' })
  })
})

test('what says the same in other order is the same request', async () => {
  emulator.maskinporten.addSystemUser({ orgNumber: owner, clientIds: [client.clientId], systemId: 's' })
  const systemuser_org = { authority: 'iso6523-actorid-upis', ID: `0192:${owner}` }
  const other = { ID: systemuser_org.ID, authority: systemuser_org.authority }
  await start()
  const first = await tokenOf({ authorization_details: [{ type: 'urn:altinn:systemuser', systemuser_org }] })
  const details = JSON.stringify([{ systemuser_org: other, type: 'urn:altinn:systemuser' }])
  expect(await tokenOf({ authorization_details: details })).toBe(first)
  expect(emulator.requests('token').length).toBe(1)
})

test.each<readonly [string, string | undefined, string, unknown]>([
  [
    'another media type',
    'text/plain',
    'some plain text',
    refused(
      'unsupported media type: text/plain: expected one of `application/json`, `application/x-www-form-urlencoded`',
    ),
  ],
  ['broken JSON', 'application/json', '{', refused('Failed to parse the request body as JSON')],
  ['too much', 'application/json', `"${'x'.repeat(200_000)}"`, refused(expect.stringContaining('102400'), 413)],
  [
    'a field twice',
    'application/x-www-form-urlencoded',
    'target=a&target=b',
    refused('Failed to deserialize form body: duplicate field `target`'),
  ],
])('a body with %s is refused', async (_name, type, body, expected) => {
  const url = await start()
  const headers = type === undefined ? {} : { 'content-type': type }
  expect(await seen(await fetch(`${url}/api/v1/token`, { method: 'POST', headers, body }))).toEqual(expected)
})

test('a request that is not one of Texas is answered without a token', async () => {
  const url = await start()
  const got = await fetch(`${url}/api/v1/token`)
  expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST'])
  expect((await fetch(`${url}/api/v2/token`)).status).toBe(404)
  const exchange = await post(`${url}/api/v1/token/exchange`, { ...asked, user_token: 'x' })
  expect(await seen(exchange)).toEqual(refused("identity provider 'maskinporten' does not support token exchange"))
})

test('a refusal upstream is passed on with its status and words', async () => {
  await start()
  expect(await seen(await ask({ target: 'no:such' }))).toEqual(
    refused(expect.stringContaining('no:such'), 400, 'invalid_scope'),
  )
  expect(audit().at(-1)).toMatchObject({ endpoint: 'token', status: 400, error: 'invalid_scope', scopes: ['no:such'] })
  emulator.faults.next('token', { error: 'MP-250' })
  expect((await ask({ target: 'c:d' })).status).toBe(403)
  emulator.faults.next('exchange', { status: 403, body: 'no' })
  expect((await ask({ target: scope, kind: 'altinn' })).status).toBe(403)
  expect(await seen(await ask({ consumer_org: '123' }))).toEqual(
    refused(expect.stringContaining('not a Norwegian organisation number')),
  )
})

test.each([200, 302, 304])('a refusal upstream with the status %i, which is no error, is a 502', async (status) => {
  await start()
  const body = status === 304 ? undefined : JSON.stringify({ error: 'invalid_scope' })
  emulator.faults.next('token', { status, body, headers: { location: 'https://login.example/' } })
  const answer = await ask()
  expect([answer.status, await answer.json()]).toEqual([
    502,
    { error: expect.any(String), error_description: expect.any(String) },
  ])
  expect(audit().at(-1)).toMatchObject({ endpoint: 'token', status: 502 })
})

test('a thousand callers at once make one token request', async () => {
  const url = await start()
  emulator.faults.next('token', { delayMs: 500 })
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY })
  const body = JSON.stringify(asked)
  const call = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': body.length }
      const sent = requestHttp(`${url}/api/v1/token`, { method: 'POST', agent, headers }, (answer) => {
        readText(answer).then(resolve, reject)
      })
      sent.once('error', reject)
      sent.end(body)
    })
  const answers = await Promise.all(Array.from({ length: 1000 }, call))
  agent.destroy()
  const tokens = new Set(answers.map((answer) => (JSON.parse(answer) as { access_token: string }).access_token))
  expect([tokens.size, tokens.has(''), emulator.requests('token').length]).toEqual([1, false, 1])
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/requests_total\{endpoint="token",result="cached"\} 999/)
}, 60_000)

describe('who may ask', () => {
  test('a page in a browser gets nothing, and neither does a foreign Host', async () => {
    const url = await start()
    for (const name of ['origin', 'sec-fetch-site']) {
      const value = name === 'origin' ? 'https://evil.example' : 'cross-site'
      const status = await rawStatus(url, { [name]: value })
      expect(status).toBe(403)
    }
    expect(await rawStatus(url, { host: 'rebound.example:8062' })).toBe(403)
    expect(await rawStatus(url, { host: 'localhost:1' })).toBe(200)
    for (const path of ['health', 'ready', 'metrics'])
      expect((await fetch(`${url}/${path}`, { headers: { origin: 'https://evil.example' } })).status).toBe(403)
    expect(emulator.requests('token').length).toBe(1)
  })

  test('a caller without the secret gets 401', async () => {
    const file = join(folder, 'made.secret')
    await start({ secretFile: file })
    const secret = (await readFile(file, 'utf8')).trim()
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const without = await ask()
    expect(without.headers.get('www-authenticate')).toBe('Bearer')
    expect(await seen(without)).toEqual(refused(expect.stringContaining('missing'), 401, 'invalid_client'))
    for (const wrong of [secret.slice(1), `${secret}x`, 'x'])
      expect((await ask({}, 'json', { authorization: `Bearer ${wrong}` })).status).toBe(401)
    expect((await post(`${service?.url}/api/v1/introspect`, { ...asked, token: 'x' })).status).toBe(401)
    expect(emulator.requests('token').length).toBe(0)
    expect((await ask({}, 'json', { authorization: `Bearer ${secret}` })).status).toBe(200)
    expect((await fetch(`${service?.url}/health`)).status).toBe(200)
    expect(printed.stdout + printed.stderr).not.toContain(secret)
  })

  test('other machines need a secret, and a short one is none', async () => {
    await expect(start({ host: '0.0.0.0' })).rejects.toMatchObject({ exitCode: 2, message: /--secret-file/ })
    const file = join(folder, 'short.secret')
    await writeFile(file, 'short', { mode: 0o600 })
    await expect(start({ host: '0.0.0.0', secretFile: file })).rejects.toMatchObject({ exitCode: 3 })
  })

  function rawStatus(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
    const body = JSON.stringify(asked)
    return new Promise((resolve, reject) => {
      const all = { 'content-type': 'application/json', 'content-length': body.length, ...headers }
      const sent = requestHttp(`${url}/api/v1/token`, { method: 'POST', headers: all }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      sent.once('error', reject)
      sent.end(body)
    })
  }
})

test('on a socket, which only its owner can use; one that was left behind is replaced', async () => {
  const socket = join(folder, 'tokens.sock')
  const call = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(asked)
      const headers = { 'content-type': 'application/json', 'content-length': body.length }
      const sent = requestHttp({ socketPath: socket, path: '/api/v1/token', method: 'POST', headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      sent.once('error', reject)
      sent.end(body)
    })
  // Whoever may connect between the two calls may still be connected after the second.
  const openedTo: number[] = []
  const listenAt = Reflect.get(Server.prototype, 'listen') as (...words: unknown[]) => Server
  vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...words: unknown[]) {
    const server = Reflect.apply(listenAt, this, words)
    openedTo.push(statSync(socket).mode & 0o777)
    return server
  })
  const umask = process.umask()
  await start({ socket })
  expect([openedTo, process.umask()]).toEqual([[0o600], umask])
  expect((await stat(socket)).mode & 0o777).toBe(0o600)
  expect(await call()).toBe(200)
  const first = service
  await expect(start({ socket })).rejects.toMatchObject({ exitCode: 2, message: /taken/ })
  await first?.stop()
  service = undefined
  // A file that is not a socket is somebody's.
  await writeFile(socket, 'mine')
  await expect(start({ socket })).rejects.toMatchObject({ exitCode: 2 })
  expect(await readFile(socket, 'utf8')).toBe('mine')
  await rm(socket)
})

test('a request in work gets its answer while the service stops, and a later one gets none', async () => {
  const url = await start()
  emulator.faults.next('token', { delayMs: 700 })
  const pending = ask()
  await vi.waitFor(() => expect(emulator.requests('token').length).toBe(1))
  const stopped = service?.stop()
  await expect(ask({ target: 'c:d' })).rejects.toThrow('fetch failed')
  expect((await pending).status).toBe(200)
  await stopped
  service = undefined
  await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed')
})

test('another key is used without a restart', async () => {
  await start()
  const file = join(folder, 'appsettings.json')
  const other = await emulator.registerClient({ scopes: ['c:d'], clientId: 'other-client' })
  await writeFile(file, JSON.stringify({ MaskinportenSettings: other.settings }))
  await vi.waitFor(
    async () => expect(decodeJwt(await tokenOf({ target: 'c:d' }))).toMatchObject({ client_id: 'other-client' }),
    { timeout: 60_000, interval: 500 },
  )
}, 90_000)

test.skipIf(!hasPromtool)('promtool takes the metrics', async () => {
  const url = await start()
  await ask()
  await ask({ target: 'no:such' })
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const { status, stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], { input: metrics, encoding: 'utf8' })
  expect([status, stdout, stderr]).toEqual([0, '', ''])
})

describe('a token that is not active', () => {
  const inspect = async (token: string): Promise<unknown> =>
    (await post(`${service?.url}/api/v1/introspect`, { identity_provider: 'maskinporten', token })).json()
  const inactive = (error: unknown): unknown => ({ active: false, error })

  test('says why in the words of Texas', async () => {
    await start()
    const token = await tokenOf()
    const [head = '', claims = '', signature = ''] = token.split('.')
    const changed = Buffer.from(JSON.stringify({ ...decodeJwt(token), scope: 'all:of-it' })).toString('base64url')
    expect(await inspect(`${head}.${changed}.${signature}`)).toEqual(inactive('invalid token: InvalidSignature'))
    expect(await inspect('not a token')).toEqual(inactive('invalid token header: InvalidToken'))
    const header = (more: object): string => Buffer.from(JSON.stringify(more)).toString('base64url')
    expect(await inspect(`${header({ alg: 'RS256' })}.${claims}.${signature}`)).toEqual(
      inactive('missing key id from token header'),
    )
    expect(await inspect(`${header({ alg: 'RS256', kid: 'x' })}.${claims}.${signature}`)).toEqual(
      inactive('token can not be validated with this identity provider'),
    )
    expect(await inspect(`${header({ alg: 'none', kid: 'x' })}.${claims}.`)).toMatchObject({ active: false })
    const altinn = await tokenOf({ target: scope, kind: 'altinn' })
    expect(await inspect(altinn)).toMatchObject({ active: false })
  })

  test.each([
    ['/.well-known/oauth-authorization-server/issuer', 1],
    ['/issuer/.well-known/oauth-authorization-server', 2],
  ])('or is, by the keys of an issuer with a path whose metadata is at %s', async (place, count) => {
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    const paths: string[] = []
    const server = createServer((request, response) => {
      const { url: path = '' } = request
      const issuer = `http://${request.headers.host}/issuer`
      if (path === '/keys')
        return void exportJWK(publicKey).then((jwk) => response.end(JSON.stringify({ keys: [{ ...jwk, kid: 'k' }] })))
      paths.push(path)
      if (path !== place) return void response.writeHead(404).end()
      response.end(JSON.stringify({ issuer, jwks_uri: `http://${request.headers.host}/keys` }))
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    const authority = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/issuer`
    const introspector = new Introspector(() => Promise.resolve({ authority } as ResolvedSettings))
    const signing = new SignJWT().setProtectedHeader({ alg: 'RS256', kid: 'k' }).setIssuer(authority)
    const token = await signing.setIssuedAt().setExpirationTime('1m').sign(privateKey)
    expect(await introspector.inspect(token)).toMatchObject({ active: true, iss: authority })
    expect(paths.length).toBe(count)
  })

  test('because its time is over', async () => {
    await start()
    const token = await tokenOf()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_100_000 })
    onTestFinished(() => void vi.useRealTimers())
    expect(await inspect(token)).toEqual(inactive('invalid token: ExpiredSignature'))
  })
})

test.each<readonly [Partial<ServeFlags>, string]>([
  [{ port: 'x' }, '65535'],
  [{ port: '70000' }, '65535'],
  [{ socket: '/tmp/x', host: '127.0.0.1' }, 'in the place of'],
  [{ socket: `/tmp/${'x'.repeat(200)}` }, 'nothing can listen'],
  [{ host: '203.0.113.1', secretFile: '/nowhere/else' }, '/nowhere/else'],
])('%j cannot be', async (flags, words) => {
  await expect(start(flags)).rejects.toThrow(words)
})

test('a port that is taken is told', async () => {
  const { port } = new URL(await start())
  const first = service
  await expect(start({ port })).rejects.toMatchObject({ exitCode: 2, message: /taken/ })
  service = first
})

test('health and readiness follow the engine', async () => {
  const url = await start()
  expect(await seen(await fetch(`${url}/ready`))).toEqual([200, { ready: true }])
  expect(await seen(await fetch(`${url}/health`))).toMatchObject([200, { status: 'ok' }])
  emulator.faults.next('token', { status: 503, times: 9 })
  expect(await seen(await ask())).toEqual(
    refused(expect.stringMatching(/^Identity provider request/), 500, 'server_error'),
  )
  expect(await seen(await fetch(`${url}/health`))).toMatchObject([
    503,
    { status: 'failing', reason: 'token_unavailable' },
  ])
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain('maskinporten_health{status="failing"} 1')
  expect(metrics).toContain('maskinporten_serve_requests_total{endpoint="token",result="server_error"} 1')
})

test('no secret is in what is printed, and the line says who got what', async () => {
  const url = await start()
  const token = await tokenOf({ target: scope, kind: 'altinn' })
  const claims = decodeJwt(token)
  expect(claims).toHaveProperty('urn:altinn:org')
  // In the place of what it is not.
  for (const name of [
    'target',
    'kind',
    'identity_provider',
    'resource',
    'consumer_org',
    'authorization_details',
    'skip_cache',
  ])
    await ask({ [name]: token })
  await ask({ authorization_details: [{ type: token }] })
  await post(`${url}/api/v1/introspect`, { identity_provider: 'maskinporten', token })
  await fetch(`${url}/${token}`)
  await ask({ target: 'S3cretPassw0rd' })
  const all = printed.stdout + printed.stderr + (await (await fetch(`${url}/metrics`)).text())
  const assertions = emulator.requests('token').map(({ grant }) => grant?.assertion ?? 'none')
  for (const secret of ['S3cret', token, token.slice(0, 60), client.settings.encodedJwk, ...assertions])
    expect(all).not.toContain(secret)
  expect(audit().find((line) => Object(line).kind === 'altinn')).toEqual({
    at: expect.any(String),
    endpoint: 'token',
    status: 200,
    ms: expect.any(Number),
    kind: 'altinn',
    scopes: [scope],
    cached: false,
  })
})

// What an app on NAIS has: only the variables, and fetch.
const app = `
const answer = await fetch(process.env.NAIS_TOKEN_ENDPOINT, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ identity_provider: 'maskinporten', target: 'a:b' }),
})
const { access_token: token } = await answer.json()
const introspection = await fetch(process.env.NAIS_TOKEN_INTROSPECTION_ENDPOINT, {
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({ identity_provider: 'maskinporten', token }),
})
const { active, scope } = await introspection.json()
console.log(JSON.stringify({ status: answer.status, active, scope }))
`

test('an app written for Texas runs unmodified beside the command, which SIGTERM ends', async () => {
  const words = ['serve', '--port', '0', '--settings', folder]
  const child = spawn(process.execPath, [...nodeArguments, ...words], { env: environmentWith() })
  onTestFinished(() => void child.kill('SIGKILL'))
  let lines = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (lines += text))
  await vi.waitFor(() => expect(lines).toContain('NAIS_TOKEN_INTROSPECTION_ENDPOINT='), { timeout: 30_000 })
  const variables = Object.fromEntries(
    lines
      .trim()
      .split('\n')
      .map((line) => line.split('=')),
  )
  const other = spawn(process.execPath, ['--input-type=module', '--eval', app], { env: environmentWith(variables) })
  expect(JSON.parse(await readText(other.stdout))).toEqual({ status: 200, active: true, scope: 'a:b' })
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
}, 60_000)
