/**
 * The stand-in server, a process of its own: a token endpoint, its metadata and an API, with as little work as an answer
 * takes, so that the clients are measured; the API answers 401 to who brings no token. `/<system>/<token's life, s>/<delay, ms>/…`: it counts token requests by system.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { portOf } from './port.ts'
import { type Answer, answerTo } from './answers.ts'

const METADATA = '/.well-known/oauth-authorization-server'

const counts = new Map<string, number>()

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Read to its end whatever it is: an unread body would hold the connection.
  request.resume()
  const path = request.url ?? ''
  // RFC 8414 §3.1: the issuer's path comes behind.
  const [, system = '', life = '', wait = '', ...rest] = path.replace(METADATA, '').split('/')
  if (system === 'counts')
    return send(response, { status: 200, body: JSON.stringify({ count: counts.get(life) ?? 0 }) })
  const what = rest.at(-1)?.split('?')[0] ?? ''
  if (what === 'token' || what === 'access_tokens') counts.set(system, (counts.get(system) ?? 0) + 1)
  if (Number(wait) > 0) await delay(Number(wait))
  const base = `http://${request.headers.host ?? ''}/${system}/${life}/${wait}`
  const { authorization } = request.headers
  send(response, answerTo(what, { base, lifeSeconds: Number(life), path, authorization }))
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => void respond(request, response))
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ origin: `http://127.0.0.1:${portOf(server)}` })}\n`)
})
