/** Where the page is, at the address of the controls. It is loaded when somebody opens it. */
import type { Context } from 'hono'
import { controlHeader } from '../control/addresses.ts'
import type { Emulator } from '../emulator.ts'
import type { Recorder } from '../http/recorder.ts'
import type { Service, ServiceEnv } from '../http/service.ts'
import type { ClientRegistry } from '../maskinporten/clients.ts'

export interface PageParts {
  readonly clients: ClientRegistry
  readonly recorder: Recorder
}

/** Whether a request without the control header is for the page: who has the header wants the addresses at `/`, as JSON. */
export function isForPage(c: Context<ServiceEnv>): boolean {
  const { path } = c.req
  return (
    path.startsWith('/page/') || (path === '/' && c.req.method !== 'POST' && c.req.header(controlHeader) === undefined)
  )
}

/** To be added before the routes of the controls, since `/` is both. */
export function addPage(service: Service, emulator: Emulator, parts: PageParts): void {
  let loaded: Promise<Service> | undefined
  const load = async (): Promise<Service> => (await import('./service.ts')).pageService(emulator, parts)
  const answer = async (c: Context<ServiceEnv>): Promise<Response> =>
    (await (loaded ??= load())).fetch(c.req.raw, c.env)
  service.get('/', (c, next) => (isForPage(c) ? answer(c) : next()))
  service.post('/page/approvals', answer)
  for (const path of ['style.css', 'script.js', 'events']) service.get(`/page/${path}`, answer)
}
