/** A proxy between client and server: it answers later or in the server's stead, cuts what is open, and leads elsewhere. */
import { type Socket, connect, createServer } from 'node:net'
import { freePort } from './redis-server.ts'

export interface TcpProxy {
  readonly port: number
  /** How long each piece of an answer is held back, milliseconds. */
  delayMs: number
  /** The error that each script is answered with in the server's stead, as a server would word it. */
  refusal: string | undefined
  /** From now on it leads there, and what is open is cut. */
  switchTo(port: number): void
  close(): Promise<void>
}

export async function startProxy(target: number): Promise<TcpProxy> {
  let to = target
  const open = new Set<Socket>()
  const timers = new Set<NodeJS.Timeout>()
  const cut = (): void => {
    for (const socket of open) socket.destroy()
  }
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (data) => {
      const scripts = proxy.refusal === undefined ? 0 : data.toString('latin1').split(/\r\neval\r\n/i).length - 1
      if (scripts > 0) near.write(`-${proxy.refusal}\r\n`.repeat(scripts))
      else far.write(data)
    })
    far.on('data', (data) => {
      if (proxy.delayMs === 0) near.write(data)
      else {
        const timer = setTimeout(() => {
          timers.delete(timer)
          near.write(data)
        }, proxy.delayMs)
        timers.add(timer)
      }
    })
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const proxy: TcpProxy = {
    port,
    delayMs: 0,
    refusal: undefined,
    switchTo: (next) => {
      to = next
      cut()
    },
    close: async () => {
      for (const timer of timers) clearTimeout(timer)
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}
