/** Settings that have no effect: the whole message says what to do with each. */
import { type ConfigSource, createMaskinporten, fromObject, settingsFrom } from '@maskinporten-kit/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Outcome, type Tree, load, loadSection } from './load.ts'
import { type TestKey, encoded, pem, rsaKey } from './rsa-keys.ts'

const signer = { alg: 'RS256', kid: 'k', sign: async () => new Uint8Array() } as const
const BASE = { Environment: 'test', ClientId: 'c' }
const by = (fields: Tree): Promise<Outcome> => loadSection({ ...BASE, ...fields }, { signer })
const TEST = 'https://test.maskinporten.no/'
const PROD = 'https://maskinporten.no/'
const WELL_KNOWN = `${TEST}.well-known/oauth-authorization-server`
let key: TestKey
beforeAll(async () => {
  key = await rsaKey('k1')
})

const told = ({ warnings }: Outcome): readonly string[] => warnings.map(({ message }) => message)

/** The warnings of a plain object. */
async function toldOf(input: object): Promise<readonly string[]> {
  await using maskinporten = createMaskinporten({ environment: 'test', clientId: 'c', signer, ...input } as never)
  const messages: string[] = []
  maskinporten.subscribe((event) => {
    if (event.type === 'settings.warning') messages.push(event.message)
  })
  await maskinporten.settings.get()
  return messages
}

describe('a key in a form that is not read', () => {
  it.each([
    [
      'CertificatePkcs12Path',
      'names a PKCS#12 file, which this library does not read. Convert the file (openssl pkcs12 -in FILE -nodes -out chain.pem && openssl base64 -A -in chain.pem). Delete CertificatePkcs12Path, and set EncodedJwk to the line that the last command prints. Then delete chain.pem. No Kid is needed.',
    ],
    [
      'CertificateStoreThumbprint',
      'names a certificate in the Windows certificate store, which this library does not read. Export the key. Delete CertificateStoreThumbprint, and set EncodedJwk to the private JWK in base64.',
    ],
  ])('%s is an error that says what to do', async (name, says) => {
    const { problems } = await load({ env: { MaskinportenSettings: { ...BASE, [name]: 'x' } } })
    expect(problems).toEqual([
      {
        code: 'CONFIG_UNSUPPORTED',
        key: `MaskinportenSettings:${name}`,
        origin: 'env',
        message: `MaskinportenSettings:${name} ${says}`,
      },
    ])
  })

  it('beside a key that signs is a warning', async () => {
    expect(told(await loadSection({ ...BASE, EncodedJwk: encoded(key.jwk), CertificateStoreThumbprint: 'x' }))).toEqual(
      [
        'MaskinportenSettings:CertificateStoreThumbprint is not read, and is not needed beside the key that signs. Delete CertificateStoreThumbprint.',
      ],
    )
    const { codes } = await load({
      low: { MaskinportenSettings: { ...BASE, EncodedX509: 'x' } },
      high: { MaskinportenSettings: { EncodedJwk: 'kid-01' } },
    })
    expect(codes).toEqual(['KEY_TOO_SHORT', 'CONFIG_UNSUPPORTED'])
  })

  it('that is blank is none', async () => {
    expect((await loadSection({ ...BASE, EncodedX509: '' })).codes).toEqual(['CONFIG_MISSING'])
  })
})

describe('what is ignored', () => {
  it('is told of once, with the way out', async () => {
    expect(told(await by({ EnterpriseUserName: 'u', EnterpriseUserPassword: 'p' }))).toEqual([
      'MaskinportenSettings:EnterpriseUserName is ignored: Altinn no longer has enterprise users (virksomhetsbruker). Delete EnterpriseUserName and EnterpriseUserPassword, and use a system user (systembruker).',
    ])
    expect(told(await by({ EnterpriseUserPassword: 'p' }))).toHaveLength(1)
    expect(told(await by({ OverwriteAuthorizationHeader: 'true' }))).toEqual([
      "MaskinportenSettings:OverwriteAuthorizationHeader is ignored: a caller's own Authorization header is never replaced. Delete the setting OverwriteAuthorizationHeader.",
    ])
    expect(told(await by({ EnterpriseUserName: '', OverwriteAuthorizationHeader: '' }))).toEqual([])
  })

  it('UseAltinnTestOrg is, where no token is exchanged', async () => {
    expect(told(await by({ UseAltinnTestOrg: 'TRUE' }))).toEqual([
      "MaskinportenSettings:UseAltinnTestOrg has no effect, because exchange to an Altinn token is off. If your API is not one of Altinn's, delete UseAltinnTestOrg. If it is, set ExhangeToAltinnToken (spelt as in the .NET client) to true, or give kind: 'altinn' with each call.",
    ])
    expect(await toldOf({ useAltinnTestOrg: true })).toEqual([
      "useAltinnTestOrg has no effect, because exchange to an Altinn token is off. If your API is not one of Altinn's, delete useAltinnTestOrg. If it is, set exchangeToAltinnToken to true, or give kind: 'altinn' with each call.",
    ])
    expect(told(await by({ UseAltinnTestOrg: 'true', ExhangeToAltinnToken: 'true' }))).toEqual([])
    expect(told(await by({ UseAltinnTestOrg: 'false' }))).toEqual([])
  })
})

describe('a name that is not one of ours', () => {
  it('is told of with the name that was meant, or is to be deleted', async () => {
    expect(told(await by({ ExhangeToAltinToken: 'false', Colour: { red: 'x' }, ClientIdd: 'x' }))).toEqual([
      'MaskinportenSettings:ExhangeToAltinToken is not the name of a setting. Did you mean ExhangeToAltinnToken (spelt as in the .NET client)?',
      'MaskinportenSettings:Colour:red is not the name of a setting. Delete it.',
      'MaskinportenSettings:ClientIdd is not the name of a setting. Did you mean ClientId?',
    ])
    expect(await toldOf({ clientIdd: 'x' })).toEqual(['clientIdd is not the name of a setting. Did you mean clientId?'])
  })

  it('is of no interest outside the section', async () => {
    const { warnings } = await load(
      { file: { MaskinportenSettings: BASE, MaskinportenSettings2: { ClientIdd: 'x' }, Logging: 'x', 'x:y': 'z' } },
      { signer },
    )
    expect(warnings).toEqual([])
  })
})

describe('a variable whose name is almost right', () => {
  const jwk = (): Tree => ({ MASKINPORTEN_CLIENT_JWK: encoded(key.jwk) })
  const issuer = { MASKINPORTEN_WELL_KNOWN_URL: WELL_KNOWN }
  const env = (tree: Tree): Promise<Outcome> => load({ env: tree })

  it.each([
    ['MASKINPORTEN_KLIENT_ID', 'MASKINPORTEN_CLIENT_ID'],
    ['MASKINPORTEN_CLIENTID', 'MASKINPORTEN_CLIENT_ID'],
    ['MASKINPORTEN_INTEGRATION_ID', 'MASKINPORTEN_CLIENT_ID'],
  ])('%s is renamed to %s', async (name, right) => {
    expect((await env({ ...jwk(), ...issuer, [name]: 'c' })).error?.message).toBe(
      `the settings are wrong: MASKINPORTEN_CLIENT_ID is missing. ${name} is not a name that this library reads. Rename ${name} to ${right}. Looked in: env.`,
    )
  })

  it('is warned of where the setting is optional', async () => {
    const { warnings } = await env({ ...jwk(), ...issuer, MASKINPORTEN_CLIENT_ID: 'c', MASKINPORTEN_SCOPE: 'a:b' })
    expect(warnings).toMatchObject([
      {
        code: 'CONFIG_UNKNOWN_KEY',
        key: 'MASKINPORTEN_SCOPE',
        origin: 'env',
        message:
          'MASKINPORTEN_SCOPE is not a name that this library reads. Rename MASKINPORTEN_SCOPE to MASKINPORTEN_SCOPES.',
      },
    ])
  })

  it('is of no interest where the setting is there, in whichever source, or the name means nothing', async () => {
    const others = {
      MASKINPORTEN_KLIENT_ID: 'x',
      MASKINPORTEN_SCOPE: 'x',
      MASKINPORTEN_TOKEN_URL: 'x',
      MASKINPORTEN_MILJO: 'x',
      MASKINPORTEN_PRIVATE_KEY: 'x',
      MASKINPORTEN_KEY_ID: 'x',
      MASKINPORTEN_NAME: 'x',
      maskinporten_jwks_uri: 'x',
    }
    const file = { ...BASE, Scope: 'a:b', TokenEndpoint: `${TEST}token`, EncodedJwk: encoded(key.jwk) }
    expect((await load({ file: { MaskinportenSettings: file }, env: others })).warnings).toEqual([])
    const blank = { MaskinportenSettings: { Scope: '' } }
    expect(told(await load({ file: { MaskinportenSettings: { ...file, Scope: '' } }, env: others, blank }))).toEqual([
      'MASKINPORTEN_SCOPE is not a name that this library reads. Rename MASKINPORTEN_SCOPE to MASKINPORTEN_SCOPES.',
    ])
  })

  it.each([
    ['MASKINPORTEN_URL', 'PROD', 'MaskinportenSettings:Environment; nothing else is needed.'],
    ['MASKINPORTEN_URL', 'testing', 'MASKINPORTEN_WELL_KNOWN_URL.'],
    ['MASKINPORTEN_URL', 'my-test', 'MASKINPORTEN_WELL_KNOWN_URL.'],
    ['MASKINPORTEN_URL', TEST, 'MASKINPORTEN_WELL_KNOWN_URL.'],
    ['MASKINPORTEN_ENV', 'see https://a.no/', 'MaskinportenSettings:Environment; nothing else is needed.'],
    ['MASKINPORTEN_ENV', 'http://localhost/', 'MASKINPORTEN_ISSUER.'],
    ['MASKINPORTEN_ENV', WELL_KNOWN, 'MASKINPORTEN_WELL_KNOWN_URL.'],
    ['MASKINPORTEN_MILJO', ' test ', 'MaskinportenSettings:Environment; nothing else is needed.'],
    ['MASKINPORTEN_AUTHORITY', TEST, 'MASKINPORTEN_ISSUER.'],
    ['MASKINPORTEN_AUTHORITY', 'test.maskinporten.no', 'MASKINPORTEN_ISSUER.'],
    ['MASKINPORTEN_AUDIENCE', null, 'MASKINPORTEN_ISSUER.'],
  ])('%s, which holds %j, is renamed by its value to %s', async (name, value, right) => {
    expect((await env({ ...jwk(), MASKINPORTEN_CLIENT_ID: 'c', [name]: value })).error?.message).toBe(
      `the settings are wrong: MASKINPORTEN_WELL_KNOWN_URL is missing. ${name} is not a name that this library reads. Rename ${name} to ${right} Looked in: env.`,
    )
  })

  it('is renamed as the source writes names, if it looks for that one', async () => {
    const tree = { MASKINPORTEN_CLIENT_ID: 'c', MASKINPORTEN_URL: 'test', ...jwk() }
    const messageOf = async (nameOf: ConfigSource['nameOf'] & {}): Promise<unknown> => {
      const settings = settingsFrom([{ ...fromObject(tree, { name: 'env' }), nameOf }])
      const error: unknown = await settings.get().catch((reason: unknown) => reason)
      return error instanceof Error && error.message
    }
    expect(await messageOf((path) => `environment variable ${path.replace(':', '__')}`)).toContain(
      'Rename MASKINPORTEN_URL to MaskinportenSettings__Environment;',
    )
    expect(await messageOf(() => undefined)).toContain('Rename MASKINPORTEN_URL to MaskinportenSettings:Environment;')
  })

  describe('and holds a key', () => {
    const withKey = (tree: Tree): Promise<Outcome> => env({ MASKINPORTEN_CLIENT_ID: 'c', ...issuer, ...tree })
    const renamed = (name: string): string =>
      `the settings are wrong: MASKINPORTEN_CLIENT_JWK is missing. ${name} is not a name that this library reads. Rename ${name} to MASKINPORTEN_CLIENT_JWK.`

    it.each(['MASKINPORTEN_KID', 'MASKINPORTEN_KEYID', 'MASKINPORTEN_KEY_ID', 'MASKINPORTEN_JWK_KID'])(
      'of PEM, beside its kid in %s',
      async (name) => {
        expect((await withKey({ MASKINPORTEN_PEM: pem(key.key), [name]: 'k1' })).error?.message).toBe(
          `${renamed('MASKINPORTEN_PEM')} Its value is a PEM key, which is accepted but carries no key id. Rename also ${name} to MaskinportenSettings:Kid. Looked in: env.`,
        )
      },
    )

    it.each(['MASKINPORTEN_KID_OLD', 'X_MASKINPORTEN_KID', 'MASKINPORTEN_ORKID'])(
      'of PEM, beside %s, which is no kid',
      async (name) => {
        expect((await withKey({ MASKINPORTEN_PEM: pem(key.key), [name]: 'k1' })).error?.message).toBe(
          `${renamed('MASKINPORTEN_PEM')} Its value is a PEM key, which is accepted but carries no key id. Set also MaskinportenSettings:Kid to the kid shown in Samarbeidsportalen, beside this key on the client. Looked in: env.`,
        )
      },
    )

    it('of PEM, beside a Kid, or as a JWK: the name is all that is wrong', async () => {
      const tree = { MASKINPORTEN_PEM: pem(key.key), MaskinportenSettings: { Kid: 'k1', Environment: 'test' } }
      expect((await load({ env: { ...tree, MASKINPORTEN_CLIENT_ID: 'c' } })).error?.message).toBe(
        'the settings are wrong: MaskinportenSettings:EncodedJwk is missing. MASKINPORTEN_PEM is not a name that this library reads. Rename MASKINPORTEN_PEM to MASKINPORTEN_CLIENT_JWK. Looked in: env.',
      )
      expect((await withKey({ MASKINPORTEN_KEY: encoded(key.jwk) })).error?.message).toBe(
        `${renamed('MASKINPORTEN_KEY')} Looked in: env.`,
      )
    })

    it('that is not one, beside a kid', async () => {
      expect((await withKey({ MASKINPORTEN_PFX: './key.pem', MASKINPORTEN_KID: 'k1' })).error?.message).toBe(
        `${renamed('MASKINPORTEN_PFX')} Its value is the path of a file, not a key. Set it to the content of that file in base64. Looked in: env.`,
      )
    })

    it('whose kid alone is under another name', async () => {
      const tree = { MASKINPORTEN_CLIENT_JWK: pem(key.key), MASKINPORTEN_KEY_ID: 'k1' }
      expect((await withKey(tree)).error?.message).toBe(
        'the settings are wrong: MASKINPORTEN_CLIENT_JWK (from env) is a PEM key, which is accepted but carries no key id. Set MaskinportenSettings:Kid to the kid shown in Samarbeidsportalen, beside this key on the client. MASKINPORTEN_KEY_ID is not a name that this library reads. Rename MASKINPORTEN_KEY_ID to MaskinportenSettings:Kid.',
      )
    })
  })

  describe('and names another environment than the one that counts', () => {
    const warned = async (fields: Tree, tree: Tree = issuer): Promise<readonly string[]> =>
      told(await env({ ...jwk(), MASKINPORTEN_CLIENT_ID: 'c', ...tree, ...fields }))
    const says = (name: string, value: string, decides = 'MASKINPORTEN_WELL_KNOWN_URL', is = TEST): string =>
      `${name} is "${value}", but it is not a name that this library reads. ${decides} (env) decides, and its issuer is ${is}. Delete ${name}, and correct ${decides} if it is wrong.`

    it.each([
      ['MASKINPORTEN_ENV', 'PROD'],
      ['MASKINPORTEN_URL', PROD],
      ['MASKINPORTEN_MILJO', 'prod'],
      ['MASKINPORTEN_METADATA_URL', `${PROD}.well-known/oauth-authorization-server`],
    ])('is told of: %s, %s', async (name, value) => {
      expect(await warned({ [name]: value })).toEqual([says(name, value)])
    })

    it.each(['test', 'TEST', TEST, 'https://test.maskinporten.no', 'dev', 'testprod', '', 'https://a.no/', null])(
      'is not told of, if it is %j',
      async (value) => {
        expect(await warned({ MASKINPORTEN_ENV: value })).toEqual([])
      },
    )

    it('names the setting that decides', async () => {
      const blank = { MaskinportenSettings: { Environment: '' }, MASKINPORTEN_ISSUER: PROD }
      expect(await warned({ MASKINPORTEN_ENV: 'test' }, blank)).toEqual([
        says('MASKINPORTEN_ENV', 'test', 'MASKINPORTEN_ISSUER', PROD),
      ])
      const own = { MaskinportenSettings: { Authority: 'https://issuer.example/' } }
      expect(await warned({ MASKINPORTEN_ENV: 'test' }, own)).toEqual([
        says('MASKINPORTEN_ENV', 'test', 'MaskinportenSettings:Authority', 'https://issuer.example/'),
      ])
    })

    it('says nothing where the one that counts is wrong itself', async () => {
      const { warnings, codes } = await env({
        ...jwk(),
        MASKINPORTEN_CLIENT_ID: 'c',
        MASKINPORTEN_ENV: 'prod',
        MaskinportenSettings: { Environment: 'dev' },
      })
      expect([warnings, codes]).toEqual([[], ['CONFIG_ENVIRONMENT_UNKNOWN']])
    })
  })
})
