import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { environments } from '@maskinporten-kit/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KnownApi, addressOf, environmentOf } from '../src/addresses.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

const storage: KnownApi = {
  id: 'altinn/storage',
  baseUrls: {
    test: 'https://platform.tt02.altinn.no/storage/api/v1',
    prod: 'https://platform.altinn.no/storage/api/v1',
  },
}
const app: KnownApi = {
  id: 'altinn/app',
  baseUrls: { test: 'https://{org}.apps.tt02.altinn.no', prod: 'https://{org}.apps.altinn.no' },
}
const krr: KnownApi = { id: 'digdir/krr', baseUrls: { test: 'https://test.kontaktregisteret.no/rest/v2' } }
const other: KnownApi = { id: 'x/y', baseUrls: { prod: 'https://api.y.no/v1' } }

const exchangeAt = (origin: string): { readonly url: string; readonly testOrg: boolean } => ({
  url: `${origin}/authentication/api/v1/exchange/maskinporten`,
  testOrg: false,
})
const inTest = { authority: environments.test.issuer }
const inProd = { authority: environments.prod.issuer, exchange: exchangeAt('https://platform.altinn.no') }

test.each([
  ['https://test.maskinporten.no/', 'test'],
  ['https://test.maskinporten.no', 'test'],
  ['https://MASKINPORTEN.no:443/', 'prod'],
  ['https://maskinporten.no.evil.example/', undefined],
  ['http://127.0.0.1:8050/', undefined],
])('%s is of %s', (authority, name) => {
  expect(environmentOf({ authority })).toBe(name)
})

test('an API is where the registry says, for the environment of the settings', async () => {
  expect(await addressOf(storage, inTest)).toBe('https://platform.tt02.altinn.no/storage/api/v1')
  expect(await addressOf(storage, inProd)).toBe('https://platform.altinn.no/storage/api/v1')
  expect(await addressOf(app, inTest, { org: 'ttd' })).toBe('https://ttd.apps.tt02.altinn.no')
  expect(await addressOf(krr, inTest)).toBe('https://test.kontaktregisteret.no/rest/v2')
})

test("Altinn's other test environments have their own hosts; a gateway of the exchange has no APIs", async () => {
  const at22 = { ...inTest, exchange: exchangeAt('https://platform.at22.altinn.cloud') }
  expect(await addressOf(storage, at22)).toBe('https://platform.at22.altinn.cloud/storage/api/v1')
  expect(await addressOf(app, at22, { org: 'ttd' })).toBe('https://ttd.apps.at22.altinn.cloud')
  const gateway = { ...inTest, exchange: exchangeAt('https://gateway.example.no') }
  expect(await addressOf(storage, gateway)).toBe('https://platform.tt02.altinn.no/storage/api/v1')
})

test('an emulator has the APIs of Altinn beside its exchange, and the register where its controls say', async () => {
  const settings = { authority: emulator.maskinporten.issuer, exchange: exchangeAt(emulator.altinn.url) }
  const env = { EMULATED_MASKINPORTEN_CONTROL: `${emulator.control.url}/` }
  expect(await addressOf(storage, settings, { env })).toBe(`${emulator.altinn.url}/storage/api/v1`)
  expect(await addressOf(app, settings, { env, org: 'ttd' })).toBe(emulator.altinn.url)
  expect(await addressOf(krr, settings, { env })).toBe(`${emulator.register.url}/rest/v2`)
  // Another emulator is not the one of the settings.
  const foreign = { ...settings, authority: 'http://127.0.0.1:1/' }
  await expect(addressOf(krr, foreign, { env })).rejects.toThrow('--base-url')
  await expect(
    addressOf(krr, settings, { env: { EMULATED_MASKINPORTEN_CONTROL: 'http://127.0.0.1:9' } }),
  ).rejects.toThrow('--base-url')
})

test('what is not known is not guessed', async () => {
  await expect(addressOf(other, inTest)).rejects.toMatchObject({ exitCode: 2, message: /not known for test/ })
  expect(await addressOf(other, inTest, { baseUrl: 'https://api.test.y.no/v1/' })).toBe('https://api.test.y.no/v1')
  await expect(addressOf(app, inTest)).rejects.toThrow('--org ttd')
  for (const org of ['evil.example/', 'a.b', 'A', '', '-a', 'a#'])
    await expect(addressOf(app, inTest, { org })).rejects.toThrow('short name')
})
