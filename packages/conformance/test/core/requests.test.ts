// Requests in full, each against a server that checks it.
import {
  type Maskinporten,
  type SettingsInput,
  type Signer,
  type TokenRequest,
  createMaskinporten,
} from '@maskinporten-kit/core'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const SCOPE = 'test:read'
const OWN = '991825827'
const CUSTOMER = '310702641'

let emulator: Emulator
let client: EmulatedClient
let maskinporten: Maskinporten
beforeAll(async () => {
  emulator = await startEmulator()
  emulator.maskinporten.defineScope({ name: SCOPE, delegable: true, accessibleForAll: false })
  emulator.maskinporten.grantAccess(SCOPE, OWN)
  client = await emulator.registerClient({ scopes: [SCOPE], orgNumber: OWN })
  maskinporten = createMaskinporten({ ...client.settings, exchangeToAltinnToken: false })
})
afterAll(async () => {
  await maskinporten.close()
  await emulator.close()
})

const claimsOf = (token: { readonly value: string }): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.value.split('.')[1] ?? '', 'base64url').toString())
const refused = (request: TokenRequest): Promise<unknown> =>
  maskinporten.getToken(request).catch((error: unknown) => error)

describe('a request', () => {
  it('for a resource gets a token for that audience, from a string and from a list', async () => {
    expect(claimsOf(await maskinporten.getToken({ resource: 'https://api.example/one' }))['aud']).toEqual([
      'https://api.example/one',
    ])
    expect(
      claimsOf(await maskinporten.getToken({ resource: ['https://api.example/one', 'https://api.example/two'] }))[
        'aud'
      ],
    ).toEqual(['https://api.example/one', 'https://api.example/two'])
  })

  it('on behalf of an organisation needs its delegation, and then carries consumer and supplier', async () => {
    const before = await refused({ consumerOrg: CUSTOMER })
    expect(before).toMatchObject({ code: 'token_refused', mpCode: expect.stringMatching(/^MP-25[01]$/), status: 403 })
    emulator.maskinporten.grantAccess(SCOPE, CUSTOMER)
    emulator.maskinporten.delegate({ scope: SCOPE, from: CUSTOMER, to: OWN })
    const other = createMaskinporten({ ...client.settings, exchangeToAltinnToken: false })
    const claims = claimsOf(await other.getToken({ consumerOrg: CUSTOMER }))
    expect(claims).toMatchObject({ consumer: { ID: `0192:${CUSTOMER}` }, supplier: { ID: `0192:${OWN}` } })
    await other.close()
  })

  it('on behalf of one’s own organisation is the server’s refusal, explained', async () => {
    expect(await refused({ consumerOrg: OWN })).toMatchObject({
      code: 'token_refused',
      oauthError: 'invalid_request',
      hint: expect.stringContaining('leave out consumerOrg'),
    })
  })

  it('for a system user needs it registered, and then carries it', async () => {
    expect(await refused({ systemUser: { org: CUSTOMER } })).toMatchObject({
      mpCode: 'MP-303',
      hint: expect.stringContaining('System Register'),
    })
    emulator.maskinporten.addSystemUser({
      clientIds: [client.clientId],
      orgNumber: CUSTOMER,
      systemId: `${OWN}_system`,
      externalRef: 'ref-1',
    })
    const fresh = createMaskinporten({ ...client.settings, exchangeToAltinnToken: false })
    const claims = claimsOf(await fresh.getToken({ systemUser: { org: `0192:${CUSTOMER}`, externalRef: 'ref-1' } }))
    expect(claims['authorization_details']).toMatchObject([
      { type: 'urn:altinn:systemuser', systemuser_org: { ID: `0192:${CUSTOMER}` } },
    ])
    await fresh.close()
  })

  it('for a consent carries it', async () => {
    const { id } = emulator.maskinporten.addConsent({
      from: 'urn:altinn:person:identifier-no:20914695016',
      to: OWN,
      consentRights: [{ action: ['consent'] }],
    })
    const claims = claimsOf(
      await maskinporten.getToken({ consent: { id, from: 'urn:altinn:person:identifier-no:20914695016' } }),
    )
    expect(claims['authorization_details']).toMatchObject([{ type: 'urn:altinn:consent', id }])
  })

  it('for a person carries the pid', async () => {
    expect(claimsOf(await maskinporten.getToken({ pid: '20914695016' }))['pid']).toBe('20914695016')
  })

  it('for a type of authorization_details that Maskinporten does not know is refused with its code', async () => {
    expect(await refused({ claims: { authorization_details: [{ type: 'urn:altinn:new' }] } })).toMatchObject({
      mpCode: 'MP-301',
    })
  })
})

describe('what is wrong before any round trip', () => {
  const wrong: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ['an unknown field', { consumerorg: CUSTOMER }, 'consumerorg'],
    [
      'an unknown field of a system user',
      { systemUser: { org: CUSTOMER, externalref: 'x' } },
      'systemUser.externalref',
    ],
    ['an organisation number with a wrong check digit', { consumerOrg: '310702642' }, 'consumerOrg'],
    ['a system user’s organisation that is none', { systemUser: { org: '123' } }, 'systemUser.org'],
    [
      'an externalRef that Altinn refuses',
      { systemUser: { org: CUSTOMER, externalRef: 'systembruker #1' } },
      'systemUser.externalRef',
    ],
    ['a relative resource', { resource: '/api' }, 'resource'],
    ['a resource with a fragment', { resource: 'https://api.example/#a' }, 'resource'],
    ['an empty list of resources', { resource: [] }, 'resource'],
    ['scopes with commas', { scopes: 'a:b,c:d' }, 'scopes'],
    ['no scope at all', { scopes: [] }, 'scopes'],
    ['a pid of ten digits', { pid: '2091469501' }, 'pid'],
    [
      'a consent without a UUID',
      { consent: { id: 'x', from: 'urn:altinn:person:identifier-no:20914695016' } },
      'consent.id',
    ],
    ['a consent from nobody', { consent: { id: crypto.randomUUID(), from: '20914695016' } }, 'consent.from'],
    ['a kind that is none', { kind: 'idporten' }, 'kind'],
    ['a claim that core sets itself', { claims: { aud: 'x' } }, 'claims'],
    [
      'a claim that another field sets',
      { systemUser: { org: CUSTOMER }, claims: { authorization_details: [] } },
      'claims',
    ],
    ['a kind of null, which would silently be a Maskinporten token', { kind: null }, 'kind'],
    ['a pid that is a number', { pid: 20_914_695_016 }, 'pid'],
    ['a system user of null', { systemUser: null }, 'systemUser'],
    ['claims that are text', { claims: 'iss_onbehalfof' }, 'claims'],
    ['a customer that is inherited', Object.create({ consumerOrg: CUSTOMER }), 'consumerOrg'],
    ['a claim that JSON cannot carry', { claims: { x: 1n } }, 'claims'],
  ]
  for (const [name, request, field] of wrong) {
    it(`${name} is refused, naming the field and the way out`, async () => {
      const before = emulator.requests('token').length
      const error = await refused(request)
      expect(error).toMatchObject({
        code: 'request_invalid',
        detail: field,
        message: expect.stringContaining(field),
        hint: expect.stringMatching(/./),
      })
      expect(emulator.requests('token')).toHaveLength(before)
    })
  }
})

describe('signers', () => {
  const signerOf = async (): Promise<NonNullable<SettingsInput['signer']>> => {
    const key = await crypto.subtle.importKey(
      'jwk',
      { ...client.jwk, alg: 'RS512' },
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' },
      false,
      ['sign'],
    )
    return {
      alg: 'RS512',
      kid: client.kid,
      sign: async (input) => new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, input)),
    }
  }
  const settingsWith = ({ signer }: { readonly signer: Signer }): SettingsInput => ({
    ...client.settings,
    encodedJwk: undefined,
    signer,
  })

  it('of the caller’s own sign what core encodes, so that a key can stay in an HSM', async () => {
    const own = createMaskinporten(settingsWith({ signer: await signerOf() }))
    await own.getToken({ kind: 'maskinporten' })
    expect(emulator.requests('token').at(-1)?.grant?.header).toEqual({ alg: 'RS512', kid: client.kid })
    await own.close()
  })

  it('that fail are reported without what they said, and tried again', async () => {
    const signer = await signerOf()
    let asked = 0
    const flaky = {
      ...signer,
      sign: (...input: Parameters<typeof signer.sign>) =>
        ++asked === 1 ? Promise.reject(new Error('PIN 1234 was wrong')) : signer.sign(...input),
    }
    const own = createMaskinporten(settingsWith({ signer: flaky }))
    const seen: unknown[] = []
    own.subscribe((event) => seen.push(event))
    expect((await own.getToken({ kind: 'maskinporten' })).kind).toBe('maskinporten')
    expect(JSON.stringify(seen)).not.toContain('1234')
    await own.close()
  })

  it('with an enterprise certificate send the whole chain as x5c, and no kid', async () => {
    const certificate = await emulator.issueCertificate({ orgNumber: OWN })
    const enterprise = await emulator.registerClient({ scopes: [SCOPE], orgNumber: OWN, withoutKey: true })
    const own = createMaskinporten({
      ...enterprise.settings,
      exchangeToAltinnToken: false,
      encodedJwk: certificate.privateKeyPem + certificate.chainPem,
    })
    const claims = claimsOf(await own.getToken())
    expect(claims['client_amr']).toBe('virksomhetssertifikat')
    expect(emulator.requests('token').at(-1)?.grant?.header).toEqual({ alg: 'RS256', x5c: certificate.x5c })
    await own.close()
  })

  it('with another organisation’s certificate are refused, explained', async () => {
    const certificate = await emulator.issueCertificate({ orgNumber: CUSTOMER })
    const enterprise = await emulator.registerClient({ scopes: [SCOPE], orgNumber: OWN, withoutKey: true })
    const own = createMaskinporten({
      ...enterprise.settings,
      exchangeToAltinnToken: false,
      encodedJwk: certificate.privateKeyPem + certificate.chainPem,
    })
    await expect(own.getToken()).rejects.toMatchObject({
      mpCode: 'MP-122',
      hint: expect.stringContaining('certificate of the organisation'),
    })
    await own.close()
  })
})
