/** The environment of a command that is to meet the emulator, and nothing else that it emulates. */
import { dirname } from 'node:path'
import type { EmulatorAsTest } from '../emulator.ts'
import type { EntraApplication } from '../entra/applications.ts'
import { plainHost, testHosts } from '../network/names.ts'
import { javaOptions } from './java.ts'
import type { Runtime } from './runtime.ts'
import { writeTrust } from './trust.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface RunEnvironment {
  readonly env: Environment
  /** What of the caller's own cannot be kept, a sentence each. */
  readonly problems: readonly string[]
}

export interface Led {
  readonly application: EntraApplication
  /** Of the client, where no setting of the app says them. */
  readonly variables: Readonly<Record<string, string>>
  readonly runtime: Runtime | undefined
  /** Aborted: nobody waits for the command any longer. */
  readonly stopped: AbortSignal
}

/** What is in `inherited` stays, but for what would lead past the emulator. */
export async function runEnvironment(
  emulator: EmulatorAsTest,
  { application: { tenantId, clientId, clientSecret }, variables, runtime, stopped }: Led,
  inherited: Environment,
): Promise<RunEnvironment> {
  const folder = dirname(emulator.caFile)
  const trust = await writeTrust({ folder, ca: emulator.ca, caFile: emulator.caFile }, inherited)
  const past = ['localhost', '127.0.0.1', '::1', ...exceptions(inherited)]
  const proxy = emulator.proxy.url
  const java = await javaOptions({ folder, proxy, past, roots: trust.roots, runtime, stopped }, inherited)
  const env: Environment = {
    ...Object.fromEntries(Object.entries(inherited).filter(([name]) => !/^(?:https?|no|all)_proxy$/i.test(name))),
    ...emulator.environment,
    ...trust.variables,
    HTTP_PROXY: proxy,
    // Ruby and curl look at these names first, or at these alone.
    http_proxy: proxy,
    https_proxy: proxy,
    NO_PROXY: past.join(','),
    no_proxy: past.join(','),
    JAVA_TOOL_OPTIONS: java,
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
    ...variables,
  }
  return { env, problems: trust.problems }
}

/** The caller's own NO_PROXY, in whatever case it is set, without what would take a host away from the emulator. */
function exceptions(inherited: Environment): readonly string[] {
  const given = Object.entries(inherited).flatMap(([name, value = '']) => (/^no_proxy$/i.test(name) ? [value] : []))
  const emulated = Object.values(testHosts)
    .flat()
    .map((host) => host.replace('*', 'any'))
  // `|` stands between the entries in Java's list.
  const entries = given.flatMap((list) => list.split(/[\s,|]+/)).filter((entry) => entry !== '')
  return [...new Set(entries)].filter((entry) => {
    const end = endOfHost(entry)
    return !emulated.some((host) => end.test(host))
  })
}

/** Of an entry, as the most generous client reads it: without case and port, the end of a name, `*` for anything. */
function endOfHost(entry: string): RegExp {
  const suffix = plainHost(entry.replace(/:\d+$/, '')).replace(/^\*?\.?/, '')
  const parts = suffix.split('*').map((part) => part.replaceAll(/[$()+.?[\\\]^{|}]/g, String.raw`\$&`))
  return new RegExp(`${parts.join('.*')}$`)
}
