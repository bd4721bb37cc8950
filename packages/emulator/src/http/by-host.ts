/** One service under many names. */
import { Hono } from 'hono'
import { plainHost } from '../network/names.ts'
import type { Service } from './service.ts'

/** Answers as `other` for the hosts that it knows, and as `usual` for all others. */
export function byHost(usual: Service, other: (host: string) => Service | undefined): Service {
  const service: Service = new Hono()
  service.fetch = (request, ...rest) => {
    const host = URL.canParse(request.url) ? plainHost(new URL(request.url).hostname) : ''
    return (other(host) ?? usual).fetch(request, ...rest)
  }
  return service
}
