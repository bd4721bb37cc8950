/** Whether what the command called came to the emulator, and how to mend it where it did not. */
import { isProduction, serviceAt } from '../network/names.ts'
import { heedsProxy, nodeVersion, type Runtime, type RuntimeName, type Surroundings } from './runtime.ts'

const heedingNodes = 'run the command with Node 22.21, 24.5 or newer'

/** The clients that do not ask HTTPS_PROXY, and what makes them. */
const mends: Readonly<Record<RuntimeName, string>> = {
  node: 'a client with an agent of its own, such as superagent, needs the global one: .agent(https.globalAgent)',
  bun: 'its fetch heeds HTTPS_PROXY; a client with sockets of its own does not',
  deno: 'its fetch heeds HTTPS_PROXY; a client with sockets of its own does not',
  python: 'aiohttp heeds HTTPS_PROXY with ClientSession(trust_env=True); requests and httpx by default',
  ruby: 'Net::HTTP heeds http_proxy unless it is given nil as proxy; http.rb with .via(host, port)',
  php: 'curl and Guzzle heed HTTPS_PROXY; streams (file_get_contents) need "proxy" in their context',
  java: 'Apache HttpClient heeds it with useSystemProperties(), Reactor Netty with proxyWithSystemProperties()',
  dotnet: 'HttpClient heeds HTTPS_PROXY unless its handler has UseProxy = false or a proxy of its own',
  go: 'a Transport of its own heeds HTTPS_PROXY with Proxy: http.ProxyFromEnvironment',
  curl: 'it heeds HTTPS_PROXY unless it is told --noproxy or -q with a proxy of its own',
}

/** Before the command begins. `undefined`: nothing is known to be amiss. */
export async function warningOf(runtime: Runtime | undefined, surroundings: Surroundings): Promise<string | undefined> {
  if (runtime?.name !== 'node') return undefined
  const version = await nodeVersion(runtime.program, surroundings)
  if (version === undefined || heedsProxy(version)) return undefined
  return `Node ${version.slice(1)} does not heed HTTPS_PROXY, so what it fetches may go to the real hosts; ${heedingNodes}`
}

export interface Seen {
  /** Connections to the proxy, and calls of Texas. */
  readonly met: boolean
  /** Hosts that a Node of the command looked up by itself. */
  readonly lookups: readonly string[]
}

/** After the command has ended. `undefined`: all came to the emulator. */
export function unheededLine({ met, lookups }: Seen, runtime: Runtime | undefined, old: boolean): string | undefined {
  const real = [...new Set(lookups)].filter((host) => serviceAt(host) !== undefined || isProduction(host))
  if (met && real.length === 0) return undefined
  const what =
    real.length > 0
      ? `the command looked up ${real.join(', ')} past the proxy of HTTPS_PROXY`
      : 'the proxy saw no connection: the command called nothing, or its HTTP client does not heed HTTPS_PROXY'
  const mend = old ? heedingNodes : runtime ? mends[runtime.name] : 'let its HTTP client heed HTTPS_PROXY'
  return `${what}; ${mend}`
}
