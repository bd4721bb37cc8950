import { type EmulatedClient, type Emulator, type NewClientOptions, startEmulator } from '@maskinporten-kit/emulator'
import { decodeJwt, exportJWK, generateKeyPair, type JWK } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { postGrant, readJson, signGrant, tokenFor } from './sign-grant.ts'

const owner = '991825827'
const consumer = '310702641'
const start = Date.UTC(2026, 10, 30, 12)
const everything = [
  'idporten:dcr.read',
  'idporten:dcr.modify',
  'idporten:dcr.write',
  'idporten:scopes.write',
  'idporten:dcr/onbehalfof:write',
]

let emulator: Emulator
let admin: EmulatedClient
const pairs: JWK[] = []
beforeAll(async () => {
  emulator = await startEmulator({ clock: { startAt: start, stopped: true } })
  for (let at = 0; at < 2; at += 1) {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    pairs.push({ ...(await exportJWK(privateKey)), kid: `key-${at}` })
  }
})
afterAll(() => emulator.close())
beforeEach(async () => {
  await emulator.reset()
  admin = await register({ scopes: everything, clientId: 'admin' })
  emulator.maskinporten.defineScope({ name: 'skatteetaten:foo', allowedIntegrationTypes: ['maskinporten'] })
  emulator.maskinporten.grantAccess('skatteetaten:foo', owner)
})

/** With a key of before: to make one takes longer than the test. */
const register = (client: NewClientOptions): Promise<EmulatedClient> =>
  emulator.registerClient({ ...client, jwk: keyAt(0), kid: 'own' })

interface Sent {
  readonly method?: string
  readonly body?: unknown
  readonly token?: string | undefined
}

async function send(path: string, { method = 'GET', body, token }: Sent = {}): Promise<Response> {
  const own = token ?? (await tokenFor(emulator, admin))
  const headers: Record<string, string> = own === '' ? {} : { authorization: `Bearer ${own}` }
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  return fetch(`${emulator.selfService.url}${path}`, {
    method,
    headers,
    ...(text === undefined ? {} : { body: text }),
  })
}

const seen = async (response: Response): Promise<unknown> => [response.status, await response.json()]
const ask = async (path: string, sent?: Sent): Promise<unknown> => seen(await send(path, sent))

const timestamp = '2026-11-30T12:00:00.000Z'

/** The body of a refusal, as captured in July 2025. */
function refused(
  status: number,
  objectName: string,
  ...errors: readonly (string | readonly [string, string])[]
): unknown {
  const list = errors.map((error) => (typeof error === 'string' ? ([undefined, error] as const) : error))
  const joined = list.map(([, message]) => `, ${message}`).join('')
  return [
    status,
    {
      status,
      timestamp: expect.stringMatching(/^2026-11-30T12:\d\d:\d\d\.\d{9}Z$/),
      correlation_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      errors: list.map(([field, errorMessage]) => ({
        errorMessage,
        isFieldError: field !== undefined,
        objectName,
        fieldIdentifier: field ?? null,
      })),
      error: joined,
      error_description: joined,
    },
  ]
}

const form = {
  client_name: 'my-app',
  description: 'my-app test',
  integration_type: 'maskinporten',
  application_type: 'web',
  token_endpoint_auth_method: 'private_key_jwt',
  grant_types: ['urn:ietf:params:oauth:grant-type:jwt-bearer'],
  scopes: ['skatteetaten:foo'],
  access_token_lifetime: 120,
}

const shown = {
  ...form,
  client_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  client_orgno: owner,
  active: true,
  created: timestamp,
  last_updated: timestamp,
  authorization_lifetime: 7200,
  refresh_token_lifetime: 600,
  refresh_token_usage: 'ONETIME',
  redirect_uris: [],
  post_logout_redirect_uris: [],
  sso_disabled: false,
  onbehalfof: [],
}

const publicKey = ({ kty, n, e, kid }: JWK): object => ({ kty, alg: 'RS256', use: 'sig', kid, e, n })
const keyAt = (at: number): JWK => pairs[at] ?? {}
const idOf = async (response: Response): Promise<string> => String((await readJson(response))['client_id'])
const create = async (changes: object = {}): Promise<string> =>
  idOf(await send('/api/v1/clients', { method: 'POST', body: { ...form, ...changes } }))

test('a client made over the API gets tokens at once, signed by a key that was put there', async () => {
  const created = await send('/api/v1/clients', { method: 'POST', body: form })
  expect(await seen(created.clone())).toEqual([201, shown])
  const id = await idOf(created)
  expect(await ask(`/api/v1/clients/${id}/jwks`)).toEqual([200, { keys: [] }])
  const keys = { keys: [publicKey(keyAt(0))] }
  const year = Math.floor(start / 1000) + 365 * 86_400
  const answer = { keys: [{ ...publicKey(keyAt(0)), exp: year }], created: timestamp, last_updated: timestamp }
  expect(await ask(`/api/v1/clients/${id}/jwks`, { method: 'POST', body: keys })).toEqual([201, answer])
  expect(await ask(`/clients/${id}/jwks`)).toEqual([200, answer])
  const signer = { ...admin, clientId: id, scopes: ['skatteetaten:foo'], kid: 'key-0' }
  expect(decodeJwt(await tokenFor(emulator, signer, { key: keyAt(0) }))).toMatchObject({
    client_id: id,
    scope: 'skatteetaten:foo',
    consumer: { ID: `0192:${owner}` },
  })
})

test('a client is read, listed, replaced and deactivated; a deactivated one is listed apart and changes no more', async () => {
  const id = await create()
  expect(await ask(`/api/v1/clients/${id}`)).toEqual([200, { ...shown, client_id: id }])
  emulator.clock.advance(1000)
  const changed = { ...form, description: 'changed', access_token_lifetime: 0, client_uri: 'https://app.test' }
  const after = {
    ...shown,
    ...changed,
    client_id: id,
    access_token_lifetime: 120,
    last_updated: '2026-11-30T12:00:01.000Z',
  }
  expect(await ask(`/api/v1/clients/${id}`, { method: 'PUT', body: changed })).toEqual([200, after])
  expect(await ask('/api/v1/clients')).toEqual([200, [expect.objectContaining({ client_id: 'admin' }), after]])
  const deleted = await send(`/api/v1/clients/${id}`, { method: 'DELETE' })
  expect([deleted.status, await deleted.text()]).toEqual([204, ''])
  expect(await ask('/api/v1/clients?inactive=true')).toEqual([200, [{ ...after, active: false }]])
  expect(await ask(`/api/v1/clients/${id}`)).toEqual([200, { ...after, active: false }])
  const gone = refused(409, 'Client', `Client ${id} is deactivated.`)
  expect(await ask(`/api/v1/clients/${id}`, { method: 'PUT', body: form })).toEqual(gone)
  expect(await ask(`/api/v1/clients/${id}`, { method: 'DELETE' })).toEqual(gone)
  expect(await ask(`/api/v1/clients/${id}/jwks`, { method: 'POST', body: { keys: [] } })).toEqual(gone)
  expect(await ask(`/api/v1/clients/${id}/jwks`, { method: 'DELETE' })).toEqual(gone)
})

test('a client of the controls is there, and one of the API is known to the controls', async () => {
  const listed = await readJson(await send('/api/v1/clients/admin'))
  expect(listed).toMatchObject({ client_id: 'admin', client_name: 'admin', scopes: everything, client_orgno: owner })
  const id = await create()
  emulator.maskinporten.deactivate(id)
  expect(await readJson(await send(`/api/v1/clients/${id}`))).toMatchObject({ active: false })
})

test.each([
  ['without a token', async () => '', 'The header Authorization has no bearer token.'],
  ['with what is not a JWT', async () => 'abc', 'The bearer token is not a JWT.'],
  [
    'with a token whose text was changed',
    async () => `${(await tokenFor(emulator, admin)).slice(0, -6)}AAAAAA`,
    'The signature of the token does not hold: its text was changed.',
  ],
  [
    'with a token that has ended',
    async () => {
      const token = await tokenFor(emulator, admin)
      emulator.clock.advance(130_000)
      return token
    },
    `The token ended at exp ${start / 1000 + 120}; it is ${start / 1000 + 130} now.`,
  ],
  [
    'with a token for another API',
    () => tokenFor(emulator, admin, { claims: { resource: 'https://other.test' } }),
    expect.stringMatching(/^The aud of the token names another API than http/),
  ],
])('%s it answers 401, and the recorder says why', async (_name, make, reason) => {
  const token = await make()
  const response = await send('/api/v1/clients', { token })
  const body = await readJson(response)
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  expect(body).toMatchObject({
    status: 401,
    errors: [{ errorMessage: reason, objectName: 'Token', isFieldError: false }],
  })
  expect(emulator.requests('self-service').at(-1)?.refusal?.reason).toEqual(reason)
})

test('a token for this API is taken', async () => {
  const resource = `${emulator.selfService.url}/api/v1`
  const token = await tokenFor(emulator, admin, { claims: { resource: [resource, 'https://other.test'] } })
  expect((await send('/api/v1/clients', { token })).status).toBe(200)
})

const operations: readonly (readonly [string, string, readonly string[]])[] = [
  ['GET', '/clients', ['idporten:dcr.read', 'idporten:dcr.supplier']],
  ['POST', '/clients', ['idporten:dcr.write', 'idporten:dcr.supplier']],
  ['GET', '/clients/x', ['idporten:dcr.read', 'idporten:dcr.supplier']],
  ['PUT', '/clients/x', ['idporten:dcr.modify', 'idporten:dcr.write', 'idporten:dcr.supplier']],
  ['DELETE', '/clients/x', ['idporten:dcr.modify', 'idporten:dcr.write', 'idporten:dcr.supplier']],
  ['GET', '/clients/x/jwks', ['idporten:dcr.read', 'idporten:dcr.supplier']],
  ['POST', '/clients/x/jwks', ['idporten:dcr.modify', 'idporten:dcr.write', 'idporten:dcr.supplier']],
  ['PUT', '/clients/x/jwks', ['idporten:dcr.modify', 'idporten:dcr.write', 'idporten:dcr.supplier']],
  ['DELETE', '/clients/x/jwks', ['idporten:dcr.modify', 'idporten:dcr.write', 'idporten:dcr.supplier']],
  ['POST', '/clients/x/secret', ['idporten:dcr.modify', 'idporten:dcr.write', 'idporten:dcr.supplier']],
  [
    'GET',
    '/clients/x/onbehalfof',
    ['idporten:dcr/onbehalfof:write', 'idporten:dcr.read', 'idporten:dcr.modify', 'idporten:dcr.write'],
  ],
  ['POST', '/clients/x/onbehalfof', ['idporten:dcr/onbehalfof:write']],
  ['DELETE', '/clients/x/onbehalfof/y', ['idporten:dcr/onbehalfof:write']],
  ['GET', '/scopes', ['idporten:scopes.write']],
  ['POST', '/scopes', ['idporten:scopes.write']],
  ['PUT', '/scopes?scope=a:b', ['idporten:scopes.write']],
  ['DELETE', '/scopes?scope=a:b', ['idporten:scopes.write']],
  ['GET', '/scopes/access?scope=a:b', ['idporten:scopes.write']],
  ['GET', '/scopes/access/all', ['idporten:dcr.read', 'idporten:scopes.write']],
  ['PUT', `/scopes/access/${consumer}?scope=a:b`, ['idporten:scopes.write']],
  ['DELETE', `/scopes/access/${consumer}?scope=a:b`, ['idporten:scopes.write']],
  ['GET', '/delegationsources', ['idporten:dcr.read', 'idporten:dcr.supplier', 'idporten:scopes.write']],
  ['GET', '/altinn/admin/clients', ['idporten:dcr.altinn']],
  ['POST', '/altinn/admin/clients', ['idporten:dcr.altinn']],
]
const all = [...new Set(operations.flatMap(([, , scopes]) => scopes))]

test.each(operations)('%s %s wants one of its scopes', async (method, path, scopes) => {
  const others = await register({ scopes: all.filter((scope) => !scopes.includes(scope)) })
  const token = await tokenFor(emulator, others)
  const message = `One of these scopes is needed: ${scopes.join(', ')}.`
  expect(await ask(`/api/v1${path}`, { method, token })).toEqual(refused(403, 'Token', message))
  expect(await ask(path, { method, token: '' })).toMatchObject([401, { status: 401 }])
  for (const scope of scopes) {
    const one = await tokenFor(emulator, await register({ scopes: [scope] }))
    expect([401, 403]).not.toContain((await send(path, { method, token: one })).status)
  }
})

test('a client of another organisation is as if it were not there', async () => {
  const other = await register({ scopes: ['a:b'], orgNumber: consumer })
  const unknown = refused(404, 'Client', `No client ${other.clientId} belongs to organization ${owner}.`)
  const path = `/api/v1/clients/${other.clientId}`
  expect(await ask(path)).toEqual(unknown)
  expect(await ask(path, { method: 'PUT', body: form })).toEqual(unknown)
  expect(await ask(path, { method: 'DELETE' })).toEqual(unknown)
  expect(await ask(`${path}/jwks`)).toEqual(unknown)
  expect(await ask(`${path}/jwks`, { method: 'POST', body: {} })).toEqual(unknown)
  expect(await ask(`${path}/onbehalfof`)).toEqual(unknown)
  expect(await ask('/api/v1/clients')).toEqual([200, [expect.objectContaining({ client_id: 'admin' })]])
})

const noMore = [...form.scopes]
test.each<readonly [string, unknown, readonly (string | readonly [string, string])[]]>([
  ['text that is not JSON', '{', ['The body is not a JSON object.']],
  ['a list', [form], ['The body is not a JSON object.']],
  [
    'nothing in it',
    {},
    ['integration_type', 'client_name', 'description', 'token_endpoint_auth_method', 'grant_types', 'scopes'].map(
      (name) => [name, `${name} is required`] as const,
    ),
  ],
  [
    'an unknown integration type',
    { ...form, integration_type: 'constructor' },
    [
      [
        'integration_type',
        'integration_type must be one of ansattporten, api_klient, eformidling, idporten, idporten_saml2, krr, maskinporten',
      ],
      ['scopes', 'Scope skatteetaten:foo is not allowed for integration type constructor'],
    ],
  ],
  [
    'an unknown application type',
    { ...form, application_type: 'phone' },
    [['application_type', 'application_type must be one of web, browser, native']],
  ],
  [
    'an unknown authentication',
    { ...form, token_endpoint_auth_method: 'tls' },
    [
      [
        'token_endpoint_auth_method',
        'token_endpoint_auth_method must be one of client_secret_post, client_secret_basic, private_key_jwt, none',
      ],
    ],
  ],
  [
    'an unknown grant type',
    { ...form, grant_types: ['password'] },
    [
      [
        'grant_types',
        'grant_types must be of authorization_code, implicit, refresh_token, urn:ietf:params:oauth:grant-type:jwt-bearer',
      ],
    ],
  ],
  ['no scope', { ...form, scopes: [] }, [['scopes', 'scopes must not be empty']]],
  ['scopes as text', { ...form, scopes: 'a:b' }, [['scopes', 'scopes must be a list of texts']]],
  ['an unknown scope', { ...form, scopes: ['no:such'] }, [['scopes', 'Scope no:such does not exist']]],
  [
    'a scope without access',
    { ...form, scopes: ['closed:one', ...noMore] },
    [['scopes', `Organization ${owner} has no access to scope closed:one`]],
  ],
  [
    'a scope for other integration types',
    { ...form, integration_type: 'api_klient' },
    [['scopes', 'Scope skatteetaten:foo is not allowed for integration type api_klient']],
  ],
  [
    'a lifetime of more than two hours',
    { ...form, access_token_lifetime: 7201 },
    [['access_token_lifetime', 'access_token_lifetime must be a whole number of seconds from 0 to 7200']],
  ],
  ['a name that is no text', { ...form, client_name: 1 }, [['client_name', 'client_name must be text']]],
  ['a flag that is none', { ...form, sso_disabled: 'no' }, [['sso_disabled', 'sso_disabled must be true or false']]],
  [
    'an organisation that is none',
    { ...form, client_orgno: '123456789' },
    [['client_orgno', 'client_orgno must be an organization number']],
  ],
])('a client with %s is refused with 400', async (_name, body, errors) => {
  emulator.maskinporten.defineScope({ name: 'closed:one' })
  expect(await ask('/api/v1/clients', { method: 'POST', body })).toEqual(refused(400, 'Client', ...errors))
})

test('a scope that can be delegated is for every supplier, and the integration type of a client stays', async () => {
  emulator.maskinporten.defineScope({ name: 'delegable:one', delegable: true })
  const id = await create({ scopes: ['delegable:one'] })
  const message = 'integration_type cannot be changed from maskinporten'
  const body = { ...form, integration_type: 'krr', scopes: ['delegable:one'] }
  expect(await ask(`/api/v1/clients/${id}`, { method: 'PUT', body })).toEqual(
    refused(400, 'Client', ['integration_type', message]),
  )
})

test("a supplier registers clients of others with the supplier's scope only", async () => {
  const body = { ...form, client_orgno: consumer }
  emulator.maskinporten.grantAccess('skatteetaten:foo', consumer)
  const message = `The scope idporten:dcr.supplier is needed for clients of another organization than ${owner}.`
  expect(await ask('/api/v1/clients', { method: 'POST', body })).toEqual(refused(403, 'Token', message))
  const supplier = await register({ scopes: ['idporten:dcr.supplier'] })
  const token = await tokenFor(emulator, supplier)
  const theirs = { ...shown, client_orgno: consumer, supplier_orgno: owner }
  expect(await ask('/api/v1/clients', { method: 'POST', body, token })).toEqual([201, theirs])
  expect(await ask('/api/v1/clients', { token })).toMatchObject([200, [{}, {}, theirs]])
})

test('the key set is replaced as a whole, by POST and by PUT, and cleared by DELETE', async () => {
  const path = `/api/v1/clients/${await create()}/jwks`
  const put = (method: string, ...at: readonly number[]): Promise<Response> =>
    send(path, { method, body: { keys: at.map((one) => publicKey(keyAt(one))) } })
  await put('POST', 0, 1)
  emulator.clock.advance(5000)
  const answer = await readJson(await put('PUT', 1))
  const year = start / 1000 + 5 + 365 * 86_400
  expect(answer).toEqual({
    keys: [{ ...publicKey(keyAt(1)), exp: year }],
    created: timestamp,
    last_updated: '2026-11-30T12:00:05.000Z',
  })
  const deleted = await send(path, { method: 'DELETE' })
  expect([deleted.status, await deleted.text()]).toEqual([204, ''])
  expect(await readJson(await send(path))).toMatchObject({ keys: [] })
})

test('a key ends after a year, or earlier when it says so', async () => {
  const id = await create()
  const early = start / 1000 + 60
  const late = start / 1000 + 3 * 365 * 86_400
  const keys = [
    { ...publicKey(keyAt(0)), exp: early },
    { ...publicKey(keyAt(1)), exp: late },
  ]
  const answer = await ask(`/api/v1/clients/${id}/jwks`, { method: 'POST', body: { keys } })
  expect(answer).toMatchObject([201, { keys: [{ exp: early }, { exp: start / 1000 + 365 * 86_400 }] }])
  emulator.clock.advance(61_000)
  const signer = { ...admin, clientId: id, scopes: ['skatteetaten:foo'], kid: 'key-0' }
  const response = await postGrant(emulator, await signGrant(emulator, signer, { key: keyAt(0) }))
  expect(await readJson(response)).toMatchObject({ error_uri: 'https://maskinporten.no/errors/MP-121' })
})

const changedKey =
  (changes: object): (() => unknown) =>
  () => ({ keys: [{ ...publicKey(keyAt(0)), ...changes }] })
const kidRule = 'must be 1 to 255 characters of A-Z, a-z, 0-9, ".", "_" and "-"'
test.each<readonly [string, () => unknown, readonly (string | readonly [string, string])[]]>([
  ['a list instead of a set', () => [publicKey(keyAt(0))], ['The body is not a JSON object.']],
  ['no keys', () => ({}), [['keys', 'keys must be a list of keys']]],
  ['an empty list', () => ({ keys: [] }), [['keys', 'keys must not be empty; delete the key set instead']]],
  [
    'six keys',
    () => ({ keys: Array.from({ length: 6 }, (_, at) => ({ ...publicKey(keyAt(0)), kid: `k${at}` })) }),
    [['keys', 'keys must be 5 at most']],
  ],
  ['what is no key', () => ({ keys: [1] }), [['keys[0]', 'keys[0] must be a JWK']]],
  [
    'one kid twice',
    () => ({ keys: [publicKey(keyAt(0)), publicKey(keyAt(0))] }),
    [['keys', 'kid key-0 stands there twice']],
  ],
  ['a private key', changedKey({ d: 'AQAB' }), [['keys[0].d', 'keys[0] has the private member d']]],
  ['another type of key', changedKey({ kty: 'EC' }), [['keys[0].kty', 'keys[0].kty must be RSA']]],
  ['no alg', changedKey({ alg: undefined }), [['keys[0].alg', 'keys[0].alg must be one of RS256, RS384, RS512']]],
  ['another alg', changedKey({ alg: 'PS256' }), [['keys[0].alg', 'keys[0].alg must be one of RS256, RS384, RS512']]],
  ['no use', changedKey({ use: undefined }), [['keys[0].use', 'keys[0].use must be sig']]],
  ['another use', changedKey({ use: 'enc' }), [['keys[0].use', 'keys[0].use must be sig']]],
  ['no kid', changedKey({ kid: undefined }), [['keys[0].kid', `keys[0].kid ${kidRule}`]]],
  ['a kid with a slash', changedKey({ kid: 'a/b' }), [['keys[0].kid', `keys[0].kid ${kidRule}`]]],
  ['an exp that is text', changedKey({ exp: '1' }), [['keys[0].exp', 'keys[0].exp must be seconds since the epoch']]],
  [
    'no modulus',
    changedKey({ n: undefined }),
    [['keys[0].n', 'keys[0].n and keys[0].e must be an RSA key in base64url']],
  ],
  [
    'a short modulus',
    changedKey({ n: Buffer.alloc(128, 0xff).toString('base64url') }),
    [['keys[0].n', 'keys[0] must have 2048 bits or more']],
  ],
])('a key set with %s is refused with 400, and what was there stays', async (_name, body, errors) => {
  const path = `/api/v1/clients/${await create()}/jwks`
  await send(path, { method: 'POST', body: { keys: [publicKey(keyAt(1))] } })
  expect(await ask(path, { method: 'POST', body: body() })).toEqual(refused(400, 'Jwks', ...errors))
  expect(await readJson(await send(path))).toMatchObject({ keys: [{ kid: 'key-1' }] })
})

const scopeForm = { prefix: 'digdir', subscope: 'api/one', description: 'One', 'description#en': 'One in English' }
const scopeShown = {
  name: 'digdir:api/one',
  ...scopeForm,
  visibility: 'PUBLIC',
  token_type: 'SELF_CONTAINED',
  at_max_age: 0,
  requires_user_consent: false,
  requires_user_authentication: false,
  requires_pseudonymous_tokens: false,
  protected: false,
  accessible_for_all: false,
  allowed_integration_types: [],
  created: timestamp,
  last_updated: timestamp,
  owner_orgno: owner,
  active: true,
}
const ofScope = `scope=${encodeURIComponent('digdir:api/one')}`

test('a scope is made, read, changed and deactivated; a deactivated one is never made anew', async () => {
  expect(await ask('/api/v1/scopes', { method: 'POST', body: scopeForm })).toEqual([201, scopeShown])
  expect(await ask(`/api/v1/scopes?${ofScope}`)).toEqual([200, scopeShown])
  expect(await ask('/api/v1/scopes')).toMatchObject([200, expect.arrayContaining([scopeShown])])
  const changed = {
    description: 'Two',
    'long_description#nn': 'To',
    at_max_age: 60,
    visibility: 'PRIVATE',
    delegation_source: 'https://tt02.altinn.no/',
    allowed_integration_types: ['maskinporten'],
  }
  const { 'description#en': _gone, ...rest } = scopeShown
  const after = { ...rest, ...changed }
  expect(await ask(`/api/v1/scopes?${ofScope}`, { method: 'PUT', body: changed })).toEqual([200, after])
  const exists = refused(409, 'Scope', 'Scope digdir:api/one exists.')
  expect(await ask('/api/v1/scopes', { method: 'POST', body: scopeForm })).toEqual(exists)
  const inactive = { ...after, active: false }
  expect(await ask(`/api/v1/scopes?${ofScope}`, { method: 'DELETE' })).toEqual([200, inactive])
  expect(await ask('/api/v1/scopes?inactive=true')).toEqual([200, [inactive]])
  const gone = refused(409, 'Scope', 'Scope digdir:api/one is deactivated.')
  expect(await ask(`/api/v1/scopes?${ofScope}`, { method: 'PUT', body: changed })).toEqual(gone)
  expect(await ask(`/api/v1/scopes?${ofScope}`, { method: 'DELETE' })).toEqual(gone)
  const again = refused(409, 'Scope', 'Scope digdir:api/one exists, and is deactivated.')
  expect(await ask('/api/v1/scopes', { method: 'POST', body: scopeForm })).toEqual(again)
})

test.each<readonly [string, object, readonly (readonly [string, string])[]]>([
  ['nothing in it', {}, ['prefix', 'subscope', 'description'].map((name) => [name, `${name} is required`] as const)],
  ['a colon in its prefix', { ...scopeForm, prefix: 'a:b' }, [['prefix', 'prefix must have no space and no colon']]],
  ['a space in its name', { ...scopeForm, subscope: 'a b' }, [['subscope', 'subscope must have no space']]],
  [
    'an unknown visibility',
    { ...scopeForm, visibility: 'ALL' },
    [['visibility', 'visibility must be one of PUBLIC, PRIVATE, INTERNAL']],
  ],
  [
    'an unknown kind of token',
    { ...scopeForm, token_type: 'JWT' },
    [['token_type', 'token_type must be one of SELF_CONTAINED, OPAQUE']],
  ],
  [
    'a negative lifetime',
    { ...scopeForm, at_max_age: -1 },
    [['at_max_age', 'at_max_age must be a whole number of seconds from 0 to 7200']],
  ],
])('a scope with %s is refused with 400', async (_name, body, errors) => {
  expect(await ask('/api/v1/scopes', { method: 'POST', body })).toEqual(refused(400, 'Scope', ...errors))
})

test('the name of a scope stays, and a scope of others is as if it were not there', async () => {
  await send('/api/v1/scopes', { method: 'POST', body: scopeForm })
  const body = { ...scopeForm, subscope: 'api/two' }
  expect(await ask(`/api/v1/scopes?${ofScope}`, { method: 'PUT', body })).toEqual(
    refused(400, 'Scope', ['name', 'the name of digdir:api/one cannot be changed']),
  )
  emulator.maskinporten.defineScope({ name: 'other:one', owner: consumer })
  const unknown = refused(404, 'Scope', `No scope other:one belongs to organization ${owner}.`)
  expect(await ask('/api/v1/scopes?scope=other:one')).toEqual(unknown)
  expect(await ask('/api/v1/scopes?scope=other:one', { method: 'DELETE' })).toEqual(unknown)
  expect(await ask('/api/v1/scopes/access?scope=other:one')).toEqual(unknown)
  expect(await ask(`/api/v1/scopes/access/${consumer}?scope=other:one`, { method: 'PUT' })).toEqual(unknown)
})

test('an access that the API grants opens the token endpoint, and one that it revokes closes it', async () => {
  await send('/api/v1/scopes', { method: 'POST', body: scopeForm })
  const client = await register({ scopes: ['digdir:api/one'], orgNumber: consumer })
  const grant = async (): Promise<number> => (await postGrant(emulator, await signGrant(emulator, client))).status
  const path = `/api/v1/scopes/access/${consumer}?${ofScope}`
  const item = {
    scope: 'digdir:api/one',
    state: 'APPROVED',
    consumer_orgno: consumer,
    owner_orgno: owner,
    created: timestamp,
    last_updated: timestamp,
  }
  expect(await grant()).toBe(403)
  const none = `Organization ${consumer} has no access to scope digdir:api/one.`
  expect(await ask(path, { method: 'DELETE' })).toEqual(refused(404, 'ScopeAccess', none))
  expect(await ask(path, { method: 'PUT' })).toEqual([200, item])
  expect(await grant()).toBe(200)
  expect(await ask(`/api/v1/scopes/access?${ofScope}`)).toEqual([200, [item]])
  const theirs = await register({ scopes: ['idporten:dcr.read'], orgNumber: consumer })
  const token = await tokenFor(emulator, theirs)
  expect(await ask('/api/v1/scopes/access/all', { token })).toMatchObject([200, [{ scope: 'idporten:dcr.read' }, item]])
  const denied = { ...item, state: 'DENIED' }
  expect(await ask(path, { method: 'DELETE' })).toEqual([200, denied])
  expect(await grant()).toBe(403)
  expect(await ask(path, { method: 'DELETE' })).toEqual(
    refused(409, 'ScopeAccess', `The access of organization ${consumer} to scope digdir:api/one is revoked.`),
  )
  expect(await ask(`/api/v1/scopes/access?${ofScope}`)).toEqual([200, [denied]])
  const wrong = `/api/v1/scopes/access/123456789?${ofScope}`
  expect(await ask(wrong, { method: 'PUT' })).toEqual(
    refused(400, 'ScopeAccess', ['consumer_orgno', '123456789 is not an organization number']),
  )
})

test('the list of all public scopes wants no token, and is filtered', async () => {
  const make = (subscope: string, more: object): Promise<Response> =>
    send('/api/v1/scopes', { method: 'POST', body: { ...scopeForm, subscope, ...more } })
  await make('api/one', {})
  await make('open', { accessible_for_all: true, at_max_age: 3600, 'long_description#nn': 'Open' })
  await make('login', { allowed_integration_types: ['api_klient'] })
  await make('hidden', { visibility: 'PRIVATE' })
  emulator.maskinporten.defineScope({ name: 'openid' })
  await make('old', { delegation_source: 'https://tt02.altinn.no/' })
  await send('/api/v1/scopes?scope=digdir:old', { method: 'DELETE' })
  const names = async (query: string): Promise<unknown> => {
    const response = await send(`/api/v1/scopes/all${query}`, { token: '' })
    const body: readonly { readonly name: string }[] = JSON.parse(await response.text())
    return [response.status, ...body.map(({ name }) => name).filter((name) => name.startsWith('digdir:'))]
  }
  expect(await names('')).toEqual([200, 'digdir:api/one', 'digdir:open', 'digdir:login'])
  expect(await names('?accessible_for_all=true&integration_type=maskinporten&inactive=false')).toEqual([
    200,
    'digdir:open',
  ])
  expect(await names('?accessible_for_all=false&integration_type=maskinporten')).toEqual([200, 'digdir:api/one'])
  expect(await names('?inactive=true')).toEqual([200, 'digdir:old'])
  const [shownOpen] = JSON.parse(await (await send('/scopes/all?accessible_for_all=true', { token: '' })).text())
  expect(shownOpen).toEqual({
    ...scopeShown,
    name: 'digdir:open',
    subscope: 'open',
    accessible_for_all: true,
    at_max_age: 3600,
    'long_description#nn': 'Open',
  })
})

test('the source of delegations is Altinn, as the tokens say it', async () => {
  const issuer = `${emulator.altinn.url}/`
  expect(await ask('/api/v1/delegationsources')).toEqual([
    200,
    [{ name: 'altinn', issuer, created: timestamp, last_updated: timestamp }],
  ])
  const unknown = { ...scopeForm, delegation_source: 'https://other.test/' }
  const message = `delegation_source must be one of ${issuer}, https://tt02.altinn.no/`
  expect(await ask('/api/v1/scopes', { method: 'POST', body: unknown })).toEqual(
    refused(400, 'Scope', ['delegation_source', message]),
  )
})

test('registrations on behalf of others are kept with their client', async () => {
  const id = await create()
  const path = `/api/v1/clients/${id}/onbehalfof`
  const body = { onbehalfof: 'customer', orgno: consumer, name: 'A customer' }
  expect(await ask(path, { method: 'POST', body: {} })).toEqual(
    refused(400, 'OnBehalfOf', ['onbehalfof', 'onbehalfof is required'], ['orgno', 'orgno is required']),
  )
  expect(await ask(path, { method: 'POST', body })).toEqual([201, body])
  expect(await ask(path, { method: 'POST', body })).toEqual(
    refused(409, 'OnBehalfOf', `Client ${id} has onbehalfof customer already.`),
  )
  await send(`/api/v1/clients/${id}`, { method: 'PUT', body: form })
  expect(await readJson(await send(`/api/v1/clients/${id}`))).toMatchObject({ onbehalfof: [body] })
  expect((await send(`${path}/customer`, { method: 'DELETE' })).status).toBe(204)
  expect(await ask(path)).toEqual([200, []])
  expect(await ask(`${path}/customer`, { method: 'DELETE' })).toEqual(
    refused(404, 'OnBehalfOf', `Client ${id} has no onbehalfof customer.`),
  )
})

test('a client that signs has no secret, and Altinn lists its clients since it cannot read one', async () => {
  const id = await create()
  expect(await ask(`/api/v1/clients/${id}/secret`, { method: 'POST' })).toEqual(
    refused(400, 'Client', `Client ${id} of integration type maskinporten has no secret: it signs.`),
  )
  const token = await tokenFor(emulator, await register({ scopes: ['idporten:dcr.altinn'] }))
  expect(await ask('/api/v1/altinn/admin/clients', { token })).toMatchObject([200, [{}, { client_id: id }, {}]])
  expect(await ask(`/api/v1/altinn/admin/clients/${id}`, { token })).toEqual(
    refused(500, 'Client', 'The real API fails here, too: list the clients instead.'),
  )
})

test('what is no operation is refused with 404, and a fault of the target is met', async () => {
  expect(await ask('/api/v1/nothing', { method: 'POST' })).toEqual(
    refused(404, 'Request', 'POST /api/v1/nothing is not an operation of the self-service API.'),
  )
  emulator.faults.next('self-service', { status: 503 })
  expect((await send('/api/v1/clients')).status).toBe(503)
})
