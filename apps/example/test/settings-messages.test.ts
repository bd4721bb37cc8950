/** Messages name what the call had: its sources, and how each of them writes a name. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { fromEnv } from '@maskinporten-kit/config-env'
import { fromAppSettings, fromDirectory } from '@maskinporten-kit/config-json'
import {
  type ConfigSource,
  type SettingsInput,
  createMaskinporten,
  fromObject,
  isMaskinportenError,
  settingsFrom,
} from '@maskinporten-kit/core'
import { SecretClient } from '@azure/keyvault-secrets'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let emulator: Emulator
let client: EmulatedClient
let folder: string
let jwk: string
beforeAll(async () => {
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: ['a:b'] })
  jwk = client.settings.encodedJwk ?? expect.unreachable()
  folder = mkdtempSync(join(tmpdir(), 'messages-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await emulator.close()
})

type Values = Readonly<Record<string, string>>

const env = (values: Values, options: object = {}): ConfigSource => fromEnv({ env: values, ...options })
const file = (tree: object): ConfigSource => {
  const directory = mkdtempSync(join(folder, 'app-'))
  writeFileSync(join(directory, 'appsettings.json'), JSON.stringify(tree))
  return fromAppSettings({ directory, env: {}, environment: 'Development' })
}
const noFile = (): ConfigSource => fromAppSettings({ directory: join(folder, 'nothing'), env: {} })
const vault = (names?: Values): ConfigSource =>
  fromAzureKeyVault({
    client: new SecretClient(
      'https://my-kv.vault.azure.net',
      emulator.keyVault.credential,
      emulator.keyVault.clientOptions,
    ),
    names,
  })

async function problemsOf(sources: readonly ConfigSource[], section?: string): Promise<string> {
  const settings = settingsFrom(sources, { section })
  const error: unknown = await settings.get().catch((reason: unknown) => reason)
  await settings.close()
  if (!isMaskinportenError(error)) throw new Error('was not refused with an error of ours')
  return error.message
}

const section = (fields: object): object => ({ MaskinportenSettings: fields })
const ID = 'oidc_a'
const WELL_KNOWN = 'https://test.maskinporten.no/.well-known/oauth-authorization-server'
const ENV = { MaskinportenSettings__Environment: 'test', MaskinportenSettings__ClientId: ID }

describe('a message has what the call had, and nothing else', () => {
  it.each<[string, () => readonly ConfigSource[], readonly string[], readonly string[], string?]>([
    [
      'env alone: no Environment',
      () => [env({ MaskinportenSettings__ClientId: ID, MaskinportenSettings__EncodedJwk: jwk })],
      [
        'Environment is missing. Set it to "test" or "prod", as',
        'Looked in: env.',
        'environment variable MaskinportenSettings__Environment',
      ],
      ['Key Vault', 'appsettings', '--'],
    ],
    [
      'env with names of its own: no key',
      () => [env(ENV, { names: { EncodedJwk: 'MY_KEY' } })],
      ['environment variable MY_KEY'],
      ['__EncodedJwk', 'Key Vault', 'MASKINPORTEN_CLIENT_JWK'],
    ],
    [
      'env with a prefix: no key',
      () => [
        env(
          { APP_MaskinportenSettings__Environment: 'test', APP_MaskinportenSettings__ClientId: ID },
          { prefix: 'APP_' },
        ),
      ],
      ['environment variable APP_MaskinportenSettings__EncodedJwk'],
      ['Key Vault'],
    ],
    [
      'NAIS without its key',
      () => [env({ MASKINPORTEN_CLIENT_ID: ID, MASKINPORTEN_WELL_KNOWN_URL: WELL_KNOWN })],
      ['MASKINPORTEN_CLIENT_JWK is missing', 'environment variable MASKINPORTEN_CLIENT_JWK'],
      ['MaskinportenSettings', 'Key Vault'],
    ],
    [
      'NAIS without its address',
      () => [env({ MASKINPORTEN_CLIENT_ID: ID, MASKINPORTEN_CLIENT_JWK: '{}' })],
      ['MASKINPORTEN_WELL_KNOWN_URL is missing', WELL_KNOWN],
      ['MaskinportenSettings', 'Key Vault'],
    ],
    [
      'the vault asks for four names, and Environment is not one',
      () => [env({}), vault()],
      ['environment variable MaskinportenSettings__Environment'],
      ['MaskinportenSettings--Environment'],
    ],
    [
      'the vault with names of its own, and other secrets in it',
      () => {
        emulator.keyVault.setSecret('MaskinportenSettings--ClientId', ID)
        return [env({ MaskinportenSettings__Environment: 'test' }), vault({ EncodedJwk: 'team-jwk' })]
      },
      ['Looked in: Key Vault my-kv', 'Key Vault secret team-jwk'],
      ['MaskinportenSettings--EncodedJwk'],
    ],
    [
      'no vault is named: it was not asked',
      () => [env(ENV), fromAzureKeyVault()],
      [
        'Key Vault (the store of secrets in Azure) is not used, because no vault is named',
        'kvSetting:SecretUri',
        'variable MaskinportenSettings__EncodedJwk',
      ],
      ['Looked in: Key Vault', 'Key Vault secret'],
    ],
    [
      'a placeholder in the file, and no vault is named',
      () => [file(section({ Environment: 'test', ClientId: ID, EncodedJwk: 'TODO: add' })), fromAzureKeyVault()],
      ['still holds a placeholder text', 'no vault is named', 'Then add fromEnv()'],
      ['Key Vault secret'],
    ],
    [
      'a placeholder in the file, and no other source',
      () => [file(section({ Environment: 'test', ClientId: ID, EncodedJwk: 'TODO: add' }))],
      [
        'still holds a placeholder text. Remove EncodedJwk from appsettings.json and set the environment variable',
        'add fromEnv()',
      ],
      ['Key Vault', 'or set'],
    ],
    [
      'a placeholder in the file, and env above it',
      () => [file(section({ Environment: 'test', ClientId: ID, EncodedJwk: 'TODO: add' })), env({})],
      [
        'Remove EncodedJwk from appsettings.json and set the environment variable MaskinportenSettings__EncodedJwk to the private JWK',
      ],
      ['Key Vault'],
    ],
    [
      'there is no file: where it looked',
      () => [noFile(), env(ENV)],
      [`${join('nothing', 'appsettings.json')} (no such file, which is fine)`, 'Looked in: '],
      ['Key Vault', 'in appsettings.json'],
    ],
    [
      'a file, without the environment’s own',
      () => [file(section({ Environment: 'test', ClientId: ID }))],
      [
        'appsettings.json is usually checked in, so set the environment variable MaskinportenSettings__EncodedJwk',
        'appsettings.Development.json (no such file, which is fine), appsettings',
      ],
      ['Key Vault', 'EncodedJwk in appsettings.json'],
    ],
    [
      'a folder of files',
      () => [fromDirectory(folder), env(ENV)],
      ['as file ', '/EncodedJwk.'],
      ['Key Vault', 'environment variable MaskinportenSettings__EncodedJwk'],
    ],
    [
      'a section called Maskinporten',
      () => [file({ Maskinporten: { Environment: 'test', ClientId: ID, EncodedJwk: 'x' } })],
      [
        'are missing, but they are set in the section Maskinporten (appsettings.json). Rename that section',
        "or call settingsFrom(sources, { section: 'Maskinporten' })",
      ],
      ['Set it', 'Key Vault'],
    ],
    [
      'a section inside another',
      () => [file({ Altinn: { MaskinportenSettings: { ClientId: ID } } })],
      ["settingsFrom(sources, { section: 'Altinn:MaskinportenSettings' })"],
      ['Key Vault'],
    ],
    [
      'no section at all',
      () => [fromObject({ environment: 'test', clientId: ID, encodedJwk: 'x' }, { name: 'config' })],
      ['they are set at the top level of config. Put them inside { "MaskinportenSettings"'],
      ['option section', 'Key Vault'],
    ],
    [
      'another’s ClientId is not ours',
      () => [file({ AzureAd: { ClientId: 'x', Instance: 'y' } })],
      ['ClientId is missing'],
      ['AzureAd'],
    ],
    [
      'A__B as section',
      () => [env({ A__Maskinporten__ClientId: ID })],
      ["section: 'A:Maskinporten'"],
      ['Key Vault', 'environment variable A__Maskinporten__ClientId'],
      'A__Maskinporten',
    ],
    [
      'a misspelt name',
      () => [file(section({ environment: 'test', client_id: ID, EncodedJwk: 'TODO: x' }))],
      ['ClientId is missing', 'MaskinportenSettings:client_id is not the name of a setting. Did you mean ClientId?'],
      ['Key Vault'],
    ],
    [
      'one underscore',
      () => [env({ ...ENV, MaskinportenSettings_EncodedJwk: jwk })],
      [
        'MaskinportenSettings_EncodedJwk is not read, because two underscores',
        'Rename it to MaskinportenSettings__EncodedJwk.',
      ],
      ['Key Vault'],
    ],
    [
      'MASKINPORTEN_ENV',
      () => [env({ MASKINPORTEN_ENV: 'test', MASKINPORTEN_CLIENT_ID: ID, MASKINPORTEN_CLIENT_JWK: '{}' })],
      [
        'MASKINPORTEN_ENV is not a name that this library reads. Rename MASKINPORTEN_ENV to MaskinportenSettings__Environment, and set it to "test" or "prod".',
      ],
      ['Key Vault', 'Rename MASKINPORTEN_ENV to MASKINPORTEN_WELL_KNOWN_URL', 'Set it to "test"'],
    ],
    [
      'MASKINPORTEN_KEY_ID beside a key in PEM',
      () => [
        env({
          MASKINPORTEN_KEY_ID: 'k',
          MASKINPORTEN_CLIENT_ID: ID,
          MASKINPORTEN_CLIENT_JWK: JSON.stringify({ ...JSON.parse(atob(jwk)), kid: undefined }),
          MASKINPORTEN_WELL_KNOWN_URL: WELL_KNOWN,
        }),
      ],
      [
        'MASKINPORTEN_KEY_ID is not a name that this library reads. Rename MASKINPORTEN_KEY_ID to MaskinportenSettings__Kid.',
      ],
      ['Rename it to MASKINPORTEN_CLIENT_JWK', 'Key Vault'],
    ],
    [
      'MASKINPORTEN_KEY_ID, and no key',
      () => [env({ MASKINPORTEN_KEY_ID: 'k', MASKINPORTEN_CLIENT_ID: ID, MASKINPORTEN_WELL_KNOWN_URL: WELL_KNOWN })],
      ['MASKINPORTEN_CLIENT_JWK is missing'],
      ['MASKINPORTEN_KEY_ID', 'Key Vault'],
    ],
    [
      'a source that gave values and a warning',
      () => [env({ MaskinportenSettings__ClientId: ID, '\uFEFFMaskinportenSettings__Environment': 'test' })],
      ['MaskinportenSettings__Environment begins with a byte order mark'],
      ['Key Vault'],
    ],
    ['no sources', () => [], ['there is no source'], ['env', 'Key Vault']],
  ])('%s', async (_, sources, says, silent, name) => {
    const message = await problemsOf(sources(), name)
    for (const text of says) expect(message).toContain(text)
    for (const text of silent) expect(message).not.toContain(text)
  })

  it('a plain object: its properties', async () => {
    const errorOf = async (input: unknown): Promise<string> => {
      await using maskinporten = createMaskinporten(input as SettingsInput)
      const error: unknown = await maskinporten.settings.get().catch((reason: unknown) => reason)
      return isMaskinportenError(error) ? `${error.message} | ${error.hint}` : ''
    }
    const messages = await Promise.all([
      errorOf({}),
      errorOf({ environment: 'staging', clientId: 'a b', encodedJwk: 'xxx' }),
      errorOf({ environment: 'test', client_id: ID, encodedJwk: jwk }),
      errorOf({ environment: 'test', clientId: ID, encodedJwk: jwk, scope: 'a,b', useAltinnTestOrg: 'x' }),
      errorOf({ MaskinportenSettings: { Environment: 'test', ClientId: ID, EncodedJwk: jwk } }),
    ])
    for (const message of messages)
      expect(message).not.toMatch(/MaskinportenSettings:|Key Vault|variable|from settings/)
    expect(messages[0]).toContain('environment is missing. Set it to "test" or "prod".')
    expect(messages[0]).toContain('To do: set encodedJwk, set clientId and set environment.')
    expect(messages[1]).toContain('and set authority to its issuer URL')
    expect(messages[2]).toContain('client_id is not the name of a setting. Did you mean clientId?')
    expect(messages[4]).toContain('one level too deep')
  })
})

it('MASKINPORTEN_SCOPE is told, though nothing is missing', async () => {
  const settings = settingsFrom([env({ ...ENV, MaskinportenSettings__EncodedJwk: jwk, MASKINPORTEN_SCOPE: 'a:b' })])
  const messages: string[] = []
  settings.subscribe((event) => event.type === 'settings.warning' && messages.push(event.message))
  await settings.get()
  await settings.close()
  expect(messages).toEqual([
    'MASKINPORTEN_SCOPE is not a name that this library reads. Rename MASKINPORTEN_SCOPE to MASKINPORTEN_SCOPES.',
  ])
})
