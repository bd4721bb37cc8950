/** One request over https with an agent of the test's own, which fetch does not take. */
import { type Agent, request } from 'node:https'

export interface Called {
  readonly status: number | undefined
  readonly body: string
}

export function call(
  url: string,
  {
    agent,
    body,
    headers = {},
  }: { readonly agent: Agent; readonly body?: string; readonly headers?: Readonly<Record<string, string>> },
): Promise<Called> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const sent = request(url, { agent, method, headers }, (response) => {
      let heard = ''
      response.on('data', (bytes: Buffer) => (heard += bytes.toString()))
      response.on('end', () => resolve({ status: response.statusCode, body: heard }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
