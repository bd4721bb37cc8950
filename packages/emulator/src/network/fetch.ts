/** A `fetch` that leads to the emulator, and to nothing else, over real sockets. */
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Listener } from './listen.ts'
import { isProduction, plainHost, type ServiceName, serviceAt } from './names.ts'

export interface EmulatedFetch {
  readonly fetch: typeof globalThis.fetch
  close(): void
}

export interface FetchOptions {
  readonly listeners: Readonly<Record<ServiceName, Pick<Listener, 'host' | 'port' | 'origin' | 'tls'>>>
  /** The emulator's authority, PEM. */
  readonly ca: string
}

type Target = FetchOptions['listeners'][ServiceName]

/** As `fetch` (Fetch standard, HTTP-redirect fetch step 5). */
const mostRedirects = 20

export function createFetch({ listeners, ca }: FetchOptions): EmulatedFetch {
  const plain = new HttpAgent({ keepAlive: true })
  const secure = new HttpsAgent({ keepAlive: true, ca })
  const targetOf = (url: URL): Target => {
    const own = Object.values(listeners).find((listener) => isAddressOf(listener, url))
    const service = url.protocol === 'https:' && url.port === '' ? serviceAt(url.hostname) : undefined
    const target = own ?? (service && listeners[service])
    if (target) return target
    throw new TypeError(refusal(url))
  }
  const send = async (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    const target = targetOf(url)
    const options = {
      host: target.host,
      port: target.port,
      method: request.method,
      path: `${url.pathname}${url.search}`,
      headers: { ...Object.fromEntries(request.headers), host: url.host },
      signal: request.signal,
    }
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
    return new Promise((resolve, reject) => {
      const sent = target.tls
        ? httpsRequest({ ...options, agent: secure, servername: serverName(url) })
        : httpRequest({ ...options, agent: plain })
      sent.on('response', (incoming) => resolve(responseOf(incoming, request.url)))
      sent.on('error', (error) =>
        reject(request.signal.aborted ? request.signal.reason : new TypeError('fetch failed', { cause: error })),
      )
      sent.end(body)
    })
  }
  const follow = async (request: Request, left: number): Promise<Response> => {
    const again = request.redirect === 'follow' ? request.clone() : undefined
    const response = await send(request)
    const location = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || location === null || request.redirect === 'manual') {
      return response
    }
    if (again === undefined || left === 0) {
      throw new TypeError('fetch failed', { cause: new Error('unexpected redirect') })
    }
    await response.body?.cancel()
    return follow(redirected(again, response.status, new URL(location, request.url)), left - 1)
  }
  return {
    fetch: async (input, init) => follow(new Request(input, init), mostRedirects),
    close() {
      plain.destroy()
      secure.destroy()
    },
  }
}

/** Its origin, or the same port under another name of this machine. */
function isAddressOf({ origin, host, port, tls }: Target, url: URL): boolean {
  if (url.origin === origin) return true
  const names = [host, '127.0.0.1', 'localhost', '[::1]']
  return (
    url.protocol === (tls ? 'https:' : 'http:') && Number(url.port) === port && names.includes(plainHost(url.hostname))
  )
}

/** No address is a server name, and none ends with a dot (RFC 6066 §3). */
function serverName({ hostname }: URL): string {
  return /^[\d.]+$|^\[/.test(hostname) ? '' : plainHost(hostname)
}

const withoutBody: ReadonlySet<number> = new Set([101, 204, 205, 304])

function responseOf(incoming: IncomingMessage, url: string): Response {
  const { statusCode: status = 200, statusMessage: statusText = '', rawHeaders } = incoming
  const headers = new Headers()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  const empty = withoutBody.has(status)
  if (empty) incoming.resume()
  const response = new Response(empty ? null : bodyOf(incoming), { status, statusText, headers })
  // A Response made by hand has no url, and callers read it to see which address answered.
  Object.defineProperty(response, 'url', { value: url })
  return response
}

/** Read as it comes. `Readable.toWeb` has a type of its own, which the global `Response` does not take. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks: AsyncIterator<Buffer> = incoming[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const next = await chunks.next()
      if (next.done === true) controller.close()
      else controller.enqueue(Uint8Array.from(next.value))
    },
    cancel: () => void incoming.destroy(),
  })
}

/** What a redirect asks for next (Fetch standard, HTTP-redirect fetch). */
function redirected(request: Request, status: number, url: URL): Request {
  const asGet = status === 303 || ((status === 301 || status === 302) && request.method === 'POST')
  const headers = new Headers(request.headers)
  if (url.origin !== new URL(request.url).origin) headers.delete('authorization')
  if (!asGet) return new Request(url, new Request(request, { headers }))
  for (const name of ['content-type', 'content-length', 'content-encoding']) headers.delete(name)
  return new Request(url, { method: 'GET', headers, signal: request.signal })
}

function refusal(url: URL): string {
  const asked = url.port === '' ? url.hostname : url.host
  if (isProduction(url.hostname)) {
    return `emulator.fetch refuses ${asked}: it is production's, for which this emulator never speaks; use the test environment`
  }
  if (url.protocol === 'http:' && serviceAt(url.hostname) !== undefined) {
    return `emulator.fetch refuses ${asked} over http; call it over https, as in the test environment`
  }
  return `emulator.fetch refuses ${asked}: it is not emulated, and nothing is sent anywhere else; call it with another fetch`
}
