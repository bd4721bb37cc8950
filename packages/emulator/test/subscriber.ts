/** A subscriber of events: a server on loopback that keeps what it gets. */
import { createServer } from 'node:http'
import { once } from 'node:events'

export interface Subscriber extends AsyncDisposable {
  readonly url: string
  readonly got: { readonly type: string; readonly contentType: string | undefined; readonly event: unknown }[]
  /** What it answers from now on. Default 200. */
  status: number
}

export async function startSubscriber(): Promise<Subscriber> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (bytes: Buffer) => (body += bytes.toString()))
    request.on('end', () => {
      const event: unknown = JSON.parse(body)
      const type = String(Reflect.get(Object(event), 'type'))
      subscriber.got.push({ type, contentType: request.headers['content-type'], event })
      response.writeHead(subscriber.status).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const subscriber: Subscriber = {
    url: `http://127.0.0.1:${port}/events?code=secret`,
    got: [],
    status: 200,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return subscriber
}
