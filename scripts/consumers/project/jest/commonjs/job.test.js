// Jest's default: what it loads is transformed to CommonJS first, packages too where the pattern says so.
const { maskinportenAxios } = require('@maskinporten-kit/axios')
const { fromEnv } = require('@maskinporten-kit/config-env')
const { fromAppSettings } = require('@maskinporten-kit/config-json')
const { createMaskinporten, fromObject, settingsFrom } = require('@maskinporten-kit/core')
const { startEmulator } = require('@maskinporten-kit/emulator')
const { maskinportenFetch } = require('@maskinporten-kit/fetch')
const { maskinportenKy } = require('@maskinporten-kit/ky')
const axios = require('axios')
const { default: ky } = require('ky')

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
