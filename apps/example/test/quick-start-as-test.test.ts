// The two blocks of the root README's quick start word for word, in a process that nothing but variables leads to the emulator.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type EmulatorAsTest, type EntraApplication, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const STORAGE = 'https://platform.tt02.altinn.no/storage/api/v1/instances'

let emulator: EmulatorAsTest
let application: EntraApplication
let clientId: string
let encodedJwk: string
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
  encodedJwk = client.settings.encodedJwk ?? expect.unreachable()
  vault.setSecret('MaskinportenSettings--EncodedJwk', encodedJwk)
  for (const org of ['digdir', 'ttd'])
    await emulator.altinn.submit({ org, app: 'app', person: '20914695016', data: { name: 'Kari' } })

  const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
  const quickStart = readme.slice(readme.indexOf('## Quick start'))
  const block = (language: string, nth: number): string =>
    quickStart.split(`\`\`\`${language}\n`)[nth]?.split('```')[0] ?? expect.unreachable()
  folder = await mkdtemp(join(tmpdir(), 'quick-start-'))
  await symlink(join(ROOT, 'apps', 'example', 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'appsettings.json'), block('json', 1))
  await writeFile(join(folder, 'short.mts'), block('ts', 1))
  await writeFile(join(folder, 'layered.mts'), block('ts', 2))
})
afterAll(async () => {
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

/** What the block prints, of a process with nothing of this machine but what it cannot be without. */
async function run(file: string, variables: Readonly<Record<string, string>>): Promise<readonly [number, unknown]> {
  emulator.clearRequests()
  const { PATH, NODE_OPTIONS } = process.env
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@maskinporten-kit/source', file],
    { cwd: folder, env: { PATH, NODE_OPTIONS, HOME: folder, ...emulator.environment, ...variables } },
  )
  // The layered form's settings say EnableDebugLog, and nobody subscribes.
  if (file === 'layered.mts') expect(stderr).toMatch(/^EnableDebugLog is true[^]*token\.end/)
  else expect(stderr).toBe('')
  expect(stderr).not.toMatch(/eyJ|canary/)
  const [, status, body = ''] = /^(\d+) (.*)/s.exec(stdout) ?? []
  return [Number(status), JSON.parse(body)]
}

const skipOlder = (skip: (condition: boolean, note: string) => void): void =>
  skip(
    !process.allowedNodeEnvironmentFlags.has('--use-env-proxy'),
    `Node ${process.versions.node} does not heed HTTPS_PROXY; 22.21, 24.5 and newer do`,
  )
const grants = (): unknown =>
  emulator.requests('token').map(({ url, grant }) => [url, grant?.claims['iss'], grant?.claims['aud']])
const granted = (): unknown => [['https://test.maskinporten.no/token', clientId, 'https://test.maskinporten.no/']]

it('the short form lists the instances of digdir/app as it stands', { timeout: 60_000 }, async ({ skip }) => {
  skipOlder(skip)
  // The key itself asks for no vault, even where one is named.
  const printed = await run('short.mts', { CLIENT_ID: clientId, ENCODED_JWK: encodedJwk })
  expect(printed).toMatchObject([200, { count: 1, instances: [{ appId: 'digdir/app' }] }])
  expect(grants()).toEqual(granted())
  expect(emulator.requests('exchange').map(({ query, status }) => [query, status])).toEqual([[{}, 200]])
  expect(emulator.requests('storage').map(({ url, bearer }) => [url, bearer?.claims['urn:altinn:org']])).toEqual([
    [`${STORAGE}?org=digdir&appId=digdir/app`, 'digdir'],
  ])
  expect(emulator.requests('key-vault')).toEqual([])
  expect(emulator.proxy.refused()).toEqual([])
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
  'the layered form lists the instances of ttd/app as it stands, its key from the vault: with %s',
  { timeout: 60_000 },
  async ([, identity], { skip }) => {
    skipOlder(skip)
    const printed = await run('layered.mts', identity())
    expect(printed).toMatchObject([200, { count: 1, instances: [{ appId: 'ttd/app' }] }])
    expect(grants()).toEqual(granted())
    expect(emulator.requests('exchange').map(({ query, status }) => [query, status])).toEqual([[{ test: 'true' }, 200]])
    expect(emulator.requests('storage').map(({ url, bearer }) => [url, bearer?.claims['urn:altinn:org']])).toEqual([
      [`${STORAGE}?org=ttd&appId=ttd/app`, 'ttd'],
    ])
    expect(new Set(emulator.requests('key-vault').map(({ url }) => new URL(url).host))).toEqual(
      new Set(['my-kv.vault.azure.net']),
    )
    expect(emulator.requests('entra').map(({ url, status }) => [new URL(url).host, status])).toEqual([
      ['login.microsoftonline.com', 200],
    ])
    expect(emulator.proxy.refused()).toEqual([])
  },
)
