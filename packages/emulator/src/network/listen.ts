/** Sockets: a server that listens before its service exists, because the service's names contain the port. */
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { getRequestListener } from '@hono/node-server'
import type { Service } from '../http/service.ts'
import { plainHost } from './names.ts'

export interface Listener {
  /** An origin, without a final slash. */
  readonly origin: string
  /** Where it can be called from this machine. */
  readonly host: string
  readonly port: number
  readonly tls: boolean
  /** `others`: what answers to requests whose Host is one of their names; the first that has it. */
  serve(service: Service, others?: readonly OtherNames[]): void
  /** Takes a connection that came in elsewhere. */
  accept(socket: Duplex): void
  close(): Promise<void>
}

export interface OtherNames {
  readonly has: (host: string) => boolean
  readonly service: Service
}

export interface ListenOptions {
  readonly host: string
  /** Host name in its origin. Default: `host`. */
  readonly publicName?: string | undefined
  /** The whole of it, where it is not made of name and port. */
  readonly publicOrigin?: string | undefined
  /** 0 for a free one. */
  readonly port: number
  readonly tls?: { readonly key: string; readonly cert: string } | undefined
}

/** @throws Error when the port is taken or not allowed. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const server = options.tls ? createTlsServer(options.tls) : createServer()
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('secureConnection', (secure: TLSSocket) => makeResettable(secure, sockets))
  const port = await openPort(server, options)
  const scheme = options.tls ? 'https' : 'http'
  const host = callable(options.host)
  return {
    host,
    port,
    tls: options.tls !== undefined,
    origin: options.publicOrigin ?? originOf(scheme, options.publicName ?? host, port),
    serve(service, others = []) {
      // Without replacing the global Request and Response: the emulator runs inside other people's tests.
      const listenerOf = ({ fetch }: Service): ReturnType<typeof getRequestListener> =>
        getRequestListener(fetch, { overrideGlobalObjects: false })
      const own = listenerOf(service)
      const under = others.map(({ has, service: other }) => ({ has, answer: listenerOf(other) }))
      // Callers keep to one name: it is looked up when another one comes.
      let last: { readonly named: string; readonly answer: typeof own } | undefined
      server.on('request', (request, response) => {
        const { host: named = '' } = request.headers
        if (last?.named !== named) last = { named, answer: under.find(({ has }) => has(named))?.answer ?? own }
        void last.answer(request, response)
      })
    },
    accept: (socket) => void server.emit('connection', socket),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        // Those in the middle of a handshake, too.
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** A TLS socket cannot cut its connection by itself; the one below it can. */
function makeResettable(secure: TLSSocket, sockets: ReadonlySet<Socket>): void {
  const below = [...sockets].find(
    ({ remoteAddress, remotePort }) => remoteAddress === secure.remoteAddress && remotePort === secure.remotePort,
  )
  secure.resetAndDestroy = () => {
    below?.resetAndDestroy()
    return secure.destroy()
  }
}

/** @throws Error when the port is taken or not allowed. */
export function openPort(server: Server, { host, port }: Omit<ListenOptions, 'tls'>): Promise<number> {
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

export function originOf(scheme: 'http' | 'https', host: string, port: number): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Only this machine reaches it. */
export function isLoopback(host: string): boolean {
  const name = plainHost(host)
  return name === 'localhost' || name === '::1' || /^127\.\d+\.\d+\.\d+$/.test(name)
}

/** An address that means "every interface" cannot be called; loopback can. */
export function callable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
}
