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
