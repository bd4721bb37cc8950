/** Texas's own call of the token endpoint, over a socket: the recorder sees it, and the faults of `token` meet it. */
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { text } from 'node:stream/consumers'
import type { Listener } from '../network/listen.ts'
import { jwtBearer } from '../maskinporten/grant.ts'

export interface UpstreamAnswer {
  readonly status: number
  readonly body: string
}

/** Rejects with the last failure when no answer came. */
export type Upstream = (assertion: string) => Promise<UpstreamAnswer>

/** After the first one, for what may pass; without a pause. */
const retries = 3
/** Milliseconds for one try. */
const timeoutMs = 2000

export function createUpstream(
  { host, port, origin }: Pick<Listener, 'host' | 'port' | 'origin'>,
  options: { readonly issuer: string; readonly ca: string; readonly closing: AbortSignal },
): Upstream {
  const { issuer, ca, closing } = options
  const request = origin.startsWith('https:') ? requestHttps : requestHttp
  const send = (assertion: string): Promise<UpstreamAnswer> =>
    new Promise((resolve, reject) => {
      const body = new URLSearchParams({ grant_type: jwtBearer, assertion }).toString()
      const headers = {
        host: new URL(issuer).host,
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(Buffer.byteLength(body)),
      }
      const signal = AbortSignal.any([closing, AbortSignal.timeout(timeoutMs)])
      const sent = request(
        { host, port, method: 'POST', path: '/token', headers, ca, signal, agent: false },
        (answer) => {
          text(answer).then((heard) => resolve({ status: answer.statusCode ?? 0, body: heard }), reject)
        },
      )
      sent.once('error', reject)
      sent.end(body)
    })
  return async (assertion) => {
    for (let left = retries; ; left -= 1) {
      try {
        const answer = await send(assertion)
        if (left === 0 || !mayPass(answer.status)) return answer
      } catch (error) {
        if (left === 0 || closing.aborted) throw error
      }
    }
  }
}

function mayPass(status: number): boolean {
  return status >= 500 || status === 408 || status === 429
}
