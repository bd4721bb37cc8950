// The words of a refusal are made of what the call had: no advice that the call has followed already.
import type { ResolvedSettings, TokenRequest } from '@maskinporten-kit/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { seedRandom } from '../engine/drive.ts'
import { UNKNOWN_KID, World, fakeKey, refusal } from '../engine/world.ts'

const CUSTOMER = '991825827'
const SYSTEM_USER = { org: CUSTOMER, externalRef: 'ref-7' }
const credential = { clientIdOrigin: 'env MASKINPORTEN_CLIENT_ID', keyOrigin: 'Key Vault https://v.vault.azure.net/' }

let world: World
beforeEach(() => {
  seedRandom()
  world = new World()
})
afterEach(() => {
  world[Symbol.dispose]()
  vi.restoreAllMocks()
})

interface Told {
  readonly code: string
  readonly message: string
  readonly hint: string
}

async function told(request: TokenRequest = {}): Promise<Told> {
  const answer = world
    .create()
    .getToken(request)
    .catch((error: unknown) => error)
  await world.time.advance(10_100)
  return (await answer) as Told
}

/** What the token endpoint's refusal with an MP code leads to. */
function ofCode(code: string, request?: TokenRequest, settings: Partial<ResolvedSettings> = {}): Promise<Told> {
  world.settings.change(settings)
  world.onToken = () => refusal('Refused.', code, 'forbidden')
  return told(request)
}

describe('a refusal of the token endpoint', () => {
  it('names the client, the kid, and the source each came from', async () => {
    const { message } = await ofCode('MP-121', {}, { credential })
    expect(message).toMatch(
      /^token refused by https:\/\/issuer\.example\/token for the client client-1 \(from env MASKINPORTEN_CLIENT_ID\) with the kid key-1 \(from Key Vault https:\/\/v\.vault\.azure\.net\/\): forbidden \(MP-121\); upload .*\. The server's words: "Refused\. \(trace_id: [0-9a-f]{32}\)"$/,
    )
  })

  it('names no source where none is known', async () => {
    expect((await ofCode('MP-121')).message).toContain('for the client client-1 with the kid key-1: forbidden')
  })

  it('says that a client signed with its certificate', async () => {
    const { kid: _, ...key } = fakeKey('chain')
    const { message } = await ofCode('MP-120', {}, { keys: [{ ...key, x5c: ['AA=='] }] })
    expect(message).toContain('for the client client-1 with its certificate:')
  })

  it('does not show a kid that may be a part of a private key', async () => {
    const kid = '870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE'
    expect((await ofCode('MP-121', {}, { keys: [{ ...fakeKey('x'), kid }] })).message).toContain(
      'with the kid [hidden: 43 characters]: forbidden',
    )
    expect((await ofCode('MP-121', {}, { keys: [{ ...fakeKey('x'), kid, id: kid }] })).message).toContain(
      `with the kid ${kid}: forbidden`,
    )
  })

  it('does not say of an older key that it came from where the newest did', async () => {
    world.settings.change({ keys: [fakeKey('new'), fakeKey('old')], credential })
    world.onToken = () => UNKNOWN_KID
    expect((await told()).message).toContain('with the kid old (the key before the newest)')
  })

  it('does not name them where a firewall answered', async () => {
    world.onToken = () => ({
      status: 403,
      headers: { 'content-type': 'text/html' },
      body: '<html>Request blocked</html>',
    })
    expect((await told()).message).not.toContain('client-1')
  })
})

describe('the way out of', () => {
  it('stands before the words of the server, which may be long', async () => {
    const words = 'Invalid assertion. Client authentication failed. '.repeat(20).trim()
    world.onToken = () => refusal(words, 'MP-100', 'invalid_grant')
    const { message, hint } = await told()
    expect(message).toBe(
      `token refused by https://issuer.example/token for the client client-1 with the kid key-1: invalid_grant (MP-100); ${hint}. The server's words: "${words} (trace_id: 0123456789abcdef0123456789abcdef)"`,
    )
    expect(hint).toBe(
      'check the client id in Samarbeidsportalen: it must be an active client of the environment https://issuer.example/',
    )
  })

  it.each<[string, TokenRequest, string, RegExp]>([
    ['MP-200', {}, 'if it is not offered there, ask the owner of the API to give it to your organisation', /^$/],
    ['MP-250', {}, 'or give consumerOrg', /^$/],
    ['MP-250', { consumerOrg: CUSTOMER }, `grant the scope to ${CUSTOMER}`, /give consumerOrg|set consumerOrg/],
    ['MP-250', { systemUser: SYSTEM_USER }, 'grant the scope to your organisation', /consumerOrg/],
    ['MP-251', { consumerOrg: CUSTOMER }, `have ${CUSTOMER}`, /give consumerOrg/],
    ['MP-251', {}, 'give consumerOrg', /^$/],
    ['MP-302', { systemUser: SYSTEM_USER }, 'compare externalRef', /^$/],
    ['MP-302', { claims: { authorization_details: [{ type: 'x' }] } }, 'undocumented fields', /externalRef/],
    ['MP-303', { systemUser: SYSTEM_USER }, 'check its externalRef, ref-7', /give externalRef/],
    ['MP-303', { systemUser: { org: CUSTOMER } }, 'give externalRef if', /check its externalRef/],
  ])('%s with %j', async (code, request, says, never) => {
    const { hint } = await ofCode(code, request)
    expect(hint).toContain(says)
    expect(hint).not.toMatch(never)
  })

  it('MP-250 where the settings give the customer', async () => {
    const { hint } = await ofCode('MP-250', {}, { request: { scopes: ['a:b'], consumerOrg: CUSTOMER } })
    expect(hint).toContain(`grant the scope to ${CUSTOMER}`)
  })

  it.each<[string, Partial<ResolvedSettings>, string, RegExp]>([
    ['an audience of its own', { audience: 'https://other.example/' }, 'leave AssertionAudience out', /set Authority/],
    ['a token endpoint of its own', {}, 'make TokenEndpoint and the issuer', /AssertionAudience|set Authority/],
    ['only an issuer', { tokenEndpoint: undefined }, 'set Authority or Environment', /AssertionAudience|TokenEndpoint/],
  ])('MP-110 with %s', async (_name, settings, says, never) => {
    const { hint } = await ofCode('MP-110', {}, settings)
    expect(hint).toContain(says)
    expect(hint).toContain('https://issuer.example/')
    expect(hint).not.toMatch(never)
  })

  it('a consumerOrg that the settings give names the setting', async () => {
    world.onToken = () =>
      refusal('Client organisation and consumer_org in claim are the same.', undefined, 'invalid_request')
    expect((await told({ consumerOrg: CUSTOMER })).hint).toContain('leave out consumerOrg')
    world.settings.change({ request: { scopes: ['a:b'], consumerOrg: CUSTOMER } })
    expect((await told()).hint).toContain('leave out ConsumerOrgNo in the settings')
  })
})

describe('the way out of a 401 of the exchange', () => {
  const PROD = 'https://platform.altinn.no/authentication/api/v1/exchange/maskinporten'
  const TEST = 'https://platform.tt02.altinn.no/authentication/api/v1/exchange/maskinporten'
  const tokenOf = (iss: string): string => `e30.${Buffer.from(JSON.stringify({ iss })).toString('base64url')}.c2ln`

  it.each<[string, string, boolean, string, string, RegExp]>([
    ['UseAltinnTestOrg in production', PROD, true, 'https://maskinporten.no/', 'leave out UseAltinnTestOrg', /outage/],
    [
      'a test token in production',
      PROD,
      false,
      'https://test.maskinporten.no/',
      'platform.altinn.no takes those of https://maskinporten.no/',
      /outage/,
    ],
    [
      'a production token in test',
      TEST,
      true,
      'https://maskinporten.no/',
      'platform.tt02.altinn.no takes those of https://test.maskinporten.no/',
      /UseAltinnTestOrg/,
    ],
    [
      'environments that belong together',
      TEST,
      false,
      'https://test.maskinporten.no/',
      'Altinn also answers so in an outage',
      /TokenExchangeEnvironment|UseAltinnTestOrg/,
    ],
  ])('with %s', async (_name, url, testOrg, iss, says, never) => {
    world.settings.change({ exchange: { url, testOrg } })
    world.onToken = () => ({ status: 200, body: { access_token: tokenOf(iss) } })
    world.onExchange = () => ({ status: 401 })
    const { code, hint } = await told({ kind: 'altinn' })
    expect(code).toBe('exchange_refused')
    expect(hint).toContain(says)
    expect(hint).not.toMatch(never)
  })

  it('with an opaque token tells both possible causes', async () => {
    world.onExchange = () => ({ status: 401 })
    expect((await told({ kind: 'altinn' })).hint).toMatch(/belong together.*outage/)
  })
})

describe('a timeout names the step that was awaited', () => {
  it.each<[string, () => void, TokenRequest, string]>([
    ['the settings', () => (world.settings.loadMs = () => new Promise(() => {})), {}, 'the settings'],
    [
      'a signer',
      () => world.settings.change({ keys: [{ ...fakeKey('hsm'), sign: () => new Promise(() => {}) }] }),
      {},
      'the signer',
    ],
    [
      'Maskinporten',
      () => (world.onToken = () => ({ hang: true })),
      {},
      'Maskinporten at https://issuer.example/token',
    ],
    [
      'Maskinporten, before the exchange',
      () => (world.onToken = () => ({ hang: true })),
      { kind: 'altinn' },
      'Maskinporten at https://issuer.example/token',
    ],
    [
      'Altinn',
      () => (world.onExchange = () => ({ hang: true })),
      { kind: 'altinn' },
      'Altinn at https://platform.example/exchange',
    ],
  ])('%s', async (_name, prepare, request, step) => {
    prepare()
    const { code, message } = await told(request)
    expect(code).toBe('timeout')
    expect(message).toContain(`no token within 10 s, while waiting for ${step}`)
  })

  it('discovery', async () => {
    world.settings.change({ tokenEndpoint: undefined })
    world.onDiscovery = () => ({ hang: true })
    const maskinporten = world.create({ timeoutMs: 2_000 })
    const answer = maskinporten.getToken().catch((error: unknown) => error)
    await world.time.advance(2_100)
    expect(await answer).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('while waiting for the metadata of https://issuer.example/'),
    })
  })
})

it('a call after close() is told that close() ended the instance', async () => {
  const maskinporten = world.create()
  await maskinporten.close()
  await expect(maskinporten.getToken()).rejects.toMatchObject({
    code: 'closed',
    message: 'close() has ended this instance; call close() only when the program ends, or make another instance',
  })
})
