/** Each message says the cause first, then the one thing to do, and last where it looked. */
import { createTokenEngine, createMaskinporten, fromObject, settingsFrom, settingsSchema } from '@maskinporten-kit/core'
import type { ConfigSource } from '@maskinporten-kit/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Tree, load, loadSection } from './load.ts'
import { type TestKey, encoded, pem, rsaKey } from './rsa-keys.ts'

const ID = '4f1c6f0a-3d2b-4a61-9f55-0d9f6f7f2c11'
const TEST = 'https://test.maskinporten.no/'
const PROD = 'https://maskinporten.no/'
const WELL_KNOWN = `${TEST}.well-known/oauth-authorization-server`
let key: TestKey
beforeAll(async () => {
  key = await rsaKey('k1')
})
const base = (fields: Tree = {}): Tree => ({
  Environment: 'test',
  ClientId: ID,
  EncodedJwk: encoded(key.jwk),
  ...fields,
})

/** A source over a tree that writes names as variables, as fromEnv does. */
const variables = (tree: Tree): ConfigSource => ({
  ...fromObject(tree, { name: 'env' }),
  nameOf: (path) => `environment variable ${path.replaceAll(':', '__')}`,
})
const nothingAt = (place: string): ConfigSource => ({
  name: 'appsettings.Production.json',
  load: async ({ absent }) => {
    absent?.(place)
    return new Map()
  },
})

async function messageOf(sources: readonly ConfigSource[], options: object = {}): Promise<string> {
  const settings = settingsFrom(sources, options)
  const error: unknown = await settings.get().catch((reason: unknown) => reason)
  await settings.close()
  return error instanceof Error ? error.message : 'nothing is wrong'
}

describe('a key is never sent to a file that is checked in', () => {
  const file = (fields: Tree, name = 'appsettings.json'): ConfigSource =>
    fromObject({ MaskinportenSettings: { Environment: 'test', ClientId: ID, ...fields } }, { name })
  const SET = 'set the environment variable MaskinportenSettings__EncodedJwk to'
  const ADD = 'Then add fromEnv() last in settingsFrom([…]).'
  const AS_VARIABLE =
    'as environment variable MaskinportenSettings__EncodedJwk (on your own machine in .env, read by node --env-file=.env)'

  it.each<[string, readonly ConfigSource[], string]>([
    [
      'a placeholder in the only file',
      [file({ EncodedJwk: 'TODO: add' })],
      `MaskinportenSettings:EncodedJwk (from appsettings.json) still holds a placeholder text. Remove EncodedJwk from appsettings.json and ${SET} the private JWK in base64. ${ADD}`,
    ],
    [
      'a placeholder in a file, with the environment above it',
      [file({ EncodedJwk: 'TODO: add' }), variables({})],
      `MaskinportenSettings:EncodedJwk (from appsettings.json) still holds a placeholder text. Remove EncodedJwk from appsettings.json and ${SET} the private JWK in base64 (on your own machine in .env, read by node --env-file=.env).`,
    ],
    [
      'no key, with the environment beside the file',
      [file({}), variables({})],
      `MaskinportenSettings:EncodedJwk is missing. Set it to the private JWK in base64, ${AS_VARIABLE}. Looked in: env, appsettings.json.`,
    ],
    [
      'no key, and only the file',
      [file({})],
      `MaskinportenSettings:EncodedJwk is missing. appsettings.json is usually checked in, so ${SET} the private JWK in base64. ${ADD} Looked in: appsettings.json.`,
    ],
    [
      'a file that is mounted, which is not checked in',
      [file({}, '/run/secrets/maskinporten-settings.json')],
      'MaskinportenSettings:EncodedJwk is missing. Set it to the private JWK in base64, as MaskinportenSettings:EncodedJwk in /run/secrets/maskinporten-settings.json. Looked in: /run/secrets/maskinporten-settings.json.',
    ],
  ])('%s', async (_, sources, says) => {
    expect(await messageOf(sources)).toBe(`the settings are wrong: ${says}`)
  })

  const bad: readonly (readonly [string, () => string, string])[] = [
    ['4 characters', () => '1234', 'has only 4 characters; a private JWK has over 1000. Remove'],
    [
      'an id',
      () => ID,
      'has only 36 characters; a private JWK has over 1000. It may be the kid or the client id. Remove',
    ],
    ['no JWK', () => '{}', 'is JSON but has no "kty", so it is not a JWK. Remove'],
    ['the path of a file', () => './jwk.json', 'the content of that file in base64'],
    ['a JWT', () => 'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.abc', 'not a JWK. Remove'],
    [
      'an EC key',
      () => JSON.stringify({ kty: 'EC', d: 'x' }),
      'register its public half on the client in Samarbeidsportalen',
    ],
    [
      'the public half',
      () => JSON.stringify({ kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'k' }),
      'the private JWK of the same pair in base64',
    ],
    ['half of a key', () => encoded(key.jwk).slice(0, 900), 'it was cut short. Remove'],
    [
      'a key with a password',
      () => '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----',
      'the text of plain.pem',
    ],
  ]
  it.each(bad)('a bad key there is moved out: %s', async (_, text, says) => {
    const alone = await messageOf([file({ EncodedJwk: text() })])
    expect(alone).toContain(says)
    expect(alone).toContain(`Remove EncodedJwk from appsettings.json and ${SET} `)
    expect(alone).toContain(ADD)
    expect(alone).not.toContain('Set it to')
    const beside = await messageOf([file({ EncodedJwk: text() }), variables({})])
    expect(beside).toContain(`Remove EncodedJwk from appsettings.json and ${SET} `)
    expect(beside).not.toContain('fromEnv()')
  })

  it.each(bad)('and the same key in a variable stays there: %s', async (_, text) => {
    const message = await messageOf([file({}), variables({ MaskinportenSettings: { EncodedJwk: text() } })])
    expect(message).toContain(' Set it to ')
    expect(message).not.toContain('Remove')
  })

  it('a Key Vault reference, which App Service resolves in its own settings only', async () => {
    const reference = { EncodedJwk: '@Microsoft.KeyVault(SecretUri=https://x)' }
    const moved =
      'is a Key Vault reference, which App Service does not resolve in a file. Remove EncodedJwk from appsettings.json and set MaskinportenSettings__EncodedJwk to the reference, under Environment variables of the app in the Azure portal.'
    expect(await messageOf([file(reference)])).toContain(`${moved} ${ADD}`)
    expect(await messageOf([file(reference), variables({})])).toMatch(/in the Azure portal\.$/)
    expect(await messageOf([file({}), variables({ MaskinportenSettings: reference })])).toContain(
      'is a Key Vault reference that the host did not resolve. Look at its status under Environment variables of the app in the Azure portal, and give the identity of the app access to the secret.',
    )
  })

  it('a certificate is one fault, and not a missing key besides', async () => {
    const message = await messageOf([file({ EncodedX509: 'MIIKZAIBAzCCCiAGCSqGSIb3' }), variables({})])
    expect(message).toBe(
      `the settings are wrong: MaskinportenSettings:EncodedX509 (from appsettings.json) is a PKCS#12 certificate, which this library does not read. Save the value as value.txt outside the project, and convert it (openssl base64 -d -A -in value.txt -out store.p12 && openssl pkcs12 -in store.p12 -nodes -out chain.pem && openssl base64 -A -in chain.pem -out key.txt). Remove EncodedX509 from appsettings.json and ${SET} the line in key.txt (on your own machine in .env, read by node --env-file=.env). Then delete the four files. No Kid is needed.`,
    )
    const variable = await messageOf([file({}), variables({ MaskinportenSettings: { EncodedX509: 'MIIKZAIB' } })])
    expect(variable).toContain(
      'Delete EncodedX509, and set EncodedJwk to the line in key.txt. Then delete the four files. No Kid is needed.',
    )
  })

  it('but a client id may stand there', async () => {
    const { error } = await loadSection({ ...base(), ClientId: '<client id>' })
    expect(error?.message).toBe(
      'the settings are wrong: MaskinportenSettings:ClientId (from appsettings.json) still holds a placeholder text. Replace it with the id of the client in Samarbeidsportalen.',
    )
  })

  it('a plain object: from outside the code', async () => {
    const { issues } = await settingsSchema['~standard'].validate({
      environment: 'test',
      clientId: ID,
      encodedJwk: 'TODO: add',
    })
    expect(issues?.[0]?.message).toBe(
      'encodedJwk still holds a placeholder text. Set it to the private JWK in base64, which is best kept outside the code, such as in process.env.',
    )
  })
})

describe('cause and way out come first, the search last', () => {
  it('a file that may be absent is told of at the end, and is said to be fine', async () => {
    const sources = [
      fromObject(
        { MaskinportenSettings: { ClientId: ID, EncodedJwk: encoded(key.jwk) } },
        { name: 'appsettings.json' },
      ),
      nothingAt('/app/appsettings.Production.json'),
    ]
    expect(await messageOf(sources)).toBe(
      'the settings are wrong: MaskinportenSettings:Environment is missing. Set it to "test" or "prod", as MaskinportenSettings:Environment in appsettings.json. Looked in: /app/appsettings.Production.json (no such file, which is fine), appsettings.json.',
    )
  })

  it('a file that is the only source is not fine', async () => {
    expect(await messageOf([nothingAt('/app/appsettings.Production.json')])).toContain(
      'Looked in: /app/appsettings.Production.json (no such file).',
    )
  })

  it('a wrong folder is the cause of all that is missing', async () => {
    const nowhere = { ...nothingAt('/app/appsettings.json'), name: 'appsettings.json' }
    const message = await messageOf([nowhere, variables({})])
    expect(message.split('\n')[0]).toBe(
      'no settings were found: there is no file /app/appsettings.json, and no other source has settings. Start the program in the folder of appsettings.json, or set these:',
    )
    const found = await messageOf([nowhere, variables({ MaskinportenSettings: { ClientId: ID } })])
    expect(found.split('\n')[0]).toBe('2 things are wrong with the settings:')
  })

  it('a key that a store was asked for in vain is made there', async () => {
    const vault: ConfigSource = {
      name: 'Key Vault my-kv',
      nameOf: (path) => (path.endsWith('Environment') ? undefined : 'Azure Key Vault secret team-jwk'),
      load: async ({ warn, section }) => {
        warn({ code: 'KV_EMPTY', key: section, message: 'Key Vault my-kv has none of the secrets a, b.' })
        return new Map()
      },
    }
    expect(await messageOf([variables({ MaskinportenSettings: base({ EncodedJwk: undefined }) }), vault])).toBe(
      'the settings are wrong: MaskinportenSettings:EncodedJwk is missing: Key Vault my-kv has no secret team-jwk. Create that secret with the private JWK in base64. Looked in: Key Vault my-kv, env.',
    )
  })

  it('the hint of several lines names what is set, as each source writes it', async () => {
    const hintOf = async (sources: readonly ConfigSource[]): Promise<unknown> => {
      const settings = settingsFrom(sources)
      const error: unknown = await settings.get().catch((reason: unknown) => reason)
      await settings.close()
      return Reflect.get(new Object(error), 'hint')
    }
    const set = (name: string): string => `set the environment variable MaskinportenSettings__${name}`
    const all = `${set('EncodedJwk')}, ${set('ClientId')} and ${set('Environment')}`
    expect(await hintOf([variables({})])).toBe(`To do: ${all}.`)
    const nowhere = { ...nothingAt('/app/appsettings.json'), name: 'appsettings.json' }
    expect(await hintOf([nowhere, variables({})])).toBe(
      `Start the program in the folder of appsettings.json, or ${all}.`,
    )
    const file = fromObject({ Logging: { Level: 'x' } }, { name: 'appsettings.json' })
    const inFile = 'set MaskinportenSettings:ClientId in appsettings.json'
    expect(await hintOf([file])).toContain(`To do: ${set('EncodedJwk')}, ${inFile}`)
    const vault: ConfigSource = {
      name: 'Key Vault my-kv',
      nameOf: (path) => (path.endsWith('Environment') ? undefined : `Azure Key Vault secret ${path.split(':')[1]}`),
      load: async ({ warn, section }) => {
        warn({ code: 'KV_EMPTY', key: section, message: 'Key Vault my-kv has none of the secrets a, b.' })
        return new Map()
      },
    }
    expect(await hintOf([file, variables({}), vault])).toContain(
      `To do: create the Azure Key Vault secret EncodedJwk, ${inFile}`,
    )
  })

  it('a placeholder below a vault that nobody named has two ways out, as a list', async () => {
    const unnamed: ConfigSource = {
      name: 'Key Vault',
      load: async ({ warn }) => {
        warn({
          code: 'KV_INACTIVE',
          key: 'kvSetting:SecretUri',
          message: 'No vault is named. Set kvSetting:SecretUri.',
        })
        return new Map()
      },
    }
    const file = fromObject({ MaskinportenSettings: base({ EncodedJwk: 'TODO: add' }) }, { name: 'appsettings.json' })
    expect(await messageOf([file, unnamed])).toContain(
      'still holds a placeholder text. Remove EncodedJwk from appsettings.json. Then do one of two things. (a) No vault is named. Set kvSetting:SecretUri. Put the key there. (b) Or without it: Set the environment variable MaskinportenSettings__EncodedJwk to the private JWK in base64. Then add fromEnv() last in settingsFrom([…]).',
    )
  })

  it('two client ids in two sources are both shown, and the kid tells which is right', async () => {
    const other = '995e82b9-871b-4dd6-8e8c-04d128158382'
    const env = variables({ MaskinportenSettings: base() })
    const above = (id: string): ConfigSource =>
      fromObject({ MaskinportenSettings: { ClientId: id } }, { name: 'config' })
    expect(await messageOf([env, above(other)])).toBe(
      `the settings are wrong: MaskinportenSettings:ClientId (from config) is "${other}", but MaskinportenSettings:ClientId in env is "${ID}". The signing key is in env. In Samarbeidsportalen, see which of the two clients lists the kid k1. Keep that client id, and delete the other from your settings. If neither does, register the public half of the key on one of them.`,
    )
    expect(await messageOf([env, above('sdF8Q~aVeryLongEntraSecret0123456789')])).not.toContain('sdF8Q')
  })

  it('two client ids are told by their places', async () => {
    const fields = { MaskinportenSettings: base(), MASKINPORTEN_CLIENT_ID: 'other' }
    expect(await messageOf([variables(fields)])).toContain(
      'MaskinportenSettings:ClientId is set twice with different values: in env and in env (MASKINPORTEN_CLIENT_ID). Delete one of them.',
    )
  })

  it('properties at the wrong level', async () => {
    expect(await messageOf([fromObject(base(), { name: 'config' })])).toContain(
      'are missing, but they are set at the top level of config. Put them inside { "MaskinportenSettings": { … } }.',
    )
    await using maskinporten = createMaskinporten({ MaskinportenSettings: base() } as never)
    await expect(maskinporten.settings.get()).rejects.toMatchObject({
      message: expect.stringContaining('one level too deep. Pass config.MaskinportenSettings, not config.'),
    })
  })

  it('what several lines have in common is said once', async () => {
    const message = await messageOf([variables({}), nothingAt('/app/appsettings.Production.json')])
    expect(message.split('\n')).toEqual([
      '3 things are wrong with the settings:',
      '- MaskinportenSettings:EncodedJwk is missing. Set it to the private JWK in base64, as environment variable MaskinportenSettings__EncodedJwk (on your own machine in .env, read by node --env-file=.env).',
      '- MaskinportenSettings:ClientId is missing. Set it to the id of the client in Samarbeidsportalen, as environment variable MaskinportenSettings__ClientId.',
      '- MaskinportenSettings:Environment is missing. Set it to "test" or "prod", as environment variable MaskinportenSettings__Environment.',
      'Looked in: /app/appsettings.Production.json (no such file, which is fine), env.',
    ])
  })

  it('a section of another name is one cause for all its settings, and the option is shown in its call', async () => {
    const { error, codes } = await load({ 'appsettings.json': { Maskinporten: base() } })
    expect(codes).toEqual(['CONFIG_MISSING', 'CONFIG_MISSING', 'CONFIG_MISSING'])
    expect(error?.message).toBe(
      "the settings are wrong: MaskinportenSettings:EncodedJwk, MaskinportenSettings:ClientId and MaskinportenSettings:Environment are missing, but they are set in the section Maskinporten (appsettings.json). Rename that section to MaskinportenSettings, or call settingsFrom(sources, { section: 'Maskinporten' }).",
    )
    expect(error?.hint).toBe(error?.message.replace('the settings are wrong: ', ''))
  })

  it('one setting there stays in the singular', async () => {
    const { error } = await load({
      'appsettings.json': { MaskinportenSettings: base({ ClientId: undefined }), Maskinporten: { ClientId: ID } },
    })
    expect(error?.message).toContain(
      'MaskinportenSettings:ClientId is missing, but it is set in the section Maskinporten (appsettings.json).',
    )
  })

  it('a list without a source', async () => {
    const settings = settingsFrom([])
    await expect(settings.get()).rejects.toMatchObject({
      message:
        'the settings are wrong: MaskinportenSettings:EncodedJwk, MaskinportenSettings:ClientId and MaskinportenSettings:Environment are missing, because there is no source to read settings from. Give settingsFrom at least one, such as settingsFrom([fromAppSettings(), fromEnv()]).',
      hint: expect.stringContaining('settingsFrom([fromAppSettings(), fromEnv()])'),
    })
  })
})

describe('a variable of another name', () => {
  const nais = (fields: Tree): readonly ConfigSource[] => [
    variables({ MASKINPORTEN_CLIENT_ID: ID, MASKINPORTEN_WELL_KNOWN_URL: WELL_KNOWN, ...fields }),
  ]

  it('replaces the general way out by one rename', async () => {
    const jwk = encoded(key.jwk)
    const fields = { MASKINPORTEN_ENV: 'test', MASKINPORTEN_CLIENT_JWK: jwk, MASKINPORTEN_WELL_KNOWN_URL: undefined }
    expect(await messageOf(nais(fields))).toBe(
      'the settings are wrong: MASKINPORTEN_WELL_KNOWN_URL is missing. MASKINPORTEN_ENV is not a name that this library reads. Rename MASKINPORTEN_ENV to MaskinportenSettings__Environment, and set it to "test" or "prod". Looked in: env.',
    )
  })

  it.each<[string, () => Tree, string]>([
    [
      'PEM, which has no kid',
      () => ({ MASKINPORTEN_PRIVATE_KEY: pem(key.key) }),
      'MASKINPORTEN_PRIVATE_KEY is not a name that this library reads. Rename MASKINPORTEN_PRIVATE_KEY to MASKINPORTEN_CLIENT_JWK. Its value is a PEM key, which is accepted but carries no key id. Set also MaskinportenSettings__Kid to the kid shown in Samarbeidsportalen, beside this key on the client.',
    ],
    [
      'PEM, beside a kid under another name',
      () => ({ MASKINPORTEN_PRIVATE_KEY: pem(key.key), MASKINPORTEN_KEY_ID: 'k1' }),
      'Its value is a PEM key, which is accepted but carries no key id. Rename also MASKINPORTEN_KEY_ID to MaskinportenSettings__Kid.',
    ],
    [
      'a JWK',
      () => ({ MASKINPORTEN_PRIVATE_KEY: encoded(key.jwk) }),
      'MASKINPORTEN_PRIVATE_KEY is not a name that this library reads. Rename MASKINPORTEN_PRIVATE_KEY to MASKINPORTEN_CLIENT_JWK. Looked in',
    ],
    [
      'a path',
      () => ({ MASKINPORTEN_KEY_FILE: '/secrets/key.pem' }),
      'MASKINPORTEN_KEY_FILE is not a name that this library reads. Rename MASKINPORTEN_KEY_FILE to MASKINPORTEN_CLIENT_JWK. Its value is the path of a file, not a key. Set it to the content of that file in base64 (as it is, if the file holds base64 already).',
    ],
    [
      'a placeholder',
      () => ({ MASKINPORTEN_JWK: 'changeme' }),
      'Rename MASKINPORTEN_JWK to MASKINPORTEN_CLIENT_JWK. Its value still holds a placeholder text.',
    ],
  ])('that holds %s gets the advice that fits', async (_, fields, says) => {
    const message = await messageOf(nais(fields()))
    expect(message).toContain('MASKINPORTEN_CLIENT_JWK is missing. MASKINPORTEN_')
    expect(message).toContain(says)
  })

  it.each([
    ['MASKINPORTEN_URL', 'test', 'MaskinportenSettings__Environment, and set it to "test" or "prod".'],
    ['MASKINPORTEN_ENV', TEST, 'MASKINPORTEN_ISSUER.'],
    ['MASKINPORTEN_AUTHORITY', WELL_KNOWN, 'MASKINPORTEN_WELL_KNOWN_URL.'],
  ])('%s, which holds %s', async (name, value, says) => {
    const fields = { MASKINPORTEN_CLIENT_JWK: encoded(key.jwk), MASKINPORTEN_WELL_KNOWN_URL: undefined, [name]: value }
    expect(await messageOf(nais(fields))).toContain(
      `${name} is not a name that this library reads. Rename ${name} to ${says}`,
    )
  })

  it('that says another environment than the setting that counts is warned of, with both names and one way out', async () => {
    const fields = {
      MASKINPORTEN_CLIENT_ID: ID,
      MASKINPORTEN_CLIENT_JWK: encoded(key.jwk),
      MASKINPORTEN_WELL_KNOWN_URL: WELL_KNOWN,
    }
    const { warnings, settings } = await load({ env: { ...fields, MASKINPORTEN_ENV: 'prod' } })
    expect(settings?.authority).toBe(TEST)
    expect(warnings.map(({ message }) => message)).toContain(
      `MASKINPORTEN_ENV is "prod", but this library does not read that name. The environment comes from MASKINPORTEN_WELL_KNOWN_URL (env), whose issuer is ${TEST}. Delete MASKINPORTEN_ENV, and correct MASKINPORTEN_WELL_KNOWN_URL if it is wrong.`,
    )
    const same = await load({ env: { ...fields, MASKINPORTEN_ENV: 'test' } })
    expect(same.warnings.filter(({ key: name }) => name === 'MASKINPORTEN_ENV')).toEqual([])
  })
})

describe('two environments', () => {
  it.each<[Tree, string]>([
    [
      { AssertionAudience: PROD },
      `AssertionAudience is "${PROD}", but the token is requested from ${TEST}. Delete AssertionAudience: the default fits the issuer. If the issuer is wrong, correct that instead.`,
    ],
    [
      { TokenExchangeEnvironment: 'prod' },
      `TokenExchangeEnvironment says "prod" but the issuer is ${TEST}. Delete TokenExchangeEnvironment: without it, the Altinn that fits the issuer is used. If the issuer is wrong, correct that instead.`,
    ],
    [
      { Authority: PROD },
      `Environment says "test" (appsettings.json) but MaskinportenSettings:Authority is "${PROD}" (appsettings.json). Delete the one that is wrong.`,
    ],
    [
      { MASKINPORTEN_TOKEN_ENDPOINT: 'https://elsewhere.example.no/token' },
      `MASKINPORTEN_TOKEN_ENDPOINT is "https://elsewhere.example.no/token", which is another server than the issuer ${TEST}. If that server is a gateway of yours, set MaskinportenSettings:TokenEndpoint to its address. In either case delete MASKINPORTEN_TOKEN_ENDPOINT.`,
    ],
  ])('%j: plain words and one way out', async (fields, says) => {
    const { MASKINPORTEN_TOKEN_ENDPOINT: endpoint, ...section } = fields
    const tree = { MaskinportenSettings: base(section), MASKINPORTEN_TOKEN_ENDPOINT: endpoint }
    expect((await load({ 'appsettings.json': tree })).problems[0]?.message).toContain(says)
  })
})

describe('a user name in an address is named', () => {
  it.each([
    'Authority',
    'TokenEndpoint',
    'TokenExchangeEndpoint',
    'TokenExchangeEnvironment',
    'MASKINPORTEN_ISSUER',
    'MASKINPORTEN_TOKEN_ENDPOINT',
  ])('%s', async (name) => {
    const fields = { ...base({ Environment: name === 'Authority' ? undefined : 'test' }) }
    const url = `https://app:Sommer2026@test.maskinporten.no/`
    const tree = name.startsWith('MASKIN')
      ? {
          MaskinportenSettings: { ...fields, Environment: undefined },
          MASKINPORTEN_WELL_KNOWN_URL: name === 'MASKINPORTEN_ISSUER' ? undefined : WELL_KNOWN,
          [name]: url,
        }
      : { MaskinportenSettings: { ...fields, [name]: url } }
    const { error, problems } = await load({ env: tree })
    expect(problems[0]?.message).toContain(`${name} has a user name or password in it.`)
    expect(error?.message).not.toContain('Sommer2026')
  })
})

describe('a signer that is not one', () => {
  it.each<[unknown, string]>([
    ['x', 'signer is a string. Give an object with alg, kid and the function sign.'],
    [5, 'signer is a number. Give an object with alg, kid and the function sign.'],
    [null, 'signer is null. Give an object with alg, kid and the function sign.'],
    [{ alg: 'RS256', kid: 'k' }, 'signer has no function sign. Give one that resolves to the signature, a Uint8Array.'],
    [{ load: async () => 'x' }, 'signer loads a string instead of a list of signers. Let load() resolve to a list.'],
    [{ load: async () => [null] }, 'signer is null. Give an object with alg, kid and the function sign.'],
    [{ load: 5 }, 'signer has a load that is not a function.'],
  ])('%j', async (signer, says) => {
    const fields = { environment: 'test', clientId: ID }
    const tree = { MaskinportenSettings: { Environment: 'test', ClientId: ID } }
    expect(await messageOf([fromObject(tree)], { signer })).toContain(says)
    await using maskinporten = createMaskinporten({ ...fields, signer } as never)
    await expect(maskinporten.settings.get()).rejects.toMatchObject({
      code: 'settings_invalid',
      message: expect.stringContaining(says),
    })
  })
})

describe('options of plain JavaScript get sentences', () => {
  it.each<[string, () => unknown, string]>([
    [
      'createTokenEngine()',
      () => createTokenEngine(undefined as never),
      'createTokenEngine is for a token service of your own and needs { fetchToken }; it got undefined. For Maskinporten use createMaskinporten(settingsFrom([fromEnv()]))',
    ],
    ['createTokenEngine(null)', () => createTokenEngine(null as never), 'it got null'],
    ['createMaskinporten(null)', () => createMaskinporten(null as never), 'it got null'],
    [
      'createMaskinporten({}, null)',
      () => createMaskinporten({} as never, null as never),
      'the options of createMaskinporten are null; give an object, or leave them out',
    ],
    [
      'settingsFrom([], 5)',
      () => settingsFrom([], 5 as never),
      'the options of settingsFrom are a number; give an object, or leave them out',
    ],
    [
      'settingsFrom([], { section: 5 })',
      () => settingsFrom([], { section: 5 } as never),
      'the section of settingsFrom is a number; give its name as text, such as MaskinportenSettings',
    ],
    [
      "settingsFrom([], { section: '' })",
      () => settingsFrom([], { section: '' }),
      'the section of settingsFrom is empty; give its name as text, such as MaskinportenSettings',
    ],
    ['fromObject()', () => fromObject(undefined as never), 'fromObject takes an object of settings; it got undefined'],
    ['fromObject([])', () => fromObject('x' as never), 'it got a string'],
  ])('%s', (_, call, says) => {
    expect(call).toThrow(TypeError)
    expect(call).toThrow(says)
  })
})

it('the original’s spelling is said to be meant', async () => {
  const { warnings } = await loadSection(base({ UseAltinnTestOrg: 'true' }))
  expect(warnings[0]?.message).toContain(
    "is off. If the API that you call is not one of Altinn's, delete UseAltinnTestOrg. If it is, set ExhangeToAltinnToken (spelt as in the .NET client) to true, or give kind: 'altinn' with each call.",
  )
})

it('an OpenSSH key is converted in a copy', async () => {
  const { error } = await loadSection(base({ EncodedJwk: '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXkt' }))
  expect(error?.message).toContain(
    "is an OpenSSH key, which this library does not read. Convert a copy of its file (cp FILE key.pem && ssh-keygen -p -m PEM -N '' -f key.pem). Remove EncodedJwk from appsettings.json and",
  )
})

describe('the error of a key carries no word of how well it was read', () => {
  it.each<[string, () => string, string]>([
    [
      'JSON without a key',
      () => '{}',
      'is JSON but has no "kty", so it is not a JWK. Remove EncodedJwk from appsettings.json and set the environment variable MaskinportenSettings__EncodedJwk to the private JWK in base64. Then add fromEnv() last in settingsFrom([…]).',
    ],
    [
      'a set with two keys',
      () => JSON.stringify({ keys: [key.jwk, { ...key.jwk, kid: 'k2' }] }),
      'is a key set (JWKS) with 2 private keys; one must be chosen. Set MaskinportenSettings:Kid to the kid of the one that signs; it must be registered on the client in Samarbeidsportalen.',
    ],
  ])('%s', async (_, text, says) => {
    const { error } = await loadSection(base({ EncodedJwk: text() }))
    expect(error?.message).toBe(
      `the settings are wrong: MaskinportenSettings:EncodedJwk (from appsettings.json) ${says}`,
    )
  })

  it('but quotes around it are told of', async () => {
    const { error } = await loadSection(base({ EncodedJwk: `'{"kty":"EC"}'` }))
    expect(error?.message).toContain('has quotes around the key or in it')
  })
})

it('a token of three parts is a JWT, however short its last part is', async () => {
  const { codes } = await loadSection(base({ EncodedJwk: 'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.abc' }))
  expect(codes).toEqual(['KEY_IS_JWT'])
})
