import { createServer } from 'node:net'
import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exchange, postGrant, readJson, signGrant, tokenFor } from './sign-grant.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

test('every url is an origin on loopback without a final slash; the issuer has one', () => {
  const { maskinporten, altinn, register, keyVault, selfService, control } = emulator
  for (const { url } of [maskinporten, altinn, register, keyVault, selfService, control]) {
    expect(url).toMatch(/^https?:\/\/127\.0\.0\.1:\d+$/)
  }
  expect(maskinporten.issuer).toBe(`${maskinporten.url}/`)
})

describe('a client', () => {
  test('comes with the content of its section, ready for appsettings.json', async () => {
    const client = await emulator.registerClient({ scopes: ['altinn:serviceowner', 'krr:one'] })
    const settings: { readonly [name: string]: unknown } = client.settings
    expect(settings).toEqual({
      authority: emulator.maskinporten.issuer,
      clientId: client.clientId,
      scope: 'altinn:serviceowner krr:one',
      encodedJwk: Buffer.from(JSON.stringify(client.jwk)).toString('base64'),
      exchangeToAltinnToken: true,
      tokenExchangeEnvironment: emulator.altinn.url,
      useAltinnTestOrg: true,
    })
    expect(client.jwk).toMatchObject({ kty: 'RSA', kid: client.kid, alg: 'RS256', use: 'sig', d: expect.any(String) })
  })

  test("of another organisation than Digdir has no test organisation's flag", async () => {
    const { settings } = await emulator.registerClient({ scopes: ['krr:one'], orgNumber: '310702641' })
    expect(settings).not.toHaveProperty('useAltinnTestOrg')
    expect(settings.exchangeToAltinnToken).toBe(false)
  })

  test('may bring its own key', async () => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    const jwk = await exportJWK(privateKey)
    const client = await emulator.registerClient({ scopes: ['test:one'], jwk, kid: 'mine', alg: 'RS512' })
    expect(client.jwk).toMatchObject({ kid: 'mine', alg: 'RS512', n: jwk.n })
    expect((await postGrant(emulator, await signGrant(emulator, client, { header: { alg: 'RS512' } }))).status).toBe(
      200,
    )
  })

  test.each([
    ['no scope', { scopes: [] }],
    ['two scopes in one', { scopes: ['a:b c:d'] }],
    ['a wrong organisation number', { scopes: ['a:b'], orgNumber: '0192:991825827' }],
    ['an elliptic key', { scopes: ['a:b'], jwk: { kty: 'EC' } }],
    ['an impossible kid', { scopes: ['a:b'], kid: 'a b' }],
  ])('with %s is refused', async (_what, options) => {
    await expect(emulator.registerClient(options)).rejects.toThrow(TypeError)
  })

  test('has at most five keys, of 2048 bits or more, without private members', async () => {
    const { clientId, jwk } = await emulator.registerClient({ scopes: ['test:one'] })
    if (!jwk) throw new Error('the client has a key')
    const { kty, n, e } = jwk
    const keys = Array.from({ length: 6 }, (_, index) => ({ kty, n, e, kid: `key-${index}` }))
    expect(() => emulator.maskinporten.setKeys(clientId, keys)).toThrow(/at most 5/)
    expect(() => emulator.maskinporten.setKeys(clientId, [jwk])).toThrow(/private/)
    expect(() => emulator.maskinporten.setKeys(clientId, [{ kty, e, n: n.slice(0, 100), kid: 'short' }])).toThrow(
      /2048/,
    )
    expect(() =>
      emulator.maskinporten.setKeys(clientId, [
        { kty, e, n, kid: 'a' },
        { kty, e, n, kid: 'a' },
      ]),
    ).toThrow(/twice/)
  })

  test('can sign with a key that was added, and not with one that was taken away', async () => {
    const client = await emulator.registerClient({ scopes: ['test:one'] })
    const added = await emulator.maskinporten.addKey(client.clientId, { kid: 'second' })
    const second = { header: { kid: 'second' }, key: added }
    expect((await postGrant(emulator, await signGrant(emulator, client, second))).status).toBe(200)
    emulator.maskinporten.setKeys(client.clientId, [])
    expect((await postGrant(emulator, await signGrant(emulator, client, second))).status).toBe(400)
  })

  test('waits for a new key to be known when propagation takes time', async () => {
    await using slow = await startEmulator({ rules: { keyPropagationDelayMs: 60_000 } })
    const client = await slow.registerClient({ scopes: ['test:one'] })
    const answer = async (): Promise<unknown> =>
      (await readJson(await postGrant(slow, await signGrant(slow, client))))['error_description']
    expect(await answer()).toContain('Unknown key identifier')
    slow.clock.advance(60_000)
    expect(await answer()).toBeUndefined()
  })
})

describe('what arrived', () => {
  test('is kept decoded, by target and in order', async () => {
    await using fresh = await startEmulator()
    const client = await fresh.registerClient({ scopes: ['altinn:serviceowner'] })
    const token = await tokenFor(fresh, client)
    await exchange(fresh, token, '?test=true', { 'X-Test': 'yes' })
    const [grant, ...others] = fresh.requests('token')
    expect(others).toEqual([])
    expect(grant).toMatchObject({
      target: 'token',
      method: 'POST',
      path: '/token',
      status: 200,
      grant: {
        header: { alg: 'RS256', kid: client.kid },
        claims: { iss: client.clientId, scope: 'altinn:serviceowner' },
      },
    })
    const [exchanged] = fresh.requests('exchange')
    expect(exchanged).toMatchObject({
      query: { test: 'true' },
      headers: { 'x-test': 'yes' },
      bearer: { token, claims: { client_id: client.clientId } },
    })
    expect(fresh.requests().map(({ target }) => target)).toEqual(['token', 'exchange'])
    fresh.clearRequests()
    expect(fresh.requests()).toEqual([])
  })
})

describe('the clock', () => {
  test('moves both readings and every Date header, and only forward', async () => {
    await using moved = await startEmulator({ clock: { startAt: Date.UTC(2030, 0, 1), stopped: true } })
    moved.clock.advance(120_000)
    expect([moved.clock.now(), moved.clock.monotonic()]).toEqual([Date.UTC(2030, 0, 1, 0, 2), 120_000])
    const response = await fetch(`${moved.maskinporten.url}/jwk`)
    expect(response.headers.get('date')).toBe('Tue, 01 Jan 2030 00:02:00 GMT')
    expect(() => moved.clock.advance(-1)).toThrow(RangeError)
  })

  test('can be set back alone, as NTP does', async () => {
    await using moved = await startEmulator({ clock: { startAt: 1_000_000, stopped: true } })
    moved.clock.adjust(-5000)
    expect([moved.clock.now(), moved.clock.monotonic()]).toEqual([995_000, 0])
  })
})

test.each([
  ['0.0.0.0', true],
  ['::', true],
  ['127.0.0.1', false],
  ['localhost', false],
  ['::1', false],
])('a host that is not loopback is warned of: %s', async (host, warned) => {
  const heard: string[] = []
  const hear = ({ message }: Error): void => void heard.push(message)
  process.on('warning', hear)
  await using open = await startEmulator({ host })
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', hear)
  expect((await fetch(`${open.maskinporten.url}/jwk`)).status).toBe(200)
  const words = `the emulator listens on ${host}, every interface of this machine: everybody who reaches it can read what arrived, assertions included, and use its controls, which make clients and tokens; nothing asks for a password`
  expect(heard.filter((message) => message.includes('listens on'))).toEqual(warned ? [words] : [])
})

test('the token endpoint URL is an audience only when that is asked for', async () => {
  await using lenient = await startEmulator({ rules: { acceptTokenEndpointAudience: true } })
  const client = await lenient.registerClient({ scopes: ['test:one'] })
  const grant = await signGrant(lenient, client, { claims: { aud: `${lenient.maskinporten.issuer}token` } })
  expect((await postGrant(lenient, grant)).status).toBe(200)
})

test("production's names are refused, and so is every name it does not know", async () => {
  const as = (name: string): Promise<Emulator> => Reflect.apply(startEmulator, undefined, [{ as: name }])
  await expect(as('prod')).rejects.toThrow(/never takes the names of production/)
  await expect(as('https://maskinporten.no')).rejects.toThrow(TypeError)
})

test('a port that is taken is named', async () => {
  const blocker = createServer()
  await new Promise<void>((resolve) => {
    blocker.listen(0, '127.0.0.1', resolve)
  })
  const address = blocker.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await expect(startEmulator({ ports: { control: port } })).rejects.toThrow(`port ${port} on 127.0.0.1 is taken`)
  await new Promise((resolve) => {
    blocker.close(resolve)
  })
})

test('close may be called twice, and ends all connections', async () => {
  const closed = await startEmulator()
  await fetch(`${closed.maskinporten.url}/jwk`)
  await Promise.all([closed.close(), closed.close()])
  await expect(fetch(`${closed.maskinporten.url}/jwk`)).rejects.toThrow('fetch failed')
})

test('a key that cannot sign fails the start', async () => {
  const starts = [{ kty: 'EC' }, { kty: 'RSA', n: 'x', e: 'AQAB' }].map((altinn) =>
    startEmulator({ signingKeys: { altinn } }),
  )
  expect((await Promise.allSettled(starts)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

test('status and error_uri of a refusal can be chosen where nobody knows them', async () => {
  const errorUriBase = 'https://test.maskinporten.no/errors/'
  await using other = await startEmulator({ rules: { forbiddenStatus: 400, errorUriBase } })
  other.maskinporten.defineScope({ name: 'closed:one' })
  const client = await other.registerClient({ scopes: ['closed:one'] })
  const response = await postGrant(other, await signGrant(other, client))
  expect([response.status, (await readJson(response))['error_uri']]).toEqual([400, `${errorUriBase}MP-250`])
})

test('tokens are signed with the keys that were given', async () => {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  await using own = await startEmulator({ signingKeys: { maskinporten: jwk } })
  const { keys } = await readJson(await fetch(`${own.maskinporten.url}/jwk`))
  expect(keys).toEqual([expect.objectContaining({ n: jwk.n })])
})
