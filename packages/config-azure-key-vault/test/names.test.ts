// The secrets' names that teams have.
import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { createMaskinporten, fromObject, settingsFrom } from '@maskinporten-kit/core'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Warned, clientOf, flat, load, refusal } from './vault.ts'

let emulator: Emulator
let client: EmulatedClient
beforeEach(async () => {
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: ['a:b'], kid: 'k1' })
})
afterEach(() => emulator.close())

const names = { EncodedJwk: 'maskinporten-jwk', ClientId: 'maskinporten-client-id' }
const asked = (): readonly string[] => [
  ...new Set(emulator.requests('key-vault').map(({ path }) => /secrets\/([\w-]+)/.exec(path)?.[1] ?? path)),
]

it('are read as their settings, whole whatever the prefix, and the other defaults under their usual names', async () => {
  emulator.keyVault.setSecret('maskinporten-jwk', client.settings.encodedJwk ?? '')
  emulator.keyVault.setSecret('maskinporten-client-id', client.clientId)
  emulator.keyVault.setSecret('MaskinportenSettings--EncodedJwk', 'another, which is not asked for')
  emulator.keyVault.setSecret('MaskinportenSettings--Authority', client.settings.authority ?? '')
  const vault = fromAzureKeyVault({ client: clientOf(emulator), names })
  await using maskinporten = createMaskinporten(settingsFrom([vault]))
  await maskinporten.getToken({ scopes: 'a:b' })
  expect(asked()).toEqual([
    'maskinporten-jwk',
    'maskinporten-client-id',
    'MaskinportenSettings--JwkBase64',
    'MaskinportenSettings--Authority',
  ])
  const row = maskinporten.settings.describe().find(({ key }) => key === 'MaskinportenSettings:EncodedJwk')
  expect(row?.origin).toMatch(/^Key Vault my-kv, maskinporten-jwk \([0-9a-f]{8}\)$/)
  expect(row?.value).toBe('[RSA 2048, kid k1]')

  const prefixed = fromAzureKeyVault({
    client: clientOf(emulator),
    prefix: 'my-app',
    names: { clientid: 'x-id', Kid: 'x-kid' },
  })
  emulator.keyVault.setSecret('x-id', 'c')
  emulator.keyVault.setSecret('x-kid', 'k')
  expect(flat(await load(prefixed))).toEqual({ 'MaskinportenSettings:clientid': 'c', 'MaskinportenSettings:Kid': 'k' })
})

it('are masked wherever their setting is secret', async () => {
  emulator.keyVault.setSecret('maskinporten-jwk', 'canary-of-a-key')
  const settings = settingsFrom([
    fromObject({ MaskinportenSettings: { Environment: 'test', ClientId: 'c' } }),
    fromAzureKeyVault({ client: clientOf(emulator), names: { EncodedJwk: 'maskinporten-jwk' } }),
  ])
  const error = await refusal(settings.get())
  expect(JSON.stringify([error, String(error), settings.describe()])).not.toContain('canary')
  expect(error.problems).toMatchObject([{ origin: expect.stringMatching(/^Key Vault my-kv, maskinporten-jwk /) }])
  await settings.close()
})

it('follow their secrets’ new versions, and are named when they are gone', async () => {
  emulator.keyVault.setSecret('maskinporten-jwk', 'one')
  const source = fromAzureKeyVault({ client: clientOf(emulator), names })
  const previous = await load(source)
  emulator.keyVault.setSecret('maskinporten-jwk', 'two')
  expect(flat(await load(source, { why: 'poll', previous }))).toEqual({ 'MaskinportenSettings:EncodedJwk': 'two' })
  const warned: Warned[] = []
  await load(fromAzureKeyVault({ client: clientOf(emulator), names: { ClientId: 'none-such' } }), { warned })
  expect(warned.map(({ message }) => message)).toEqual([
    'Key Vault my-kv has none of the secrets none-such, MaskinportenSettings--EncodedJwk, MaskinportenSettings--JwkBase64, MaskinportenSettings--Authority. Create the secrets that you need.',
  ])
})

it('that no secret can have are refused', () => {
  expect(() => fromAzureKeyVault({ names: { EncodedJwk: 'maskinporten_jwk' } })).toThrow(
    expect.objectContaining({ detail: 'KV_NAME' }),
  )
})

it.each<[unknown, string]>([
  [
    { 'my-secret': 'EncodedJwk' },
    '`names` of fromAzureKeyVault is the wrong way round: EncodedJwk is the setting, and my-secret is the secret. Write names: { EncodedJwk: "my-secret" }.',
  ],
  [{ ClientId: 'a', 'my-key': 'Jwk--kid' }, 'Write names: { "Jwk--kid": "my-key" }.'],
])('that are the wrong way round are refused: %j', async (reversed, says) => {
  const vault = fromAzureKeyVault({ client: clientOf(emulator), names: reversed as never })
  const error = await refusal(settingsFrom([vault]).get())
  expect(error).toMatchObject({ code: 'settings_invalid', detail: 'CONFIG_NAMES' })
  expect(error.message).toContain(says)
  expect(asked()).toEqual([])
})

it.each<[unknown, string]>([
  [{ EncodedJwk: 5 }, '`names` of fromAzureKeyVault has a number for EncodedJwk; give the name of a secret as text'],
  [['EncodedJwk', 5], '`names` of fromAzureKeyVault has a number in its list; give the names of settings as text'],
  ['EncodedJwk', '`names` of fromAzureKeyVault is a string; give a list of settings, or an object, setting → secret'],
])('of another type get a sentence: %j', (wrong, says) => {
  expect(() => fromAzureKeyVault({ names: wrong as never })).toThrow(TypeError)
  expect(() => fromAzureKeyVault({ names: wrong as never })).toThrow(says)
})
