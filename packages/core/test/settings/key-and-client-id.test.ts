/** The texts of ids: what readers and editors leave around them, and what is not an id. */
import { beforeAll, describe, expect, it } from 'vitest'
import { load, loadSection } from './load.ts'
import { type TestKey, encoded, pem, rsaKey } from './rsa-keys.ts'

let key: TestKey
beforeAll(async () => {
  key = await rsaKey('k1')
})

const ID = '7c2f1a0e-9a0b-4a55-8f3e-2f9f1a0e9a0b'
const withId = (ClientId: string): ReturnType<typeof loadSection> =>
  loadSection({ Environment: 'test', ClientId, EncodedJwk: encoded(key.jwk) })

describe('a client id', () => {
  it.each([`"${ID}"`, `'${ID}'`, `\`${ID}\``, `" ${ID} "`])(
    'in quotes (%s) is read without, with a warning',
    async (text) => {
      const { settings, warnings } = await withId(text)
      expect(settings?.clientId).toBe(ID)
      expect(warnings).toMatchObject([
        {
          code: 'CONFIG_QUOTES',
          key: 'MaskinportenSettings:ClientId',
          message: expect.stringContaining('quotes around it; they were taken off'),
        },
      ])
    },
  )

  it('in quotes is the same id as without, in another source and under another name', async () => {
    const { settings, codes } = await load({
      'a.json': { MaskinportenSettings: { Environment: 'test', EncodedJwk: encoded(key.jwk), ClientId: ID } },
      env: { MASKINPORTEN_CLIENT_ID: `"${ID}"`, MASKINPORTEN_ISSUER: `'${ID}'` },
    })
    expect(codes).toEqual([])
    expect(settings?.clientId).toBe(ID)
  })

  it.each([
    ['310702641', 'is an organisation number'],
    ['310 702 641', 'is an organisation number'],
    ['0192:310702641', 'is an organisation number'],
    [`${ID.slice(0, 8)}\u200B${ID.slice(8)}`, 'zero-width or other invisible character (U+200B)'],
    [`\u200E${ID}`, 'invisible character (U+200E)'],
    [`${ID}\u00AD`, 'invisible character (U+00AD)'],
    [`${ID}\0`, 'invisible character (U+0000)'],
    [`“${ID}”`, 'a curly or other special character (U+201C)'],
    [`‘${ID}’`, 'a curly or other special character (U+2018)'],
    [ID.replaceAll('-', '–'), 'special character (U+2013)'],
    [`"${ID}`, 'special character (U+0022)'],
    ['klient-ærlig', 'an odd character (U+00E6)'],
    ['a b', 'contains a space'],
  ])('%j is refused: %s', async (text, says) => {
    const { codes, error } = await withId(text)
    expect(codes).toEqual(['CONFIG_CLIENT_ID'])
    expect(error?.message).toContain(says)
  })

  it.each([ID, 'oidc_min_klient', 'a.b~c/d@e:f', '12345678', '1234567890'])('%s is taken as it is', async (text) => {
    const { settings, warnings } = await withId(text)
    expect(settings?.clientId).toBe(text)
    expect(warnings).toEqual([])
  })
})

describe('a kid', () => {
  const withKid = (Kid: string): ReturnType<typeof loadSection> =>
    loadSection({ Environment: 'test', ClientId: ID, EncodedJwk: pem(key.key), Kid })

  it('in quotes is read without, with a warning', async () => {
    const { settings, warnings } = await withKid('"nøkkel-1"')
    expect(settings?.keys.map(({ kid }) => kid)).toEqual(['nøkkel-1'])
    expect(warnings).toMatchObject([{ code: 'CONFIG_QUOTES', key: 'MaskinportenSettings:Kid' }])
  })

  it('with a zero-width character is refused', async () => {
    const { codes, error } = await withKid('k\u200B1')
    expect(codes).toEqual(['CONFIG_KID'])
    expect(error?.message).toContain('(U+200B)')
  })
})

describe('quotes around nothing', () => {
  it.each(['""', "''", '``', '" "'])('%s is no key: another source’s signs', async (text) => {
    const { settings, codes } = await load({
      env: { MaskinportenSettings: { Environment: 'test', ClientId: ID, EncodedJwk: text } },
      vault: { MaskinportenSettings: { EncodedJwk: encoded(key.jwk) } },
    })
    expect(codes).toEqual([])
    expect(settings?.keys.map(({ kid }) => kid)).toEqual(['k1'])
  })

  it('are no client id', async () => {
    const { codes, error } = await withId('""')
    expect(codes).toEqual(['CONFIG_MISSING'])
    expect(error?.message).toContain('MaskinportenSettings:ClientId is missing: empty in')
  })
})

describe('the other settings in quotes', () => {
  it.each([
    ['Environment', `"test"`],
    ['Scope', `'a:b'`],
    ['TokenEndpoint', `"https://test.maskinporten.no/token"`],
    ['ExhangeToAltinnToken', `'true'`],
    ['ConsumerOrgNo', `"310702641"`],
  ])('%s is read without, with one warning', async (name, text) => {
    const plain = { Environment: 'test', ClientId: ID, EncodedJwk: encoded(key.jwk) }
    const { settings, warnings } = await loadSection({ ...plain, [name]: text })
    const expected = await loadSection({ ...plain, [name]: text.slice(1, -1) })
    expect(settings).toMatchObject({ ...expected.settings, keys: [{ kid: 'k1' }] })
    expect(warnings.map(({ code, key: of }) => [code, of])).toEqual([
      ['CONFIG_QUOTES', `MaskinportenSettings:${name}`],
      ...expected.warnings.map(({ code, key: of }) => [code, of]),
    ])
  })

  it('those of NAIS too, as an env file of Docker gives them', async () => {
    const issuer = 'https://test.maskinporten.no/'
    const { settings, codes } = await load({
      env: {
        MASKINPORTEN_CLIENT_ID: `"${ID}"`,
        MASKINPORTEN_CLIENT_JWK: `'${JSON.stringify(key.jwk)}'`,
        MASKINPORTEN_SCOPES: `"a:b c:d"`,
        MASKINPORTEN_ISSUER: `"${issuer}"`,
        MASKINPORTEN_TOKEN_ENDPOINT: `"${issuer}token"`,
        MASKINPORTEN_WELL_KNOWN_URL: `"${issuer}.well-known/oauth-authorization-server"`,
      },
    })
    expect(codes).toEqual([])
    expect(settings).toMatchObject({ authority: issuer, request: { scopes: ['a:b', 'c:d'] } })
  })
})
