/** The page over HTTP. */
import { Hono } from 'hono'
import type { Emulator } from '../emulator.ts'
import { problem } from '../http/problem.ts'
import type { Service } from '../http/service.ts'
import { takeForm } from './approvals.ts'
import { languageOf } from './language.ts'
import { createLive } from './live.ts'
import { page, type PageContent, shownRequests } from './page.ts'
import type { Speech } from './parts.ts'
import type { PageParts } from './routes.ts'
import { script } from './script.ts'
import { stateOf } from './state.ts'
import { style } from './style.ts'
import { sayIn } from './texts.ts'

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const headers: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  // With no-referrer, a browser would send a form of the page without its origin.
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
}

export function pageService(emulator: Emulator, { clients, recorder }: PageParts): Service {
  const service: Service = new Hono()
  // A sentence for the caller: the controls answer with it.
  service.onError((error) => {
    throw error
  })
  const contentOf = (onlyRefused: boolean): PageContent => ({
    requests: emulator.requests({ limit: shownRequests, ...(onlyRefused ? { refused: true } : {}) }).toReversed(),
    onlyRefused,
    clients: clients.all(),
    approvals: emulator.maskinporten,
    now: emulator.clock.now(),
    addresses: emulator,
  })
  service.get('/', (c) => {
    const language = languageOf(c.req.query('lang') ?? null, c.req.header('accept-language'))
    const speech: Speech = { language, say: sayIn(language) }
    const body = page(contentOf(c.req.query('show') === 'refused'), speech)
    return new Response(body.text, {
      headers: { ...headers, 'content-type': 'text/html; charset=utf-8', vary: 'Accept-Language' },
    })
  })
  service.post('/page/approvals', (c) => takeForm(c, emulator.maskinporten))
  const asset = (path: string, type: string, body: string): void => {
    service.get(path, () => new Response(body, { headers: { ...headers, 'content-type': `${type}; charset=utf-8` } }))
  }
  asset('/page/style.css', 'text/css', style)
  asset('/page/script.js', 'text/javascript', script)
  const live = createLive({
    state: () => stateOf({ recorder, clients, approvals: emulator.maskinporten, now: () => emulator.clock.now() }),
    listen: (listener) => emulator.log(listener),
  })
  service.get('/page/events', (c) => {
    // Any website may ask for it without reading it, and each stream costs something.
    if ((c.req.header('sec-fetch-site') ?? 'same-origin') !== 'same-origin') {
      return problem(403, 'Forbidden', 'Only the page follows what is new; open it and look.')
    }
    const init = { headers: { ...headers, 'content-type': 'text/event-stream' } }
    // Hono drops the body that GET has, and never ends it.
    if (c.req.method === 'HEAD') return new Response(null, init)
    const stream = live.stream()
    return stream
      ? new Response(stream, init)
      : problem(503, 'Service Unavailable', 'As many pages as may be follow already; close one of them.')
  })
  return service
}
