// The quick start of the root README, as it stands but for the emulator's addresses and its vault client.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..', '..')

/** What stands before the README's lines: an emulator with a client, its two secrets in the vault, an instance in Storage. */
const STAGE = `
import { writeFileSync } from 'node:fs'
import { SecretClient } from '@azure/keyvault-secrets'
import { startEmulator } from '@maskinporten-kit/emulator'
const emulator = await startEmulator()
const { clientId, settings } = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'], orgNumber: '991825827' })
emulator.keyVault.setSecret('MaskinportenSettings--ClientId', clientId)
emulator.keyVault.setSecret('MaskinportenSettings--EncodedJwk', settings.encodedJwk)
const client = new SecretClient('https://my-kv.vault.azure.net', emulator.keyVault.credential, emulator.keyVault.clientOptions)
await emulator.altinn.submit({ org: 'ttd', app: 'app', person: '20914695016', data: { name: 'Kari' } })
const file = JSON.parse(process.env.README_JSON)
const { Environment, ...section } = file.MaskinportenSettings
if (Environment !== 'test') throw new Error('the quick start is for the test environment')
const addresses = { Authority: emulator.maskinporten.issuer, TokenExchangeEnvironment: emulator.altinn.url }
writeFileSync('appsettings.json', JSON.stringify({ ...file, MaskinportenSettings: { ...section, ...addresses } }))
`

const END = `
console.log(JSON.stringify({ status: answer.status, ...(await answer.json()), tokens: emulator.requests('token').length }))
await maskinporten.close()
await emulator.close()
`

it('the quick start of the README lists the instances of ttd/app, with its own appsettings.json and the key from the vault', async () => {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
  const quickStart = readme.slice(readme.indexOf('## Quick start'))
  const block = (language: string): string => quickStart.split(`\`\`\`${language}\n`)[1]?.split('\n```')[0] ?? ''
  const code = block('ts')
    .replace('fromAzureKeyVault()', 'fromAzureKeyVault({ client })')
    .replaceAll("'https://platform.tt02.altinn.no'", 'emulator.altinn.url')
    .replaceAll(
      /'https:\/\/platform\.tt02\.altinn\.no(\/[^']*)'/g,
      (_, path: string) => `\`\${emulator.altinn.url}${path}\``,
    )
  expect(code).not.toContain('https://platform')
  const folder = await mkdtemp(join(tmpdir(), 'quick-start-'))
  try {
    await symlink(join(ROOT, 'apps', 'example', 'node_modules'), join(folder, 'node_modules'))
    await writeFile(join(folder, 'quick-start.mts'), STAGE + code + END)
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@maskinporten-kit/source', 'quick-start.mts'],
      {
        cwd: folder,
        env: { ...process.env, README_JSON: block('json') },
      },
    )
    expect(JSON.parse(stdout)).toMatchObject({ status: 200, count: 1, instances: [{ appId: 'ttd/app' }], tokens: 1 })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 30_000)
