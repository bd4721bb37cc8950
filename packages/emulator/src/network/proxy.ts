/** The CONNECT proxy (RFC 9110 §9.3.6) that leads the names of the test environment to the emulator, and nothing anywhere else. */
import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { callable, type Listener, openPort, originOf } from './listen.ts'
import { isProduction, type NamedService, serviceAt } from './names.ts'

export interface EmulatedProxy {
  /** For HTTPS_PROXY. */
  readonly url: string
  /** The hosts that were asked for and are none of the emulator's, each once: what the app would have called. */
  refused(): readonly string[]
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
  const server = createServer((request, response) => {
    response.writeHead(501, { 'content-type': 'text/plain; charset=utf-8' })
    response.end(`This proxy takes CONNECT only, and not ${request.method}: set HTTPS_PROXY to it, not HTTP_PROXY.\n`)
  })
  server.on('connect', (request, socket: Duplex, head: Buffer) => {
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
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
        for (const socket of open) socket.destroy()
      }),
  }
}

/** Of `host:port`, as CONNECT names its target; an IPv6 host keeps its brackets. */
function authority(target: string): { readonly hostname: string; readonly port: string } {
  const colon = target.lastIndexOf(':')
  return { hostname: target.slice(0, colon).toLowerCase(), port: target.slice(colon + 1) }
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
