/** The addresses in the settings: the whole message of each that cannot be used, and which of several is used. */
import { describe, expect, it } from 'vitest'
import { type Outcome, type Tree, load, loadSection } from './load.ts'

const signer = { alg: 'RS256', kid: 'k', sign: async () => new Uint8Array() } as const
const BASE = { Environment: 'test', ClientId: 'c' }
const TEST = 'https://test.maskinporten.no/'
const PROD = 'https://maskinporten.no/'
const OWN = { Environment: undefined, Authority: 'https://issuer.example/' }
const by = (fields: Tree): Promise<Outcome> => loadSection({ ...BASE, ...fields }, { signer })
const env = (names: Tree): Promise<Outcome> => load({ env: { MASKINPORTEN_CLIENT_ID: 'n', ...names } }, { signer })
const two = (low: Tree, high: Tree): Promise<Outcome> =>
  load({ low: { MaskinportenSettings: { ClientId: 'c', ...low } }, high: { MaskinportenSettings: high } }, { signer })
const wrongWith = ({ problems }: Outcome): readonly string[] => problems.map(({ message }) => message)
const told = ({ warnings }: Outcome): readonly string[] => warnings.map(({ code, message }) => `${code}: ${message}`)

describe('the exchange', () => {
  it.each<[Tree, string]>([
    [
      { TokenExchangeEndpoint: 'a.example' },
      'MaskinportenSettings:TokenExchangeEndpoint is not an https URL. Use the whole address of the exchange.',
    ],
    [
      { TokenExchangeEndpoint: 'https://u:p@a.example/' },
      'MaskinportenSettings:TokenExchangeEndpoint has a user name or password in it. Use the whole address of the exchange.',
    ],
    [
      { TokenExchangeEnvironment: 'at20' },
      'MaskinportenSettings:TokenExchangeEnvironment is "at20". Use prod, tt02, at21, at22, at23, at24, yt01, or an https base URL.',
    ],
    [
      { TokenExchangeEnvironment: 'https://u:p@a.example/' },
      'MaskinportenSettings:TokenExchangeEnvironment has a user name or password in it. Use prod, tt02, at21, at22, at23, at24, yt01, or an https base URL.',
    ],
    [
      { TokenExchangeEndpoint: 'https://platform.altinn.no/x' },
      `MaskinportenSettings:TokenExchangeEndpoint says "https://platform.altinn.no/x" but the issuer is ${TEST}. Delete TokenExchangeEndpoint: without it, Altinn follows the issuer.`,
    ],
    [
      { TokenExchangeEnvironment: 'prod' },
      `MaskinportenSettings:TokenExchangeEnvironment says "prod" but the issuer is ${TEST}. Delete TokenExchangeEnvironment: without it, Altinn follows the issuer.`,
    ],
    [
      { ...OWN, ExhangeToAltinnToken: 'true' },
      'MaskinportenSettings:TokenExchangeEnvironment is missing, and no Altinn is known for the issuer https://issuer.example/. Set it to "tt02" (test) or "prod".',
    ],
  ])('%j', async (fields, says) => {
    const outcome = await by(fields)
    expect(wrongWith(outcome)).toEqual([says])
  })

  it('of an address that cannot be used says nothing of the exchange', async () => {
    expect((await by({ Environment: 'dev', TokenExchangeEnvironment: 'prod' })).codes).toEqual([
      'CONFIG_ENVIRONMENT_UNKNOWN',
    ])
    expect((await by({ ...OWN, TokenExchangeEnvironment: 'prod' })).settings?.exchange?.url).toMatch(
      /^https:\/\/platform\.altinn\.no\//,
    )
  })
})

describe('the token endpoint', () => {
  it('that is unsafe is named with the way out', async () => {
    expect(wrongWith(await by({ TokenEndpoint: 'a.example' }))).toEqual([
      'MaskinportenSettings:TokenEndpoint is not an https URL. Delete TokenEndpoint: without it, the token endpoint of the issuer is used.',
    ])
    expect(
      wrongWith(await env({ MASKINPORTEN_ISSUER: TEST, MASKINPORTEN_TOKEN_ENDPOINT: 'https://u:p@a.example/' })),
    ).toEqual([
      'MASKINPORTEN_TOKEN_ENDPOINT has a user name or password in it. Delete MASKINPORTEN_TOKEN_ENDPOINT: without it, the token endpoint of the issuer is used.',
    ])
    expect((await by({ Environment: 'dev', TokenEndpoint: 'a.example' })).codes).toEqual([
      'CONFIG_ENVIRONMENT_UNKNOWN',
      'CONFIG_TOKEN_ENDPOINT',
    ])
  })

  it('elsewhere is told of, by the issuer or by the audience', async () => {
    expect(told(await by({ TokenEndpoint: 'https://gw.example/token' }))).toEqual([
      `CONFIG_ENDPOINT_ELSEWHERE: MaskinportenSettings:TokenEndpoint is "https://gw.example/token", so assertions for ${TEST} are sent to another server. Check that the other server is a gateway of yours.`,
    ])
    const audience = { AssertionAudience: 'https://gw.example/', TokenEndpoint: `${TEST}token` }
    expect(told(await by(audience))).toEqual([
      `CONFIG_ENDPOINT_ELSEWHERE: MaskinportenSettings:TokenEndpoint is "${TEST}token", so assertions for "https://gw.example/" are sent to another server. Check that the other server is a gateway of yours.`,
    ])
    const secret = { AssertionAudience: 'https://gw.example/hooks/T024BE7LD9XkWq', TokenEndpoint: `${TEST}token` }
    expect(told(await by(secret)).join()).toContain('so assertions for "https://gw.example/…" are sent')
    expect(told(await by({ AssertionAudience: 'urn:x', TokenEndpoint: `${TEST}token` }))).toEqual([
      `CONFIG_ENDPOINT_ELSEWHERE: MaskinportenSettings:TokenEndpoint is "${TEST}token", so assertions for a text of 5 characters are sent to another server. Check that the other server is a gateway of yours.`.replace(
        'a text of 5 characters',
        '"urn:x"',
      ),
    ])
    expect(told(await by({ AssertionAudience: 'any text', TokenEndpoint: `${TEST}token` }))).toEqual([])
    expect(told(await by({ AssertionAudience: 'https://gw.example/', TokenEndpoint: 'https://gw.example/t' }))).toEqual(
      [],
    )
  })

  it('of NAIS at another server is an error with the way out', async () => {
    expect(
      wrongWith(await env({ MASKINPORTEN_ISSUER: TEST, MASKINPORTEN_TOKEN_ENDPOINT: 'https://gw.example/token' })),
    ).toEqual([
      `MASKINPORTEN_TOKEN_ENDPOINT is "https://gw.example/token", which is another server than the issuer ${TEST}. If that server is a gateway of yours, set MaskinportenSettings:TokenEndpoint to its address. In either case delete MASKINPORTEN_TOKEN_ENDPOINT.`,
    ])
  })

  it('of NAIS yields to that of the settings, and is used beside an Environment', async () => {
    const MASKINPORTEN_TOKEN_ENDPOINT = `${TEST}token`
    const load_ = (section: Tree): Promise<Outcome> =>
      env({ MASKINPORTEN_TOKEN_ENDPOINT, MaskinportenSettings: section })
    expect((await load_({ Environment: 'test', TokenEndpoint: `${TEST}other` })).settings?.tokenEndpoint).toBe(
      `${TEST}other`,
    )
    expect((await load_({ Environment: 'test' })).settings?.tokenEndpoint).toBe(MASKINPORTEN_TOKEN_ENDPOINT)
  })

  it('of NAIS is used where its own source names the same issuer, or none, or a client id', async () => {
    const high = { MaskinportenSettings: { Authority: TEST, ClientId: 'c' } }
    const nais = (low: Tree): Promise<Outcome> =>
      load({ low: { MASKINPORTEN_TOKEN_ENDPOINT: `${TEST}token`, ...low }, high }, { signer })
    for (const low of [{}, { MASKINPORTEN_ISSUER: 'https://test.maskinporten.no' }, { MASKINPORTEN_ISSUER: 'c' }])
      expect((await nais(low)).settings?.tokenEndpoint).toBe(`${TEST}token`)
  })
})

describe('the audience', () => {
  it('elsewhere is told of with the way out', async () => {
    expect(told(await by({ AssertionAudience: 'https://gw.example/' }))).toEqual([
      `CONFIG_ENDPOINT_ELSEWHERE: MaskinportenSettings:AssertionAudience is "https://gw.example/", but assertions are sent to ${TEST}. If they should go to another server, set TokenEndpoint to its address.`,
    ])
    expect(wrongWith(await by({ AssertionAudience: PROD }))).toEqual([
      `MaskinportenSettings:AssertionAudience is "${PROD}", but the token is requested from ${TEST}. Delete AssertionAudience: the default is right.`,
    ])
  })

  it('of the key’s own source counts where nothing else says the issuer', async () => {
    const { settings } = await two({ AssertionAudience: TEST }, { AssertionAudience: '' })
    expect(settings).toMatchObject({ authority: TEST, audience: undefined })
    expect((await two({ AssertionAudience: TEST }, { AssertionAudience: PROD })).settings?.authority).toBe(PROD)
  })

  it('beside an address must be that address', async () => {
    expect(wrongWith(await two({ AssertionAudience: PROD }, { Authority: TEST }))).toEqual([
      `MaskinportenSettings:Authority says "${TEST}" (high) but MaskinportenSettings:AssertionAudience is "${PROD}" (low). Delete the one that is wrong.`,
    ])
    expect(
      (await two({ AssertionAudience: 'https://test.maskinporten.no' }, { Authority: TEST })).settings,
    ).toMatchObject({ authority: TEST, audience: undefined })
  })
})

describe('the issuer', () => {
  it.each([
    ['http://a.example/', `is not an https URL. Set it to the whole address of the issuer, such as ${TEST}.`],
    [
      'https://a.example/?b',
      `has a query or a fragment, and an issuer has none. Set it to the whole address of the issuer, such as ${TEST}.`,
    ],
    [
      'https://a.example/#b',
      `has a query or a fragment, and an issuer has none. Set it to the whole address of the issuer, such as ${TEST}.`,
    ],
    ['https://a.example/token', 'is an endpoint, not the issuer. Use "https://a.example/".'],
    ['https://a.example/token/', 'is an endpoint, not the issuer. Use "https://a.example/".'],
    ['https://a.example/.well-known/x', 'is an endpoint, not the issuer. Use "https://a.example/".'],
    ['https://a.example/.well-known/x/b', 'is an endpoint, not the issuer. Use "https://a.example/b".'],
    [
      'https://[test.]maskinporten.no/',
      `still holds the notation [test.]. Write one of the two addresses: ${TEST}, ${PROD}`,
    ],
  ])('%s: %s', async (Authority, says) => {
    expect(wrongWith(await by({ ...OWN, Authority }))).toEqual([`MaskinportenSettings:Authority ${says}`])
  })

  it.each(['https://a.example/tokens', 'https://a.example/token/x', 'https://a.example//', 'https://a.example/x//'])(
    'may be %s, and is used as it is written',
    async (Authority) => {
      expect((await by({ ...OWN, Authority })).settings?.authority).toBe(Authority)
    },
  )

  it.each([
    ['ver1', 'is "ver1", which no longer exists.'],
    ['VER2', 'is "VER2", which Digdir phased out on 10 June 2024.'],
    ['yt2', 'is "yt2", which no longer exists.'],
  ])('%s: %s', async (Environment, says) => {
    expect(wrongWith(await by({ Environment }))).toEqual([
      `MaskinportenSettings:Environment ${says} Use "test" (${TEST}) and a client registered there.`,
    ])
  })

  it('of an unknown name says the names, and the other setting', async () => {
    expect(wrongWith(await by({ Environment: 'dev' }))).toEqual([
      'MaskinportenSettings:Environment is "dev". Use "test" or "prod", or set Authority to the issuer URL.',
    ])
  })

  it('is that of a list, where a setting is given as one', async () => {
    expect((await by({ Environment: ['prod'] })).settings?.authority).toBe(PROD)
    expect((await by({ ...OWN, AssertionAudience: ['https://issuer.example/'] })).settings?.authority).toBe(
      'https://issuer.example/',
    )
    expect((await by({ AssertionAudience: ['urn:a'] })).settings).toMatchObject({ authority: TEST, audience: 'urn:a' })
  })

  it('is read from the address of its metadata, at the front of the path or at its end', async () => {
    const address = async (url: string): Promise<unknown> => {
      const { settings } = await env({ MASKINPORTEN_WELL_KNOWN_URL: url })
      return [settings?.authority, settings?.metadataUrl]
    }
    for (const [url, issuer] of [
      ['https://a.example/.well-known/oauth-authorization-server', 'https://a.example/'],
      ['https://a.example/.well-known/oauth-authorization-server/b', 'https://a.example/b'],
      ['https://a.example/b/.well-known/openid-configuration', 'https://a.example/b'],
    ] as const)
      expect(await address(url)).toEqual([issuer, url])
    expect(await address('https://a.example/b')).toEqual(['https://a.example/b', undefined])
    const lower = await env({ maskinporten_well_known_url: 'https://a.example/.well-known/x' })
    expect(lower.settings?.authority).toBe('https://a.example/')
  })

  it('is not read from the metadata of another issuer', async () => {
    const { settings } = await load(
      {
        low: { MASKINPORTEN_WELL_KNOWN_URL: 'https://other.example/.well-known/x' },
        high: { MaskinportenSettings: { Authority: 'https://issuer.example/', ClientId: 'c', EncodedJwk: '' } },
      },
      { signer },
    ).then((outcome) => outcome)
    expect(settings?.metadataUrl).toBeUndefined()
  })

  it('in two sources that say different things is told of with both', async () => {
    expect(wrongWith(await two({ Environment: 'test' }, { Authority: PROD }))).toEqual([
      `MaskinportenSettings:Environment says "test" (low) but MaskinportenSettings:Authority is "${PROD}" (high). Delete the one that is wrong.`,
    ])
  })
})
