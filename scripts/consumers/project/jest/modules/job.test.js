// Jest with `--experimental-vm-modules`: nothing is transformed.
import { maskinportenAxios } from '@maskinporten-kit/axios'
import { fromEnv } from '@maskinporten-kit/config-env'
import { fromAppSettings } from '@maskinporten-kit/config-json'
import { createMaskinporten, fromObject, settingsFrom } from '@maskinporten-kit/core'
import { startEmulator } from '@maskinporten-kit/emulator'
import { maskinportenFetch } from '@maskinporten-kit/fetch'
import { maskinportenKy } from '@maskinporten-kit/ky'
import axios from 'axios'
import ky from 'ky'

let emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

test('an app gets the status of Storage by each adapter', async () => {
  const { settings } = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
  const sources = [fromAppSettings(), fromEnv({ env: {} }), fromObject({ MaskinportenSettings: settings })]
  const maskinporten = createMaskinporten(settingsFrom(sources))
  const client = axios.create()
  const allow = emulator.altinn.url
  maskinportenAxios(client, maskinporten, { allow })
  const url = `${allow}/storage/api/v1/instances?org=ttd&appId=ttd/app`
  const answers = await Promise.all([
    maskinportenFetch(maskinporten, { allow })(url),
    client.get(url),
    ky.extend(maskinportenKy(maskinporten, { allow })).get(url),
  ])
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  await maskinporten.close()
})
