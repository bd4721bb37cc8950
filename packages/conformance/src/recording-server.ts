/** An HTTP server on loopback that keeps what arrived. */
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

export interface Arrived {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Reply {
  readonly status?: number | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
}

export interface RecordingServer extends AsyncDisposable {
  readonly port: number
  /** `http://127.0.0.1:…` */
  readonly origin: string
  readonly arrived: Arrived[]
  /** Decides the next answers; may take its time. Default: 200 and `ok`. */
  reply: (request: Arrived, nth: number) => Reply | Promise<Reply>
}

export async function startRecordingServer(reply: RecordingServer['reply'] = () => ({})): Promise<RecordingServer> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url: path = '', headers } = request
    const arrived = { method, path, headers, body: await buffer(request) }
    server.arrived.push(arrived)
    const { status = 200, headers: sent = {}, body = 'ok' } = await server.reply(arrived, server.arrived.length)
    response.writeHead(status, sent).end(body)
  }
  // A request that breaks off is the client's affair.
  const http = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const server: RecordingServer = {
    port,
    origin: `http://127.0.0.1:${port}`,
    arrived: [],
    reply,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
  return server
}

/** What came as `Authorization`, request by request. */
export function authorizations(server: RecordingServer): (string | undefined)[] {
  return server.arrived.map(({ headers }) => headers.authorization)
}
