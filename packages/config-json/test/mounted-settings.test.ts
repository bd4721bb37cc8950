// `maskinporten-settings.json` as Altinn's platform operator writes and rotates it, in a mounted Kubernetes Secret.
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromAppSettings, fromJsonFile } from '@maskinporten-kit/config-json'
import { createMaskinporten, settingsFrom } from '@maskinporten-kit/core'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

let folder: string
let emulator: Emulator
let client: EmulatedClient
beforeEach(async () => {
  folder = temporaryFolder()
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: ['a:b'], kid: 'client.0', alg: 'RS512' })
})
afterEach(async () => {
  await emulator.close()
  rmSync(folder, { recursive: true })
})

/** Newest first; seconds since the epoch until which the operator lets a key live. */
const content = (exp: number, ...keys: readonly object[]): string => {
  const jwks = keys.map((key) => ({ ...key, use: 'sig', alg: 'RS512', exp, x5c: ['MIIC'] }))
  const { authority: Authority, clientId: ClientId } = client.settings
  return JSON.stringify({ MaskinportenSettings: { Authority, ClientId, Jwk: jwks[0], Jwks: { keys: jwks } } })
}

/** The kubelet writes a new folder and swaps the link to it. */
function mount(version: string, text: string): void {
  mkdirSync(join(folder, version))
  writeFileSync(join(folder, version, 'maskinporten-settings.json'), text)
  writeFileSync(join(folder, version, 'app-codes.json'), '{ "codes": "another one’s" }')
  symlinkSync(version, join(folder, '..data_tmp'))
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
}

it('is read as it stands, and its rotation is followed: the newest key signs, the one before stays in the ring', async () => {
  const inThirtyDays = Math.floor(emulator.clock.now() / 1000) + 30 * 86_400
  mount('..v1', content(inThirtyDays, client.jwk ?? {}))
  symlinkSync('..data/maskinporten-settings.json', join(folder, 'maskinporten-settings.json'))
  writeFileSync(join(folder, 'appsettings.json'), '{ "MaskinportenSettings": { "Scope": "a:b", "ClientId": "" } }')
  const mounted = fromJsonFile(join(folder, 'maskinporten-settings.json'), { optional: true })
  await using maskinporten = createMaskinporten(
    settingsFrom([fromAppSettings({ directory: folder, env: {} }), mounted]),
  )
  const types: string[] = []
  maskinporten.subscribe(({ type }) => types.push(type))

  await maskinporten.getToken()
  expect(await maskinporten.settings.get()).toMatchObject({
    clientId: client.clientId,
    keys: [{ kid: 'client.0', alg: 'RS512', expiresAt: inThirtyDays * 1000 }],
  })

  const newest = await emulator.maskinporten.addKey(client.clientId, { kid: 'client.1' })
  mount('..v2', content(inThirtyDays, newest, client.jwk ?? {}))
  expect(await maskinporten.settings.refresh('poll')).toBe(true)
  await maskinporten.getToken({ resource: 'https://api.example.no' })
  expect(maskinporten.settings.current()?.keys.map(({ kid }) => kid)).toEqual(['client.1', 'client.0'])

  expect(
    emulator.requests('token').map(({ grant, status }) => [grant?.header['kid'], grant?.header['alg'], status]),
  ).toEqual([
    ['client.0', 'RS512', 200],
    ['client.1', 'RS512', 200],
  ])
  expect(
    types.filter((type) => /^(?:key\.changed|key\.rejected|settings\.failed|settings\.warning)$/.test(type)),
  ).toEqual(['key.changed'])
})

it('may appear after the start', async () => {
  const path = join(folder, 'maskinporten-settings.json')
  const settings = settingsFrom([fromJsonFile(path, { optional: true })])
  await expect(settings.get()).rejects.toMatchObject({ code: 'settings_invalid', detail: 'CONFIG_MISSING' })
  writeFileSync(path, content(0, client.jwk ?? {}))
  expect(await settings.get()).toMatchObject({ clientId: client.clientId, keys: [{ kid: 'client.0' }] })
  await settings.close()
})
