/** A word about plain http to this machine that a proxy of the environment gets: the assertion and the token go there in clear. */
import type { EventBody } from '../events.ts'
import { envProxy } from './env-proxy.ts'

/** Once for each variable and host. */
export function proxyWarning(emit: (event: EventBody) => void): (url: string) => void {
  const said = new Set<string>()
  return (url) => {
    const proxy = url.startsWith('http:') ? envProxy(url) : undefined
    if (proxy === undefined) return
    const { host, hostname } = new URL(url)
    const key = `${proxy.variable} ${host}`
    if (said.has(key)) return
    said.add(key)
    emit({
      type: 'settings.warning',
      level: 'warn',
      code: 'CONFIG_PROXY_CLEARTEXT',
      key: proxy.variable,
      origin: 'environment',
      message: `${proxy.variable} is set, so requests to http://${host} go to the proxy ${proxy.host}, with assertion and token in clear. Name ${hostname} in NO_PROXY.`,
    })
  }
}
