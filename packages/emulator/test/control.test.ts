import { request } from 'node:http'
import { type KeyVaultSecret, SecretClient } from '@azure/keyvault-secrets'
import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jwtBearer, readJson } from './sign-grant.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

function call(
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = { 'x-maskinporten-emulator': '1' },
): Promise<Response> {
  return fetch(`${emulator.control.url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
}

test('tells its addresses', async () => {
  expect(await readJson(await call('GET', '/'))).toMatchObject({
    issuer: emulator.maskinporten.issuer,
    altinn: emulator.altinn.url,
    entra: emulator.entra.url,
    tenantId: emulator.entra.tenantId,
    ca: emulator.ca,
  })
})

/** As the Host says, whatever the address is. */
function underHost(host: string): Promise<readonly [number | undefined, string]> {
  return new Promise((resolve, reject) => {
    const headers = { host, 'x-maskinporten-emulator': '1' }
    const sent = request(`${emulator.control.url}/`, { headers }, (response) => {
      let body = ''
      response.on('data', (bytes: Buffer) => (body += bytes.toString()))
      response.on('end', () => resolve([response.statusCode, body]))
    })
    sent.on('error', reject)
    sent.end()
  })
}

test('is closed to a page in a browser: without its header, or under a foreign name, nothing happens', async () => {
  expect((await call('POST', '/clock/advance', { ms: 1 }, {})).status).toBe(403)
  const port = new URL(emulator.control.url).port
  for (const host of ['evil.example.test', `evil.example.test:${port}`, `localhost.example.test:${port}`]) {
    expect(await underHost(host)).toEqual([403, expect.stringContaining('Call it as localhost')])
  }
})

test.each(['localhost', 'LOCALHOST:18055', '127.0.0.1:18055', '[::1]:1', '[::1]'])(
  'is open under %s, which a tunnel or a container leads to its port',
  async (host) => expect((await underHost(host))[0]).toBe(200),
)

test('registers clients, queues faults, tells what arrived, writes secrets, submits forms, and moves the clock', async () => {
  const registered = await call('POST', '/clients', { scopes: ['a:b'], orgNumber: '310702641', kid: 'one' })
  expect([registered.status, await readJson(registered)]).toEqual([
    201,
    expect.objectContaining({ orgNumber: '310702641', kid: 'one' }),
  ])

  expect((await call('POST', '/faults/token', { status: 503 })).status).toBe(204)
  const body = new URLSearchParams({ grant_type: jwtBearer, assertion: 'x' })
  expect((await fetch(`${emulator.maskinporten.url}/token`, { method: 'POST', body })).status).toBe(503)
  const arrived: unknown = await (await call('GET', '/requests?target=token')).json()
  expect(arrived).toMatchObject([{ target: 'token', status: 503 }])
  expect((await call('DELETE', '/requests')).status).toBe(204)
  expect(emulator.requests('token')).toEqual([])

  expect((await call('PUT', '/secrets/My-Secret', { value: 'x' })).status).toBe(204)
  const dated = { value: 'y', vault: 'other-kv', enabled: true, expiresOn: '2030-01-01T00:00:00Z' }
  expect((await call('PUT', '/secrets/My-Secret', dated)).status).toBe(204)
  const { credential, clientOptions } = emulator.keyVault
  const readIn = (vault: string): Promise<KeyVaultSecret> =>
    new SecretClient(`https://${vault}.vault.azure.net`, credential, clientOptions).getSecret('My-Secret')
  expect(await readIn('my-kv')).toMatchObject({ value: 'x', properties: { expiresOn: undefined } })
  expect(await readIn('other-kv')).toMatchObject({
    value: 'y',
    properties: { expiresOn: new Date(dated.expiresOn) },
  })
  expect(await readJson(await call('POST', '/applications', { clientSecret: 'mine' }))).toEqual({
    tenantId: emulator.entra.tenantId,
    clientId: expect.stringMatching(/^\S{36}$/),
    clientSecret: 'mine',
  })
  const { access_token: token } = await readJson(await call('GET', '/vault-token'))
  expect(token).toBe((await emulator.keyVault.credential.getToken('any')).token)

  const form = { org: 'ttd', app: 'app', person: '20914695016', data: { a: 1 } }
  expect(await readJson(await call('POST', '/submissions', form))).toMatchObject({ instance: { appId: 'ttd/app' } })

  const { now: before } = await readJson(await call('GET', '/clock'))
  const { now: after } = await readJson(await call('POST', '/clock/advance', { ms: 60_000 }))
  expect(Number(after) - Number(before)).toBeGreaterThanOrEqual(60_000)
})

test.each([
  ['POST', '/clients', { scopes: 'a:b' }, 'scopes'],
  ['POST', '/faults/other-thing', {}, 'choose one of'],
  ['POST', '/clients', { scopes: ['a:b'], accessTokenLifetime: 0 }, 'more than 0 seconds'],
  ['POST', '/faults/token', { status: 99 }, 'from 200 to 599'],
  ['POST', '/faults/token', { status: 600 }, 'from 200 to 599'],
  ['POST', '/faults/token', { status: 204, body: 'x' }, 'no body'],
  ['POST', '/faults/token', { delayMs: -1 }, 'from 0 to 600000'],
  ['POST', '/faults/token', { delayMs: 600_001 }, 'from 0 to 600000'],
  ['POST', '/faults/token', { times: 1.5 }, 'whole number'],
  ['POST', '/clock/advance', { ms: -1 }, 'forward'],
  ['POST', '/clock/advance', { ms: 1e15 }, 'ten years'],
  ['PUT', '/secrets/a_b', { value: 'x' }, 'hyphens'],
  ['PUT', '/secrets/a', { value: 'x', expiresOn: 'soon' }, 'ISO 8601'],
  ['PUT', '/secrets/a', { value: 'x', vault: 'a' }, '3 to 24'],
  ['POST', '/applications', { clientId: 'x' }, 'UUID'],
  ['POST', '/submissions', { org: 'ttd', app: 'app', person: '1', data: 'x' }, 'synthetic'],
])('%s %s with %j says what is wrong', async (method, path, body, words) => {
  const response = await call(method, path, body)
  expect([response.status, (await readJson(response))['detail']]).toEqual([400, expect.stringContaining(words)])
})

test('a client whose key is not fit is not registered, and its id stays free', async () => {
  const registered = { scopes: ['a:b'], clientId: 'again' }
  const short = { kty: 'RSA', n: 'AQAB', e: 'AQAB' }
  expect((await call('POST', '/clients', { ...registered, jwk: short })).status).toBe(400)
  expect((await call('POST', '/clients', { ...registered, kid: 'not fit' })).status).toBe(400)
  expect((await call('POST', '/clients', registered)).status).toBe(201)
})

test('a body of more than 10 MiB is refused, and one that is no JSON object', async () => {
  const send = (body: string): Promise<Response> =>
    fetch(`${emulator.control.url}/__emulator/submissions`, {
      method: 'POST',
      headers: { 'x-maskinporten-emulator': '1' },
      body,
    })
  const form = { org: 'ttd', app: 'app', person: '20914695016', data: 'x'.repeat(11 * 1024 * 1024) }
  const large = await send(JSON.stringify(form))
  expect([large.status, (await readJson(large))['detail']]).toEqual([413, expect.stringContaining('10485760 bytes')])
  for (const body of ['[]', '1', '{', 'null']) expect((await send(body)).status).toBe(400)
})

test('the paths of former versions, without the prefix, are the same controls', async () => {
  for (const prefix of ['', '/__emulator']) {
    expect((await call('POST', `${prefix}/clients`, { scopes: ['a:b'] })).status).toBe(201)
    expect((await call('GET', `${prefix}/clock`)).status).toBe(200)
    expect((await call('DELETE', `${prefix}/faults`)).status).toBe(204)
  }
  expect((await call('POST', '/reset')).status).toBe(404)
  expect((await readJson(await call('GET', '/__emulator/nothing')))['detail']).toContain('openapi.json')
})

test.each([NaN, Infinity, 1e12])('neither clock is moved by %d milliseconds', async (ms) => {
  const before = emulator.clock.monotonic()
  expect(() => emulator.clock.advance(ms)).toThrow(RangeError)
  expect(() => emulator.clock.adjust(-ms)).toThrow('ten years')
  expect(emulator.clock.monotonic() - before).toBeLessThan(60_000)
})
