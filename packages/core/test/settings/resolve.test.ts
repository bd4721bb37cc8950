import { beforeAll, describe, expect, it } from 'vitest'
import { type Tree, load, loadSection } from './load.ts'
import { type TestKey, encoded, rsaKey } from './rsa-keys.ts'

let key: TestKey
beforeAll(async () => {
  key = await rsaKey('k1')
})

const base = (): Tree => ({ Environment: 'test', ClientId: 'c', EncodedJwk: encoded(key.jwk) })
const withBase = (fields: Tree): Tree => ({ ...base(), ...fields })

describe('the settings that people have', () => {
  it('the seed guide’s section, misspelling and all, with the vault’s two secrets', async () => {
    const guide = {
      Environment: 'test',
      ClientId: '',
      Scope: 'altinn:serviceowner/instances.read',
      EncodedJwk: '',
      ExhangeToAltinnToken: true,
      EnableDebugLog: true,
    }
    const { settings, warnings } = await load({
      'appsettings.json': { MaskinportenSettings: guide },
      'Key Vault': { MaskinportenSettings: { ClientId: 'c', EncodedJwk: encoded(key.jwk) } },
    })
    expect(settings).toMatchObject({
      authority: 'https://test.maskinporten.no/',
      clientId: 'c',
      request: { scopes: ['altinn:serviceowner/instances.read'], kind: 'altinn' },
      exchange: { url: 'https://platform.tt02.altinn.no/authentication/api/v1/exchange/maskinporten', testOrg: false },
    })
    expect(warnings).toEqual([])
  })

  it('the older guide’s section: the retired environment, with the way out', async () => {
    const { problems } = await loadSection(withBase({ Environment: 'ver2' }))
    expect(problems).toEqual([
      {
        code: 'CONFIG_ENVIRONMENT_RETIRED',
        key: 'MaskinportenSettings:Environment',
        origin: 'appsettings.json',
        message:
          'MaskinportenSettings:Environment is "ver2", which Digdir phased out on 10 June 2024. Use "test" (https://test.maskinporten.no/) and a client registered there.',
      },
    ])
  })

  it('the app library’s section, in camelCase', async () => {
    const { settings } = await loadSection({
      authority: 'https://maskinporten.no',
      clientId: 'c',
      jwkBase64: encoded(key.jwk),
    })
    expect(settings).toMatchObject({
      authority: 'https://maskinporten.no/',
      request: { kind: 'maskinporten' },
      exchange: { url: 'https://platform.altinn.no/authentication/api/v1/exchange/maskinporten' },
    })
  })

  it('what NAIS and Skip inject', async () => {
    const env = {
      MASKINPORTEN_CLIENT_ID: 'n',
      MASKINPORTEN_CLIENT_JWK: JSON.stringify(key.jwk),
      MASKINPORTEN_SCOPES: 'b:c a:b  a:b',
      MASKINPORTEN_WELL_KNOWN_URL: 'https://test.maskinporten.no/.well-known/oauth-authorization-server',
      MASKINPORTEN_ISSUER: 'https://test.maskinporten.no/',
      MASKINPORTEN_TOKEN_ENDPOINT: 'https://test.maskinporten.no/token',
      MASKINPORTEN_JWKS_URI: 'https://test.maskinporten.no/jwk',
    }
    const { settings, warnings, rows } = await load({ env })
    expect(settings).toMatchObject({
      authority: 'https://test.maskinporten.no/',
      clientId: 'n',
      request: { scopes: ['a:b', 'b:c'] },
    })
    expect(settings?.tokenEndpoint).toBe('https://test.maskinporten.no/token')
    expect(warnings).toEqual([])
    expect(rows['MASKINPORTEN_CLIENT_JWK']?.value).toBe('[RSA 2048, kid k1]')
  })

  it('a section of another name', async () => {
    const { settings } = await loadSection(base(), { section: 'myapp:MaskinportenSettings' })
    expect(settings?.clientId).toBe('c')
  })

  it('a list of scopes, replaced whole by a higher source’s', async () => {
    const { settings } = await load({
      low: { MaskinportenSettings: withBase({ Scope: ['a:b', 'c:d', 'e:f'] }) },
      env: { 'MaskinportenSettings:Scope:0': 'x:y' },
    })
    expect(settings?.request.scopes).toEqual(['x:y'])
  })

  it('an empty value above blanks an optional setting, as in .NET', async () => {
    const { settings } = await load({
      low: { MaskinportenSettings: withBase({ Scope: 'a:b' }) },
      env: { MaskinportenSettings: { Scope: '' } },
    })
    expect(settings?.request.scopes).toBeUndefined()
  })

  it('resource and consumer organisation, with or without 0192:', async () => {
    const { settings } = await loadSection(
      withBase({ Resource: 'https://api.example.no/a', ConsumerOrgNo: '0192:991825827' }),
    )
    expect(settings?.request).toMatchObject({ resource: ['https://api.example.no/a'], consumerOrg: '991825827' })
  })

  it.each([
    ['PROD', 'https://maskinporten.no/'],
    [' Test ', 'https://test.maskinporten.no/'],
  ])('environment %j in any case', async (environment, authority) => {
    expect((await loadSection(withBase({ Environment: environment }))).settings?.authority).toBe(authority)
  })
})

describe('a custom issuer', () => {
  const custom = (fields: Tree): Tree => ({
    Authority: 'https://mp.example.no/',
    ClientId: 'c',
    EncodedJwk: encoded(key.jwk),
    ...fields,
  })

  it('is used as it is written', async () => {
    expect((await loadSection(custom({}))).settings).toMatchObject({
      authority: 'https://mp.example.no/',
      exchange: undefined,
    })
    expect((await loadSection(custom({ Authority: 'http://localhost:8080' }))).settings?.authority).toBe(
      'http://localhost:8080',
    )
  })

  it('needs its exchange host named when a token is to be exchanged', async () => {
    const { codes, problems } = await loadSection(custom({ ExchangeToAltinnToken: true }))
    expect(codes).toEqual(['CONFIG_EXCHANGE_ENVIRONMENT'])
    expect(problems[0]?.message).toContain('Set it to "tt02" (test) or "prod".')
    const { settings } = await loadSection(
      custom({ ExchangeToAltinnToken: true, TokenExchangeEnvironment: 'http://127.0.0.1:5000/' }),
    )
    expect(settings?.exchange?.url).toBe('http://127.0.0.1:5000/authentication/api/v1/exchange/maskinporten')
  })

  it.each([
    [
      'http://mp.example.no/',
      'is not an https URL. Set it to the whole address of the issuer, such as https://test.maskinporten.no/.',
    ],
    ['maskinporten.no', 'is not an https URL'],
    ['https://[test.]maskinporten.no/', 'still holds the notation [test.]. Write one of the two addresses'],
    ['https://mp.example.no/?a=b', 'has a query or a fragment'],
    ['https://user:pass@mp.example.no/', 'has a user name or password in it'],
    ['https://test.maskinporten.no/token', 'is an endpoint, not the issuer. Use "https://test.maskinporten.no/".'],
    [
      'https://test.maskinporten.no/.well-known/oauth-authorization-server',
      'is an endpoint, not the issuer. Use "https://test.maskinporten.no/".',
    ],
  ])('%s is refused', async (authority, says) => {
    const { codes, problems } = await loadSection(custom({ Authority: authority }))
    expect(codes).toEqual(['CONFIG_AUTHORITY_INVALID'])
    expect(problems[0]?.message).toContain(says)
  })
})

describe('the newer keys of the .NET original', () => {
  it('TokenEndpoint is used as it is, elsewhere with a warning', async () => {
    const { settings, warnings } = await loadSection(withBase({ TokenEndpoint: 'https://gw.example.no/token' }))
    expect(settings?.tokenEndpoint).toBe('https://gw.example.no/token')
    expect(warnings).toMatchObject([
      {
        code: 'CONFIG_ENDPOINT_ELSEWHERE',
        message: expect.stringContaining(
          'is "https://gw.example.no/token", so assertions for https://test.maskinporten.no/ are sent to another server.',
        ),
      },
    ])
    expect((await loadSection(withBase({ TokenEndpoint: 'https://test.maskinporten.no/other' }))).warnings).toEqual([])
    expect((await loadSection(withBase({ TokenEndpoint: 'gw' }))).codes).toEqual(['CONFIG_TOKEN_ENDPOINT'])
  })

  it('AssertionAudience beside Environment is the audience only, with a warning', async () => {
    const { settings, warnings } = await loadSection(withBase({ AssertionAudience: 'https://mp.example.no/' }))
    expect(settings).toMatchObject({
      authority: 'https://test.maskinporten.no/',
      audience: 'https://mp.example.no/',
      exchange: { url: 'https://platform.tt02.altinn.no/authentication/api/v1/exchange/maskinporten' },
    })
    expect(warnings.map(({ code }) => code)).toEqual(['CONFIG_ENDPOINT_ELSEWHERE'])
    const words = await loadSection(withBase({ AssertionAudience: 'urn:maskinporten' }))
    expect(words.settings?.audience).toBe('urn:maskinporten')
    const same = await loadSection(withBase({ AssertionAudience: 'https://test.maskinporten.no' }))
    expect([same.settings?.audience, same.warnings]).toEqual([undefined, []])
    const blank = await loadSection(
      withBase({
        Environment: '',
        AssertionAudience: 'https://test.maskinporten.no/',
        TokenEndpoint: 'https://test.maskinporten.no/token',
      }),
    )
    expect([blank.settings?.authority, blank.warnings]).toEqual(['https://test.maskinporten.no/', []])
  })

  it.each(['https://maskinporten.no/', 'https://maskinporten.no', 'https://MASKINPORTEN.no:443/'])(
    'AssertionAudience %s goes to no other server, unless TokenEndpoint names it',
    async (AssertionAudience) => {
      const { codes, problems } = await loadSection(withBase({ AssertionAudience }))
      expect(codes).toEqual(['CONFIG_AUTHORITY_CONFLICT'])
      expect(problems[0]?.message).toContain('the token is requested from https://test.maskinporten.no/')
      const TokenEndpoint = 'https://gw.example.no/token'
      const { settings, warnings } = await loadSection(withBase({ AssertionAudience, TokenEndpoint }))
      expect(settings).toMatchObject({ audience: 'https://maskinporten.no/', tokenEndpoint: TokenEndpoint })
      expect(warnings.map(({ code, key: path }) => [code, path])).toEqual([
        ['CONFIG_ENDPOINT_ELSEWHERE', 'MaskinportenSettings:TokenEndpoint'],
      ])
    },
  )

  it('AssertionAudience in another source than Environment is the audience all the same', async () => {
    const file = { MaskinportenSettings: base() }
    const audience = { MaskinportenSettings: { AssertionAudience: 'https://mp.example.no/' } }
    for (const sources of [
      { 'appsettings.json': file, env: audience },
      { env: audience, 'appsettings.json': file },
    ]) {
      const { settings } = await load(sources)
      expect(settings).toMatchObject({
        authority: 'https://test.maskinporten.no/',
        audience: 'https://mp.example.no/',
      })
    }
    const own = { MaskinportenSettings: withBase({ AssertionAudience: 'https://own.example.no/' }) }
    expect((await load({ own, env: audience })).settings?.audience).toBe('https://mp.example.no/')
    const blank = { MaskinportenSettings: { AssertionAudience: '' } }
    expect((await load({ own, env: blank })).settings?.audience).toBeUndefined()
  })

  it('AssertionAudience beside a different Authority is a conflict', async () => {
    const { codes } = await loadSection({
      ClientId: 'c',
      EncodedJwk: encoded(key.jwk),
      AssertionAudience: 'https://a.example.no/',
      Authority: 'https://b.example.no/',
    })
    expect(codes).toEqual(['CONFIG_CONFLICT'])
  })

  it('TokenExchangeEndpoint is the whole address, and does not switch the exchange on', async () => {
    const { settings } = await loadSection(
      withBase({
        TokenExchangeEndpoint: 'https://gw.example.no/exchange?a=b',
        TokenExchangeEnvironment: 'at22',
        UseAltinnTestOrg: true,
        ExhangeToAltinnToken: 'TRUE',
      }),
    )
    expect(settings?.exchange).toEqual({ url: 'https://gw.example.no/exchange?a=b', testOrg: true })
    expect(
      (await loadSection(withBase({ TokenExchangeEndpoint: 'https://gw.example.no/exchange' }))).settings?.request.kind,
    ).toBe('maskinporten')
  })
})

describe('the exchange environment', () => {
  it.each([
    ['tt02', 'https://platform.tt02.altinn.no'],
    ['test', 'https://platform.tt02.altinn.no'],
    ['ver1', 'https://platform.tt02.altinn.no'],
    ['ver2', 'https://platform.tt02.altinn.no'],
    ['AT22', 'https://platform.at22.altinn.cloud'],
    ['yt01', 'https://platform.yt01.altinn.cloud'],
    ['', 'https://platform.tt02.altinn.no'],
    ['https://altinn.example.no/base/', 'https://altinn.example.no/base'],
  ])('%j is %s', async (name, host) => {
    const { settings } = await loadSection(withBase({ TokenExchangeEnvironment: name }))
    expect(settings?.exchange?.url).toBe(`${host}/authentication/api/v1/exchange/maskinporten`)
  })

  it('of production does not go with the test issuer, nor the other way round', async () => {
    expect((await loadSection(withBase({ TokenExchangeEnvironment: 'prod' }))).codes).toEqual([
      'CONFIG_AUTHORITY_CONFLICT',
    ])
    expect((await loadSection(withBase({ Environment: 'prod', TokenExchangeEnvironment: 'tt02' }))).codes).toEqual([
      'CONFIG_AUTHORITY_CONFLICT',
    ])
  })
})

describe('what is refused', () => {
  it.each<[string, Tree, string]>([
    ['CONFIG_ENVIRONMENT_RETIRED', { Environment: 'yt2' }, 'is "yt2", which no longer exists. Use "test"'],
    [
      'CONFIG_ENVIRONMENT_UNKNOWN',
      { Environment: 'dev' },
      'is "dev". Use "test" or "prod". For another server, delete Environment, and set Authority to its issuer URL.',
    ],
    ['CONFIG_ENVIRONMENT_UNKNOWN', { Environment: 'test|ver2' }, 'is "test|ver2"'],
    ['CONFIG_BOOLEAN', { ExhangeToAltinnToken: '1' }, 'is "1". Use true or false.'],
    ['CONFIG_BOOLEAN', { EnableDebugLog: 'yes' }, 'is "yes". Use true or false.'],
    ['CONFIG_BOOLEAN', { UseAltinnTestOrg: 'on' }, 'is "on". Use true or false.'],
    ['CONFIG_CONFLICT', { ExhangeToAltinnToken: true, ExchangeToAltinnToken: false }, 'ExchangeToAltinnToken'],
    ['CONFIG_CONFLICT', { EnableDebugLog: true, EnableDebugLogging: false }, 'EnableDebugLog'],
    ['CONFIG_SCOPE', { Scope: 'a:b,c:d' }, 'separates scopes with commas. Use spaces: "a:b c:d".'],
    ['CONFIG_SCOPE', { Scope: 'a:b; c:d' }, 'Use spaces'],
    ['CONFIG_CLIENT_ID', { ClientId: 'ab c' }, 'contains a space: "ab c".'],
    [
      'CONFIG_ORGNO',
      { ConsumerOrgNo: '991825828' },
      'which is not an organisation number (wrong length or check digit).',
    ],
    ['CONFIG_ORGNO', { ConsumerOrgNo: '12345' }, 'which is not an organisation number (wrong length or check digit).'],
    [
      'CONFIG_RESOURCE',
      { Resource: '/relative' },
      'must be an absolute URI without a fragment; Maskinporten answers invalid_target otherwise.',
    ],
    ['CONFIG_RESOURCE', { Resource: 'https://a.no/#x' }, 'must be an absolute URI without a fragment'],
    [
      'CONFIG_EXCHANGE_ENVIRONMENT',
      { TokenExchangeEnvironment: 'tt01' },
      'is "tt01". Use prod, tt02, at21, at22, at23, at24, yt01, or an https base URL.',
    ],
    ['CONFIG_EXCHANGE_ENVIRONMENT', { TokenExchangeEndpoint: 'exchange' }, 'is not an https URL'],
    [
      'CONFIG_UNSUPPORTED',
      { EncodedJwk: '', CertificateStoreThumbprint: 'ab' },
      'names a certificate in the Windows certificate store, which this library does not read. Export the key. Remove CertificateStoreThumbprint from appsettings.json and set',
    ],
    [
      'CONFIG_UNSUPPORTED',
      { EncodedJwk: '', CertificatePkcs12Path: 'a.p12' },
      'names a PKCS#12 file, which this library does not read. Convert the file (openssl pkcs12 -in FILE -nodes -out chain.pem && openssl base64 -A -in chain.pem -out key.txt). Remove CertificatePkcs12Path from appsettings.json and set',
    ],
    [
      'CONFIG_UNSUPPORTED',
      { EncodedJwk: '', EncodedX509: 'AAAA' },
      'openssl base64 -d -A -in value.txt -out store.p12 && openssl pkcs12',
    ],
    [
      'CONFIG_KV_REFERENCE',
      { Scope: '@Microsoft.KeyVault(SecretUri=https://x)' },
      'is a Key Vault reference, which App Service does not resolve in a file.',
    ],
    [
      'CONFIG_KV_REFERENCE',
      { ClientId: '@Microsoft.KeyVault(SecretUri=https://x)' },
      'is a Key Vault reference, which App Service does not resolve in a file.',
    ],
    ['CONFIG_AUTHORITY_CONFLICT', { Authority: 'https://maskinporten.no/' }, 'Delete the one that is wrong.'],
    ['CONFIG_AUTHORITY_CONFLICT', { Authority: 'https://mp.example.no/' }, 'Delete the one that is wrong.'],
  ])('%s: %j', async (code, fields, says) => {
    const { problems } = await loadSection(withBase(fields))
    // Without a key, that is wrong too.
    const all = problems.filter(({ key: path }) => !path.endsWith(':EncodedJwk'))
    expect(all.map((one) => one.code)).toEqual([code])
    expect(all[0]?.message).toContain(says)
    expect(all[0]?.origin).toBe('appsettings.json')
  })

  it('the two spellings in two sources: both origins are named', async () => {
    const { problems } = await load({
      'appsettings.json': { MaskinportenSettings: withBase({ ExhangeToAltinnToken: true }) },
      env: { MaskinportenSettings: { ExchangeToAltinnToken: 'false' } },
    })
    expect(problems[0]?.message).toBe(
      'MaskinportenSettings:ExhangeToAltinnToken is set twice with different values: in appsettings.json and in env (MaskinportenSettings:ExchangeToAltinnToken). Delete one of them.',
    )
  })

  it('two dialects in one source that disagree', async () => {
    const { codes } = await load({ env: { MaskinportenSettings: base(), MASKINPORTEN_CLIENT_ID: 'other' } })
    expect(codes).toEqual(['CONFIG_CONFLICT'])
  })

  it('a NAIS token endpoint on another origin than the issuer', async () => {
    const { codes } = await load({
      env: { MaskinportenSettings: base(), MASKINPORTEN_TOKEN_ENDPOINT: 'https://elsewhere.example.no/token' },
    })
    expect(codes).toEqual(['CONFIG_AUTHORITY_CONFLICT'])
  })

  it('all of it at once, each with key, origin and way out', async () => {
    const { error, codes } = await load({
      'appsettings.json': {
        MaskinportenSettings: {
          Environment: 'ver2',
          ClientId: '',
          Scope: 'a,b',
          EncodedJwk: 'retrieved from secrets',
          ExhangeToAltinnToken: 'ja',
        },
      },
      env: {},
    })
    expect(codes.toSorted()).toEqual([
      'CONFIG_BOOLEAN',
      'CONFIG_ENVIRONMENT_RETIRED',
      'CONFIG_MISSING',
      'CONFIG_PLACEHOLDER',
      'CONFIG_SCOPE',
    ])
    expect(error).toMatchObject({ code: 'settings_invalid', retryable: false, detail: codes[0] })
    expect(error?.message).toMatch(/^5 things are wrong with the settings:\n- /)
    expect(error?.message).toContain(
      'MaskinportenSettings:ClientId is missing: empty in appsettings.json. Set it to the id of the client in Samarbeidsportalen, as MaskinportenSettings:ClientId in appsettings.json. Looked in: env, appsettings.json.',
    )
  })

  it('nothing at all: what is missing, and every name it may have', async () => {
    const { codes, error } = await load({})
    expect(codes).toEqual(['CONFIG_MISSING', 'CONFIG_MISSING', 'CONFIG_MISSING'])
    expect(error?.message).toContain('there is no source')
  })

  it('names seen in hand-written code get a hint', async () => {
    const { problems } = await load({
      env: {
        MASKINPORTEN_JWK: '{}',
        MASKINPORTEN_KLIENT_ID: 'x',
        MASKINPORTEN_URL: 'https://x',
        MASKINPORTEN_SCOPE: 'a',
      },
    })
    const messages = problems.map(({ message }) => message).join('\n')
    expect(messages).toContain(
      'MASKINPORTEN_JWK is not a name that this library reads. Rename MASKINPORTEN_JWK to MASKINPORTEN_CLIENT_JWK.',
    )
    expect(messages).toContain(
      'MASKINPORTEN_KLIENT_ID is not a name that this library reads. Rename MASKINPORTEN_KLIENT_ID to MASKINPORTEN_CLIENT_ID.',
    )
    expect(messages).toContain(
      'MASKINPORTEN_URL is not a name that this library reads. Rename MASKINPORTEN_URL to MASKINPORTEN_WELL_KNOWN_URL.',
    )
  })
})

describe('key material that cannot be read', () => {
  it.each(['EncodedX509', 'CertificatePkcs12Path', 'CertificateStoreThumbprint'])(
    '%s beside a usable key, or below it, is not used, with a warning',
    async (name) => {
      const low = { MaskinportenSettings: { Environment: 'test', [name]: 'AAAA' } }
      for (const { settings, warnings } of [
        await loadSection(withBase({ [name]: 'AAAA' })),
        await load({ 'appsettings.json': low, vault: { MaskinportenSettings: base() } }),
      ]) {
        expect(settings?.keys.map(({ kid }) => kid)).toEqual(['k1'])
        expect(warnings.map(({ code, key: path }) => [code, path])).toEqual([
          ['CONFIG_UNSUPPORTED', `MaskinportenSettings:${name}`],
        ])
      }
    },
  )

  it('above a key, beside one that is broken, or alone stays an error', async () => {
    const high = { MaskinportenSettings: { EncodedX509: 'AAAA' } }
    expect((await load({ 'appsettings.json': { MaskinportenSettings: base() }, vault: high })).codes).toEqual([
      'CONFIG_UNSUPPORTED',
    ])
    expect((await loadSection(withBase({ EncodedX509: 'AAAA', EncodedJwk: 'kid-01' }))).codes).toEqual([
      'KEY_TOO_SHORT',
      'CONFIG_UNSUPPORTED',
    ])
    expect((await loadSection(withBase({ EncodedX509: 'AAAA', EncodedJwk: '' }))).codes).toEqual(['CONFIG_UNSUPPORTED'])
  })
})

describe('what is ignored, with a word', () => {
  it.each<[string, Tree, string]>([
    [
      'CONFIG_ENTERPRISE_USER',
      { EnterpriseUserName: 'u', EnterpriseUserPassword: 'p' },
      'Delete EnterpriseUserName and EnterpriseUserPassword, and use a system user (systembruker).',
    ],
    [
      'CONFIG_NO_EFFECT',
      { OverwriteAuthorizationHeader: true },
      "is ignored: a caller's own Authorization header is never replaced.",
    ],
    ['CONFIG_NO_EFFECT', { UseAltinnTestOrg: true }, 'has no effect, because exchange to an Altinn token is off.'],
    ['CONFIG_UNKNOWN_KEY', { TestOrg: true }, 'is not the name of a setting. Did you mean UseAltinnTestOrg?'],
    [
      'CONFIG_UNKNOWN_KEY',
      { EnableDebugLoging: true },
      'is not the name of a setting. Did you mean EnableDebugLogging?',
    ],
    ['CONFIG_UNKNOWN_KEY', { ConsumerOrg: '991825827' }, 'Did you mean ConsumerOrgNo?'],
    ['CONFIG_UNKNOWN_KEY', { Colour: 'red' }, 'is not the name of a setting.'],
  ])('%s: %j', async (code, fields, says) => {
    const { settings, warnings } = await loadSection(withBase(fields))
    expect(settings).toBeDefined()
    expect(warnings.map((warning) => warning.code)).toEqual([code])
    expect(warnings[0]?.message).toContain(says)
    expect(warnings[0]).toMatchObject({
      origin: 'appsettings.json',
      key: expect.stringMatching(/^MaskinportenSettings:/),
    })
  })

  it('both spellings of the debug switch and of the exchange switch are known', async () => {
    const { warnings } = await loadSection(
      withBase({
        EnableDebugLog: true,
        EnableDebugLogging: 'True',
        ExhangeToAltinnToken: 'true',
        ExchangeToAltinnToken: true,
      }),
    )
    expect(warnings).toEqual([])
  })

  it('placeholders count in required settings only, and only when they are short', async () => {
    expect((await loadSection(withBase({ ClientId: 'your-client-id' }))).codes).toEqual(['CONFIG_PLACEHOLDER'])
    expect((await loadSection(withBase({ ClientId: '<client id>' }))).codes).toEqual(['CONFIG_PLACEHOLDER'])
    expect((await loadSection(withBase({ Kid: 'changeme' }))).settings?.clientId).toBe('c')
  })
})
