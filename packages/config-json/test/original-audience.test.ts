// `AssertionAudience` beside `Environment`, as the .NET original sends it: to the environment's own address, which the emulator is.
import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type EmulatorAsTest, type RecordedRequest, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SCOPE } from './original-cases.ts'
import { type Original, findOriginal } from './original.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A process of its own, as the original is, which the environment leads to the emulator. */
const OURS = `
import { fromEnv } from '@maskinporten-kit/config-env'
import { fromAppSettings } from '@maskinporten-kit/config-json'
import { createMaskinporten, settingsFrom } from '@maskinporten-kit/core'
const directory = process.env.SETTINGS_DIRECTORY
const maskinporten = createMaskinporten(settingsFrom([fromAppSettings({ directory }), fromEnv()]))
await maskinporten.getToken().catch(({ code }) => code)
await maskinporten.close()
`
const run = promisify(execFile)

let original: Original | string
let folder: string
let emulator: EmulatorAsTest
beforeAll(async () => {
  original = await findOriginal()
  if (typeof original === 'string') console.warn(`skipped: ${original}`)
  folder = temporaryFolder()
  emulator = await startEmulator({ as: 'test' })
}, 180_000)
afterAll(async () => {
  await emulator.close()
  await rm(folder, { recursive: true })
})

/** Where it went, what it said to whom, and the answer. */
const facts = ({ method, path, status, grant }: RecordedRequest): object => ({
  method,
  path,
  status,
  aud: grant?.claims['aud'],
  iss: grant?.claims['iss'],
  scope: grant?.claims['scope'],
})

describe('ours sends what the .NET original sends, of AssertionAudience beside Environment', () => {
  beforeEach(({ skip }) => {
    if (typeof original === 'string') skip(original)
    const isLed = process.allowedNodeEnvironmentFlags.has('--use-env-proxy')
    skip(!isLed, `Node ${process.versions.node} does not heed the proxy that leads to the emulator`)
  })

  it.each([
    ['another server', 'https://mp.example.no/', {}, 400],
    ['no address, in a variable over the file’s', 'urn:maskinporten', { inEnv: true }, 400],
  ])('%s', async (_, audience, { inEnv = false }: { inEnv?: boolean }, status) => {
    const { clientId, settings } = await emulator.registerClient({ scopes: [SCOPE] })
    const section = {
      Environment: 'test',
      ClientId: clientId,
      EncodedJwk: settings.encodedJwk,
      Scope: SCOPE,
      AssertionAudience: inEnv ? 'https://test.maskinporten.no/' : audience,
    }
    const cwd = join(folder, clientId)
    await mkdir(cwd)
    await writeFile(join(cwd, 'appsettings.json'), JSON.stringify({ MaskinportenSettings: section }))
    const env: Readonly<Record<string, string>> = inEnv ? { MaskinportenSettings__AssertionAudience: audience } : {}

    const place = { cwd, env: { ...emulator.environment, SSL_CERT_FILE: emulator.caFile, ...env } }
    if (typeof original !== 'string') await original.call('http://127.0.0.1:1/', place).catch(() => undefined)
    const theirs = emulator.requests('token').filter(({ grant }) => grant?.claims['iss'] === clientId)

    await run(process.execPath, ['--conditions=@maskinporten-kit/source', '--input-type=module', '--eval', OURS], {
      cwd: import.meta.dirname,
      env: { PATH: process.env['PATH'], ...place.env, SETTINGS_DIRECTORY: cwd },
      timeout: 30_000,
    })
    const all = emulator.requests('token').filter(({ grant }) => grant?.claims['iss'] === clientId)

    expect(theirs.slice(0, 1).map(facts)).toMatchObject([{ path: '/token', status, aud: audience }])
    expect(all.slice(theirs.length).map(facts)).toEqual(theirs.slice(0, 1).map(facts))
  })
})
