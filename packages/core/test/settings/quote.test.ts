// What a message may quote of a setting: nothing that can be a secret from the wrong line.
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { loadSection, load } from './load.ts'

const SECRETS = [
  ['an Entra secret', 'aB38Q~Zk1wVt0rXyPqLmNo-sTuVwXyZ0123.4_aQ'],
  ['one of 40 characters in lower case', 'abcdefghijklmnopqrstuvwxyz0123456789abcd'],
  ['a key of 32 hexadecimal digits', '0123456789abcdef0123456789abcdef'],
  ['a UUID', '6f1f3a52-7d0a-4c2b-9a55-0d9f6f7f2c11'],
  ['a password', 'Sommer2026!'],
  ['one in four groups', 'ABCD-1234-EFGH-5678'],
  ['an app password', 'abcd efgh ijkl mnop'],
  ['base64', 'c2VjcmV0LXZlcnk='],
  ['a user in a URL', 'https://app:Sommer2026@maskinporten.no/'],
  ['a key in a query', 'https://gw.example.no/token?code=Sommer2026'],
  ['a key in a path', 'https://gw.example.no/hooks/T024BE7LD9XkWq'],
] as const

describe.each(SECRETS)('%s', (_name, secret) => {
  it.each([
    ['Environment'],
    ['Authority'],
    ['AssertionAudience'],
    ['TokenExchangeEnvironment'],
    ['TokenExchangeEndpoint'],
    ['TokenEndpoint'],
    ['ExhangeToAltinnToken'],
    ['EnableDebugLog'],
    ['Scope'],
    ['Resource'],
    ['ConsumerOrgNo'],
  ])('in %s stands in no error and no warning', async (name) => {
    const { error, warnings } = await loadSection({
      Environment: 'test',
      ClientId: 'c',
      EncodedJwk: 'A',
      [name]: secret,
    })
    expect(inspect([error, warnings], { depth: 9 })).not.toContain(secret)
    expect(inspect([error, warnings], { depth: 9 })).not.toContain('Sommer2026')
  })

  it('in a setting that conflicts with another, or with a blank in it, stands in no error', async () => {
    const shown = [
      await load({ env: { MASKINPORTEN_ISSUER: secret, MASKINPORTEN_CLIENT_ID: 'c' } }),
      await loadSection({ Environment: 'test', ClientId: `c ${secret}` }),
      await loadSection({ EnableDebugLog: true, EnableDebugLogging: secret }),
      await loadSection({ Environment: secret, Authority: 'https://maskinporten.no/' }),
    ].map(({ error, warnings }) => inspect([error, warnings], { depth: 9 }))
    for (const one of shown) expect(one).not.toContain(secret)
  })
})

it.each([
  ['prd', 'is "prd"'],
  ['produksjon', 'is "produksjon"'],
  ['Development', 'is "Development"'],
  ['ja takk', 'is "ja takk"'],
  ['test|ver2', 'is "test|ver2"'],
  ['https://maskinporten.no/', 'is "https://maskinporten.no/"'],
  ['https://app:Sommer2026@maskinporten.no/', 'is "https://maskinporten.no/…"'],
  ['aB38Q~Zk1wVt0rXyPqLmNo-sTuVwXyZ0123.4_aQ', 'is a text of 40 characters'],
])('%j in Environment is told as: %s', async (value, says) => {
  const { problems } = await loadSection({ Environment: value, ClientId: 'c', EncodedJwk: 'A' })
  expect(problems.map(({ message }) => message).join()).toContain(says)
})

it('a character that nobody sees is written out', async () => {
  const { error } = await loadSection({ Environment: '\u200Btest', ClientId: 'c', EncodedJwk: 'A' })
  expect(error?.message).toContain(String.raw`Environment (from appsettings.json) is "\u200btest"`)
})
