/** The proxy that the environment names, where this runtime's own fetch obeys it. Read at each call; no module of Node's is needed. */
import type { EventBody } from '../events.ts'

export interface EnvProxy {
  /** `HTTPS_PROXY`, as the environment spells it. */
  readonly variable: string
  /** Host and port, without user info; '' when it does not parse. */
  readonly host: string
}

/** What Node, Bun and Deno have under the name of `process`; other runtimes have no environment. */
interface Host {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly execArgv?: readonly string[]
  readonly versions?: Readonly<Record<string, string | undefined>>
}

export function envProxy(address: string): EnvProxy | undefined {
  const { env, versions = {}, execArgv = [] } = (Reflect.get(globalThis, 'process') ?? {}) as Host
  if (env === undefined || !URL.canParse(address)) return undefined
  const isObeyed =
    'bun' in versions ||
    'Deno' in globalThis ||
    (env['NODE_USE_ENV_PROXY'] === '1' && knowsVariable(versions['node'])) ||
    `${execArgv.join(' ')} ${env['NODE_OPTIONS']}`.includes('--use-env-proxy')
  const url = new URL(address)
  if (!isObeyed || isExempt(url, env['no_proxy'] ?? env['NO_PROXY'] ?? '')) return undefined
  // Node takes the proxy of http for https too, where no other is named.
  const schemes = url.protocol === 'https:' ? ['https', 'http'] : ['http']
  const variable = schemes
    .flatMap((scheme) => [`${scheme}_proxy`, `${scheme}_proxy`.toUpperCase()])
    .find((name) => env[name])
  const value = variable && env[variable]
  return variable && value ? { variable, host: URL.canParse(value) ? new URL(value).host : '' } : undefined
}

/** `NODE_USE_ENV_PROXY` is obeyed by fetch [from Node 24.0.0 and 22.21.0 on](https://nodejs.org/api/cli.html#node_use_env_proxy1). */
function knowsVariable(version = ''): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major >= 24 || (major === 22 && minor >= 21)
}

/**
 * Reads NO_PROXY as undici does: a name means that host; a name after a dot or a star means its subdomains too; a port may
 * follow after a colon; a star alone means every host.
 */
function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const ownPort = port || (protocol === 'https:' ? '443' : '80')
  return list
    .toLowerCase()
    .split(/[,\s]+/)
    .some((entry) => {
      const [, name = '', onlyPort = ownPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
      if (onlyPort !== ownPort) return false
      return /^[.*]/.test(name) ? hostname.endsWith(name.replace('*', '')) : hostname === name
    })
}

/**
 * Warns of plain http to this machine that goes to a proxy of the environment: the proxy gets the assertion and the token
 * in clear. Once for each variable and host.
 */
export function proxyWarning(emit: (event: EventBody) => void): (url: string) => void {
  const warned = new Set<string>()
  return (url) => {
    const proxy = url.startsWith('http:') ? envProxy(url) : undefined
    if (proxy === undefined) return
    const { variable } = proxy
    const { host, hostname } = new URL(url)
    const message = `${variable} is set, so requests to http://${host} go to the proxy ${proxy.host}, with assertion and token in clear. Name ${hostname} in NO_PROXY.`
    if (warned.has(message)) return
    warned.add(message)
    const code = 'CONFIG_PROXY_CLEARTEXT'
    emit({ type: 'settings.warning', level: 'warn', code, key: variable, origin: 'environment', message })
  }
}
