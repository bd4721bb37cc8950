/** What the recorder says that a rule compared: one case for each row of the token endpoint, and for the APIs behind it. */
import {
  type Comparison,
  type EmulatedClient,
  type Emulator,
  startEmulator,
  tokenErrors,
} from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { altinnTokenFor, exchange, type GrantChanges, jwtBearer, postGrant, signGrant, tokenFor } from './sign-grant.ts'

const start = 1_900_000_000_000
const now = start / 1000
const other = '991825827'
const supplier = '310702641'
let emulator: Emulator
let client: EmulatedClient
let bare: EmulatedClient
beforeAll(async () => {
  emulator = await startEmulator({ clock: { startAt: start, stopped: true } })
})
afterAll(() => emulator.close())
beforeEach(async () => {
  await emulator.reset()
  emulator.maskinporten.defineScope({ name: 'a:b', delegable: true })
  emulator.maskinporten.grantAccess('a:b', supplier)
  client = await emulator.registerClient({ scopes: ['a:b'], orgNumber: supplier, clientId: 'mine', kid: 'one' })
})

const compared = (): Comparison | undefined => emulator.requests().at(-1)?.refusal?.compared
const rule = (): string | undefined => emulator.requests().at(-1)?.refusal?.rule
const send = (form: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(`${emulator.maskinporten.url}/token`, { method: 'POST', body: new URLSearchParams(form) })
const grant = async (changes: GrantChanges): Promise<void> => {
  await postGrant(emulator, await signGrant(emulator, client, changes))
}
const details = (detail: object): GrantChanges => ({ claims: { authorization_details: [detail] } })

const cases: readonly (readonly [id: string, refuse: () => Promise<unknown>, Comparison])[] = [
  [
    'missing_parameter',
    () => send({ grant_type: jwtBearer }),
    { of: 'assertion', expected: 'a value', received: 'none' },
  ],
  [
    'repeated_parameter',
    () =>
      fetch(`${emulator.maskinporten.url}/token`, {
        method: 'POST',
        body: new URLSearchParams([
          ['grant_type', jwtBearer],
          ['grant_type', jwtBearer],
          ['assertion', 'x'],
        ]),
      }),
    { of: 'grant_type', expected: 'once', received: '2 times' },
  ],
  [
    'unsupported_grant_type',
    () => send({ grant_type: 'client_credentials', assertion: 'x' }),
    { of: 'grant_type', expected: jwtBearer, received: 'client_credentials' },
  ],
  [
    'MP-011',
    () => postGrant(emulator, 'x.y'),
    { of: 'assertion', expected: 'a compact JWS: three parts of base64url', received: 'a text of 2 parts' },
  ],
  [
    'MP-011',
    () => grant({ claims: { exp: 'soon' } }),
    { of: 'exp', expected: 'a number of seconds', received: 'soon' },
  ],
  ['MP-011', () => grant({ claims: { pid: '1' } }), { of: 'pid', expected: 'eleven digits', received: '1' }],
  [
    'MP-012',
    async () => {
      await grant({ claims: { jti: 'same' } })
      await grant({ claims: { jti: 'same' } })
    },
    { of: 'jti', expected: 'one that was not used before', received: 'same' },
  ],
  [
    'MP-100',
    () => grant({ claims: { iss: 'nobody' } }),
    { of: 'iss', expected: 'the id of an active client', received: 'nobody (not registered)' },
  ],
  [
    'MP-100',
    async () => {
      emulator.maskinporten.deactivate('mine')
      await grant({})
    },
    { of: 'iss', expected: 'the id of an active client', received: 'mine (deactivated)' },
  ],
  [
    'MP-110',
    () => grant({ claims: { aud: 'https://maskinporten.no/' } }),
    { of: 'aud', expected: expect.stringMatching(/^http:.*\/$/), received: 'https://maskinporten.no/' },
  ],
  [
    'MP-121',
    async () => {
      emulator.clock.advance(366 * 86_400_000)
      await grant({})
    },
    {
      of: 'end of the key',
      expected: `later than ${new Date(start + 366 * 86_400_000).toISOString()}`,
      received: new Date(start + 365 * 86_400_000).toISOString(),
    },
  ],
  [
    'MP-124',
    async () => grant({ key: bare.jwk }),
    { of: 'signature', expected: 'one by the private key of kid one', received: 'one by another key, alg RS256' },
  ],
  [
    'MP-130',
    () => grant({ claims: { iat: now - 100, exp: now - 50 } }),
    { of: 'exp', expected: `${now - 10} or later`, received: `${now - 50}` },
  ],
  [
    'lifetime_too_long',
    () => grant({ claims: { exp: now + 600 } }),
    { of: 'exp - iat', expected: '180 s or less', received: '600 s' },
  ],
  [
    'iat_in_future',
    () => grant({ claims: { iat: now + 60, exp: now + 100 } }),
    { of: 'iat', expected: `${now + 10} or earlier`, received: `${now + 60}` },
  ],
  ['kid_unknown', () => grant({ header: { kid: 'two' } }), { of: 'kid', expected: 'one', received: 'two' }],
  ['kid_required', () => grant({ header: { kid: undefined } }), { of: 'kid', expected: 'one', received: 'none' }],
  [
    'consumer_org_is_self',
    () => grant({ claims: { consumer_org: supplier } }),
    { of: 'consumer_org', expected: `another organisation than ${supplier}`, received: supplier },
  ],
  [
    'onbehalfof_unknown',
    () => grant({ claims: { iss_onbehalfof: 'kunde' } }),
    { of: 'iss_onbehalfof', expected: 'a registration of the client', received: 'kunde' },
  ],
  [
    'invalid_target',
    () => grant({ claims: { resource: '/x' } }),
    { of: 'resource', expected: 'an absolute URI without a fragment', received: '/x' },
  ],
  [
    'MP-200',
    () => grant({ claims: { scope: 'a:c' } }),
    { of: 'scope', expected: 'of the client: a:b', received: 'a:c' },
  ],
  [
    'MP-200',
    async () => {
      emulator.maskinporten.defineScope({ name: 'a:b', active: false })
      await grant({})
    },
    { of: 'scope', expected: 'an active scope', received: 'a:b' },
  ],
  [
    'MP-250',
    async () => {
      emulator.maskinporten.revokeAccess('a:b', supplier)
      await grant({})
    },
    { of: `access of ${supplier} to the scope`, expected: 'granted', received: 'revoked' },
  ],
  [
    'MP-251',
    async () => {
      emulator.maskinporten.grantAccess('a:b', other)
      await grant({ claims: { consumer_org: other } })
    },
    { of: 'delegation', expected: `from ${other} to ${supplier}`, received: 'none' },
  ],
  [
    'MP-301',
    () => grant(details({ type: 'x' })),
    { of: 'type', expected: 'one of urn:altinn:systemuser, urn:altinn:consent', received: 'x' },
  ],
  [
    'MP-302',
    () => grant(details({ type: 'urn:altinn:systemuser', more: 1 })),
    { of: 'members of authorization_details', expected: 'type, systemuser_org, externalRef', received: 'type, more' },
  ],
  [
    'MP-303',
    () => grant(details({ type: 'urn:altinn:consent', id: 'x' })),
    { of: 'id', expected: 'one that exists in Altinn and fits the client', received: 'x' },
  ],
  [
    'MP-303-customer',
    () =>
      grant(
        details({
          type: 'urn:altinn:systemuser',
          systemuser_org: { authority: 'iso6523-actorid-upis', ID: `0192:${other}` },
          externalRef: 'ref',
        }),
      ),
    {
      of: 'system user',
      expected: `one of 0192:${other} whose system has the client mine`,
      received: 'externalRef ref',
    },
  ],
]

test.each(cases)('%s', async (id, refuse, wanted) => {
  bare = await emulator.registerClient({ scopes: ['c:d'] })
  await refuse()
  expect([rule(), compared()]).toEqual([id, wanted])
})

test('each row that compares something has a case, but for certificates, docs mode and integration types', () => {
  const left = ['pid_required', 'MP-120', 'MP-122', 'MP-123', 'iat_in_past', 'unknown_claim', 'MP-201']
  const covered = new Set([...left, ...cases.map(([id]) => id)])
  expect(Object.keys(tokenErrors).filter((id) => !covered.has(id))).toEqual([])
})

test('of a certificate, its organisation and the form of x5c', async () => {
  const pem = await emulator.registerClient({ scopes: ['c:d'], clientId: 'cert', orgNumber: supplier })
  emulator.maskinporten.setKeys('cert', [])
  const { x5c, privateKeyPem } = await emulator.issueCertificate({ orgNumber: other })
  const { createPrivateKey } = await import('node:crypto')
  const key = createPrivateKey(privateKeyPem).export({ format: 'jwk' })
  const sent = async (header: GrantChanges['header']): Promise<unknown> => {
    const changes = { key, header: { kid: undefined, ...header }, claims: { iss: pem.clientId, scope: 'c:d' } }
    await postGrant(emulator, await signGrant(emulator, pem, changes))
    return [rule(), compared()?.of, compared()?.expected, compared()?.received]
  }
  expect(await sent({ x5c })).toEqual(['MP-122', 'organisation of the certificate', supplier, other])
  expect(await sent({ x5c: ['AAAA'] })).toEqual([
    'MP-120',
    'x5c',
    expect.stringContaining('authority'),
    '1 in the list',
  ])
  expect(await sent({ x5c: 'x' })).toEqual(['MP-123', 'x5c', 'a list of base64 texts', 'x'])
})

test('in docs mode, an old iat and an unknown claim', async () => {
  const strict = await startEmulator({ strict: 'docs', clock: { startAt: start, stopped: true } })
  try {
    const mine = await strict.registerClient({ scopes: ['a:b'] })
    await postGrant(strict, await signGrant(strict, mine, { claims: { iat: now - 60, exp: now + 30 } }))
    expect(strict.requests().at(-1)?.refusal?.compared).toEqual({
      of: 'iat',
      expected: `${now - 10} or later`,
      received: `${now - 60}`,
    })
    await postGrant(strict, await signGrant(strict, mine, { claims: { foo: 1 } }))
    expect(strict.requests().at(-1)?.refusal?.compared).toEqual({
      of: 'claim',
      expected: 'one that is documented',
      received: 'foo',
    })
  } finally {
    await strict.close()
  }
})

test('of the exchange, of Storage, of the register and of self-service', async () => {
  const get = (url: string, token: string): Promise<Response> =>
    fetch(url, { headers: { authorization: `Bearer ${token}` } })
  const list = (query: string): string => `${emulator.altinn.url}/storage/api/v1/instances?${query}`
  const owner = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'], orgNumber: other })
  const token = await tokenFor(emulator, owner)
  const altinnToken = await altinnTokenFor(emulator, owner)

  await get(list('appId=skd/app'), altinnToken)
  expect([rule(), compared()]).toEqual(['storage_policy', { of: 'urn:altinn:org', expected: 'skd', received: 'ttd' }])

  await get(list('org=ttd'), token)
  expect([rule(), compared()?.of]).toEqual(['token_not_exchanged', 'kid'])

  const reader = await emulator.registerClient({ scopes: ['altinn:serviceowner'], orgNumber: other })
  await get(list('org=ttd'), await altinnTokenFor(emulator, reader))
  expect([rule(), compared()]).toEqual([
    'storage_scope',
    {
      of: 'scope',
      expected: expect.stringContaining('altinn:serviceowner/instances.read'),
      received: 'altinn:serviceowner',
    },
  ])

  await exchange(emulator, altinnToken)
  expect([rule(), compared()?.of]).toEqual(['token_foreign', 'kid'])

  await get(`${emulator.altinn.url}/authentication/api/v1/exchange/other`, token)
  expect([rule(), compared()?.of, compared()?.received]).toEqual(['provider_unknown', 'provider', 'other'])

  await fetch(`${emulator.register.url}/rest/v2/personer`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })
  expect([rule(), compared()?.received]).toEqual(['register_scope', 'altinn:serviceowner/instances.read'])

  await get(`${emulator.selfService.url}/api/v1/clients`, token)
  expect([rule(), compared()?.received]).toEqual(['self_service_scope', 'altinn:serviceowner/instances.read'])

  emulator.clock.advance(3_600_000)
  await exchange(emulator, token)
  expect([rule(), compared()]).toEqual([
    'token_expired',
    { of: 'exp', expected: `after ${now + 3600 - 10}`, received: String(now + 120) },
  ])
})

test('a value of the caller’s is cut, and has no token in it', async () => {
  const token = await tokenFor(emulator, client)
  await grant({ claims: { aud: `${token} ${'x'.repeat(1000)}` } })
  expect(compared()?.received).toMatch(/^JWT x{196}…$/)
})
