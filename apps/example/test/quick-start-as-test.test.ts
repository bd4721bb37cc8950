// The quick start of the root README word for word, in a process that nothing but three proxy variables and kvSetting leads to the emulator.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type EmulatorAsTest, type EntraApplication, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const INSTANCES = 'https://platform.tt02.altinn.no/storage/api/v1/instances?org=ttd&appId=ttd/app'

let emulator: EmulatorAsTest
let application: EntraApplication
let clientId: string
let folder: string

beforeAll(async () => {
  emulator = await startEmulator({ as: 'test' })
  application = emulator.entra.registerApplication()
  const client = await emulator.registerClient({
    scopes: ['altinn:serviceowner/instances.read'],
    orgNumber: '991825827',
  })
  clientId = client.clientId
  const vault = emulator.keyVault.vault('my-kv')
  vault.setSecret('MaskinportenSettings--ClientId', client.clientId)
  vault.setSecret('MaskinportenSettings--EncodedJwk', client.settings.encodedJwk ?? expect.unreachable())
  await emulator.altinn.submit({ org: 'ttd', app: 'app', person: '20914695016', data: { name: 'Kari' } })

  const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
  const quickStart = readme.slice(readme.indexOf('## Quick start'))
  const block = (language: string): string =>
    quickStart.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? expect.unreachable()
  folder = await mkdtemp(join(tmpdir(), 'quick-start-'))
  await symlink(join(ROOT, 'apps', 'example', 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'appsettings.json'), block('json'))
  await writeFile(
    join(folder, 'quick-start.mts'),
    `${block('ts')}\nconsole.log(JSON.stringify([answer.status, answer.url, await answer.json()]))\n`,
  )
})
afterAll(async () => {
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

it.for<[string, () => Readonly<Record<string, string>>]>([
  [
    'all four kvSetting values',
    () => ({
      kvSetting__TenantId: application.tenantId,
      kvSetting__ClientId: application.clientId,
      kvSetting__ClientSecret: application.clientSecret,
    }),
  ],
  [
    'SecretUri alone, where DefaultAzureCredential finds an identity',
    () => ({
      AZURE_TENANT_ID: application.tenantId,
      AZURE_CLIENT_ID: application.clientId,
      AZURE_CLIENT_SECRET: application.clientSecret,
    }),
  ],
])(
  'the quick start lists the instances of ttd/app as it stands, its key from the vault: with %s',
  { timeout: 60_000 },
  async ([, identity], { skip }) => {
    const heeded = process.allowedNodeEnvironmentFlags.has('--use-env-proxy')
    skip(!heeded, `Node ${process.versions.node} does not heed HTTPS_PROXY; 22.21, 24.5 and newer do`)
    emulator.clearRequests()
    const { PATH, NODE_OPTIONS } = process.env
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@maskinporten-kit/source', 'quick-start.mts'],
      {
        cwd: folder,
        // Of this machine only what a process cannot be without: no proxy, no settings and no identity of its own.
        env: { PATH, NODE_OPTIONS, HOME: folder, ...emulator.environment, ...identity() },
      },
    )
    expect(JSON.parse(stdout)).toMatchObject([200, INSTANCES, { count: 1, instances: [{ appId: 'ttd/app' }] }])
    expect(stderr).toBe('')

    expect(
      emulator.requests('token').map(({ url, grant }) => [url, grant?.claims['iss'], grant?.claims['aud']]),
    ).toEqual([['https://test.maskinporten.no/token', clientId, 'https://test.maskinporten.no/']])
    expect(emulator.requests('exchange').map(({ query, status }) => [query, status])).toEqual([[{ test: 'true' }, 200]])
    expect(emulator.requests('storage').map(({ bearer }) => bearer?.claims['urn:altinn:org'])).toEqual(['ttd'])
    expect(new Set(emulator.requests('key-vault').map(({ url }) => new URL(url).host))).toEqual(
      new Set(['my-kv.vault.azure.net']),
    )
    expect(emulator.requests('entra').map(({ url, status }) => [new URL(url).host, status])).toEqual([
      ['login.microsoftonline.com', 200],
    ])
    expect(emulator.proxy.refused()).toEqual([])
  },
)
