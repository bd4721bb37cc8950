/** The proxy that the environment names, where this runtime's own fetch heeds it. Read at each call; no module of Node's is needed. */

export interface EnvProxy {
  /** `HTTPS_PROXY`, as it is spelt there. */
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
  const isHeeded =
    versions['bun'] !== undefined ||
    'Deno' in globalThis ||
    env['NODE_USE_ENV_PROXY'] === '1' ||
    `${execArgv.join(' ')} ${env['NODE_OPTIONS'] ?? ''}`.includes('--use-env-proxy')
  const url = new URL(address)
  if (!isHeeded || isExempt(url, env['no_proxy'] ?? env['NO_PROXY'] ?? '')) return undefined
  // Node's falls back to the one of http.
  const names = ['http_proxy', 'HTTP_PROXY']
  const variable = (url.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY', ...names] : names).find(
    (name) => (env[name] ?? '') !== '',
  )
  if (variable === undefined) return undefined
  const value = env[variable] ?? ''
  return { variable, host: URL.canParse(value) ? new URL(value).host : '' }
}

/** As undici reads NO_PROXY: names, their subdomains with a dot or a star before them, a port after a colon, a star for all. */
function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.toLowerCase()
  return list
    .toLowerCase()
    .split(/[,\s]+/)
    .some((entry) => {
      if (entry === '*') return true
      const [, name = '', onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
      if (name === '' || (onlyPort !== undefined && onlyPort !== (port || (protocol === 'https:' ? '443' : '80'))))
        return false
      return /^[.*]/.test(name) ? host.endsWith(name.replace(/^\*/, '')) : host === name
    })
}
