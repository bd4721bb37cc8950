import { createMaskinporten } from '@maskinporten-kit/core'
import type { SettingsInput, Signer, fromObject } from '@maskinporten-kit/core'
import type { EmulatedClient, EmulatedClientWithoutKey, EmulatedSettings, Emulator } from '@maskinporten-kit/emulator'
import { expectTypeOf, test } from 'vitest'

declare const emulator: Emulator
declare const signer: Signer
const scopes = ['a:b']

test('an emulated client has the settings that createMaskinporten takes', async () => {
  const { settings } = await emulator.registerClient({ scopes })
  createMaskinporten(settings)
  createMaskinporten({ ...settings, exchangeToAltinnToken: true })
  expectTypeOf<EmulatedClient['settings']>().toExtend<SettingsInput>()
})

test('one without a key needs a key or a signer', async () => {
  const { settings } = await emulator.registerClient({ scopes, withoutKey: true })
  expectTypeOf<EmulatedClientWithoutKey['settings']>().toEqualTypeOf(settings)
  createMaskinporten({ ...settings, signer })
  createMaskinporten({ ...settings, encodedJwk: 'pem' })
  // @ts-expect-error no key
  createMaskinporten(settings)
  const { n, e } = { n: 'n', e: 'AQAB' }
  const elsewhere = await emulator.registerClient({ scopes, jwk: { kty: 'RSA', kid: 'hsm', n, e } })
  expectTypeOf(elsewhere).toEqualTypeOf<EmulatedClientWithoutKey>()
})

test('all are a section of appsettings.json', () => {
  expectTypeOf<EmulatedSettings>().toExtend<Readonly<Record<string, unknown>>>()
  expectTypeOf<{ MaskinportenSettings: EmulatedSettings }>().toExtend<Parameters<typeof fromObject>[0]>()
})
