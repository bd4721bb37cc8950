/** The plain settings: the whole message of each value that cannot be used, and what is taken as it is. */
import { settingsSchema } from '@maskinporten-kit/core'
import { describe, expect, it } from 'vitest'
import { type Outcome, type Tree, loadSection } from './load.ts'

const signer = { alg: 'RS256', kid: 'k', sign: async () => new Uint8Array() } as const
const by = (fields: Tree): Promise<Outcome> =>
  loadSection({ Environment: 'test', ClientId: 'c', ...fields }, { signer })

it.each<[string, unknown, string]>([
  ['ExhangeToAltinnToken', '1', 'is "1". Use true or false.'],
  ['Scope', 'a:b,c:d', 'separates scopes with commas. Use spaces: "a:b c:d".'],
  [
    'Resource',
    'https://a.example/ /x',
    'must be an absolute URI without a fragment; Maskinporten answers invalid_target otherwise. Correct it.',
  ],
  [
    'ConsumerOrgNo',
    'x',
    'is "x", which is not an organisation number (wrong length or check digit). Set it to the nine digits of the organisation that has delegated to yours.',
  ],
  ['ClientId', 'eyJhIjoxfQ', 'looks like a key. Set it to the id of the client.'],
  [
    'ClientId',
    '0192:991825827',
    'is an organisation number. Set it to the id of the client, which Samarbeidsportalen shows.',
  ],
  ['ClientId', 'a b', 'contains a space: "a b". Remove it.'],
  [
    'ClientId',
    'a\u200Bb',
    'contains a zero-width or other invisible character (U+200B). Write the value again by hand.',
  ],
  [
    'ClientId',
    'a\u0007b',
    'contains a zero-width or other invisible character (U+0007). Write the value again by hand.',
  ],
  ['ClientId', '“a”', 'contains a curly or other special character (U+201C). Write the value again by hand.'],
  ['ClientId', 'aæ', 'contains an odd character (U+00E6). Write the value again by hand.'],
  ['ClientId', '🔑', 'contains an odd character (U+1F511). Write the value again by hand.'],
])('%s: %j %s', async (name, value, says) => {
  const { problems } = await by({ [name]: value })
  expect(problems.map(({ message }) => message)).toEqual([`MaskinportenSettings:${name} ${says}`])
})

describe('an id', () => {
  it.each(['x0192:991825827', '991825827x', '0192:9918258270', '!', '~'])(
    'of a client may be %s, which is no organisation number',
    async (ClientId) => {
      expect((await by({ ClientId })).settings?.clientId).toBe(ClientId)
    },
  )
})

it('a schema is given an object, not a list or null', async () => {
  for (const value of [null, [], 'x', undefined])
    expect(await settingsSchema['~standard'].validate(value)).toEqual({
      issues: [{ message: 'the settings are not an object. Give the section as an object.' }],
    })
})
