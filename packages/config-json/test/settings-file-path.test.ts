// `MaskinportenSettingsFilepath`, as Altinn's app library has it.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromAppSettings } from '@maskinporten-kit/config-json'
import { type ResolvedSettings, fromObject, settingsFrom } from '@maskinporten-kit/core'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

let folder: string
let emulator: Emulator
let client: EmulatedClient
beforeEach(async () => {
  folder = temporaryFolder()
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: ['a:b'], kid: 'k1' })
})
afterEach(async () => {
  await emulator.close()
  rmSync(folder, { recursive: true })
})

const put = (name: string, tree: object): string => {
  writeFileSync(join(folder, name), JSON.stringify(tree))
  return join(folder, name)
}
const mounted = (ClientId: string = client.clientId): object => ({
  MaskinportenSettings: { Authority: client.settings.authority, ClientId, Jwk: client.jwk },
})
async function settingsOf(
  env: Readonly<Record<string, string>> = {},
  below: object = {},
): Promise<{ readonly settings?: ResolvedSettings; readonly error?: unknown }> {
  const provider = settingsFrom([fromObject({ ...below }), fromAppSettings({ directory: folder, env })])
  try {
    return { settings: await provider.get() }
  } catch (error) {
    return { error }
  } finally {
    await provider.close()
  }
}

describe('MaskinportenSettingsFilepath', () => {
  it('in appsettings.json: that file is read over the environment’s', async () => {
    const path = put('maskinporten-settings.json', mounted())
    put('appsettings.json', {
      MaskinportenSettingsFilepath: path,
      MaskinportenSettings: { ClientId: 'a', Scope: 'a:b' },
    })
    put('appsettings.Production.json', { MaskinportenSettings: { ClientId: '' } })
    const { settings } = await settingsOf()
    expect(settings).toMatchObject({ clientId: client.clientId, keys: [{ kid: 'k1' }], request: { scopes: ['a:b'] } })
  })

  it('in the environment’s file, in a source before, and relative to the folder', async () => {
    put('mounted.json', mounted())
    put('appsettings.Production.json', { maskinportenSettingsFilePath: 'mounted.json' })
    expect((await settingsOf()).settings?.clientId).toBe(client.clientId)
    rmSync(join(folder, 'appsettings.Production.json'))
    expect((await settingsOf({}, { MaskinportenSettingsFilepath: 'mounted.json' })).settings?.clientId).toBe(
      client.clientId,
    )
  })

  it('as a variable goes over the files', async () => {
    put('a.json', mounted('of-a'))
    put('b.json', mounted('of-b'))
    put('appsettings.json', { MaskinportenSettingsFilepath: 'a.json' })
    expect((await settingsOf({ MASKINPORTENSETTINGSFILEPATH: 'b.json' })).settings?.clientId).toBe('of-b')
    expect((await settingsOf({ MaskinportenSettingsFilepath: '' })).settings?.clientId).toBe('of-a')
  })

  it('of a file that is not there is an error that names the key, and where it stands', async () => {
    put('appsettings.json', { MaskinportenSettingsFilepath: '/mnt/app-secrets/none.json', ...mounted() })
    expect((await settingsOf()).error).toMatchObject({
      code: 'settings_unavailable',
      detail: 'JSON_NOT_FOUND',
      message:
        'MaskinportenSettingsFilepath (appsettings.json:1) names /mnt/app-secrets/none.json, which is not there. Create /mnt/app-secrets/none.json, or correct MaskinportenSettingsFilepath.',
    })
    const { error } = await settingsOf({ MaskinportenSettingsFilepath: 'none.json' })
    expect(String(error)).toContain('MaskinportenSettingsFilepath (env MaskinportenSettingsFilepath) names none.json')
  })

  it('is spoken of only where it is set', async () => {
    put('appsettings.json', {})
    expect(String((await settingsOf()).error)).not.toMatch(/Looked in: ,|, ,|, \.|Filepath/)
    put('named.json', { MaskinportenSettings: {} })
    expect(String((await settingsOf({ MaskinportenSettingsFilepath: 'named.json' })).error)).toContain(
      'Looked in: named.json',
    )
  })

  it('is part of what the source gives when it is loaded as one', async () => {
    put('mounted.json', { MaskinportenSettings: { ClientId: 'm' } })
    put('appsettings.json', { MaskinportenSettingsFilepath: 'mounted.json', MaskinportenSettings: { ClientId: 'a' } })
    const layer = await fromAppSettings({ directory: folder, env: {} }).load({
      section: 'MaskinportenSettings',
      keys: [],
      earlier: new Map(),
      why: 'start',
      signal: new AbortController().signal,
      warn: () => undefined,
    })
    expect(layer.get('maskinportensettings:clientid')?.reveal()).toBe('m')
  })
})
