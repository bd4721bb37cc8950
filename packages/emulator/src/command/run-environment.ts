/** The environment of a command that is to meet the emulator, and nothing else that it emulates. */
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { rootCertificates } from 'node:tls'
import type { EmulatorAsTest } from '../emulator.ts'
import type { EntraApplication } from '../entra/applications.ts'
import { testHosts } from '../network/names.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What is in `inherited` stays, but for what would lead past the emulator. */
export async function runEnvironment(
  emulator: EmulatorAsTest,
  { tenantId, clientId, clientSecret }: EntraApplication,
  inherited: Environment,
): Promise<Environment> {
  const bundle = join(dirname(emulator.caFile), 'bundle.pem')
  const own = inherited['SSL_CERT_FILE']
  // For those that trust one file and nothing beside it: .NET, Python and curl on Linux.
  const trusted = own === undefined ? rootCertificates.join('\n') : await readFile(own, 'utf8').catch(() => '')
  await writeFile(bundle, `${emulator.ca}\n${trusted}\n`)
  return {
    // In lower case they would be looked at first.
    ...Object.fromEntries(Object.entries(inherited).filter(([name]) => !/^(?:https|no|all)_proxy$/i.test(name))),
    ...emulator.environment,
    NO_PROXY: ['localhost', '127.0.0.1', '::1', ...exceptions(inherited)].join(','),
    SSL_CERT_FILE: bundle,
    REQUESTS_CA_BUNDLE: bundle,
    CURL_CA_BUNDLE: bundle,
    kvSetting__SecretUri: emulator.keyVault.url,
    kvSetting__TenantId: tenantId,
    kvSetting__ClientId: clientId,
    kvSetting__ClientSecret: clientSecret,
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    NAIS_TOKEN_ENDPOINT: emulator.texas.tokenEndpoint,
    NAIS_TOKEN_INTROSPECTION_ENDPOINT: emulator.texas.introspectionEndpoint,
    EMULATED_MASKINPORTEN_CONTROL: emulator.control.url,
  }
}

/** The caller's own NO_PROXY, without what would take a host away from the emulator. */
function exceptions(inherited: Environment): readonly string[] {
  const given = inherited['no_proxy'] ?? inherited['NO_PROXY'] ?? ''
  const emulated = Object.values(testHosts)
    .flat()
    .map((host) => host.replace('*', 'any'))
  return given
    .split(/[\s,]+/)
    .filter((entry) => entry !== '' && entry !== '*')
    .filter((entry) => {
      const suffix = entry.replace(/^\*?\.?/, '').replace(/:\d+$/, '')
      return !emulated.some((host) => host === suffix || host.endsWith(`.${suffix}`))
    })
}
