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

/** Loaded and put together when it is first called. */
export function whenCalled(load: () => Promise<Service>): Service {
  const service: Service = new Hono()
  let loaded: Promise<Service> | undefined
  service.fetch = async (request, ...rest) => (await (loaded ??= load())).fetch(request, ...rest)
  return service
}
