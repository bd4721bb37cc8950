import { beforeAll, describe, expect, it } from 'vitest'
import { type Tree, load } from './load.ts'
import { type TestKey, encoded, rsaKey } from './rsa-keys.ts'

const PROD = { Authority: 'https://maskinporten.no/' }
let key: TestKey
beforeAll(async () => {
  key = await rsaKey('k1')
})

describe('what a later source overrides is not checked', () => {
  it.each<[string, Tree, Tree]>([
    ['a full set, by another', set('ver2'), set('test')],
    ['an Environment, by another', { Environment: 'nonsense' }, set('test')],
    ['an Environment beside the key, by another that exists', set('nonsense'), { Environment: 'test' }],
    [
      'an Authority, by another',
      { Authority: 'maskinporten.no' },
      { ...set(''), Authority: 'https://test.maskinporten.no/' },
    ],
  ])('%s', async (_, low, high) => {
    const { settings, codes } = await load({
      low: { MaskinportenSettings: keyed(low) },
      high: { MaskinportenSettings: keyed(high) },
    })
    expect(codes).toEqual([])
    expect(settings?.authority).toBe('https://test.maskinporten.no/')
  })

  it('a lower set with a key of its own, which says the issuer in another way', async () => {
    const low = { Environment: 'prod', ClientId: 'c' }
    const high = { Authority: 'https://test.maskinporten.no/', ClientId: 'd' }
    const both = async (lower: Tree): Promise<Awaited<ReturnType<typeof load>>> =>
      load({ low: { MaskinportenSettings: lower }, high: { MaskinportenSettings: keyed(high) } })
    const { settings, codes } = await both(keyed(low))
    expect([settings?.authority, codes]).toEqual(['https://test.maskinporten.no/', []])
    expect((await both(low)).codes).toEqual(['CONFIG_AUTHORITY_CONFLICT'])
  })

  it('and a set above the file that wins is compared with it', async () => {
    const { codes } = await load(
      {
        'a.json': { MaskinportenSettings: keyed({ Authority: 'https://test.maskinporten.no/', ClientId: 'c' }) },
        env: { MaskinportenSettings: keyed(set('prod')) },
      },
      { fileWins: true },
    )
    expect(codes).toEqual(['CONFIG_AUTHORITY_CONFLICT'])
  })

  it('an audience that is the issuer is that of the key owner, and another above it is a conflict', async () => {
    const { problems } = await load({
      low: { MaskinportenSettings: keyed({ AssertionAudience: 'https://test.maskinporten.no/', ClientId: 'c' }) },
      high: { MaskinportenSettings: { AssertionAudience: 'https://maskinporten.no/' } },
    })
    expect(problems.map(({ message }) => message)).toEqual([
      'MaskinportenSettings:AssertionAudience says "https://maskinporten.no/" (high) but MaskinportenSettings:AssertionAudience is "https://test.maskinporten.no/" (low). Delete the one that is wrong.',
    ])
  })

  it('what counts is: the higher one, and the key owner’s', async () => {
    const codesOf = async (low: Tree, high: Tree): Promise<readonly string[]> =>
      (await load({ low: { MaskinportenSettings: keyed(low) }, high: { MaskinportenSettings: keyed(high) } })).codes
    expect(await codesOf(set('test'), set('ver2'))).toEqual(['CONFIG_ENVIRONMENT_RETIRED'])
    expect(await codesOf(set('test'), { Environment: 'ver2' })).toEqual(['CONFIG_ENVIRONMENT_RETIRED'])
    expect(await codesOf(set('test'), { Environment: 'prod' })).toEqual(['CONFIG_AUTHORITY_CONFLICT'])
  })

  /** Three sources, the lowest with the key. */
  const loadThree = (low: Tree, middle: Tree, high: Tree): ReturnType<typeof load> =>
    load({
      low: { MaskinportenSettings: keyed({ ClientId: 'c', ...low }) },
      middle: { MaskinportenSettings: middle },
      high: { MaskinportenSettings: high },
    })

  it('a name that does not exist, under a later Environment', async () => {
    for (const wrong of ['nonsense', 'ver2', 'testing', 'not-prod']) {
      const { settings, codes } = await loadThree(
        { Environment: 'test' },
        { Environment: wrong },
        { Environment: 'TEST' },
      )
      expect(codes).toEqual([])
      expect(settings?.authority).toBe('https://test.maskinporten.no/')
    }
  })

  it('but a name that exists is compared with the key owner’s, under a later one too', async () => {
    const { problems, codes } = await loadThree(
      { Environment: 'prod' },
      { Environment: 'Test' },
      { Environment: 'prod' },
    )
    expect(codes).toEqual(['CONFIG_AUTHORITY_CONFLICT'])
    expect(problems[0]?.message).toContain('says "Test" (middle) but MaskinportenSettings:Environment is "prod" (low)')
  })

  it.each<[string, Tree, Tree, Tree]>([
    ['an Environment beside the key and its Authority', { ...PROD, Environment: 'test' }, {}, { Environment: 'prod' }],
    [
      'an Environment, where the key’s source names only an audience',
      { AssertionAudience: 'urn:maskinporten' },
      { Environment: 'test' },
      { Environment: 'prod' },
    ],
    ['an Authority, where the key’s source names none', {}, { Authority: 'maskinporten.no' }, PROD],
  ])('%s, by one of another source', async (_, low, middle, high) => {
    const { settings, codes } = await loadThree(low, middle, high)
    expect(codes).toEqual([])
    expect(settings?.authority).toBe('https://maskinporten.no/')
  })

  it('and a name that does not exist is checked where the later one says a URL', async () => {
    const url = { Authority: 'https://test.maskinporten.no/' }
    expect((await loadThree({ Environment: 'nonsense' }, {}, url)).codes).toEqual(['CONFIG_ENVIRONMENT_UNKNOWN'])
  })

  function set(environment: string): Tree {
    return { Environment: environment, ClientId: 'c' }
  }
  /** A set with a client id has the key too, which does not exist yet when the cases are written. */
  const keyed = (fields: Tree): Tree => ('ClientId' in fields ? { ...fields, EncodedJwk: encoded(key.jwk) } : fields)
})
