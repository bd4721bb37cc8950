/** The page on loopback, and nowhere else. */
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { openApplications } from './applications.ts'
import { routes } from './routes.ts'
import type { Stage } from './stage.ts'

export interface PageServer {
  readonly url: string
  close(): Promise<void>
}

const host = '127.0.0.1'

/** A port that cannot be had is said through `complain`, and another one is taken. */
export async function startServer(
  stage: Stage,
  port: number,
  complain: (sentence: string) => void,
): Promise<PageServer> {
  const applications = openApplications(stage)
  const listener = getRequestListener(routes(applications).fetch)
  const server = createServer((request, response) => void listener(request, response))
  const taken = await listen(server, port).catch(async (error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    complain(`port ${port} ${code === 'EADDRINUSE' ? 'is taken' : 'is not allowed'}; the page takes another one`)
    return listen(server, 0)
  })
  return {
    url: `http://${host}:${taken}/`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      await applications.close()
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(address !== null && typeof address === 'object' ? address.port : port)
    })
  })
}
