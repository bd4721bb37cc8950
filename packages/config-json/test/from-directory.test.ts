// One file a setting: a mounted Secret of NAIS or Skip, .NET's KeyPerFile.
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DirectoryOptions, fromDirectory } from '@maskinporten-kit/config-json'
import {
  type SettingsEvent,
  type SettingsProvider,
  createMaskinporten,
  fromObject,
  settingsFrom,
} from '@maskinporten-kit/core'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

let folder: string
let emulator: Emulator
let client: EmulatedClient
let open: SettingsProvider[]
beforeEach(async () => {
  folder = temporaryFolder()
  open = []
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: ['a:b'], kid: 'k1' })
})
afterEach(async () => {
  await Promise.all(open.map((settings) => settings.close()))
  await emulator.close()
  rmSync(folder, { recursive: true })
})

type Files = Readonly<Record<string, string>>

const put = (files: Files, into = folder): void => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(into, name), text)
}
/** As the kubelet does: a new folder, and the link swapped to it. */
function mount(version: string, files: Files): void {
  mkdirSync(join(folder, version))
  put(files, join(folder, version))
  symlinkSync(version, join(folder, '..data_tmp'))
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
}
const link = (...names: readonly string[]): void => {
  for (const name of names) symlinkSync(`..data/${name}`, join(folder, name))
}
const nais = (jwk: object = client.jwk ?? {}, clientId: string = client.clientId): Files => ({
  MASKINPORTEN_CLIENT_ID: clientId,
  MASKINPORTEN_CLIENT_JWK: JSON.stringify(jwk),
  MASKINPORTEN_SCOPES: 'a:b\n',
  MASKINPORTEN_WELL_KNOWN_URL: `${emulator.maskinporten.url}/.well-known/oauth-authorization-server`,
})
const provide = (options?: DirectoryOptions): SettingsProvider => {
  const settings = settingsFrom([fromDirectory(folder, options)])
  open.push(settings)
  return settings
}
const section = (): Files => {
  const { authority = '', encodedJwk } = client.settings
  return { authority, encodedJwk }
}

describe('fromDirectory', () => {
  it('reads what NAIS and Skip mount, and a token is had with it', async () => {
    mount('..2026_11_30', nais())
    link(...Object.keys(nais()))
    await using maskinporten = createMaskinporten(provide())
    await maskinporten.getToken()
    expect(maskinporten.settings.describe().find(({ key }) => key === 'MASKINPORTEN_CLIENT_JWK')).toEqual({
      key: 'MASKINPORTEN_CLIENT_JWK',
      origin: `${folder}/MASKINPORTEN_CLIENT_JWK`,
      value: '[RSA 2048, kid k1]',
    })
  })

  it.each([
    ['the names of .NET’s KeyPerFile', 'MaskinportenSettings__'],
    ['bare names of the section', ''],
  ])('reads %s', async (_, prefix) => {
    const { authority = '', encodedJwk = '' } = section()
    put({
      [`${prefix}Authority`]: `${authority}\r\n`,
      [`${prefix}clientid`]: `${client.clientId}\n`,
      [`${prefix}EncodedJwk`]: encodedJwk,
    })
    expect(await provide().get()).toMatchObject({ clientId: client.clientId, authority, keys: [{ kid: 'k1' }] })
  })

  it('leaves other files and folders alone: a certificate, a token, what cannot be read', async () => {
    put({ ...nais(), token: 'canary', 'ca.crt': 'canary', namespace: 'x' })
    chmodSync(join(folder, 'token'), 0)
    mkdirSync(join(folder, 'more'))
    const settings = provide()
    const events: SettingsEvent[] = []
    settings.subscribe((event) => events.push(event))
    await settings.get()
    expect(events.map(({ type }) => type)).toEqual(['settings.changed'])
    expect(JSON.stringify([events, settings.describe()])).not.toContain('canary')
  })

  it('sees a swap of ..data, whole: client id and key of one version', async () => {
    mount('..v1', nais())
    link(...Object.keys(nais()))
    const settings = provide()
    await settings.get()
    const newest = await emulator.maskinporten.addKey(client.clientId, { kid: 'k2' })
    mount('..v2', nais(newest))
    rmSync(join(folder, '..v1'), { recursive: true })
    expect(await settings.refresh('poll')).toBe(true)
    expect(settings.current()?.keys.map(({ kid }) => kid)).toEqual(['k2', 'k1'])
  })

  it('never mixes two versions while they are swapped', async () => {
    const [a, b] = ['a'.repeat(20_000), 'b'.repeat(20_000)]
    const files = (text: string): Files =>
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`Other__${index}`, text]))
    mount('..v0', files(a))
    link(...Object.keys(files(a)))
    const source = fromDirectory(folder)
    for (let version = 1; version < 30; version++) {
      const loading = source.load({
        section: 'MaskinportenSettings',
        keys: [],
        earlier: new Map(),
        why: 'poll',
        signal: new AbortController().signal,
        warn: () => undefined,
      })
      await new Promise((resolve) => setImmediate(resolve))
      mount(`..v${version}`, files(version % 2 === 0 ? a : b))
      rmSync(join(folder, `..v${version - 1}`), { recursive: true })
      expect(new Set([...(await loading).values()].map((entry) => entry.reveal())).size).toBe(1)
    }
  })

  it('keeps what it had when a file or the folder is gone, or a file is half written', async () => {
    put(nais())
    const settings = provide({ optional: true })
    const good = await settings.get()
    const events: SettingsEvent[] = []
    settings.subscribe((event) => events.push(event))
    const details = (): unknown[] =>
      events.splice(0).map((event) => (event.type === 'settings.failed' ? event.error.detail : event.type))

    put({ MASKINPORTEN_CLIENT_JWK: JSON.stringify(client.jwk).slice(0, 100) })
    await settings.refresh('poll')
    expect([settings.current(), details()]).toEqual([good, ['KEY_JSON_BAD']])
    put({ MASKINPORTEN_CLIENT_JWK: '' })
    await settings.refresh('poll')
    expect([settings.current(), details()]).toEqual([good, ['CONFIG_MISSING']])
    rmSync(join(folder, 'MASKINPORTEN_CLIENT_JWK'))
    await settings.refresh('poll')
    expect([settings.current(), details()]).toEqual([good, ['DIRECTORY_NOT_FOUND']])
  })

  it('is an error where there is no folder, unless it is optional', async () => {
    const path = join(folder, 'none')
    await expect(settingsFrom([fromDirectory(path)]).get()).rejects.toMatchObject({
      code: 'settings_unavailable',
      detail: 'DIRECTORY_NOT_FOUND',
      message: `${path} is not there. Mount ${path}, or call fromDirectory(path, { optional: true }).`,
    })
    const tree = { MaskinportenSettings: client.settings }
    const settings = settingsFrom([fromDirectory(path, { optional: true }), fromObject(tree)])
    expect((await settings.get()).clientId).toBe(client.clientId)
    await settings.close()
    put({ file: '' })
    await expect(settingsFrom([fromDirectory(join(folder, 'file'))]).get()).rejects.toMatchObject({
      detail: 'DIRECTORY_READ',
    })
  })

  it('names both files that are one setting with two values', async () => {
    put({ ClientId: 'a', MaskinportenSettings__ClientId: 'b' })
    await expect(provide().get()).rejects.toMatchObject({
      detail: 'CONFIG_CONFLICT',
      message: expect.stringMatching(/ClientId and .*ClientId are one setting with two values/),
    })
  })
})

it.each([false, true])('names a link that leads nowhere, and not the folder; optional: %s', async (optional) => {
  put(nais())
  symlinkSync('nowhere', join(folder, 'Kid'))
  await expect(provide({ optional }).get()).rejects.toMatchObject({
    detail: 'DIRECTORY_NOT_FOUND',
    message: `${join(folder, 'Kid')} leads nowhere. Correct the link, or delete it.`,
  })
})
