import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Emulator, type EmulatorOptions, type LogEntry, startEmulator } from '@maskinporten-kit/emulator'
import { createRemoteJWKSet, exportJWK, exportPKCS8, generateKeyPair, customFetch, jwtVerify } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { logLine } from '../src/command/log-lines.ts'
import { jwtBearer, readJson, signGrant, tokenFor } from './sign-grant.ts'

const scope = 'altinn:serviceowner/instances.read'
const testEnvironment = { clock: Date, maskinporten: { issuer: 'https://test.maskinporten.no/' } }
const pair = await generateKeyPair('RS256', { extractable: true })
const jwk = { ...(await exportJWK(pair.privateKey)), kid: 'mine' }
const encodedJwk = Buffer.from(JSON.stringify(jwk)).toString('base64')

async function start(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator(options)
  onTestFinished(() => emulator.close())
  return emulator
}

/** As an app with `Environment: test` does it. */
async function tokenOfTest(emulator: Emulator, clientId = 'app', scopes = [scope]): Promise<Response> {
  const holder = {
    clientId,
    orgNumber: '991825827',
    scopes,
    kid: 'mine',
    jwk: undefined,
    settings: { clientId, scope, exchangeToAltinnToken: true },
    environment: {},
  }
  const assertion = await signGrant(testEnvironment, holder, { key: jwk })
  return emulator.fetch('https://test.maskinporten.no/token', {
    method: 'POST',
    body: new URLSearchParams({ grant_type: jwtBearer, assertion }),
  })
}

test.each([undefined, 'test'] as const)(
  'fetch leads the names of the test environment to an emulator as %s, whose tokens, keys and services speak those names',
  async (as) => {
    const emulator = await start({ as })
    await emulator.use({
      MaskinportenSettings: { Environment: 'test', ClientId: 'app', Scope: scope, EncodedJwk: encodedJwk },
    })
    const metadata = await readJson(
      await emulator.fetch('https://test.maskinporten.no/.well-known/oauth-authorization-server'),
    )
    expect(metadata).toMatchObject({
      issuer: 'https://test.maskinporten.no/',
      token_endpoint: 'https://test.maskinporten.no/token',
    })
    const answered = await tokenOfTest(emulator)
    expect([answered.status, answered.url]).toEqual([200, 'https://test.maskinporten.no/token'])
    const token = String((await readJson(answered))['access_token'])
    const keys = createRemoteJWKSet(new URL('https://test.maskinporten.no/jwk'), { [customFetch]: emulator.fetch })
    await jwtVerify(token, keys, { issuer: 'https://test.maskinporten.no/' })
    const platform = 'https://platform.tt02.altinn.no'
    const exchanged = await emulator.fetch(`${platform}/authentication/api/v1/exchange/maskinporten?test=true`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(exchanged.status).toBe(200)
    const altinnToken = await exchanged.text()
    const submitted = await emulator.altinn.submit({ org: 'ttd', app: 'app', person: '20914695016', data: {} })
    const instances = await emulator.fetch(`${platform}/storage/api/v1/instances?org=ttd&appId=ttd/app`, {
      headers: new Headers({ authorization: `Bearer ${altinnToken}` }),
    })
    expect(JSON.stringify(await readJson(instances))).toContain(submitted.instanceGuid)
    expect((await emulator.fetch('https://ttd.apps.tt02.altinn.no/ttd/app')).status).toBe(404)
  },
)

test("fetch leads the emulator's own addresses to it, too, those that speak https included", async () => {
  const emulator = await start()
  const urls = [
    emulator.maskinporten.url,
    emulator.altinn.url,
    emulator.register.url,
    emulator.keyVault.url,
    emulator.entra.url,
  ]
  for (const url of [...urls, emulator.maskinporten.url.replace('127.0.0.1', 'localhost')]) {
    expect((await emulator.fetch(`${url}/nothing`)).status).toBeGreaterThanOrEqual(400)
  }
  expect(await readJson(await emulator.fetch(`${emulator.control.url}/health`))).toEqual({ status: 'ok' })
  const client = await emulator.registerClient({ scopes: ['a:b'] })
  expect(await tokenFor(emulator, client)).toMatch(/^eyJ/)
})

test('fetch takes a Request, a URL, a stream and a signal, and no body where there is none', async () => {
  const emulator = await start()
  const url = new URL(`${emulator.maskinporten.url}/token`)
  const body = 'grant_type=a'
  await emulator.fetch(
    new Request(url, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  )
  const streamed = { method: 'POST', body: new Blob([body]).stream(), duplex: 'half' }
  await emulator.fetch(url, streamed)
  expect(emulator.requests('token').map((request) => request.body)).toEqual([body, body])
  emulator.faults.next('token', { status: 204 })
  expect((await emulator.fetch(url, { method: 'POST' })).body).toBeNull()
  expect((await emulator.fetch(url, { method: 'HEAD' })).status).toBe(405)
  emulator.faults.next('token', { hang: true })
  const waiting = emulator.fetch(url, { method: 'POST', signal: AbortSignal.timeout(50) })
  await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' })
  emulator.faults.next('token', { reset: true })
  await expect(emulator.fetch(url, { method: 'POST' })).rejects.toThrow(new TypeError('fetch failed'))
})

test('fetch follows a redirect as it was asked to, and takes no token to another origin', async () => {
  const emulator = await start()
  const headers = { location: 'https://test.maskinporten.no/jwk' }
  const ask = async (redirect?: RequestRedirect): Promise<number> => {
    emulator.faults.next('token', { status: 302, headers })
    const init = {
      method: 'POST',
      body: 'x',
      headers: { authorization: 'Bearer x' },
      ...(redirect ? { redirect } : {}),
    }
    return (await emulator.fetch(`${emulator.maskinporten.url}/token`, init)).status
  }
  expect([await ask(), await ask('manual')]).toEqual([200, 302])
  expect(emulator.requests('jwk').map((request) => [request.method, request.headers['authorization']])).toEqual([
    ['GET', undefined],
  ])
  await expect(ask('error')).rejects.toThrow('fetch failed')
  emulator.faults.next('token', { status: 302, headers: { location: 'https://example.com/' } })
  await expect(emulator.fetch(`${emulator.maskinporten.url}/token`)).rejects.toThrow(/example\.com: it is not emulated/)
})

test('fetch refuses every other host, and sends it nothing', async () => {
  const emulator = await start()
  let called = 0
  const other = createServer((_request, response) => {
    called += 1
    response.end()
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  for (const [url, words] of [
    [`http://127.0.0.1:${port}/`, /refuses 127\.0\.0\.1:\d+: it is not emulated/],
    ['https://example.com/', /refuses example\.com: it is not emulated/],
    ['https://maskinporten.no/token', /production's/],
    ['https://platform.altinn.no/', /production's/],
    ['http://test.maskinporten.no/token', /over http; call it over https/],
    ['https://test.maskinporten.no:8443/token', /refuses test\.maskinporten\.no:8443: it is not emulated/],
    ['https://test.maskinporten.no.example.com/', /it is not emulated/],
  ] as const) {
    await expect(emulator.fetch(url)).rejects.toThrow(words)
  }
  expect(called).toBe(0)
})

test('a request by its own address is answered under its own names, whatever X-Forwarded-Host says', async () => {
  const emulator = await start()
  const headers = { 'x-forwarded-host': 'test.maskinporten.no' }
  const answer = await fetch(`${emulator.maskinporten.url}/.well-known/oauth-authorization-server`, { headers })
  expect((await readJson(answer))['issuer']).toBe(emulator.maskinporten.issuer)
})

test.each<[what: string, settings: object]>([
  ['the section', { clientId: 'app', scope, encodedJwk }],
  [
    'appsettings.json',
    { Logging: {}, MaskinportenSettings: { ClientId: 'app', Scope: scope, EncodedJwk: encodedJwk } },
  ],
  [
    'variables',
    {
      PATH: '/bin',
      MaskinportenSettings__ClientId: 'app',
      MaskinportenSettings__Scope: scope,
      MaskinportenSettings__JwkBase64: encodedJwk,
    },
  ],
  [
    "NAIS's variables",
    { MASKINPORTEN_CLIENT_ID: 'app', MASKINPORTEN_SCOPES: scope, MASKINPORTEN_CLIENT_JWK: JSON.stringify(jwk) },
  ],
  ['a JWK as an object, and scopes as a list', { clientId: 'app', scopes: [scope], jwk }],
  ['a PEM', { clientId: 'app', scope, pem: await exportPKCS8(pair.privateKey) }],
])('use registers the client of %s, with the public half of its key', async (what, settings) => {
  const emulator = await start()
  const used = await emulator.use(settings)
  expect(used).toMatchObject({ clientId: 'app', scopes: [scope], settings: { clientId: 'app' } })
  expect(JSON.stringify(used)).not.toContain(jwk.d)
  if (what !== 'a PEM') expect((await tokenOfTest(emulator)).status).toBe(200)
  // Again, as each test of a file does.
  await emulator.use(settings)
})

const { kid: _kid, ...withoutKid } = jwk
const publicOne = { kty: jwk.kty, n: jwk.n, e: jwk.e, kid: 'public' }
const other = { ...(await exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey)), kid: 'other' }
test.each<[what: string, settings: object]>([
  ['the Kid beside a PEM', { pem: await exportPKCS8(pair.privateKey), Kid: 'mine' }],
  ['the Kid beside a JWK without one', { jwk: withoutKid, kid: 'mine' }],
  ["the key's own kid before the Kid", { encodedJwk, kid: 'another' }],
  ['the key of a set that the Kid names', { Jwks: { keys: [other, jwk] }, Kid: 'mine' }],
  ['the only private key of a set', { Jwks: JSON.stringify({ keys: [publicOne, jwk] }) }],
  ['the only private key of a list, whatever the Kid is', { jwks: [publicOne, jwk], kid: 'another' }],
  [
    'a set in base64',
    { JwkBase64: Buffer.from(JSON.stringify({ keys: [jwk, other] })).toString('base64'), Kid: 'mine' },
  ],
])('use takes %s', async (_what, settings) => {
  const emulator = await start()
  expect(await emulator.use({ clientId: 'app', scope, ...settings })).toMatchObject({ kid: 'mine' })
  expect((await tokenOfTest(emulator)).status).toBe(200)
})

test('use does not guess among the private keys of a set', async () => {
  const emulator = await start()
  const uses = (more: object): Promise<unknown> => emulator.use({ clientId: 'app', scope, ...more })
  await expect(uses({ jwks: { keys: [jwk, other] } })).rejects.toThrow(
    'the set of keys of these settings has 2 private keys; name one of them with MaskinportenSettings.Kid',
  )
  await expect(uses({ jwks: { keys: [] } })).rejects.toThrow(/has 0 private keys/)
})

test('use takes from its second argument what settings do not have, and says what is missing', async () => {
  const emulator = await start()
  const { clientId } = await emulator.use({ clientId: 'app' }, { scopes: ['a:b'], jwk, orgNumber: '310702641' })
  expect((await tokenOfTest(emulator, clientId, ['a:b'])).status).toBe(200)
  await expect(emulator.use({})).rejects.toThrow(/no client id; give them with MaskinportenSettings\.ClientId/)
  await expect(emulator.use({ clientId: 'app', encodedJwk })).rejects.toThrow(/no scopes/)
  await expect(emulator.use({ clientId: 'app', scope })).rejects.toThrow(/no key.*or `jwk` as the second argument/)
  await expect(emulator.use({ clientId: 'app', scope, encodedJwk: 'c2VjcmV0LWNhbmFyeQ' })).rejects.toThrow(
    /^(?!.*c2VjcmV0)the key of these settings is not a JWK/,
  )
})

test('client.environment is what a process needs: the section and the names of NAIS', async () => {
  const emulator = await start()
  const { environment, settings, clientId } = await emulator.registerClient({ scopes: [scope] })
  const script = 'process.stdout.write(JSON.stringify(process.env))'
  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', script], { env: { ...environment } })
  expect(JSON.parse(stdout)).toMatchObject({
    MaskinportenSettings__ClientId: clientId,
    MaskinportenSettings__EncodedJwk: settings.encodedJwk,
    MaskinportenSettings__Authority: emulator.maskinporten.issuer,
    MaskinportenSettings__UseAltinnTestOrg: 'true',
    MASKINPORTEN_CLIENT_ID: clientId,
    MASKINPORTEN_SCOPES: scope,
    MASKINPORTEN_TOKEN_ENDPOINT: `${emulator.maskinporten.url}/token`,
  })
  await using again = await startEmulator()
  expect(await again.use(environment)).toMatchObject({ clientId, scopes: [scope] })
})

test('log tells each request once: method, path, status, time and the rule that refused, and nothing secret', async () => {
  const heard: LogEntry[] = []
  const emulator = await start({ log: (entry) => void heard.push(entry) })
  const client = await emulator.registerClient({ scopes: ['a:b'] })
  const token = await tokenFor(emulator, client)
  await fetch(`${emulator.maskinporten.url}/token?assertion=${token}`, { method: 'POST', body: 'x=1' })
  await fetch(`${emulator.altinn.url}/storage/${token}`, { headers: { authorization: `Bearer ${token}` } })
  emulator.faults.next('jwk', { reset: true })
  await fetch(`${emulator.maskinporten.url}/jwk`).catch(() => undefined)
  await fetch(`${emulator.control.url}/health`)
  expect(heard).toMatchObject([
    { kind: 'request', target: 'token', method: 'POST', path: '/token', status: 200, ms: expect.any(Number) },
    { method: 'POST', path: '/token', status: 400, rule: expect.any(String) },
    { method: 'GET', path: '/storage/JWT', status: expect.any(Number) },
    { path: '/jwk', status: undefined, rule: 'fault' },
  ])
  expect(JSON.stringify(heard)).not.toMatch(/eyJ/)
  expect(heard.map((entry) => entry.kind === 'request' && entry.id)).toEqual(emulator.requests().map(({ id }) => id))
})

test('a path cannot write lines or colours of its own into the log, and a body that is too large is told', async () => {
  const heard: LogEntry[] = []
  const emulator = await start({ log: (entry) => void heard.push(entry) })
  await fetch(`${emulator.maskinporten.url}/x%0A12:00%1b[31mRED%c2%9b%e2%80%ae%e2%80%a8`)
  await fetch(`${emulator.maskinporten.url}/token`, { method: 'POST', body: 'x'.repeat(11 * 1024 * 1024) })
  expect(heard).toMatchObject([
    { path: '/x%0A12:00%1B[31mRED%C2%9B%E2%80%AE%E2%80%A8', status: 404 },
    { method: 'POST', path: '/token', status: 413, rule: 'body_too_large' },
  ])
  expect(heard.map((entry) => logLine(entry, 'text')).join('')).toMatch(/^[ -~]+\n[ -~]+\n$/)
  expect(emulator.requests('token')).toMatchObject([{ status: 413, body: '', refusal: { rule: 'body_too_large' } }])
})

test('a listener of log can be ended, and one that throws hurts nobody', async () => {
  const emulator = await start()
  const heard: LogEntry[] = []
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
  emulator.log(() => {
    throw new Error('of the listener')
  })
  const end = emulator.log((entry) => heard.push(entry))
  expect((await fetch(`${emulator.maskinporten.url}/jwk`)).status).toBe(200)
  end()
  expect((await fetch(`${emulator.maskinporten.url}/jwk`)).status).toBe(200)
  expect(heard.length).toBe(1)
  expect((await warned).message).toBe('of the listener')
})
