import { inspect } from 'node:util'
import { fromEnv } from '@maskinporten-kit/config-env'
import { configSourceExam } from '@maskinporten-kit/conformance'
import {
  type ConfigLayer,
  type ConfigSource,
  type LoadContext,
  isMaskinportenError,
  settingsFrom,
} from '@maskinporten-kit/core'
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
        // The setting's own path, so that an error of that setting carries it.
        key: 'MaskinportenSettings:ClientId',
        message:
          'MaskinportenSettings__ClientId begins with a byte order mark, an invisible character, so it is not found. Save the .env file as UTF-8 without BOM.',
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

describe('names', () => {
  const jwk = 'canary-of-the-private-key'
  const names = {
    ClientId: 'MASKINPORTEN_ISSUER',
    EncodedJwk: 'MASKINPORTEN_PRIVATE_KEY',
    kid: 'maskinporten_key_id',
    Scope: undefined,
    'kvSetting:SecretUri': 'VAULT',
  }
  const env = {
    MASKINPORTEN_ISSUER: 'c',
    Maskinporten_Private_Key: jwk,
    MASKINPORTEN_KEY_ID: 'k',
    VAULT: 'https://my-kv.vault.azure.net/',
    MYAPP_MaskinportenSettings__Scope: 'a:b',
    MASKINPORTEN_SCOPES: 'not with a prefix',
  }

  it('reads variables of other names as their settings, whole whatever the prefix, and not under their own', async () => {
    expect(await flat(fromEnv({ env, names, prefix: 'MYAPP_' }))).toEqual({
      'MaskinportenSettings:ClientId': 'c',
      'MaskinportenSettings:EncodedJwk': jwk,
      'MaskinportenSettings:kid': 'k',
      'kvSetting:SecretUri': 'https://my-kv.vault.azure.net/',
      'MaskinportenSettings:Scope': 'a:b',
    })
  })

  it('masks the variable wherever its setting is secret, whatever it is called', async () => {
    const shown = { EncodedJwk: 'MASKINPORTEN_CLIENT_ID', ClientId: 'CLIENT' }
    for (const source of [
      fromEnv({ env, names }),
      fromEnv({ env: { MASKINPORTEN_CLIENT_ID: jwk, CLIENT: 'c' }, names: shown }),
    ]) {
      const settings = settingsFrom([source])
      const events: unknown[] = []
      settings.subscribe((event) => events.push(event))
      const error: unknown = await settings.get().catch((reason: unknown) => reason)
      const rows = settings.describe()
      expect(rows.find(({ key }) => key === 'MaskinportenSettings:EncodedJwk')).toMatchObject({
        value: '[secret]',
        origin: expect.stringMatching(/^env MASKINPORTEN_(?:PRIVATE_KEY|CLIENT_ID)$/i),
      })
      expect(rows.find(({ key }) => key === 'MaskinportenSettings:ClientId')?.value).toBe('c')
      expect(inspect([error, rows, events], { depth: 9 })).not.toContain('canary')
      await settings.close()
    }
  })

  it.each<[unknown, string]>([
    [
      { MASKINPORTEN_PRIVATE_KEY: 'EncodedJwk' },
      '`names` of fromEnv is the wrong way round: EncodedJwk is the setting, and MASKINPORTEN_PRIVATE_KEY is the variable. Write names: { EncodedJwk: "MASKINPORTEN_PRIVATE_KEY" }.',
    ],
    [
      { ClientId: 'MY_CLIENT', MY_KEY: 'MaskinportenSettings__EncodedJwk' },
      'Write names: { MaskinportenSettings__EncodedJwk: "MY_KEY" }.',
    ],
    [{ MY_VAULT: 'kvSetting:SecretUri' }, 'Write names: { "kvSetting:SecretUri": "MY_VAULT" }.'],
  ])('the wrong way round are refused: %j', async (reversed, says) => {
    const settings = settingsFrom([fromEnv({ env, names: reversed as never })])
    await expect(settings.get()).rejects.toMatchObject({
      code: 'settings_invalid',
      detail: 'CONFIG_NAMES',
      message: expect.stringContaining(says),
    })
  })

  it.each<[unknown, string]>([
    [{ EncodedJwk: 5 }, '`names.EncodedJwk` of fromEnv is a number; give the name of an environment variable as text'],
    [['EncodedJwk'], '`names` of fromEnv is a list; give an object, setting → variable'],
    ['EncodedJwk', '`names` of fromEnv is a string; give an object, setting → variable'],
  ])('of another type get a sentence: %j', (wrong, says) => {
    expect(() => fromEnv({ names: wrong as never })).toThrow(TypeError)
    expect(() => fromEnv({ names: wrong as never })).toThrow(says)
  })

  it('that are a setting’s own name are read', async () => {
    const own = { ClientId: 'EncodedJwk', Kid: 'Kid', EncodedJwk: 'ClientId' }
    const settings = settingsFrom([fromEnv({ env: { Kid: 'k', EncodedJwk: 'c' }, names: own })])
    await settings.get().catch(() => undefined)
    expect(settings.describe()).toMatchObject([
      { key: 'MaskinportenSettings:Kid', value: 'k' },
      { key: 'MaskinportenSettings:ClientId', value: 'c' },
    ])
    await settings.close()
  })

  it('names both variables that are one setting with two values', async () => {
    const both = { MaskinportenSettings__ClientId: 'a', MY_CLIENT: 'b' }
    await expect(load(fromEnv({ env: both, names: { ClientId: 'MY_CLIENT' } }))).rejects.toMatchObject({
      detail: 'CONFIG_CONFLICT',
      message: expect.stringContaining('MaskinportenSettings__ClientId and MY_CLIENT are one setting with two values'),
    })
  })
})
