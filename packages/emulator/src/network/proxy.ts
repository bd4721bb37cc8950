/** The CONNECT proxy (RFC 9110 §9.3.6) that leads the names of the test environment to the emulator, and nothing anywhere else. */
import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { callable, type Listener, openPort, originOf } from './listen.ts'
import { isProduction, type NamedService, plainHost, serviceAt } from './names.ts'

export interface EmulatedProxy {
  /** For HTTPS_PROXY. */
  readonly url: string
  /** The hosts that were asked for and are none of the emulator's, each once: what the app would have called. */
  refused(): readonly string[]
  /** How many connections came in so far, refused ones included. */
  connections(): number
}

export interface Proxy extends EmulatedProxy {
  readonly host: string
  readonly port: number
  close(): Promise<void>
}

export interface ProxyOptions {
  readonly host: string
  readonly port: number
  readonly services: Readonly<Record<NamedService, Pick<Listener, 'accept'>>>
}

/** @throws Error when the port is taken or not allowed. */
export async function openProxy(options: ProxyOptions): Promise<Proxy> {
  const refusedHosts = new Set<string>()
  const open = new Set<Duplex>()
  let connections = 0
  const server = createServer((request, response) => {
    connections += 1
    const { status, host, why } = refusedRequest(request)
    if (host !== undefined) refusedHosts.add(host)
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
    response.end(`${why}\n`)
  })
  server.on('connect', (request, socket: Duplex, head: Buffer) => {
    connections += 1
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    // Who hangs up in the middle of a tunnel has said all that there is to say.
    socket.on('error', () => socket.destroy())
    const { hostname, port } = authority(request.url ?? '')
    const service = port === '443' ? serviceAt(hostname) : undefined
    if (service === undefined) {
      refusedHosts.add(request.url ?? '')
      socket.end(refusal(hostname, port))
      return
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    if (head.length > 0) socket.unshift(head)
    options.services[service].accept(socket)
  })
  const port = await openPort(server, options)
  const host = callable(options.host)
  return {
    url: originOf('http', host, port),
    host,
    port,
    refused: () => [...refusedHosts],
    connections: () => connections,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
        for (const socket of open) socket.destroy()
      }),
  }
}

interface RefusedRequest {
  readonly status: number
  /** With its port. `undefined`: it asks for none. */
  readonly host: string | undefined
  readonly why: string
}

/** All that is emulated speaks https, so what is asked for without it leads to nothing (RFC 9112 §3.2.2: an absolute URL). */
function refusedRequest({ method, url = '' }: IncomingMessage): RefusedRequest {
  const asked = URL.canParse(url) ? new URL(url) : undefined
  if (asked?.protocol !== 'http:') {
    return {
      status: 501,
      host: undefined,
      why: `This is a proxy, and no server: set HTTPS_PROXY to it, and call ${method} on a host.`,
    }
  }
  const hostname = plainHost(asked.hostname)
  const port = asked.port === '' ? '80' : asked.port
  const why = serviceAt(hostname)
    ? `${hostname} is emulated over https only; call it with https.`
    : reason(hostname, port)
  return { status: 403, host: `${hostname}:${port}`, why }
}

/** Of `host:port`, as CONNECT names its target; an IPv6 host keeps its brackets. */
function authority(target: string): { readonly hostname: string; readonly port: string } {
  const colon = target.lastIndexOf(':')
  return { hostname: plainHost(target.slice(0, colon)), port: target.slice(colon + 1) }
}

/** Clients show the reason, the body, or neither: both say it. */
function refusal(hostname: string, port: string): string {
  const body = `${reason(hostname, port)}\n`
  const head = [
    `HTTP/1.1 403 Not Emulated`,
    'content-type: text/plain; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}

function reason(hostname: string, port: string): string {
  if (isProduction(hostname)) {
    return `${hostname} is production's, for which this emulator never speaks; let the app use the test environment.`
  }
  const asked = port === '443' ? hostname : `${hostname}:${port}`
  return `${asked} is not emulated, and this proxy never connects outward; add it to NO_PROXY if the app needs the real one.`
}
