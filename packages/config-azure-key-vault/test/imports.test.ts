import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** Which of Azure's packages a process has asked for after each step, one after the other. */
const script = `
import { registerHooks } from 'node:module'
const asked = new Set()
registerHooks({ resolve: (specifier, context, next) => {
  if (specifier.startsWith('@azure/') && context.parentURL.includes('config-azure-key-vault/src')) asked.add(specifier)
  return next(specifier, context)
} })
const { fromAzureKeyVault } = await import('@maskinporten-kit/config-azure-key-vault')
const { createConfigLayer } = await import('@maskinporten-kit/core')
const steps = [[...asked]]
const signal = AbortSignal.timeout(50)
const earlier = createConfigLayer({ kvSetting: { SecretUri: 'https://my-kv.vault.azure.net' } }, { origin: 'test' })
const keys = ['MaskinportenSettings:ClientId']
const load = async (options, signal) => {
  await fromAzureKeyVault(options).load({ section: 'MaskinportenSettings', keys, earlier, why: 'start', signal, warn: () => undefined }).catch(() => undefined)
  steps.push([...asked])
}
const properties = {}
await load({ client: { vaultUrl: 'https://my-kv.vault.azure.net', getSecret: async (name) => ({ name, value: 'x', properties }) } }, new AbortController().signal)
await load({ credential: { getToken: async () => null } }, AbortSignal.timeout(2000))
await load({}, AbortSignal.timeout(2000))
console.log(JSON.stringify(steps))
process.exit(0)
`

it('importing the package loads nothing of Azure, a client neither, a credential only the vault’s, and nothing given both', async () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@maskinporten-kit/source', '--input-type=module', '--eval', script],
    { cwd, env: { ...process.env, AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential' } },
  )
  expect(JSON.parse(stdout)).toEqual([
    [],
    [],
    ['@azure/keyvault-secrets'],
    ['@azure/keyvault-secrets', '@azure/identity'],
  ])
})
