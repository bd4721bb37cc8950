import { beforeAll, describe, expect, it } from 'vitest'
import { type Tree, load } from './load.ts'
import { type TestKey, encoded, rsaKey } from './rsa-keys.ts'

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

  function set(environment: string): Tree {
    return { Environment: environment, ClientId: 'c' }
  }
  /** A set with a client id has the key too, which does not exist yet when the cases are written. */
  const keyed = (fields: Tree): Tree => ('ClientId' in fields ? { ...fields, EncodedJwk: encoded(key.jwk) } : fields)
})
