// What each setting means, by its values and codes. A signer is given, so that no key has to be read.
import { describe, expect, it } from 'vitest'
import type { SettingsOptions } from '@maskinporten-kit/core'
import { type Outcome, type Tree, load, loadSection } from './load.ts'

const signer = { alg: 'RS256', kid: 'k', sign: async () => new Uint8Array() } as const
const BASE = { Environment: 'test', ClientId: 'c' }
const by = (fields: Tree, options: SettingsOptions = {}): Promise<Outcome> =>
  loadSection({ ...BASE, ...fields }, { signer, ...options })
/** An issuer that is none of the two. */
const OWN = { Environment: undefined, Authority: 'https://issuer.example/' }
const env = (names: Tree): Promise<Outcome> => load({ env: { MASKINPORTEN_CLIENT_ID: 'n', ...names } }, { signer })
const TEST = 'https://test.maskinporten.no/'
const PROD = 'https://maskinporten.no/'
const problem = (code: string, key?: string): object =>
  expect.objectContaining({
    code,
    ...(key === undefined ? {} : { key: expect.stringMatching(new RegExp(`${key}$`, 'i')) }),
  })

describe('a switch', () => {
  it.each([
    ['true', true],
    ['TRUE', true],
    [true, true],
    ['false', false],
    ['False', false],
    [false, false],
    ['', false],
    [undefined, false],
  ])('that is %j is %j', async (value, isOn) => {
    const { settings } = await by({ ExhangeToAltinnToken: value, UseAltinnTestOrg: value })
    expect(settings?.request.kind).toBe(isOn ? 'altinn' : 'maskinporten')
    expect(settings?.exchange?.testOrg).toBe(isOn)
  })

  it.each(['1', 'yes', 'ja', 'truee', 'xfalse'])('is not %j', async (value) => {
    for (const name of [
      'ExhangeToAltinnToken',
      'ExchangeToAltinnToken',
      'UseAltinnTestOrg',
      'EnableDebugLog',
      'EnableDebugLogging',
    ])
      expect((await by({ [name]: value })).problems).toEqual([problem('CONFIG_BOOLEAN', name)])
  })

  it('in two spellings is one, and two values are a conflict', async () => {
    expect((await by({ ExhangeToAltinnToken: 'true', ExchangeToAltinnToken: 'TRUE' })).settings?.request.kind).toBe(
      'altinn',
    )
    expect((await by({ ExhangeToAltinnToken: 'true', ExchangeToAltinnToken: 'false' })).problems).toContainEqual(
      problem('CONFIG_CONFLICT'),
    )
  })
})

describe('scopes and resources', () => {
  it('are separated by spaces; scopes are sorted, without doubles', async () => {
    const { settings } = await by({ Scope: ' b:c  a:b\nb:c ', Resource: 'https://b.example/ \n urn:a' })
    expect(settings?.request).toMatchObject({ scopes: ['a:b', 'b:c'], resource: ['https://b.example/', 'urn:a'] })
    const listed = await by({ Scope: ['b:c', 'a:b'], Resource: ['https://b.example/', 'urn:a'] })
    expect(listed.settings?.request).toMatchObject({
      scopes: ['a:b', 'b:c'],
      resource: ['https://b.example/', 'urn:a'],
    })
  })

  it('that are not set are none', async () => {
    for (const fields of [{}, { Scope: '', Resource: '' }])
      expect((await by(fields)).settings?.request).toMatchObject({
        scopes: undefined,
        resource: undefined,
        consumerOrg: undefined,
      })
  })

  it.each(['a:b,c:d', 'a:b, c:d', 'a:b;c:d'])('%j is not separated by spaces', async (Scope) => {
    expect((await by({ Scope })).problems).toEqual([problem('CONFIG_SCOPE', 'Scope')])
  })

  it.each(['x', 'https://a.example/#x', 'https://a.example/ x'])('%j is no resource', async (Resource) => {
    expect((await by({ Resource })).problems).toEqual([problem('CONFIG_RESOURCE', 'Resource')])
  })
})

describe('an organisation', () => {
  it.each(['991825827', '0192:991825827', ' 991825827 '])('is %j', async (ConsumerOrgNo) => {
    expect((await by({ ConsumerOrgNo })).settings?.request.consumerOrg).toBe('991825827')
  })

  it.each(['991825828', '99182582', 'x0192:991825827', '99180192:25827', '0192:0192:991825827', '9918 25827'])(
    'is not %j',
    async (ConsumerOrgNo) => {
      expect((await by({ ConsumerOrgNo })).problems).toEqual([problem('CONFIG_ORGNO', 'ConsumerOrgNo')])
    },
  )
})

describe('a client id', () => {
  it.each(['c', 'a1b2c3d4-0000-4000-8000-123456789abc', 'a:b/c!~', '99182582', '9918258270'])(
    'may be %j',
    async (ClientId) => {
      const { settings, warnings } = await by({ ClientId })
      expect(settings?.clientId).toBe(ClientId)
      expect(warnings).toEqual([])
    },
  )

  it.each(['"c"', "'c'", '`c`', '" c "'])('in quotes, %j, is read without them, and warned of', async (ClientId) => {
    const { settings, warnings } = await by({ ClientId })
    expect(settings?.clientId).toBe('c')
    expect(warnings).toEqual([problem('CONFIG_QUOTES', 'ClientId')])
  })

  it.each([
    '991825827',
    '0192:991825827',
    '9918 25827',
    'a b',
    'aæ',
    'a\u200Bb',
    '\u201Ca\u201D',
    '"a',
    "a'",
    '`a',
    '{a',
    'a}',
    'eyJhIjoxfQ',
    'x'.repeat(201),
  ])('is not %j', async (ClientId) => {
    expect((await by({ ClientId })).problems).toEqual([problem('CONFIG_CLIENT_ID', 'ClientId')])
  })

  it('with a sign that nobody sees is told its number', async () => {
    for (const [ClientId, point, kind] of [
      ['a\u200Bb', 'U+200B', 'invisible'],
      ['a\u201Cb', 'U+201C', 'special'],
      ['aæb', 'U+00E6', 'odd'],
    ] as const) {
      const { message = '' } = (await by({ ClientId })).problems[0] ?? {}
      expect(message).toContain(point)
      expect(message).toContain(kind)
    }
  })
})

describe('the environment', () => {
  it.each([
    ['test', TEST],
    ['TEST', TEST],
    ['prod', PROD],
    [' Prod ', PROD],
  ])('%j is %s', async (Environment, authority) => {
    expect((await by({ Environment })).settings).toMatchObject({
      authority,
      audience: undefined,
      metadataUrl: undefined,
    })
  })

  it.each(['ver1', 'VER2', 'yt2'])('%j is no longer there', async (Environment) => {
    expect((await by({ Environment })).problems).toEqual([problem('CONFIG_ENVIRONMENT_RETIRED', 'Environment')])
  })

  it.each(['dev', 'xver1', 'ver22', 'tests', 'https://maskinporten.no/'])('%j is not known', async (Environment) => {
    expect((await by({ Environment })).problems).toContainEqual(problem('CONFIG_ENVIRONMENT_UNKNOWN', 'Environment'))
  })

  it('is missing where nothing says it, and only that is told', async () => {
    expect((await by({ Environment: undefined })).problems).toEqual([problem('CONFIG_MISSING', 'Environment')])
  })
})

describe('the issuer', () => {
  it.each([
    ['https://test.maskinporten.no', TEST],
    ['https://TEST.maskinporten.no:443/', TEST],
    ['https://maskinporten.no//', PROD],
    ['https://issuer.example', 'https://issuer.example'],
    ['https://issuer.example/a/', 'https://issuer.example/a/'],
    ['http://localhost:8080/', 'http://localhost:8080/'],
  ])('%s is %s', async (Authority, authority) => {
    expect((await by({ ...OWN, Authority })).settings?.authority).toBe(authority)
  })

  it.each([
    'http://issuer.example/',
    'issuer.example',
    'https://u:p@issuer.example/',
    'https://issuer.example/?a=b',
    'https://issuer.example/#a',
    'https://issuer.example/token',
    'https://issuer.example/token/',
    'https://issuer.example/.well-known/oauth-authorization-server',
    'https://[test.]maskinporten.no/',
  ])('is not %s', async (Authority) => {
    expect((await by({ ...OWN, Authority })).problems).toContainEqual(problem('CONFIG_AUTHORITY_INVALID', 'Authority'))
  })

  it('may be said twice, and not in two ways', async () => {
    expect((await by({ Authority: TEST })).settings?.authority).toBe(TEST)
    expect((await by({ Authority: 'https://test.maskinporten.no' })).settings?.authority).toBe(TEST)
    expect((await by({ Authority: PROD })).codes).toEqual(['CONFIG_AUTHORITY_CONFLICT'])
    expect((await by({ Authority: 'https://issuer.example/' })).codes).toEqual(['CONFIG_AUTHORITY_CONFLICT'])
  })

  it('of a higher source is that which counts', async () => {
    const two = (low: Tree, high: Tree): Promise<Outcome> =>
      load(
        { low: { MaskinportenSettings: { ClientId: 'c', ...low } }, high: { MaskinportenSettings: high } },
        { signer },
      )
    expect((await two({ Environment: 'test' }, { Environment: 'prod' })).settings?.authority).toBe(PROD)
    expect((await two({ Environment: 'prod' }, { Environment: 'prod' })).settings?.authority).toBe(PROD)
    expect((await two({ Environment: 'ver2' }, { Environment: 'prod' })).settings?.authority).toBe(PROD)
    expect((await two({ Authority: TEST }, { Authority: PROD })).settings?.authority).toBe(PROD)
    expect((await two({ Environment: 'test' }, { Authority: PROD })).codes).toEqual(['CONFIG_AUTHORITY_CONFLICT'])
    expect((await two({ Environment: 'test' }, { Environment: '' })).settings?.authority).toBe(TEST)
    expect((await two({ Environment: 'test' }, { Environment: '<environment>' })).settings?.authority).toBe(TEST)
  })

  it('is told by the names of NAIS: its own, or the address of the metadata', async () => {
    expect((await env({ MASKINPORTEN_ISSUER: TEST })).settings?.authority).toBe(TEST)
    const wellKnown = 'https://issuer.example/.well-known/oauth-authorization-server'
    expect((await env({ MASKINPORTEN_WELL_KNOWN_URL: wellKnown })).settings).toMatchObject({
      authority: 'https://issuer.example/',
      metadataUrl: wellKnown,
    })
    expect(
      (await env({ MASKINPORTEN_ISSUER: 'https://issuer.example', MASKINPORTEN_WELL_KNOWN_URL: wellKnown })).settings,
    ).toMatchObject({
      authority: 'https://issuer.example',
      metadataUrl: wellKnown,
    })
    const inPath = 'https://issuer.example/.well-known/oauth-authorization-server/a'
    expect((await env({ MASKINPORTEN_WELL_KNOWN_URL: inPath })).settings).toMatchObject({
      authority: 'https://issuer.example/a',
      metadataUrl: inPath,
    })
    expect((await env({ MASKINPORTEN_ISSUER: PROD, MASKINPORTEN_WELL_KNOWN_URL: wellKnown })).codes).toContain(
      'CONFIG_CONFLICT',
    )
  })
})

describe('the audience', () => {
  it('is a claim only beside an environment, and warned of where it is another server', async () => {
    expect((await by({ AssertionAudience: TEST })).settings?.audience).toBeUndefined()
    const other = await by({ AssertionAudience: 'https://gateway.example/' })
    expect(other.settings).toMatchObject({ authority: TEST, audience: 'https://gateway.example/' })
    expect(other.warnings).toEqual([problem('CONFIG_ENDPOINT_ELSEWHERE', 'AssertionAudience')])
    expect((await by({ AssertionAudience: 'any text' })).settings?.audience).toBe('any text')
  })

  it('is not that of the other environment, unless the token endpoint is named', async () => {
    expect((await by({ AssertionAudience: PROD })).problems).toEqual([
      problem('CONFIG_AUTHORITY_CONFLICT', 'AssertionAudience'),
    ])
    const named = await by({ AssertionAudience: PROD, TokenEndpoint: `${PROD}token` })
    expect(named.settings).toMatchObject({ authority: TEST, audience: PROD, tokenEndpoint: `${PROD}token` })
    expect(named.warnings).toEqual([])
  })

  it('is the issuer where nothing else says it', async () => {
    const { settings } = await by({ Environment: undefined, AssertionAudience: PROD })
    expect(settings).toMatchObject({ authority: PROD, audience: undefined })
    expect((await by({ Environment: undefined, AssertionAudience: 'any text' })).codes).toEqual([
      'CONFIG_AUTHORITY_INVALID',
    ])
  })

  it('beside an address says the same', async () => {
    expect((await by({ ...OWN, AssertionAudience: 'https://issuer.example' })).settings?.authority).toBe(
      'https://issuer.example/',
    )
    expect((await by({ ...OWN, AssertionAudience: PROD })).error?.code).toBe('settings_invalid')
  })
})

describe('the token endpoint', () => {
  it('is used as it is, and warned of elsewhere than at the issuer', async () => {
    expect((await by({})).settings?.tokenEndpoint).toBeUndefined()
    const own = await by({ TokenEndpoint: `${TEST}token?x=1` })
    expect([own.settings?.tokenEndpoint, own.warnings]).toEqual([`${TEST}token?x=1`, []])
    const elsewhere = await by({ TokenEndpoint: 'https://gateway.example/token' })
    expect(elsewhere.settings?.tokenEndpoint).toBe('https://gateway.example/token')
    expect(elsewhere.warnings).toEqual([problem('CONFIG_ENDPOINT_ELSEWHERE', 'TokenEndpoint')])
  })

  it.each(['http://a.example/token', 'a.example', 'https://u@a.example/'])('is not %s', async (TokenEndpoint) => {
    expect((await by({ TokenEndpoint })).problems).toEqual([problem('CONFIG_TOKEN_ENDPOINT', 'TokenEndpoint')])
    expect((await env({ MASKINPORTEN_ISSUER: TEST, MASKINPORTEN_TOKEN_ENDPOINT: TokenEndpoint })).problems).toEqual([
      problem('CONFIG_TOKEN_ENDPOINT', 'MASKINPORTEN_TOKEN_ENDPOINT'),
    ])
  })

  it('of NAIS is at the issuer, and used where the issuer is known to the letter', async () => {
    const MASKINPORTEN_TOKEN_ENDPOINT = `${TEST}token`
    const wellKnown = `${TEST}.well-known/oauth-authorization-server`
    expect((await env({ MASKINPORTEN_ISSUER: TEST, MASKINPORTEN_TOKEN_ENDPOINT })).settings?.tokenEndpoint).toBe(
      `${TEST}token`,
    )
    expect(
      (await env({ MASKINPORTEN_WELL_KNOWN_URL: wellKnown, MASKINPORTEN_TOKEN_ENDPOINT })).settings?.tokenEndpoint,
    ).toBeUndefined()
    expect((await env({ MASKINPORTEN_ISSUER: PROD, MASKINPORTEN_TOKEN_ENDPOINT })).problems).toEqual([
      problem('CONFIG_AUTHORITY_CONFLICT', 'MASKINPORTEN_TOKEN_ENDPOINT'),
    ])
  })
})

describe('the exchange', () => {
  const PATH = '/authentication/api/v1/exchange/maskinporten'

  it.each([
    ['prod', 'https://platform.altinn.no'],
    ['PROD', 'https://platform.altinn.no'],
    ['test', 'https://platform.tt02.altinn.no'],
    ['ver1', 'https://platform.tt02.altinn.no'],
    ['ver2', 'https://platform.tt02.altinn.no'],
    ['tt02', 'https://platform.tt02.altinn.no'],
    ['at21', 'https://platform.at21.altinn.cloud'],
    ['at24', 'https://platform.at24.altinn.cloud'],
    ['yt01', 'https://platform.yt01.altinn.cloud'],
    ['https://gateway.example/base//', 'https://gateway.example/base'],
  ])('of %s is at %s', async (TokenExchangeEnvironment, base) => {
    expect((await by({ ...OWN, TokenExchangeEnvironment })).settings?.exchange).toEqual({
      url: base + PATH,
      testOrg: false,
    })
  })

  it.each([
    'at20',
    'at25',
    'xat21',
    'at211',
    'yt010',
    'xtest',
    'tt022',
    'dev',
    'https://a.example/?x',
    'https://a.example/#x',
    'http://a.example',
  ])('is not that of %s', async (TokenExchangeEnvironment) => {
    expect((await by({ ...OWN, TokenExchangeEnvironment })).problems).toEqual([
      problem('CONFIG_EXCHANGE_ENVIRONMENT', 'TokenExchangeEnvironment'),
    ])
  })

  it('may be named whole, and that counts before its environment', async () => {
    const TokenExchangeEndpoint = 'https://gateway.example/exchange'
    expect((await by({ TokenExchangeEndpoint, TokenExchangeEnvironment: 'prod' })).settings?.exchange?.url).toBe(
      TokenExchangeEndpoint,
    )
    expect((await by({ TokenExchangeEndpoint: 'prod' })).problems).toEqual([
      problem('CONFIG_EXCHANGE_ENVIRONMENT', 'TokenExchangeEndpoint'),
    ])
  })

  it('is that of the issuer’s environment, else needed where tokens are exchanged', async () => {
    expect((await by({})).settings?.exchange?.url).toBe(`https://platform.tt02.altinn.no${PATH}`)
    expect((await by({ Environment: 'prod' })).settings?.exchange?.url).toBe(`https://platform.altinn.no${PATH}`)
    expect((await by(OWN)).settings).toHaveProperty('exchange', undefined)
    expect((await by({ ...OWN, ExhangeToAltinnToken: true })).problems).toEqual([
      problem('CONFIG_EXCHANGE_ENVIRONMENT', 'TokenExchangeEnvironment'),
    ])
    expect((await by({ Environment: undefined, ExhangeToAltinnToken: true })).codes).toEqual(['CONFIG_MISSING'])
  })

  it.each([
    ['test', 'prod'],
    ['prod', 'tt02'],
    ['prod', 'at22'],
    ['prod', 'https://platform.yt01.altinn.cloud'],
    ['test', 'https://platform.altinn.no'],
  ])('of the issuer %s is not that of %s', async (Environment, TokenExchangeEnvironment) => {
    expect((await by({ Environment, TokenExchangeEnvironment })).problems).toEqual([
      problem('CONFIG_AUTHORITY_CONFLICT', 'TokenExchangeEnvironment'),
    ])
  })

  it.each([
    'https://xplatform.altinn.no',
    'https://my-platform.tt02.altinn.no',
    'https://platform.a.b.altinn.no',
    'https://platform.tt02.altinn.nox',
    'https://gateway.example',
  ])('of the issuer prod may be %s, a gateway of one’s own', async (TokenExchangeEnvironment) => {
    expect((await by({ Environment: 'prod', TokenExchangeEnvironment })).settings?.exchange?.url).toBe(
      TokenExchangeEnvironment + PATH,
    )
  })
})

describe('a signer in the place of a key', () => {
  it('needs an algorithm that Maskinporten takes, and a kid or a chain, not both', async () => {
    for (const other of [
      { ...signer, alg: 'ES256' as never },
      { ...signer, kid: undefined },
      { ...signer, x5c: ['x'] },
    ])
      expect((await by({}, { signer: other })).problems).toEqual([problem('CONFIG_SIGNER', 'signer')])
    expect((await by({}, { signer: { ...signer, kid: undefined, x5c: ['x'] } })).settings?.keys).toMatchObject([
      { id: 'x' },
    ])
    expect((await by({}, { signer: { load: async () => [] } })).problems).toEqual([problem('CONFIG_SIGNER', 'signer')])
    expect(
      (await by({}, { signer: { load: async () => [signer, { ...signer, kid: 'k2' }] } })).settings?.keys,
    ).toMatchObject([{ id: 'k' }, { id: 'k2' }])
  })

  it('does not stand beside a key', async () => {
    for (const name of ['EncodedJwk', 'JwkBase64', 'Jwk'])
      expect((await by({ [name]: 'eyJ'.repeat(40) })).problems).toContainEqual(problem('CONFIG_CONFLICT', name))
  })
})

describe('signers that are loaded', () => {
  it('are asked like a source, and told why', async () => {
    const asked: unknown[] = []
    const source = {
      load: async (context: object) => {
        asked.push(context)
        return [signer]
      },
    }
    const { settings } = await by({}, { signer: source })
    expect(asked).toEqual([{ signal: expect.any(AbortSignal), why: 'start' }])
    expect(settings?.credential).toMatchObject({ keyOrigin: 'signer' })
  })
})

describe('a kid', () => {
  it('has no character that nobody sees', async () => {
    const jwk = { kty: 'RSA', n: 'x', e: 'AQAB', d: 'x' }
    const { problems } = await loadSection({ ...BASE, Jwk: jwk, Kid: 'a\u200Bb' })
    expect(problems).toContainEqual(problem('CONFIG_KID', 'Kid'))
  })
})

describe('a source that knows another server', () => {
  it('gives its token endpoint to no issuer of another source', async () => {
    const nais = {
      MASKINPORTEN_CLIENT_ID: 'n',
      MASKINPORTEN_WELL_KNOWN_URL: 'https://other.example/.well-known/oauth-authorization-server',
      MASKINPORTEN_TOKEN_ENDPOINT: `${TEST}token`,
    }
    const two = (low: Tree): Promise<Outcome> =>
      load({ low, high: { MaskinportenSettings: { Authority: TEST, ClientId: 'c' } } }, { signer })
    const agreeing = { ...nais, MASKINPORTEN_WELL_KNOWN_URL: `${TEST}.well-known/oauth-authorization-server` }
    expect((await two(agreeing)).settings?.tokenEndpoint).toBe(`${TEST}token`)
    const other = await two(nais)
    expect(other.settings?.tokenEndpoint).toBeUndefined()
  })
})

describe('several problems', () => {
  it('are told at once, each with its key, its origin and the way out', async () => {
    const { error } = await by({ Environment: 'dev', ClientId: undefined, ConsumerOrgNo: 'x' })
    expect(error?.problems?.map(({ code, origin }) => [code, origin])).toEqual([
      ['CONFIG_MISSING', 'appsettings.json'],
      ['CONFIG_ENVIRONMENT_UNKNOWN', 'appsettings.json'],
      ['CONFIG_ORGNO', 'appsettings.json'],
    ])
    expect(error).toMatchObject({ code: 'settings_invalid', detail: 'CONFIG_MISSING' })
    const withoutOrigins = error?.message.replaceAll(' (from appsettings.json)', '')
    for (const { message } of error?.problems ?? []) expect(withoutOrigins).toContain(message)
    for (const name of [
      'set MaskinportenSettings:ClientId',
      'correct MaskinportenSettings:Environment',
      'ConsumerOrgNo',
    ])
      expect(error?.hint).toContain(name)
  })

  it('of one are its message and its way out', async () => {
    const { error, problems } = await by({ ConsumerOrgNo: 'x' })
    expect(error?.hint?.replace(' (from appsettings.json)', '')).toBe(problems[0]?.message)
    expect(error?.message).toContain('(from appsettings.json)')
  })
})

describe('describe()', () => {
  it('shows where each setting came from and what it hides, and masks what it does not know', async () => {
    const { rows } = await load(
      {
        low: {
          MaskinportenSettings: { ClientId: 'one', Scope: ['a:b', 'c:d'], Surprise: 'CANARY' },
          Other: { x: 'CANARY' },
        },
        high: { MaskinportenSettings: { ClientId: 'two', Environment: 'test', Kid: '' } },
      },
      { signer },
    )
    expect(rows['MaskinportenSettings:ClientId']?.value).toBe('two')
    expect(rows['MaskinportenSettings:ClientId']?.origin).toMatch(/^high.*low/)
    expect(rows['MaskinportenSettings:Environment']).toMatchObject({ value: 'test', origin: 'high' })
    expect(Object.keys(rows).some((key) => key.startsWith('Other'))).toBe(false)
    expect(JSON.stringify(rows)).not.toContain('CANARY')
  })
})
