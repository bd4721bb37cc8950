/** Sockets: a server that listens before its service exists, because the service's names contain the port. */
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Service } from './service.ts'

export interface Listener {
  /** An origin, without a final slash. */
  readonly origin: string
  /** Where it can be called from this machine. */
  readonly host: string
  readonly port: number
  serve(service: Service): void
  close(): Promise<void>
}

export interface ListenOptions {
  readonly host: string
  /** 0 for a free one. */
  readonly port: number
  readonly tls?: { readonly key: string; readonly cert: string } | undefined
}

/** @throws Error when the port is taken or not allowed. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const server = options.tls ? createTlsServer(options.tls) : createServer()
  const port = await open(server, options)
  const scheme = options.tls ? 'https' : 'http'
  const host = callable(options.host)
  return {
    host,
    port,
    origin: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    serve(service) {
      // Without replacing the global Request and Response: the emulator runs inside other people's tests.
      const listener = getRequestListener(service.fetch, { overrideGlobalObjects: false })
      server.on('request', (request, response) => void listener(request, response))
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

function open(server: Server, { host, port }: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(taken ? new Error(`port ${port} on ${host} is taken; choose another one, or 0 for a free one`) : error)
    })
    server.listen(port, host, () => resolve(portOf(server.address())))
  })
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string')
    throw new Error('the server has no port: it listens on no TCP address')
  return address.port
}

// An address that means "every interface" cannot be called; loopback can.
function callable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
}
