import { fromEnv } from '@maskinporten-kit/config-env'
import { configSourceExam } from '@maskinporten-kit/conformance'
import { type ConfigLayer, type ConfigSource, type LoadContext, isMaskinportenError } from '@maskinporten-kit/core'
import { describe, expect, it } from 'vitest'

configSourceExam('fromEnv', (values, section) => {
  const env: Record<string, string | undefined> = {}
  const put = (all: Readonly<Record<string, string>>): void => {
    for (const [name, value] of Object.entries(all)) env[`${section.replaceAll(':', '__')}__${name}`] = value
  }
  put(values)
  return { source: fromEnv({ env }), change: put }
})

const warnings: { readonly code: string; readonly message: string }[] = []
const load = (source: ConfigSource): Promise<ConfigLayer> => {
  warnings.length = 0
  const context: LoadContext = {
    section: 'MaskinportenSettings',
    keys: ['MaskinportenSettings:ClientId', 'kvSetting:SecretUri', 'MASKINPORTEN_CLIENT_ID'],
    earlier: new Map(),
    why: 'start',
    signal: new AbortController().signal,
    warn: (warning) => warnings.push(warning),
  }
  return source.load(context)
}
const flat = async (source: ConfigSource): Promise<Readonly<Record<string, string | null>>> =>
  Object.fromEntries([...(await load(source)).values()].map((entry) => [entry.key, entry.reveal()]))

describe('fromEnv', () => {
  it('reads what has __ or : in its name, and the names of NAIS; nothing else', async () => {
    const env = {
      MaskinportenSettings__ClientId: 'a',
      'MaskinportenSettings:Scope': 'b',
      MaskinportenSettings__Jwk__kty: 'RSA',
      kvSetting__SecretUri: 'https://my-kv.vault.azure.net/',
      MASKINPORTEN_CLIENT_ID: 'n',
      maskinporten_jwk: 'seen in the wild',
      PATH: '/bin',
      HOME: undefined,
    }
    expect(await flat(fromEnv({ env }))).toEqual({
      'MaskinportenSettings:ClientId': 'a',
      'MaskinportenSettings:Scope': 'b',
      'MaskinportenSettings:Jwk:kty': 'RSA',
      'kvSetting:SecretUri': 'https://my-kv.vault.azure.net/',
      MASKINPORTEN_CLIENT_ID: 'n',
      maskinporten_jwk: 'seen in the wild',
    })
  })

  it('names the variable as the origin', async () => {
    const layer = await load(fromEnv({ env: { MaskinportenSettings__ClientId: 'a', MASKINPORTEN_CLIENT_ID: 'n' } }))
    expect([...layer.values()].map(({ origin }) => origin)).toEqual([
      'env MaskinportenSettings__ClientId',
      'env MASKINPORTEN_CLIENT_ID',
    ])
  })

  it('takes a prefix off, in any case, with __ and : alike; then only what carries it is read', async () => {
    const env = {
      MyApp__MaskinportenSettings__ClientId: 'a',
      MYAPP__MASKINPORTEN_CLIENT_ID: 'n',
      MaskinportenSettings__Scope: 'not ours',
    }
    for (const prefix of ['MyApp__', 'myapp:', 'MYAPP__']) {
      // The same variables, three ways of naming the prefix.
      expect(await flat(fromEnv({ env, prefix }))).toEqual({
        'MaskinportenSettings:ClientId': 'a',
        MASKINPORTEN_CLIENT_ID: 'n',
      })
    }
  })

  it('looks process.env up at each load', async () => {
    const source = fromEnv({ prefix: 'FROM_ENV_TEST_' })
    expect(await flat(source)).toEqual({})
    process.env['FROM_ENV_TEST_A__B'] = 'x'
    try {
      expect(await flat(source)).toEqual({ 'A:B': 'x' })
    } finally {
      delete process.env['FROM_ENV_TEST_A__B']
    }
  })

  it('refuses two variables for one setting that differ, and names both; what is none of ours may differ', async () => {
    const error: unknown = await load(
      fromEnv({ env: { MaskinportenSettings__ClientId: 'a', MASKINPORTENSETTINGS__CLIENTID: 'b' } }),
    ).catch((reason: unknown) => reason)
    expect(isMaskinportenError(error, 'settings_invalid') && [error.detail, error.message]).toEqual([
      'CONFIG_CONFLICT',
      'MaskinportenSettings__ClientId and MASKINPORTENSETTINGS__CLIENTID are one setting with two values. Unset one of them.',
    ])
    expect(
      await flat(
        fromEnv({
          env: { MaskinportenSettings__ClientId: 'a', MASKINPORTENSETTINGS__CLIENTID: 'a', npm__x: '1', NPM__X: '2' },
        }),
      ),
    ).toEqual({ 'MASKINPORTENSETTINGS:CLIENTID': 'a', 'NPM:X': '2' })
  })

  it('warns of a byte order mark before a name, which an .env file leaves there', async () => {
    await load(fromEnv({ env: { '\uFEFFMaskinportenSettings__ClientId': 'a' } }))
    expect(warnings).toEqual([
      {
        code: 'ENV_BOM',
        key: 'MaskinportenSettings__ClientId',
        message:
          'MaskinportenSettings__ClientId begins with a byte order mark, so nobody finds it. Save the .env file without one.',
      },
    ])
  })

  it('takes __proto__ for a name like any other', async () => {
    const layer = await load(
      fromEnv({
        env: Object.fromEntries([
          ['__proto__', 'x'],
          ['A____proto__', 'y'],
        ]),
      }),
    )
    expect(layer.get(':proto:')?.reveal()).toBe('x')
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
  })
})
