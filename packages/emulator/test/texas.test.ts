import { type EmulatedClient, type Emulator, type EmulatorAsTest, startEmulator } from '@maskinporten-kit/emulator'
import { decodeJwt, decodeProtectedHeader, importJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readJson, tokenFor } from './sign-grant.ts'

let emulator: Emulator
let key: object
let client: EmulatedClient
beforeAll(async () => {
  emulator = await startEmulator({ clock: { startAt: Date.UTC(2026, 10, 30, 12), stopped: true } })
  key = (await emulator.registerClient({ scopes: ['a:b'] })).jwk
})
afterAll(() => emulator.close())
beforeEach(async () => {
  await emulator.reset()
  client = await emulator.registerClient({ scopes: ['a:b', 'c:d'], jwk: key, accessTokenLifetime: 1000 })
})

type Format = 'json' | 'form'

function post(url: string, fields: Readonly<Record<string, unknown>>, format: Format = 'json'): Promise<Response> {
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
  const form = new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, text(value)]))
  const body = format === 'form' ? form : JSON.stringify(fields)
  const headers: Record<string, string> = format === 'form' ? {} : { 'content-type': 'application/json' }
  return fetch(url, { method: 'POST', body, headers })
}

const request = { identity_provider: 'maskinporten', target: 'a:b' }
const seen = async (response: Response): Promise<unknown> => [response.status, await response.json()]
const askToken = (fields: object = {}, format?: Format): Promise<Response> =>
  post(emulator.texas.tokenEndpoint, { ...request, ...fields }, format)
const refused = (error_description: unknown, status = 400, error: unknown = 'invalid_request'): unknown => [
  status,
  { error, error_description },
]
const tokenOf = async (fields?: object, format?: Format): Promise<string> =>
  String((await readJson(await askToken(fields, format)))['access_token'])

describe.each<Format>(['json', 'form'])('as %s', (format) => {
  test('a token comes for scopes, with what Texas answers and no more', async () => {
    const answer = await askToken({ target: 'a:b c:d' }, format)
    expect(await seen(answer.clone())).toEqual([
      200,
      { access_token: expect.any(String), expires_in: 1000, token_type: 'Bearer' },
    ])
    const claims = decodeJwt(String((await readJson(answer))['access_token']))
    expect(claims).toMatchObject({ scope: 'a:b c:d', client_id: client.clientId, iss: emulator.maskinporten.issuer })
    expect(claims.aud).toBeUndefined()
    const [grant] = emulator.requests('token')
    expect(decodeProtectedHeader(grant?.grant?.assertion ?? '')).toEqual({ typ: 'JWT', alg: 'RS256', kid: client.kid })
    expect(emulator.requests('texas')).toMatchObject([{ status: 200, path: '/api/v1/token' }])
  })

  test('a resource becomes the audience of the token', async () => {
    expect(decodeJwt(await tokenOf({ resource: 'https://api.test' }, format)).aud).toBe('https://api.test')
  })

  test('a system user stands in the token; in a form its details are JSON as text', async () => {
    const { clientId } = client
    const added = emulator.maskinporten.addSystemUser({ orgNumber: '310702641', clientIds: [clientId], systemId: 's' })
    const systemuser_org = { authority: 'iso6523-actorid-upis', ID: '0192:310702641' }
    const authorization_details = [{ type: 'urn:altinn:systemuser', systemuser_org }]
    const claims = decodeJwt(await tokenOf({ authorization_details }, format))
    expect(claims['authorization_details']).toMatchObject([{ systemuser_id: [added.systemUserId] }])
  })

  test('skip_cache brings a new token, which is then kept', async () => {
    const first = await tokenOf({}, format)
    expect(await tokenOf({}, format)).toBe(first)
    const second = await tokenOf({ skip_cache: true }, format)
    expect(second).not.toBe(first)
    expect(await tokenOf({ skip_cache: false }, format)).toBe(second)
    expect(emulator.requests('token').length).toBe(2)
  })

  test('a token is introspected, with all its claims', async () => {
    const token = await tokenFor(emulator, client)
    const body = { identity_provider: 'maskinporten', token }
    expect(await seen(await post(emulator.texas.introspectionEndpoint, body, format))).toEqual([
      200,
      { active: true, ...decodeJwt(token) },
    ])
  })

  test.each(['azuread', 'entra_id', 'tokenx', 'idporten', 'ansattporten'])('%s is not enabled', async (provider) => {
    const reason = `identity provider '${provider === 'azuread' ? 'entra_id' : provider}' is not enabled`
    expect(await seen(await askToken({ identity_provider: provider }, format))).toEqual(refused(reason))
    const body = { identity_provider: provider, token: 'x' }
    expect(await seen(await post(emulator.texas.introspectionEndpoint, body, format))).toEqual([
      200,
      { active: false, error: reason },
    ])
  })

  test('an unknown identity provider is refused in words of its reader', async () => {
    const body =
      format === 'json' ? 'Failed to deserialize the JSON body into the target type' : 'Failed to deserialize form body'
    expect(await seen(await askToken({ identity_provider: 'constructor' }, format))).toEqual(
      refused(
        `${body}: identity_provider: unknown variant \`constructor\`, expected one of \`azuread\`, \`entra_id\`, \`tokenx\`, \`maskinporten\`, \`idporten\`, \`ansattporten\``,
      ),
    )
  })

  test("users' tokens are not exchanged for Maskinporten's", async () => {
    const body = { ...request, user_token: 'x' }
    expect(await seen(await post(`${emulator.texas.tokenEndpoint}/exchange`, body, format))).toEqual(
      refused("identity provider 'maskinporten' does not support token exchange"),
    )
  })
})

test('a token is kept until two minutes before its end, and says what it has left', async () => {
  const first = await tokenOf()
  emulator.clock.advance(879_500)
  expect(await seen(await askToken())).toEqual([200, { access_token: first, expires_in: 120, token_type: 'Bearer' }])
  emulator.clock.advance(500)
  expect(await tokenOf()).not.toBe(first)
})

test('a short token is kept for half of its life', async () => {
  await emulator.registerClient({ scopes: ['a:b'], clientId: 'short', jwk: key })
  emulator.texas.useClient('short')
  const first = await tokenOf()
  emulator.clock.advance(59_000)
  expect(await tokenOf()).toBe(first)
  emulator.clock.advance(1000)
  expect(await tokenOf()).not.toBe(first)
})

test('each target, resource and system user has a token of its own; the order of members makes none', async () => {
  const { clientId } = client
  emulator.maskinporten.addSystemUser({ orgNumber: '310702641', clientIds: [clientId], systemId: 's' })
  const owner = { authority: 'iso6523-actorid-upis', ID: '0192:310702641' }
  const one = [{ type: 'urn:altinn:systemuser', systemuser_org: owner }]
  const other = [{ systemuser_org: { ID: owner.ID, authority: owner.authority }, type: 'urn:altinn:systemuser' }]
  const tokens = [
    await tokenOf(),
    await tokenOf({ target: 'c:d' }),
    await tokenOf({ resource: 'https://api.test' }),
    await tokenOf({ authorization_details: one }),
  ]
  expect(new Set(tokens).size).toBe(4)
  expect(await tokenOf({ authorization_details: other })).toBe(tokens[3])
  expect(await tokenOf({ resource: null, authorization_details: null, skip_cache: null })).toBe(tokens[0])
})

test('those who ask at the same time get the same token', async () => {
  const tokens = await Promise.all(Array.from({ length: 10 }, () => tokenOf()))
  expect([new Set(tokens).size, emulator.requests('token').length]).toEqual([1, 1])
})

test.each<readonly [string, object, string]>([
  ['no target', { target: undefined }, 'missing field `target`'],
  ['a target that is no text', { target: 1 }, 'target: invalid type: integer `1`, expected a string'],
  ['a target that is null', { target: null }, 'target: invalid type: null, expected a string'],
  ['a list of resources', { resource: ['https://a.test'] }, 'resource: invalid type: sequence, expected a string'],
  ['skip_cache as text', { skip_cache: 'true' }, 'skip_cache: invalid type: string "true", expected a boolean'],
  [
    'details that are no list',
    { authorization_details: {} },
    'authorization_details: data did not match any variant of untagged enum RequestValue',
  ],
  [
    'details that are text and no JSON',
    { authorization_details: 'x' },
    'authorization_details: failed to parse authorization_details JSON string',
  ],
])('JSON with %s is refused', async (_name, fields, reason) => {
  expect(await seen(await askToken(fields))).toEqual(
    refused(`Failed to deserialize the JSON body into the target type: ${reason}`),
  )
  expect(emulator.requests('texas').at(-1)).toMatchObject({ status: 400, refusal: { rule: 'texas_fields' } })
})

test.each<readonly [string, string | undefined, string, string]>([
  [
    'another media type',
    'text/plain',
    'some plain text',
    'unsupported media type: text/plain: expected one of `application/json`, `application/x-www-form-urlencoded`',
  ],
  ['broken JSON', 'application/json', '{', 'Failed to parse the request body as JSON'],
  [
    'a list',
    'application/json; charset=utf-8',
    '[]',
    'Failed to deserialize the JSON body into the target type: invalid type: sequence, expected struct',
  ],
  [
    'a field twice',
    'application/x-www-form-urlencoded',
    'target=a&target=b',
    'Failed to deserialize form body: duplicate field `target`',
  ],
  [
    'another flag',
    'application/x-www-form-urlencoded',
    'target=a&identity_provider=maskinporten&skip_cache=yes',
    'Failed to deserialize form body: skip_cache: provided string was not `true` or `false`',
  ],
  [
    'no token',
    'application/x-www-form-urlencoded',
    'identity_provider=maskinporten',
    'Failed to deserialize form body: missing field `target`',
  ],
])('a body with %s is refused', async (_name, type = '', body, reason) => {
  const headers = { 'content-type': type }
  const response = await fetch(emulator.texas.tokenEndpoint, { method: 'POST', headers, body })
  expect(await seen(response)).toEqual(refused(reason))
})

test('what Maskinporten refuses comes with its words and status', async () => {
  expect(await seen(await askToken({ target: 'no:such' }))).toEqual(
    refused(
      expect.stringMatching(/^Token request contains invalid scopes for client, no:such \(trace_id: [0-9a-f]{32}\)$/),
      400,
      'invalid_scope',
    ),
  )
  emulator.faults.next('token', { error: 'MP-250' })
  expect((await askToken()).status).toBe(403)
  emulator.faults.next('token', { status: 400, body: 'not json' })
  expect(await seen(await askToken())).toEqual(
    refused('identity provider returned an invalid error response', 400, 'server_error'),
  )
  emulator.faults.next('token', { status: 200, body: {} })
  expect(await seen(await askToken())).toEqual(
    refused('Identity provider request failed: HTTP 200 without a token response', 500, 'server_error'),
  )
})

test('Texas asks Maskinporten three times more when that may help', async () => {
  emulator.faults.next('token', { status: 503, times: 3 })
  expect((await askToken()).status).toBe(200)
  emulator.faults.next('token', { reset: true, times: 4 })
  expect(await seen(await askToken({ target: 'c:d' }))).toEqual(
    refused(expect.stringMatching(/^Identity provider request failed: /), 500, 'server_error'),
  )
  expect(emulator.requests('token').length).toBe(8)
})

test('a key that cannot sign fails as it does in Texas', async () => {
  await emulator.registerClient({ scopes: ['a:b'], clientId: 'broken', jwk: { ...key, p: 'AA', q: 'AA' } })
  emulator.texas.useClient('broken')
  expect(await seen(await askToken())).toEqual(refused('Failed to sign assertion', 500, 'server_error'))
})

test('faults meet Texas itself', async () => {
  emulator.faults.next('texas', { status: 500, body: { error: 'server_error', error_description: 'told' } })
  expect(await seen(await askToken())).toEqual(refused('told', 500, 'server_error'))
})

test('it signs for the client that is chosen, with its newest key; for none while no private key is here', async () => {
  const added = await emulator.maskinporten.addKey(client.clientId, { kid: 'newest' })
  expect(added).toMatchObject({ kid: 'newest' })
  await tokenOf()
  expect(emulator.requests('token').at(-1)?.grant?.header['kid']).toBe('newest')
  await emulator.registerClient({ scopes: ['a:b'], clientId: 'certified', withoutKey: true })
  const use = (clientId: string) => (): void => emulator.texas.useClient(clientId)
  expect(use('certified')).toThrow(
    'Texas has no private key of client certified; register the client with one here first',
  )
  expect(use('no-such')).toThrow(TypeError)
  await emulator.reset()
  expect(await seen(await askToken())).toEqual(refused("identity provider 'maskinporten' is not enabled"))
})

test('a token that does not hold is not active, and says why', async () => {
  const introspected = async (token: string): Promise<unknown> =>
    (await readJson(await post(emulator.texas.introspectionEndpoint, { identity_provider: 'maskinporten', token })))[
      'error'
    ]
  const token = await tokenFor(emulator, client)
  const foreign = async (header: object): Promise<string> =>
    new SignJWT({ iss: 'x' }).setProtectedHeader({ alg: 'RS256', ...header }).sign(await importJWK(key, 'RS256'))
  expect(await introspected('not a jwt')).toBe('invalid token header: InvalidToken')
  expect(await introspected(await foreign({}))).toBe('missing key id from token header')
  expect(await introspected(await foreign({ kid: 'x' }))).toBe('token can not be validated with this identity provider')
  const { kid = '' } = decodeProtectedHeader(token)
  expect(await introspected(await foreign({ kid }))).toBe('invalid token: InvalidSignature')
  emulator.clock.adjust(-61_000)
  expect(await introspected(token)).toBe('invalid token: ImmatureSignature')
  emulator.clock.adjust(61_000 + 1_060_000)
  expect(await introspected(token)).toBeUndefined()
  emulator.clock.advance(1000)
  expect(await introspected(token)).toBe('invalid token: ExpiredSignature')
})

test('beside an app under the names of the test environment it listens on loopback, without TLS', async () => {
  await using asTest: EmulatorAsTest = await startEmulator({ as: 'test' })
  const { clientId } = await asTest.registerClient({ scopes: ['a:b'], jwk: key })
  expect(asTest.texas.tokenEndpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1\/token$/)
  const answer = await readJson(await post(asTest.texas.tokenEndpoint, request))
  const claims = decodeJwt(String(answer['access_token']))
  expect(claims).toMatchObject({ iss: 'https://test.maskinporten.no/', client_id: clientId })
  expect(asTest.requests('token')).toMatchObject([{ url: 'https://test.maskinporten.no/token', status: 200 }])
})
