/** The whole message of a setting that no source has: the cause, what to do in the user's own sources, and where we looked. */
import { type ConfigSource, createMaskinporten, fromObject, settingsFrom } from '@maskinporten-kit/core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Tree } from './load.ts'
import { type TestKey, encoded, pem, rsaKey } from './rsa-keys.ts'

const ID = '4f1c6f0a-3d2b-4a61-9f55-0d9f6f7f2c11'
let key: TestKey
beforeAll(async () => {
  key = await rsaKey('k1')
})

const file = (section: Tree, name = 'appsettings.json'): ConfigSource =>
  fromObject({ MaskinportenSettings: section }, { name })
/** Writes names as variables, as fromEnv does. */
const variables = (section: Tree): ConfigSource => ({
  ...file(section, 'env'),
  nameOf: (path) => `environment variable ${path.replaceAll(':', '__')}`,
})
/** A store that was asked for all of the section, and has nothing. */
const emptyVault = (name: string, secret: string): ConfigSource => ({
  name,
  nameOf: () => secret,
  load: async ({ warn, section }) => {
    warn({ code: 'KV_EMPTY', key: section.toUpperCase(), message: `${name} has nothing.` })
    return new Map()
  },
})
/** A store that could not be asked. */
const silent = (name: string, message = 'No vault is named. Set kvSetting:SecretUri.'): ConfigSource => ({
  name,
  nameOf: () => 'Azure Key Vault secret X',
  load: async ({ warn }) => {
    warn({ code: 'KV_INACTIVE', key: 'kvSetting:SecretUri', message })
    return new Map()
  },
})
const absent = (name: string, ...places: readonly string[]): ConfigSource => ({
  name,
  load: async (context) => {
    for (const place of places) context.absent?.(place)
    return new Map()
  },
})

async function messageOf(sources: readonly ConfigSource[], options: object = {}): Promise<string> {
  const settings = settingsFrom(sources, options)
  const error: unknown = await settings.get().catch((reason: unknown) => reason)
  await settings.close()
  return error instanceof Error ? error.message.replace('the settings are wrong: ', '') : 'nothing is wrong'
}
const withoutKey = { Environment: 'test', ClientId: ID }
const withoutId = (): Tree => ({ Environment: 'test', EncodedJwk: encoded(key.jwk) })
const withoutEnvironment = (): Tree => ({ ClientId: ID, EncodedJwk: encoded(key.jwk) })

describe('what to set, and where', () => {
  it('a client id goes to the lowest source, a key to the highest', async () => {
    const two = (section: Tree): readonly ConfigSource[] => [
      file(section, '/run/low.json'),
      fromObject({}, { name: 'high' }),
    ]
    expect(await messageOf(two(withoutId()))).toBe(
      'MaskinportenSettings:ClientId is missing. Set it to the id of the client in Samarbeidsportalen, as MaskinportenSettings:ClientId in /run/low.json. Looked in: high, /run/low.json.',
    )
    expect(await messageOf(two(withoutKey))).toBe(
      'MaskinportenSettings:EncodedJwk is missing. Set it to the private JWK in base64, as MaskinportenSettings:EncodedJwk in high. Looked in: high, /run/low.json.',
    )
  })

  it('a key goes to a store of secrets before all other sources', async () => {
    const vault = { ...fromObject({}, { name: 'vault' }), nameOf: () => 'Azure Key Vault secret EncodedJwk' }
    expect(await messageOf([vault, variables(withoutKey)])).toBe(
      'MaskinportenSettings:EncodedJwk is missing. Set it to the private JWK in base64, as Azure Key Vault secret EncodedJwk. Looked in: env, vault.',
    )
  })

  it('a source that does not look for the name is not offered', async () => {
    const vault = { ...fromObject({}, { name: 'vault' }), nameOf: () => undefined }
    expect(await messageOf([vault, variables(withoutId())])).toContain(
      'Set it to the id of the client in Samarbeidsportalen, as environment variable MaskinportenSettings__ClientId.',
    )
    expect(await messageOf([{ ...vault, ...file(withoutId(), 'vault'), nameOf: () => undefined }])).toBe(
      'MaskinportenSettings:ClientId is missing. Set it to the id of the client in Samarbeidsportalen. Looked in: vault.',
    )
  })

  it('a file that is not there is offered where no other source is', async () => {
    expect(await messageOf([absent('settings.json', '/app/settings.json')])).toContain(
      '- MaskinportenSettings:ClientId is missing. Set it to the id of the client in Samarbeidsportalen, as MaskinportenSettings:ClientId in settings.json.',
    )
  })

  it('a plain object: the property', async () => {
    await using maskinporten = createMaskinporten({ environment: 'test', encodedJwk: encoded(key.jwk) } as never)
    await expect(maskinporten.settings.get()).rejects.toMatchObject({
      message: 'the settings are wrong: clientId is missing. Set it to the id of the client in Samarbeidsportalen.',
    })
  })

  it.each(['EncodedJwk', 'JwkBase64', 'Jwk', 'Jwks'])('a blank %s is where the key was looked for', async (name) => {
    expect(await messageOf([variables({ ...withoutKey, [name]: '' })])).toBe(
      'MaskinportenSettings:EncodedJwk is missing: empty in env. Set it to the private JWK in base64, as environment variable MaskinportenSettings__EncodedJwk (on your own machine in .env, read by node --env-file=.env). Looked in: env.',
    )
  })

  it('blanks in several sources are named, the highest first', async () => {
    expect(await messageOf([file({ ...withoutId(), ClientId: ' ' }), variables({ ClientId: '' })])).toBe(
      'MaskinportenSettings:ClientId is missing: empty in env, appsettings.json. Set it to the id of the client in Samarbeidsportalen, as MaskinportenSettings:ClientId in appsettings.json. Looked in: env, appsettings.json.',
    )
  })
})

describe('a key that a store should have', () => {
  const vault = emptyVault('Key Vault my-kv', 'Azure Key Vault secret team-jwk')

  it('is created there', async () => {
    expect(await messageOf([variables(withoutKey), vault])).toBe(
      'MaskinportenSettings:EncodedJwk is missing: Key Vault my-kv has no secret team-jwk. Create that secret with the private JWK in base64. Looked in: Key Vault my-kv, env.',
    )
  })

  it('whose name is one word keeps it', async () => {
    expect(await messageOf([variables(withoutKey), emptyVault('the safe', 'team-jwk')])).toContain(
      'is missing: the safe has no team-jwk. Create that team-jwk with the private JWK in base64.',
    )
  })

  it('is not said to be absent where a blank stands in another source', async () => {
    expect(await messageOf([variables({ ...withoutKey, EncodedJwk: '' }), vault])).toBe(
      'MaskinportenSettings:EncodedJwk is missing: empty in env. Set it to the private JWK in base64, as Azure Key Vault secret team-jwk. Looked in: Key Vault my-kv, env.',
    )
  })

  it('but another setting is not created in a store', async () => {
    expect(await messageOf([variables(withoutId()), vault])).toContain(
      'MaskinportenSettings:ClientId is missing. Set it to the id of the client in Samarbeidsportalen, as environment variable MaskinportenSettings__ClientId.',
    )
  })

  it('that could not be asked is not offered, and says why it was not asked', async () => {
    expect(await messageOf([variables(withoutKey), silent('Key Vault')])).toBe(
      'MaskinportenSettings:EncodedJwk is missing. Set it to the private JWK in base64, as environment variable MaskinportenSettings__EncodedJwk (on your own machine in .env, read by node --env-file=.env). No vault is named. Set kvSetting:SecretUri. Looked in: env.',
    )
  })

  it('that warned, but gave something, was asked', async () => {
    const warning: ConfigSource = {
      name: 'vault',
      load: async (context) => {
        context.warn({ code: 'KV_SOME', key: 'x', message: 'Some secrets are disabled.' })
        return file(withoutKey, 'vault').load(context)
      },
    }
    expect(await messageOf([warning])).toBe(
      'MaskinportenSettings:EncodedJwk is missing. Set it to the private JWK in base64, as MaskinportenSettings:EncodedJwk in vault. Looked in: vault.',
    )
  })
})

describe('where we looked', () => {
  it('names a folder as a folder, and each place once', async () => {
    const sources = [
      variables(withoutEnvironment()),
      absent('secrets', '/run/secrets', '/etc/maskinporten.d'),
      absent('secrets again', '/run/secrets'),
    ]
    expect(await messageOf(sources)).toBe(
      'MaskinportenSettings:Environment is missing. Set it to "test" or "prod", as environment variable MaskinportenSettings__Environment. Looked in: /run/secrets (no such folder, which is fine), /etc/maskinporten.d (no such file, which is fine), env.',
    )
  })

  it('leaves out a source without a name, and one that could not be asked', async () => {
    expect(await messageOf([file({}, ''), variables(withoutEnvironment()), silent('Key Vault', 'Not asked.')])).toBe(
      'MaskinportenSettings:Environment is missing. Set it to "test" or "prod", as environment variable MaskinportenSettings__Environment. Not asked. Looked in: env.',
    )
  })

  it('is left out where nothing could be asked', async () => {
    expect(await messageOf([silent('Key Vault', 'Not asked.')])).toMatch(/\nNot asked\.$/)
  })
})

describe('a program in the wrong folder', () => {
  const nowhere = absent('appsettings.json', '/app/appsettings.json')
  const firstLineOf = async (...sources: readonly ConfigSource[]): Promise<string | undefined> =>
    (await messageOf(sources)).split('\n')[0]
  const cause = (place: string, name: string): string =>
    `no settings were found: there is no file ${place}, and no other source has settings. Start the program in the folder of ${name}, or set these:`

  it('is the cause where no source has a setting of ours', async () => {
    expect(await firstLineOf(nowhere, fromObject({ PATH: '/bin', HOME: '/' }, { name: 'env' }))).toBe(
      cause('/app/appsettings.json', 'appsettings.json'),
    )
    expect(await firstLineOf(absent('a', 'C:\\app\\my settings.json'))).toBe(
      cause('C:\\app\\my settings.json', 'my settings.json'),
    )
    expect(await firstLineOf(absent('a', 'settings.json'))).toBe(cause('settings.json', 'settings.json'))
    expect(await messageOf([nowhere])).toContain('Looked in: /app/appsettings.json (no such file).')
  })

  it.each(['/app/appsettings.Production.json', '/app/settings.json.bak', '/run/secrets', '/app/.json'])(
    'is not, where only %s is absent',
    async (place) => {
      expect(await firstLineOf(absent('a', place))).toBe('3 things are wrong with the settings:')
    },
  )

  it('is not, where one source has one setting', async () => {
    const env = fromObject({ PATH: '/bin', MASKINPORTEN_SCOPES: 'a:b' }, { name: 'env' })
    expect(await firstLineOf(nowhere, env, fromObject({ HOME: '/' }))).toBe('3 things are wrong with the settings:')
  })

  it('is said in one line, where one thing is missing for one cause', async () => {
    expect(await messageOf([nowhere, silent('Key Vault', 'Not asked.')])).toContain('no settings were found')
  })
})

describe('a placeholder', () => {
  it('in a required setting is replaced by what belongs there', async () => {
    expect(await messageOf([variables({ ...withoutId(), ClientId: '<client id>' })])).toBe(
      'MaskinportenSettings:ClientId (from env) still holds a placeholder text. Replace it with the id of the client in Samarbeidsportalen.',
    )
    expect(await messageOf([variables({ ...withoutEnvironment(), Authority: '<url>' })])).toBe(
      'MaskinportenSettings:Authority (from env) still holds a placeholder text. Replace it.',
    )
  })

  it('of a key in a variable or a store is replaced there', async () => {
    for (const source of [
      variables({ ...withoutKey, EncodedJwk: 'TODO: add' }),
      file({ ...withoutKey, Jwk: 'TODO: add' }, 'vault'),
    ])
      expect(await messageOf([source])).toMatch(
        /^MaskinportenSettings:(EncodedJwk|Jwk) \(from (env|vault)\) still holds a placeholder text\. Replace it with the private JWK in base64\.$/,
      )
  })

  it('tells why a source above gave nothing, and of no source below', async () => {
    const sources = [silent('low', 'Low was not asked.'), variables({ ...withoutId(), ClientId: '<client id>' })]
    expect(await messageOf(sources)).toBe(
      'MaskinportenSettings:ClientId (from env) still holds a placeholder text. Replace it with the id of the client in Samarbeidsportalen.',
    )
    expect(await messageOf([...sources, silent('high', 'High was not asked.')])).toBe(
      'MaskinportenSettings:ClientId (from env) still holds a placeholder text. Replace it with the id of the client in Samarbeidsportalen. High was not asked.',
    )
  })

  it('of a key in a file has two ways out where a store was not asked', async () => {
    expect(await messageOf([file({ ...withoutKey, JwkBase64: 'TODO: add' }), variables({}), silent('Key Vault')])).toBe(
      'MaskinportenSettings:JwkBase64 (from appsettings.json) still holds a placeholder text. Remove JwkBase64 from appsettings.json. Then do one of two things. (a) No vault is named. Set kvSetting:SecretUri. (b) Or without it: Set the environment variable MaskinportenSettings__JwkBase64 to the private JWK in base64 (on your own machine in .env, read by node --env-file=.env).',
    )
  })
})

describe('a key in a file that is checked in', () => {
  it.each(['appsettings.json', 'config/app.JSON', './appsettings.json'])('%s: is moved', async (name) => {
    expect(await messageOf([file({ ...withoutKey, EncodedJwk: 'kid-01' }, name)])).toContain(
      `Remove EncodedJwk from ${name} and set the environment variable MaskinportenSettings__EncodedJwk to the private JWK in base64. Then add fromEnv() last in settingsFrom([…]).`,
    )
  })

  it.each(['/run/settings.json', 'C:\\run\\settings.json', '\\\\host\\settings.json', 'app.json.enc', 'vault'])(
    '%s is not such a file',
    async (name) => {
      expect(await messageOf([file({ ...withoutKey, EncodedJwk: 'kid-01' }, name)])).toContain(
        'Set it to the private JWK in base64.',
      )
    },
  )

  it('as a tree is removed whole, and is one text elsewhere', async () => {
    for (const [name, tree] of [
      ['Jwk', { kty: 'EC', d: 'x' }],
      ['Jwks', { keys: [{ kty: 'EC', d: 'x' }] }],
    ] as const)
      expect(await messageOf([file({ ...withoutKey, [name]: tree }), variables({})])).toContain(
        `Remove ${name} from appsettings.json and set the environment variable MaskinportenSettings__EncodedJwk to its private half (on your own machine in .env, read by node --env-file=.env).`,
      )
  })

  it('goes to the highest source that answered, as that one writes the name', async () => {
    const bad = file({ ...withoutKey, EncodedJwk: 'kid-01' })
    expect(await messageOf([bad, fromObject({}, { name: 'mid' }), fromObject({}, { name: 'top' })])).toContain(
      'Remove EncodedJwk from appsettings.json and set MaskinportenSettings:EncodedJwk in top to the private JWK in base64.',
    )
    expect(await messageOf([bad, fromObject({}, { name: 'mid' }), absent('top', '/top')])).toContain(
      'and set MaskinportenSettings:EncodedJwk in mid to',
    )
  })

  it('and is named as the section is written', async () => {
    const settings = fromObject({ MASKINPORTENSETTINGS: { ...withoutKey, EncodedJwk: 'kid-01' } }, { name: 'a.json' })
    expect(await messageOf([settings])).toContain('Remove EncodedJwk from a.json and set')
    const nais = fromObject({ MASKINPORTEN_CLIENT_JWK: 'kid-01', MaskinportenSettings: withoutKey }, { name: 'a.json' })
    expect(await messageOf([nais])).toContain(
      'Remove MASKINPORTEN_CLIENT_JWK from a.json and set the environment variable MASKINPORTEN_CLIENT_JWK to',
    )
  })
})

describe('a Key Vault reference', () => {
  const Scope = '@Microsoft.KeyVault(SecretUri=https://x)'

  it('in a file, with variables of the environment above', async () => {
    expect(await messageOf([file({ ...withoutId(), ClientId: ID, Scope }), variables({})])).toBe(
      'MaskinportenSettings:Scope (from appsettings.json) is a Key Vault reference, which App Service does not resolve in a file. Remove Scope from appsettings.json and set MaskinportenSettings__Scope to the reference, under Environment variables of the app in the Azure portal.',
    )
  })

  it('in a file, without them: fromEnv is to be added', async () => {
    for (const above of [[], [fromObject({}, { name: 'vault' })], [{ ...fromObject({}), nameOf: () => 'a secret' }]])
      expect(await messageOf([file({ ...withoutId(), ClientId: ID, Scope }), ...above])).toMatch(
        /in the Azure portal\. Then add fromEnv\(\) last in settingsFrom\(\[…\]\)\.$/,
      )
  })
})

describe('a section of another name', () => {
  const in_ = (name: string, section: Tree, own: Tree = {}): ConfigSource =>
    fromObject({ MaskinportenSettings: own, [name]: section }, { name: 'appsettings.json' })

  it('is told of where Maskinporten is in its name', async () => {
    expect(await messageOf([in_('MyMaskinportenConfig', { ClientId: ID }, withoutId())])).toBe(
      "MaskinportenSettings:ClientId is missing, but it is set in the section MyMaskinportenConfig (appsettings.json). Rename that section to MaskinportenSettings, or call settingsFrom(sources, { section: 'MyMaskinportenConfig' }).",
    )
  })

  it.each(['EncodedJwk', 'JwkBase64', 'Jwk', 'Jwks'])('or %s is in it', async (name) => {
    expect(await messageOf([in_('Token', { ClientId: ID, [name]: 'x' }, withoutId())])).toContain(
      "set in the section Token (appsettings.json). Rename that section to MaskinportenSettings, or call settingsFrom(sources, { section: 'Token' }).",
    )
  })

  it('and not where it is of something else', async () => {
    expect(await messageOf([in_('AzureAd', { ClientId: ID, Secret: 'x' }, withoutId())])).toBe(
      'MaskinportenSettings:ClientId is missing. Set it to the id of the client in Samarbeidsportalen, as MaskinportenSettings:ClientId in appsettings.json. Looked in: appsettings.json.',
    )
  })

  it('at the top level is named by its source', async () => {
    expect(
      await messageOf([fromObject({ ClientId: ID, EncodedJwk: encoded(key.jwk), Environment: 'test' }, { name: 'a' })]),
    ).toBe(
      'MaskinportenSettings:EncodedJwk, MaskinportenSettings:ClientId and MaskinportenSettings:Environment are missing, but they are set at the top level of a. Put them inside { "MaskinportenSettings": { … } }.',
    )
  })

  it('in a section of a section is named whole', async () => {
    expect(
      await messageOf([
        fromObject({ App: { Maskinporten: { ClientId: ID } }, MaskinportenSettings: withoutId() }, { name: 'a' }),
      ]),
    ).toContain(
      "set in the section App:Maskinporten (a). Rename that section to MaskinportenSettings, or call settingsFrom(sources, { section: 'App:Maskinporten' }).",
    )
  })

  it('of a plain object is one level too deep', async () => {
    await using maskinporten = createMaskinporten({
      Maskinporten: { clientId: ID },
      environment: 'test',
      encodedJwk: encoded(key.jwk),
    } as never)
    await expect(maskinporten.settings.get()).rejects.toMatchObject({
      message:
        'the settings are wrong: clientId is missing, but it is set one level too deep. Pass config.Maskinporten, not config.',
    })
  })

  it('the names of NAIS are in no section', async () => {
    expect(
      await messageOf([
        fromObject({ MASKINPORTEN_ISSUER: ID, MASKINPORTEN_CLIENT_JWK: pem(key.key) }, { name: 'env' }),
      ]),
    ).not.toContain('top level')
  })
})
