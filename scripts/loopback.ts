// Behind a proxy, many clients ask the proxy for loopback too: axios and MSAL by HTTP_PROXY, Node's fetch with
// NODE_USE_ENV_PROXY. A proxy cannot reach this machine's loopback, where the emulator and the tests' servers listen.
/** `*.localhost` is loopback too (RFC 6761 §6.3). Clients differ in how they have the IPv6 address written. */
const LOOPBACK: readonly string[] = ['localhost', '.localhost', '127.0.0.1', '::1', '[::1]']

/** NO_PROXY with loopback in it, besides what it says already. In both cases: clients look at one of them first. */
export function pastTheProxy(
  env: Readonly<Record<string, string | undefined>>,
  more: readonly string[] = [],
): {
  readonly NO_PROXY: string
  readonly no_proxy: string
} {
  const own = (env['no_proxy'] || env['NO_PROXY'] || '').split(/[\s,]+/).filter((entry) => entry !== '')
  const value = [...new Set([...own, ...LOOPBACK, ...more])].join(',')
  return { NO_PROXY: value, no_proxy: value }
}
