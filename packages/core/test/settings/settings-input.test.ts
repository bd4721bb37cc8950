import { createMaskinporten, type Maskinporten, settingsSchema } from '@maskinporten-kit/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type TestKey, encoded, rsaKey } from './rsa-keys.ts'

let key: TestKey
beforeAll(async () => {
  key = await rsaKey('k1')
})

const signer = { alg: 'RS256', kid: 'hsm', sign: async (input: Uint8Array) => input } as const

/** As plain JavaScript calls it, which knows no types. */
const fromJavaScript = (input: object): Maskinporten => Reflect.apply(createMaskinporten, undefined, [input])

describe('createMaskinporten({ … })', () => {
  it.each<[string, () => object, string]>([
    ['camelCase', () => ({ environment: 'test', clientId: 'c', encodedJwk: encoded(key.jwk) }), 'k1'],
    ['PascalCase', () => ({ Environment: 'test', ClientId: 'c', EncodedJwk: encoded(key.jwk) }), 'k1'],
    ['a JWK as an object', () => ({ environment: 'test', clientId: 'c', jwk: key.jwk }), 'k1'],
    ['a signer', () => ({ environment: 'test', clientId: 'c', signer }), 'hsm'],
    [
      'the names of NAIS',
      () => ({
        MASKINPORTEN_CLIENT_ID: 'c',
        MASKINPORTEN_CLIENT_JWK: JSON.stringify(key.jwk),
        MASKINPORTEN_WELL_KNOWN_URL: 'https://test.maskinporten.no/.well-known/oauth-authorization-server',
      }),
      'k1',
    ],
  ])('takes the section in %s', async (_, make, kid) => {
    const maskinporten = fromJavaScript(make())
    const settings = await maskinporten.settings.get()
    expect([settings.clientId, settings.authority, settings.keys.map((one) => one.kid)]).toEqual([
      'c',
      'https://test.maskinporten.no/',
      [kid],
    ])
    await maskinporten.close()
  })

  it('calls a signer as a method of its own', async () => {
    class Vault {
      readonly alg = 'RS256'
      readonly kid = 'k'
      readonly #secret = 7
      sign(): Promise<Uint8Array> {
        return Promise.resolve(new Uint8Array([this.#secret]))
      }
    }
    const maskinporten = createMaskinporten({ environment: 'test', clientId: 'c', signer: new Vault() })
    const [first] = (await maskinporten.settings.get()).keys
    expect(await first?.sign(new Uint8Array(1), { signal: new AbortController().signal })).toEqual(new Uint8Array([7]))
    await maskinporten.close()
  })

  it('refuses a signer beside a key, and says what is missing without either', async () => {
    const both = fromJavaScript({ environment: 'test', clientId: 'c', signer, encodedJwk: encoded(key.jwk) })
    await expect(both.settings.get()).rejects.toMatchObject({ detail: 'CONFIG_CONFLICT' })
    const none = fromJavaScript({ environment: 'test', clientId: 'c' })
    await expect(none.settings.get()).rejects.toMatchObject({
      detail: 'CONFIG_MISSING',
      message: 'the settings are wrong: encodedJwk is missing. Set it to the private JWK in base64.',
    })
    await Promise.all([both.close(), none.close()])
  })
})

describe('createMaskinporten({ … }) has the provider that every list of sources has', () => {
  it('tells of a key that ends soon', async () => {
    const exp = Math.floor(Date.now() / 1000) + 3 * 24 * 60 * 60
    await using maskinporten = createMaskinporten({ environment: 'test', clientId: 'c', jwk: { ...key.jwk, exp } })
    const types: string[] = []
    maskinporten.subscribe(({ type }) => types.push(type))
    await maskinporten.settings.get()
    expect(types).toEqual(['key.expires-soon', 'settings.changed'])
  })

  it('is closed while it loads', async () => {
    const maskinporten = createMaskinporten({ environment: 'test', clientId: 'c', jwk: key.jwk })
    const loading = maskinporten.settings.get()
    await Promise.all([expect(loading).rejects.toMatchObject({ code: 'closed' }), maskinporten.close()])
    expect(await maskinporten.settings.refresh('poll')).toBe(false)
  })
})

describe('settingsSchema', () => {
  const validate = async (value: unknown): Promise<unknown> => settingsSchema['~standard'].validate(value)

  it('is a Standard Schema that gives the settings', async () => {
    expect(settingsSchema['~standard']).toMatchObject({ version: 1, vendor: '@maskinporten-kit/core' })
    expect(
      await validate({ environment: 'test', clientId: 'c', encodedJwk: encoded(key.jwk), scope: 'a:b' }),
    ).toMatchObject({ value: { clientId: 'c', request: { scopes: ['a:b'] } } })
  })

  it('gives an issue for each problem, with its path', async () => {
    expect(await validate({ environment: 'ver2', encodedJwk: encoded(key.jwk), scope: 'a,b' })).toEqual({
      issues: [
        { path: ['clientId'], message: expect.stringContaining('is missing') },
        { path: ['environment'], message: expect.stringContaining('phased out') },
        { path: ['scope'], message: expect.stringContaining('separates scopes with commas') },
      ],
    })
    expect(await validate('text')).toEqual({
      issues: [{ message: 'the settings are not an object. Give the section as an object.' }],
    })
  })
})
