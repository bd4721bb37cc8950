/** What is said when client id and key do not belong together, and which of several values is used. */
import { settingsFrom } from '@maskinporten-kit/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { certificate, certificatePem } from './der-writer.ts'
import { type Outcome, type Tree, load, loadSection } from './load.ts'
import { type TestKey, encoded, pem, rsaKey } from './rsa-keys.ts'
import { scriptedSource } from './scripted-source.ts'

let one: TestKey
let two: TestKey
beforeAll(async () => {
  ;[one, two] = await Promise.all([rsaKey('k1'), rsaKey('k2')])
})

const section = (fields: Tree): Tree => ({ MaskinportenSettings: fields })
const app = (fields: Tree): Tree => section({ Environment: 'test', ...fields })
const credentialOf = ({ settings, codes }: Outcome): readonly string[] =>
  settings === undefined ? codes : [settings.clientId, ...settings.keys.map(({ kid }) => kid ?? '')]
const told = ({ warnings }: Outcome): readonly string[] => warnings.map(({ code, message }) => `${code}: ${message}`)

describe('another client id above the key', () => {
  it('is told of with the names of the variables, where the origins have them', async () => {
    const env = scriptedSource({
      MASKINPORTEN_CLIENT_ID: 'a',
      MASKINPORTEN_CLIENT_JWK: JSON.stringify(one.jwk),
      MASKINPORTEN_ISSUER: 'https://test.maskinporten.no/',
    })
    env.from = { origin: (path) => `my env ${path}` }
    const above = scriptedSource(section({ ClientId: 'e' }), { name: 'config' })
    const settings = settingsFrom([env, above])
    await expect(settings.get()).rejects.toMatchObject({
      message:
        'the settings are wrong: MaskinportenSettings:ClientId (from config) is "e", but my env MASKINPORTEN_CLIENT_ID is "a". The signing key is in my env MASKINPORTEN_CLIENT_JWK. In Samarbeidsportalen, see which of the two clients lists the kid k1. Keep that client id, and delete the other from your settings. If neither does, register the public half of the key on one of them.',
    })
    await settings.close()
  })

  it('of a certificate chain, which has no kid, names the public half', async () => {
    const chain = certificatePem(certificate({ subject: 'V', issuer: 'V', key: one.key })) + pem(one.key)
    const { problems } = await load({
      low: app({ ClientId: 'a', EncodedJwk: chain }),
      high: section({ ClientId: 'e' }),
    })
    expect(problems.map(({ message }) => message)).toEqual([
      'MaskinportenSettings:ClientId is "e", but MaskinportenSettings:ClientId in low is "a". The signing key is in low. In Samarbeidsportalen, see which of the two clients lists its public half. Keep that client id, and delete the other from your settings. If neither does, register the public half of the key on one of them.',
    ])
  })

  it('is told of where the key cannot be read, too', async () => {
    const { problems } = await load({
      low: app({ ClientId: 'a', EncodedJwk: 'kid-01' }),
      high: section({ ClientId: 'e' }),
    })
    expect(problems.map(({ code }) => code)).toEqual(['KEY_TOO_SHORT', 'CONFIG_MIXED_CREDENTIALS'])
    expect(problems[1]?.message).toContain('see which of the two clients lists its public half. Keep')
  })

  it('beside another key is that key’s, and no conflict', async () => {
    const outcome = await load({
      low: app({ ClientId: 'a', EncodedJwk: encoded(one.jwk) }),
      high: section({ ClientId: 'e', EncodedJwk: encoded(two.jwk) }),
    })
    expect(credentialOf(outcome)).toEqual(['e', 'k2'])
  })

  it('below the key, in two sources without a key: the higher is used', async () => {
    const outcome = await load({
      low: app({ ClientId: 'a' }),
      mid: section({ ClientId: 'b' }),
      high: section({ EncodedJwk: encoded(one.jwk) }),
    })
    expect(credentialOf(outcome)).toEqual(['b', 'k1'])
  })

  it('without any key is not told of, since only the key is missing', async () => {
    expect((await load({ low: app({ ClientId: 'a' }), high: section({ ClientId: 'b' }) })).codes).toEqual([
      'CONFIG_MISSING',
    ])
  })
})

describe('a client id beside a key that does not sign', () => {
  const both = (low: string, high: string): Promise<Outcome> =>
    load({ low: app({ ClientId: 'a', EncodedJwk: low }), high: section({ EncodedJwk: high, Kid: 'k' }) })

  it('is used where the key is the same, also without a kid of its own', async () => {
    expect(credentialOf(await both(pem(one.key), pem(one.key)))).toEqual(['a', 'k'])
  })

  it('is mixed where the key is another, or cannot be read', async () => {
    expect((await both(pem(two.key), pem(one.key))).codes).toEqual(['CONFIG_MIXED_CREDENTIALS'])
    expect((await both('kid-01', pem(one.key))).codes).toEqual(['CONFIG_MIXED_CREDENTIALS'])
    expect((await both('kid-01', 'kid-02')).codes).toEqual(['KEY_TOO_SHORT', 'CONFIG_MIXED_CREDENTIALS'])
  })

  it('yields to one in a source without a key, above it or below', async () => {
    const withKey = { ClientId: 'a', EncodedJwk: encoded(two.jwk) }
    const high = section({ EncodedJwk: encoded(one.jwk) })
    expect(credentialOf(await load({ low: app(withKey), mid: section({ ClientId: 'b' }), high }))).toEqual(['b', 'k1'])
    expect(credentialOf(await load({ low: app({ ClientId: 'b' }), mid: section(withKey), high }))).toEqual(['b', 'k1'])
  })
})

describe('fileWins', () => {
  const env = (): Tree => app({ ClientId: 'e', EncodedJwk: encoded(two.jwk) })
  const file = (fields: Tree = { ClientId: 'f' }): Tree => app({ EncodedJwk: encoded(one.jwk), ...fields })

  it.each([
    ['a.json', 'f'],
    ['a.JSON', 'f'],
    ['a.json.bak', 'e'],
    ['ajson', 'e'],
  ])('%s: the client id is %s', async (name, id) => {
    const outcome = await load({ [name]: file(), env: env() }, { fileWins: true })
    expect(outcome.settings?.clientId).toBe(id)
  })

  it('does not choose a file without a client id or without a key, or where it is off', async () => {
    expect(credentialOf(await load({ 'a.json': file({}), env: env() }, { fileWins: true }))).toEqual(['e', 'k2'])
    const idOnly = app({ ClientId: 'f' })
    expect(credentialOf(await load({ 'a.json': idOnly, env: env() }, { fileWins: true }))).toEqual(['e', 'k2'])
    expect(credentialOf(await load({ 'a.json': file(), env: env() }, { fileWins: false }))).toEqual(['e', 'k2'])
  })
})

describe('the Kid', () => {
  it('is that of the highest source that has one, and no key of its own', async () => {
    const outcome = await load({
      low: app({ ClientId: 'a', Kid: 'low' }),
      mid: section({ Kid: 'mid' }),
      high: section({ EncodedJwk: pem(one.key) }),
    })
    expect(credentialOf(outcome)).toEqual(['a', 'mid'])
    expect(outcome.warnings).toEqual([])
  })

  it('above the key counts too', async () => {
    const outcome = await load({
      low: app({ ClientId: 'a', EncodedJwk: pem(one.key) }),
      high: section({ Kid: 'high' }),
    })
    expect(credentialOf(outcome)).toEqual(['a', 'high'])
  })

  it('beside a signer is not read', async () => {
    const signer = { alg: 'RS256', kid: 'hsm', sign: async () => new Uint8Array() } as const
    expect(credentialOf(await load({ low: app({ ClientId: 'a', Kid: 'x' }) }, { signer }))).toEqual(['a', 'hsm'])
  })

  it('that holds a key is refused, and never sent or shown', async () => {
    for (const Kid of [encoded(one.jwk), JSON.stringify(two.jwk), two.jwk.dp]) {
      const { problems, error } = await loadSection({
        Environment: 'test',
        ClientId: 'a',
        EncodedJwk: encoded(one.jwk),
        Kid,
      })
      expect(problems.map(({ code }) => code)).toEqual(['CONFIG_KID'])
      expect(problems.map(({ message }) => message)).toEqual([
        'MaskinportenSettings:Kid looks like a key. Set it to the kid that Samarbeidsportalen shows beside the key.',
      ])
      expect(error?.message).not.toContain(Kid.slice(0, 12))
    }
  })
})

describe('two keys in one source', () => {
  it('are told of by name and origin', async () => {
    const { problems } = await load({
      env: {
        ...app({ ClientId: 'a', Jwk: JSON.stringify(one.jwk) }),
        MASKINPORTEN_CLIENT_JWK: JSON.stringify(two.jwk),
      },
    })
    expect(problems).toEqual([
      {
        code: 'CONFIG_CONFLICT',
        key: 'MASKINPORTEN_CLIENT_JWK',
        origin: 'env',
        message: 'MASKINPORTEN_CLIENT_JWK is another key than MaskinportenSettings:Jwk (env). Keep one of them.',
      },
    ])
  })

  it('and a signer besides: each is told of', async () => {
    const signer = { alg: 'RS256', kid: 'hsm', sign: async () => new Uint8Array() } as const
    const { problems } = await load(
      { low: app({ ClientId: 'a', Jwk: 'x1' }), high: section({ EncodedJwk: 'x2' }) },
      { signer },
    )
    expect(problems.map(({ message }) => message)).toEqual([
      'MaskinportenSettings:EncodedJwk is set, and a signer was given. Keep one of the two.',
      'MaskinportenSettings:Jwk is set, and a signer was given. Keep one of the two.',
    ])
  })
})

describe('warnings about a key', () => {
  const warn = (fields: Tree): Promise<readonly string[]> =>
    loadSection({ Environment: 'test', ClientId: 'a', ...fields }).then((outcome) =>
      outcome.warnings.map(({ code }) => code),
    )

  it('tell of JSON where base64 is usual, and of a key that was taken out of a set', async () => {
    expect(await warn({ EncodedJwk: JSON.stringify(one.jwk) })).toEqual(['KEY_RAW_JSON'])
    expect(await warn({ JwkBase64: JSON.stringify(one.jwk) })).toEqual(['KEY_RAW_JSON'])
    expect(await warn({ Jwk: JSON.stringify(one.jwk) })).toEqual([])
    const section64 = { Environment: 'test', ClientId: 'a', Jwk: JSON.stringify(one.jwk) }
    expect((await load({ env: { App64: section64 } }, { section: 'App64' })).warnings).toEqual([])
    expect(await warn({ Jwk: JSON.stringify({ keys: [one.jwk] }) })).toEqual(['KEY_UNWRAPPED_JWKS'])
    expect(await warn({ Jwks: { keys: [{ ...one.jwk, use: 'enc' }] } })).toEqual([])
    expect(await warn({ Jwk: { ...one.jwk, use: 'enc' } })).toEqual(['KEY_USE'])
  })
})

describe('a placeholder', () => {
  it('of the Kid is told of, and one beside the key that is used is not', async () => {
    expect(
      told(
        await load({ low: app({ ClientId: 'a', EncodedJwk: encoded(one.jwk), Kid: 'xxxx-xxxx', Jwk: 'TODO: add' }) }),
      ),
    ).toEqual(['CONFIG_PLACEHOLDER: MaskinportenSettings:Kid holds a placeholder text, which is not used.'])
  })

  it('beside a signer says that the signer is used', async () => {
    const signer = { alg: 'RS256', kid: 'hsm', sign: async () => new Uint8Array() } as const
    expect(told(await load({ low: app({ ClientId: 'a', EncodedJwk: 'TODO: add' }) }, { signer }))).toEqual([
      'CONFIG_PLACEHOLDER: MaskinportenSettings:EncodedJwk holds a placeholder text; the key is the signer that was given. Delete the placeholder.',
    ])
  })

  it('is not told of where the key cannot be read', async () => {
    const { warnings } = await load({
      low: app({ ClientId: 'a', EncodedJwk: 'TODO: add' }),
      high: section({ Jwk: 'x' }),
    })
    expect(warnings).toEqual([])
  })
})

describe('MASKINPORTEN_ISSUER', () => {
  const nais = (fields: Tree): Promise<Outcome> =>
    load({
      env: {
        MASKINPORTEN_CLIENT_JWK: JSON.stringify(one.jwk),
        MASKINPORTEN_WELL_KNOWN_URL: 'https://test.maskinporten.no/.well-known/oauth-authorization-server',
        ...fields,
      },
    })

  it('that is no URL and no client id says both, and the way out', async () => {
    for (const issuer of ['oidc', 'oidc http://x'])
      expect(
        (await nais({ MASKINPORTEN_ISSUER: issuer, MASKINPORTEN_CLIENT_ID: 'dev' })).problems.map(
          ({ message }) => message,
        ),
      ).toEqual([
        `MASKINPORTEN_ISSUER is ${issuer === 'oidc' ? '"oidc"' : 'a text of 13 characters'}, which is not a URL, and MASKINPORTEN_CLIENT_ID is "dev". The issuer is the server, e.g. https://test.maskinporten.no/.`,
      ])
  })

  it('that is a server of your own is not a client id', async () => {
    const { settings } = await load({
      env: {
        MASKINPORTEN_CLIENT_JWK: JSON.stringify(one.jwk),
        MASKINPORTEN_CLIENT_ID: 'c',
        MASKINPORTEN_ISSUER: 'http://localhost:8080/',
      },
    })
    expect([settings?.clientId, settings?.authority]).toEqual(['c', 'http://localhost:8080/'])
  })

  it('that is a client id is told of with the way out', async () => {
    const outcome = await nais({ MASKINPORTEN_ISSUER: 'oidc' })
    expect(outcome.settings?.clientId).toBe('oidc')
    expect(told(outcome)).toEqual([
      'CONFIG_ISSUER_ASSUMED: MASKINPORTEN_ISSUER looks like a client id and was used as one. Rename it to MASKINPORTEN_CLIENT_ID.',
    ])
  })
})
