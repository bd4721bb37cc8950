import { beforeAll, describe, expect, it } from 'vitest'
import { type Outcome, type Tree, load } from './load.ts'
import { type TestKey, encoded, pem, rsaKey } from './rsa-keys.ts'

let one: TestKey
let two: TestKey
beforeAll(async () => {
  ;[one, two] = await Promise.all([rsaKey('k1'), rsaKey('k2')])
})

const section = (fields: Tree): Tree => ({ MaskinportenSettings: fields })
const app = (fields: Tree): Tree => section({ Environment: 'test', ...fields })
const full = (id: string, key: TestKey): Tree => ({ ClientId: id, EncodedJwk: encoded(key.jwk) })

/** Client id and the kids of the ring, or the codes of what is wrong. */
const credentialOf = ({ settings, codes }: Outcome): readonly string[] =>
  settings === undefined ? codes : [settings.clientId, ...settings.keys.map(({ kid }) => kid ?? '')]

describe('client id and key are one credential', () => {
  it('A: blanks in the file, both in the vault: the vault’s', async () => {
    const outcome = await load({
      'appsettings.json': app({ ClientId: '', EncodedJwk: '' }),
      vault: section(full('v', two)),
    })
    expect(credentialOf(outcome)).toEqual(['v', 'k2'])
    expect(outcome.rows['MaskinportenSettings:ClientId']).toEqual({
      value: 'v',
      origin: 'vault; hidden: "" appsettings.json',
    })
  })

  it('says where the client id and the key came from', async () => {
    const { settings } = await load({
      'appsettings.json': app({ ClientId: 'a' }),
      vault: section({ EncodedJwk: encoded(two.jwk) }),
    })
    expect(settings?.credential).toEqual({ clientIdOrigin: 'appsettings.json', keyOrigin: 'vault' })
  })

  it('B: the client id in the file, the key in the vault: a pair, and both origins are shown', async () => {
    const outcome = await load({
      'appsettings.json': app({ ClientId: 'a' }),
      vault: section({ EncodedJwk: encoded(two.jwk) }),
    })
    expect(credentialOf(outcome)).toEqual(['a', 'k2'])
    expect(outcome.rows['MaskinportenSettings:ClientId']?.origin).toBe('appsettings.json')
    expect(outcome.rows['MaskinportenSettings:EncodedJwk']).toEqual({ origin: 'vault', value: '[RSA 2048, kid k2]' })
  })

  it('C and F: a full set below a full set: the upper, whole', async () => {
    expect(
      credentialOf(await load({ 'appsettings.json': app(full('a', one)), vault: section(full('v', two)) })),
    ).toEqual(['v', 'k2'])
    const env = { MASKINPORTEN_CLIENT_ID: 'e', MASKINPORTEN_CLIENT_JWK: JSON.stringify(one.jwk) }
    expect(credentialOf(await load({ 'appsettings.json': app({}), env, vault: section(full('v', two)) }))).toEqual([
      'v',
      'k2',
    ])
  })

  it('D: a full set, and only a key above it: an error that names both origins', async () => {
    const { codes, problems } = await load({
      'appsettings.json': app(full('a', one)),
      vault: section({ EncodedJwk: encoded(two.jwk) }),
    })
    expect(codes).toEqual(['CONFIG_MIXED_CREDENTIALS'])
    expect(problems[0]?.message).toBe(
      'MaskinportenSettings:ClientId belongs to the key beside it, but the key that signs is in vault. Set the client id there too.',
    )
  })

  it('D, but with the same key: no error', async () => {
    expect(
      credentialOf(
        await load({
          'appsettings.json': app(full('a', one)),
          vault: section({ JwkBase64: encoded({ ...one.jwk, use: 'sig' }) }),
        }),
      ),
    ).toEqual(['a', 'k1'])
  })

  it('E: a full set, and only another client id above it: an error that names both origins', async () => {
    const { codes, problems } = await load({ 'appsettings.json': app(full('a', one)), env: section({ ClientId: 'e' }) })
    expect(codes).toEqual(['CONFIG_MIXED_CREDENTIALS'])
    expect(problems[0]?.message).toContain(
      'is "e", but MaskinportenSettings:ClientId in appsettings.json is "a". The signing key is in appsettings.json. In Samarbeidsportalen, see which of the two clients lists the kid k1. Keep that client id, and delete the other from your settings. If neither does, register the public half of the key on one of them.',
    )
  })

  it('E, but with the same client id: no error', async () => {
    expect(
      credentialOf(await load({ 'appsettings.json': app(full('a', one)), env: section({ ClientId: 'a' }) })),
    ).toEqual(['a', 'k1'])
  })

  it('G: a placeholder in the file, nothing in the vault: an error that names the secret looked for', async () => {
    const { problems } = await load({
      'appsettings.json': app({ ClientId: 'a', EncodedJwk: 'hentes fra Key Vault' }),
      vault: {},
    })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({
      code: 'CONFIG_PLACEHOLDER',
      key: 'MaskinportenSettings:EncodedJwk',
      origin: 'appsettings.json',
    })
    expect(problems[0]?.message).toContain(
      'Remove EncodedJwk from appsettings.json and set MaskinportenSettings:EncodedJwk in vault to the private JWK in base64.',
    )
  })

  it('H: the vault states prod, the environment says test: an error that names both origins', async () => {
    const { codes, problems } = await load({
      env: section({ Environment: 'test' }),
      vault: section({ ...full('v', one), Authority: 'https://maskinporten.no/' }),
    })
    expect(codes).toEqual(['CONFIG_AUTHORITY_CONFLICT'])
    expect(problems[0]?.message).toBe(
      'MaskinportenSettings:Environment says "test" (env) but MaskinportenSettings:Authority is "https://maskinporten.no/" (vault). Delete the one that is wrong.',
    )
  })

  it('I: a mounted file with a full set below one: the upper; with fileWins the file', async () => {
    const file = section({ Authority: 'https://test.maskinporten.no/', ClientId: 'f', Jwk: one.jwk })
    const sources = { 'maskinporten-settings.json': file, env: section(full('e', two)) }
    expect(credentialOf(await load(sources))).toEqual(['e', 'k2'])
    expect(credentialOf(await load(sources, { fileWins: true }))).toEqual(['f', 'k1'])
  })

  it('a signer of the caller’s is the owner: the client id comes from a source without a key', async () => {
    const signer = { alg: 'RS256', kid: 'hsm', sign: async (input: Uint8Array) => input } as const
    expect(
      credentialOf(await load({ 'appsettings.json': app({ ClientId: 'a', EncodedJwk: '' }) }, { signer })),
    ).toEqual(['a', 'hsm'])
    const { codes } = await load({ 'appsettings.json': app(full('a', one)) }, { signer })
    expect(codes).toEqual(['CONFIG_CONFLICT'])
  })

  it.each([
    ['without kid and x5c', { alg: 'RS256' }],
    ['with an algorithm that Maskinporten does not take', { alg: 'PS256', kid: 'k' }],
    ['with kid and x5c', { alg: 'RS256', kid: 'k', x5c: ['MII'] }],
  ])('a signer %s is refused', async (_, fields) => {
    const signer = { ...fields, sign: async (input: Uint8Array) => input } as never
    const { codes } = await load({ 'appsettings.json': app({ ClientId: 'a' }) }, { signer })
    expect(codes).toEqual(['CONFIG_SIGNER'])
  })
})

describe('the key material of one source', () => {
  it('in two forms is one key, or a conflict', async () => {
    const same = await load({
      'appsettings.json': app({
        ClientId: 'a',
        EncodedJwk: encoded(one.jwk),
        JwkBase64: encoded({ ...one.jwk, use: 'sig' }),
        Jwk: one.jwk,
      }),
    })
    expect(credentialOf(same)).toEqual(['a', 'k1'])
    const { codes, problems } = await load({
      'appsettings.json': app({ ClientId: 'a', EncodedJwk: encoded(one.jwk), JwkBase64: encoded(two.jwk) }),
    })
    expect(codes).toEqual(['CONFIG_CONFLICT'])
    expect(problems[0]?.message).toContain('MaskinportenSettings:JwkBase64')
  })

  it('as the operator provisions it: Jwk is the newest, the rest of Jwks are older', async () => {
    const file = {
      MaskinportenSettings: {
        Authority: 'https://test.maskinporten.no/',
        ClientId: 'f',
        Jwk: { ...one.jwk, alg: 'RS512', use: 'sig', exp: 0, x5c: ['MII'] },
        Jwks: { keys: [{ ...one.jwk, alg: 'RS512' }, two.jwk] },
      },
    }
    const outcome = await load({ 'maskinporten-settings.json': file })
    expect(credentialOf(outcome)).toEqual(['f', 'k1', 'k2'])
    expect(outcome.settings?.keys[0]?.alg).toBe('RS512')
    expect(outcome.warnings).toEqual([])
    expect(outcome.rows['MaskinportenSettings:Jwk']).toEqual({
      origin: 'maskinporten-settings.json',
      value: '[RSA 2048, kid k1]',
    })
  })

  it('as Jwks alone: all of it is the ring', async () => {
    expect(
      credentialOf(await load({ 'appsettings.json': app({ ClientId: 'f', Jwks: { keys: [two.jwk, one.jwk] } }) })),
    ).toEqual(['f', 'k2', 'k1'])
  })

  it('as a set with public keys: they are left out, unless there are no others', async () => {
    const publicJwk = { ...two.jwk, d: undefined }
    for (const fields of [{ Jwks: { keys: [publicJwk, one.jwk] } }, { Jwk: [publicJwk, one.jwk] }]) {
      const outcome = await load({ 'appsettings.json': app({ ClientId: 'f', ...fields }) })
      expect([credentialOf(outcome), outcome.warnings]).toEqual([['f', 'k1'], []])
    }
    const { codes } = await load({ 'appsettings.json': app({ ClientId: 'f', Jwks: { keys: [publicJwk] } }) })
    expect(codes).toEqual(['KEY_PUBLIC_ONLY'])
  })

  it('as Jwk and Jwks, beside a Kid that none of the set has: it is that of the Jwk', async () => {
    const fields = { Kid: 'k9', Jwk: one.jwk, Jwks: { keys: [one.jwk, two.jwk] } }
    const outcome = await load({ 'appsettings.json': app({ ClientId: 'f', ...fields }) })
    expect(credentialOf(outcome)).toEqual(['f', 'k9', 'k2'])
    expect(outcome.warnings.map(({ code }) => code)).toEqual(['KEY_KID_OVERRIDDEN'])
  })

  it('as an object may have blanks around a member, and a null for none', async () => {
    const outcome = await load({
      'appsettings.json': app({ ClientId: 'f', Jwk: { ...one.jwk, kid: ' k1 ', use: null, alg: ' ' } }),
    })
    expect([credentialOf(outcome), outcome.warnings]).toEqual([['f', 'k1'], []])
  })

  it('as a JWK in text, where an object is usual, needs no warning', async () => {
    const outcome = await load({
      env: {
        MASKINPORTEN_CLIENT_ID: 'n',
        MASKINPORTEN_CLIENT_JWK: JSON.stringify(one.jwk),
        MASKINPORTEN_WELL_KNOWN_URL: 'https://test.maskinporten.no/.well-known/oauth-authorization-server',
      },
    })
    expect(credentialOf(outcome)).toEqual(['n', 'k1'])
    expect(outcome.warnings).toEqual([])
  })

  it('as a template of blanks is none', async () => {
    const { codes } = await load({ 'appsettings.json': app({ ClientId: 'a', Jwk: { kty: '', n: '', d: '' } }) })
    expect(codes).toEqual(['CONFIG_MISSING'])
  })

  it('takes its Kid from its own source or from one without a key, never from another key’s', async () => {
    const bare = pem(two.key)
    expect(
      credentialOf(
        await load({ 'appsettings.json': app({ ClientId: 'a', Kid: 'beside' }), vault: section({ EncodedJwk: bare }) }),
      ),
    ).toEqual(['a', 'beside'])
    const { codes } = await load({
      'appsettings.json': app({ ...full('a', one), Kid: 'k1' }),
      vault: section({ ClientId: 'v', EncodedJwk: bare }),
    })
    expect(codes).toEqual(['KEY_KID_MISSING'])
  })
})

describe('MASKINPORTEN_ISSUER', () => {
  const nais = (fields: Tree): Tree => ({ MASKINPORTEN_CLIENT_JWK: JSON.stringify(one.jwk), ...fields })
  const uuid = '7c2f1a0e-9a0b-4a55-8f3e-2f9f1a0e9a0b'

  it('is the server when it is a URL', async () => {
    const { settings, warnings } = await load({
      env: nais({ MASKINPORTEN_CLIENT_ID: uuid, MASKINPORTEN_ISSUER: 'https://test.maskinporten.no/' }),
    })
    expect([settings?.authority, settings?.clientId, warnings]).toEqual(['https://test.maskinporten.no/', uuid, []])
  })

  it('is the client id, with a warning, when it is none and no client id is set or the same', async () => {
    for (const more of [{}, { MASKINPORTEN_CLIENT_ID: uuid }]) {
      const { settings, warnings } = await load({
        env: nais({
          MASKINPORTEN_ISSUER: uuid,
          MASKINPORTEN_WELL_KNOWN_URL: 'https://maskinporten.no/.well-known/oauth-authorization-server',
          ...more,
        }),
      })
      expect([settings?.clientId, settings?.authority]).toEqual([uuid, 'https://maskinporten.no/'])
      expect(warnings).toMatchObject([
        { code: 'CONFIG_ISSUER_ASSUMED', message: expect.stringContaining('Rename it to MASKINPORTEN_CLIENT_ID.') },
      ])
    }
  })

  it('is an error when it is none and another client id is set', async () => {
    const { codes } = await load({
      env: nais({
        MASKINPORTEN_ISSUER: uuid,
        MASKINPORTEN_CLIENT_ID: 'oidc_a',
        MASKINPORTEN_WELL_KNOWN_URL: 'https://maskinporten.no/.well-known/x',
      }),
    })
    expect(codes).toEqual(['CONFIG_ISSUER_AMBIGUOUS'])
  })
})

describe('a placeholder where a key belongs', () => {
  const TODO = 'TODO: Add to local secrets'

  it('in the file, beside the client id: the vault’s key is used, and a warning names both', async () => {
    const outcome = await load({
      'appsettings.json': app({ ClientId: 'a', EncodedJwk: TODO }),
      vault: section({ EncodedJwk: encoded(two.jwk) }),
    })
    expect(credentialOf(outcome)).toEqual(['a', 'k2'])
    expect(outcome.warnings).toMatchObject([
      {
        code: 'CONFIG_PLACEHOLDER',
        key: 'MaskinportenSettings:EncodedJwk',
        origin: 'appsettings.json',
        message:
          'MaskinportenSettings:EncodedJwk holds a placeholder text; the key of vault (MaskinportenSettings:EncodedJwk) is used. Delete the placeholder.',
      },
    ])
  })

  it('in a source above: the key below is used, with the warning; in the same source under another name: nothing', async () => {
    const above = await load({ 'appsettings.json': app(full('a', one)), env: section({ EncodedJwk: '#{Jwk}#' }) })
    expect(credentialOf(above)).toEqual(['a', 'k1'])
    expect(above.warnings.map(({ code, origin }) => [code, origin])).toEqual([['CONFIG_PLACEHOLDER', 'env']])
    const same = await load({ 'appsettings.json': app({ ...full('a', one), JwkBase64: TODO }) })
    expect([credentialOf(same), same.warnings]).toEqual([['a', 'k1'], []])
  })

  it('and no key anywhere: an error that names the secret looked for', async () => {
    const { codes, problems } = await load({ 'appsettings.json': app({ ClientId: 'a', EncodedJwk: TODO }), vault: {} })
    expect(codes).toEqual(['CONFIG_PLACEHOLDER'])
    expect(problems[0]?.message).toContain(
      'Remove EncodedJwk from appsettings.json and set MaskinportenSettings:EncodedJwk in vault to the private JWK in base64.',
    )
  })

  it('and a Kid of fillers: the key’s own kid is used, with a warning', async () => {
    const outcome = await load({
      'appsettings.json': app({ ...full('a', one), Kid: 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx' }),
    })
    expect(credentialOf(outcome)).toEqual(['a', 'k1'])
    expect(outcome.warnings.map(({ code, key }) => [code, key])).toEqual([
      ['CONFIG_PLACEHOLDER', 'MaskinportenSettings:Kid'],
    ])
  })

  it('a client id of fillers is none', async () => {
    const { codes } = await load({ 'appsettings.json': app(full('xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx', one)) })
    expect(codes).toEqual(['CONFIG_PLACEHOLDER'])
  })

  it('all else that is no key is an error, and another source’s key is not used', async () => {
    for (const text of ['kid-01', '7c2f1a0e-9a0b-4a55-8f3e-2f9f1a0e9a0b', encoded(two.jwk).slice(0, 30)]) {
      const { settings, codes } = await load({
        'appsettings.json': app(full('a', one)),
        vault: section({ ClientId: 'a', EncodedJwk: text }),
      })
      expect([settings, codes]).toEqual([undefined, [expect.stringMatching(/^KEY_/)]])
    }
  })
})

describe('a JWKS with several private keys and a Kid', () => {
  it.each<[string, (set: readonly object[]) => Tree]>([
    ['in base64', (keys) => ({ EncodedJwk: encoded({ keys }) })],
    ['as a list in base64', (keys) => ({ JwkBase64: encoded(keys) })],
    ['as text', (keys) => ({ Jwk: JSON.stringify({ keys }) })],
    ['as Jwks', (keys) => ({ Jwks: { keys } })],
    ['as a list in Jwks', (keys) => ({ Jwks: keys })],
    ['as Jwk', (keys) => ({ Jwk: { keys } })],
    ['as EncodedJwk', (keys) => ({ EncodedJwk: { keys } })],
  ])('%s: the one named', async (_, fields) => {
    const set = [one.jwk, two.jwk, { ...two.jwk, d: undefined, kid: 'public' }]
    const outcome = await load({ 'appsettings.json': app({ ClientId: 'a', Kid: 'k2', ...fields(set) }) })
    expect(credentialOf(outcome)).toEqual(['a', 'k2'])
    const { id } = outcome.settings?.keys[0] ?? expect.unreachable()
    const alone = await load({ 'appsettings.json': app(full('a', two)) })
    expect(id).toBe(alone.settings?.keys[0]?.id)
    const { codes } = await load({ 'appsettings.json': app({ ClientId: 'a', Kid: 'k9', ...fields(set) }) })
    expect(codes).toEqual(['KEY_KID_NOT_FOUND'])
  })

  it('as the operator provisions it, beside Jwk: the one named', async () => {
    const fields = { Jwk: one.jwk, Jwks: { keys: [one.jwk, two.jwk] } }
    const named = await load({ 'appsettings.json': app({ ClientId: 'a', Kid: 'k2', ...fields }) })
    expect(credentialOf(named)).toEqual(['a', 'k2'])
    expect(named.warnings).toEqual([])
  })
})
