/** `app.mjs`: a program that works, and calls the first API. */
import type { EnvironmentName } from '../portals.ts'
import type { Adapter, SourceName } from './answers.ts'
import type { BegunApi } from './begun-api.ts'

export interface AppOptions {
  readonly api: BegunApi
  readonly adapter: Adapter
  readonly sources: readonly SourceName[]
  readonly environment: EnvironmentName
  /** In the place of the registry's address: that of an emulator on loopback. */
  readonly baseUrl?: string | undefined
  /** All of it is an emulator's on loopback, the vault too. */
  readonly isOnLoopback?: boolean | undefined
}

const OURS = '@maskinporten-kit/'

const readers: Readonly<Record<SourceName, { readonly name: string; readonly from: string }>> = {
  json: { name: 'fromAppSettings', from: `${OURS}config-json` },
  env: { name: 'fromEnv', from: `${OURS}config-env` },
  'key-vault': { name: 'fromAzureKeyVault', from: `${OURS}config-azure-key-vault` },
}

/** The SDK refuses a vault on loopback, and a sign-in that Microsoft does not know, unless it is told. */
const VAULT_IMPORTS = [
  "import { readFileSync } from 'node:fs'",
  "import { ClientSecretCredential } from '@azure/identity'",
  "import { SecretClient } from '@azure/keyvault-secrets'",
]
const VAULT_LINES = `// The emulator's vault; one in Azure needs none of the next three lines, only fromAzureKeyVault().
const { SecretUri, TenantId, ClientId, ClientSecret } = JSON.parse(readFileSync('appsettings.json', 'utf8')).kvSetting
const credential = new ClientSecretCredential(TenantId, ClientId, ClientSecret, { disableInstanceDiscovery: true })
const vault = new SecretClient(SecretUri, credential, { disableChallengeResourceVerification: true })
`
const functions: Readonly<Record<Adapter, string>> = {
  fetch: 'maskinportenFetch',
  axios: 'maskinportenAxios',
  ky: 'maskinportenKy',
}

/** What `npm install` needs for it. */
export function packagesOf({ adapter, sources }: Pick<AppOptions, 'adapter' | 'sources'>): readonly string[] {
  const vault = sources.includes('key-vault') ? ['@azure/keyvault-secrets', '@azure/identity'] : []
  const client = adapter === 'fetch' ? [] : [adapter]
  const own = ['core', adapter, 'apis'].map((name) => `${OURS}${name}`)
  return [...own, ...sources.map((name) => readers[name].from), ...client, ...vault]
}

export function appFile(options: AppOptions): string {
  const { api, adapter, sources, environment } = options
  const used = sources.map((name) => readers[name])
  const isEmulatedVault = options.isOnLoopback === true && sources.includes('key-vault')
  const imports = [
    ...(isEmulatedVault ? VAULT_IMPORTS : []),
    ...(adapter === 'fetch' ? [] : [`import ${adapter} from '${adapter}'`]),
    `import { api } from '${OURS}apis'`,
    ...used.map(({ name, from }) => `import { ${name} } from '${from}'`),
    `import { createMaskinporten, settingsFrom } from '${OURS}core'`,
    `import { ${functions[adapter]} } from '${OURS}${adapter}'`,
  ]
  const read = (name: string): string =>
    `${name}(${isEmulatedVault && name === readers['key-vault'].name ? '{ client: vault }' : ''})`
  const given = api.options.length > 0 ? `, { ${api.options.join(', ')} }` : ''
  const known = `api('${api.id}', '${environment}'${given})`
  return `${imports.join('\n')}

// Where the API is, which scopes it wants, and the only place that gets the token.
${apiLines(known, options.baseUrl)}
${isEmulatedVault ? VAULT_LINES : ''}const maskinporten = createMaskinporten(settingsFrom([${used.map(({ name }) => read(name)).join(', ')}]))
${callLines(options)}
await maskinporten.close()
`
}

function apiLines(known: string, baseUrl: string | undefined): string {
  if (baseUrl === undefined) return `const target = ${known}`
  return `const baseUrl = '${baseUrl}' // The emulator's; without this line and the next, the registry's.
const target = { ...${known}, baseUrl, allow: [new URL(baseUrl).origin] }`
}

function callLines({ adapter, api }: AppOptions): string {
  const address = `\`\${target.baseUrl}${api.path}\``
  const headers = api.options.some((option) => option.startsWith('headers:')) ? 'headers: target.headers' : ''
  const comma = headers === '' ? '' : `${headers}, `
  const tokens = 'maskinporten.with(target.request)'
  if (adapter === 'axios')
    return `const client = axios.create({ ${comma}validateStatus: () => true })
maskinportenAxios(client, ${tokens}, target)

const answer = await client.get(${address})
console.log(answer.status, answer.data)`
  if (adapter === 'ky')
    return `const client = ky.create({ ${comma}throwHttpErrors: false }).extend(
  maskinportenKy(${tokens}, target),
)

const answer = await client.get(${address})
console.log(answer.status, await answer.text())`
  return `const client = maskinportenFetch(${tokens}, target)

const answer = await client(${address}${headers === '' ? '' : `, { ${headers} }`})
console.log(answer.status, await answer.text())`
}
