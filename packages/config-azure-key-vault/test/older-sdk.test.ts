// The older line of the SDK, which is what Node 20 gets: 4.11 asks for another version of the API and checks the challenge in its own way.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { configSourceExam } from '@maskinporten-kit/conformance'
import { versionOf } from '../../conformance/test/in-tree/index.ts'
import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { SecretClient } from 'keyvault-secrets-4-11'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Warned, VAULT_URL, load, refusal } from './vault.ts'

const clientOf = ({ keyVault }: Emulator): SecretClient =>
  new SecretClient(VAULT_URL, keyVault.credential, { retryOptions: { maxRetries: 0 }, ...keyVault.clientOptions })

configSourceExam('fromAzureKeyVault with @azure/keyvault-secrets 4.11', async (values, section) => {
  const own = await startEmulator()
  const put = (all: Readonly<Record<string, string>>): void => {
    for (const [name, value] of Object.entries(all))
      own.keyVault.setSecret(`${section.replaceAll(':', '--')}--${name}`, value)
  }
  put(values)
  return { source: fromAzureKeyVault({ client: clientOf(own) }), change: put, close: () => own.close() }
})

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

it('asks in 4.11’s words, and its refusals are told apart as those of 4.12 are', async () => {
  emulator.keyVault.setSecret('MaskinportenSettings--ClientId', 'c', { enabled: false })
  const warned: Warned[] = []
  await load(fromAzureKeyVault({ client: clientOf(emulator) }), { warned })
  expect(warned.map(({ code }) => code)).toContain('KV_SECRET_DISABLED')
  expect(new Set(emulator.requests('key-vault').map(({ query }) => query['api-version']))).toEqual(
    new Set(['2025-07-01']),
  )

  const source = fromAzureKeyVault({ client: clientOf(emulator) })
  await load(source)
  emulator.faults.next('key-vault', { error: 'ForbiddenByRbac' })
  expect(await refusal(load(source, { why: 'poll' }))).toMatchObject({ detail: 'KV_FORBIDDEN', status: 403 })
})

it('is where the peer range begins', () => {
  const folder = join(import.meta.dirname, '..')
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  expect(manifest).toMatchObject({ peerDependencies: { '@azure/keyvault-secrets': '^4.11.0' } })
  expect(versionOf(join(folder, 'node_modules', 'keyvault-secrets-4-11', 'package.json'))).toMatch(/^4\.11\./)
})
