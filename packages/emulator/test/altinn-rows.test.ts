/** The rows of the reference on exchange, discovery, Storage and Events (§8 and §9) that no other file here compares, by status and body. */
import { request } from 'node:http'
import { type EmulatedClient, type Emulator, startEmulator, type Submitted } from '@maskinporten-kit/emulator'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { altinnTokenFor, exchange, readJson, tokenFor } from './sign-grant.ts'

const start = 1_900_000_000_000
const person = '20914695016'
const organisation = '310702641'

let emulator: Emulator
let owner: EmulatedClient
let token: string
let ofPerson: Submitted
let ofOrganisation: Submitted
beforeAll(async () => {
  emulator = await startEmulator({ clock: { startAt: start, stopped: true } })
  owner = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
  token = await altinnTokenFor(emulator, owner)
  ofPerson = await emulator.altinn.submit({ org: 'ttd', app: 'app', person, data: 'x' })
  emulator.clock.advance(1000)
  ofOrganisation = await emulator.altinn.submit({ org: 'ttd', app: 'app', organisation, data: 'x' })
})
afterAll(() => emulator.close())

const exchangeUrl = (provider: string): string => `${emulator.altinn.url}/authentication/api/v1/exchange/${provider}`
const statusAndText = async (response: Response): Promise<unknown> => [response.status, await response.text()]
const bearer = (text = token): { authorization: string } => ({ authorization: `Bearer ${text}` })
const providers = "Trusted token providers are 'Maskinporten', 'Id-porten' and 'AltinnStudio'."
const unauthorized = JSON.stringify({ title: 'Unauthorized', status: 401 })

describe('the exchange', () => {
  test.each<readonly [string, string, string | undefined, readonly [number, string]]>([
    ['looks for a token before it looks at the provider', 'other', undefined, [401, unauthorized]],
    ['looks whether the token can be read before it looks at the provider', 'other', 'x', [401, unauthorized]],
    [
      'looks at the provider before it looks at the signature',
      'other',
      'e30.e30.e30',
      [400, `Invalid token provider: other. ${providers}`],
    ],
    ['looks at the signature', 'maskinporten', 'e30.e30.e30', [401, unauthorized]],
    ['knows ID-porten, whose tokens are not emulated', 'ID-porten', 'e30.e30.e30', [401, unauthorized]],
    ['knows Altinn Studio, whose tokens are not emulated', 'altinnstudio', 'e30.e30.e30', [401, unauthorized]],
  ])('%s', async (_what, provider, text, expected) => {
    const headers = text === undefined ? {} : bearer(text)
    expect(await statusAndText(await fetch(exchangeUrl(provider), { headers }))).toEqual(expected)
  })

  test('answers the bare token as text to who asks for nothing', async () => {
    const raw = await tokenFor(emulator, owner)
    const [type, body] = await new Promise<readonly [string | undefined, string]>((resolve, reject) => {
      // Node's fetch would send `Accept: */*`.
      const sent = request(exchangeUrl('maskinporten'), { headers: bearer(raw) }, (response) => {
        let text = ''
        response.on('data', (bytes: Buffer) => (text += bytes.toString()))
        response.on('end', () => resolve([response.headers['content-type'], text]))
      })
      sent.on('error', reject)
      sent.end()
    })
    expect([type, body]).toEqual(['text/plain; charset=utf-8', expect.stringMatching(/^ey[^"]+$/)])
  })

  test('has the whole body of its 410, and none for an empty header', async () => {
    const raw = await tokenFor(emulator, owner)
    const gone = await exchange(emulator, raw, '', { 'x-altinn-enterpriseuser-authentication': 'x' })
    expect([gone.status, gone.headers.get('content-type'), await readJson(gone)]).toEqual([
      410,
      'application/problem+json',
      {
        type: 'https://docs.altinn.studio',
        title: 'Virksomhetsbruker is no longer available',
        status: 410,
        detail:
          'Virksomhetsbruker (enterprise user) is no longer available. It has been replaced by Systembruker (system user) or ID-porten, depending on the use case. See https://docs.altinn.studio for migration guidance.',
      },
    ])
    expect((await exchange(emulator, raw, '', { 'x-altinn-enterpriseuser-authentication': '' })).status).toBe(200)
  })

  test.each([
    ['974761076', '?test=true', 'skd'],
    ['974761076', '', 'skd'],
    ['991825827', '?test=TRUE', 'ttd'],
    ['991825827', '?test=false', 'digdir'],
    ['991825827', '?test=true', 'ttd'],
  ])('of %s with %j says %s', async (orgNumber, query, org) => {
    const client = await emulator.registerClient({ scopes: ['altinn:serviceowner'], orgNumber })
    const exchanged = await exchange(emulator, await tokenFor(emulator, client), query)
    expect(decodeJwt(await exchanged.text())).toMatchObject({
      'urn:altinn:org': org,
      'urn:altinn:orgNumber': orgNumber,
    })
  })

  test('answers a fault of its register with a 401, as an outage of the real one', async () => {
    emulator.faults.next('exchange', { status: 401 })
    expect(await statusAndText(await exchange(emulator, await tokenFor(emulator, owner)))).toEqual([401, ''])
  })
})

test('the discovery of Altinn has its members, and no other', async () => {
  const issuer = `${emulator.altinn.url}/authentication/api/v1/openid/`
  const response = await fetch(`${issuer}.well-known/openid-configuration`)
  expect([response.status, await readJson(response)]).toEqual([
    200,
    {
      issuer,
      authorization_endpoint: `${emulator.altinn.url}/authentication/api/v1/authorize/`,
      token_endpoint: `${emulator.altinn.url}/authentication/api/v1/token/`,
      jwks_uri: `${issuer}.well-known/openid-configuration/jwks`,
      end_session_endpoint: `${emulator.altinn.url}/authentication/api/v1/openid/logout/`,
      response_types_supported: ['token'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
    },
  ])
})

describe('the list of Storage', () => {
  const list = (query: string): Promise<Response> =>
    fetch(`${emulator.altinn.url}/storage/api/v1/instances?org=ttd${query}`, { headers: bearer() })
  const first = new Date(start).toISOString()

  test.each<readonly [string, readonly number[]]>([
    [`&process.ended=gt:${first}`, [1]],
    [`&process.ended=lte:${first}`, [0]],
    ['&process.endEvent=EndEvent_1', [1, 0]],
    ['&process.endEvent=EndEvent_2', []],
    [`&visibleAfter=eq:${first}`, [0]],
    [`&lastChanged=gte:${first}&lastChanged=lt:2040-01-01T00:00:00Z`, [1, 0]],
    ['&dueBefore=lt:2040-01-01T00:00:00Z', []],
    ['&status.isArchived=false', []],
    ['&status.isSoftDeleted=false', [1, 0]],
    ['&status.isHardDeleted=true', []],
    ['&confirmed=false', [1, 0]],
    ['&confirmed=true', []],
    ['&excludeConfirmedBy=skd', [1, 0]],
    ['&size=1', [1]],
    ['&appId=ttd/other', []],
  ])('with %s', async (query, expected) => {
    const { count, instances } = await readJson(await list(query))
    const ids = [ofPerson, ofOrganisation].map(({ instance }) => instance.id)
    const found = Array.isArray(instances) ? instances.map(({ id }) => ids.indexOf(id)) : instances
    expect([count, found]).toEqual([expected.length, expected])
  })

  test('without data elements when they are not wanted', async () => {
    const { instances } = await readJson(await list('&includeDataElements=false&size=1'))
    expect(instances).toEqual([{ ...ofOrganisation.instance, data: [] }])
  })

  test.each([
    ['&created=yesterday', 'Invalid date expression: yesterday for query key: created'],
    ['&size=0', "The size '0' is not valid."],
  ])('with %s is refused', async (query, text) => {
    expect(await statusAndText(await list(query))).toEqual([400, text])
  })
})

describe('the events of an app', () => {
  const poll = (query: string, headers: object = {}): Promise<Response> =>
    fetch(`${emulator.altinn.url}/events/api/v1/app/ttd/app?from=2020-01-01T00:00:00Z${query}`, {
      headers: { ...bearer(), ...headers },
    })

  test.each<readonly [string, () => string, Record<string, string>, readonly number[]]>([
    ['everything', () => '', {}, [0, 1]],
    ['an end', () => `&to=${new Date(start).toISOString()}`, {}, [0]],
    ['a party', () => `&party=${ofOrganisation.partyId}`, {}, [1]],
    ['a unit', () => `&unit=${organisation}`, {}, [1]],
    ['a person', () => '', { person }, [0]],
    ['a type', () => '&type=app.instance.created', {}, []],
  ])('for %s', async (_what, query, headers, expected) => {
    const response = await poll(query(), headers)
    const all = [ofPerson.event, ofOrganisation.event]
    expect([response.status, await response.json()]).toEqual([200, expected.map((at) => all[at])])
  })

  test("are refused for an end without time zone, and for another organisation's app", async () => {
    const text = "The 'To' parameter must specify timezone. E.g. 2022-07-07T11:00:53.3917Z for UTC"
    expect(await statusAndText(await poll('&to=2040-01-01T00:00:00'))).toEqual([400, text])
    const other = `${emulator.altinn.url}/events/api/v1/app/skd/app?after=x`
    expect(await statusAndText(await fetch(other, { headers: bearer() }))).toEqual([403, ''])
    expect(await statusAndText(await fetch(other))).toEqual([401, ''])
  })
})
