/** A request's body as text, read from the socket: the web stream around it costs a third of the token endpoint's time. */
import type { IncomingMessage } from 'node:http'

/** `undefined` for a body of more than `maxBytes`, which is then not read on. */
export async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of incoming) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('a request is read as bytes; set no encoding on it')
    length += chunk.length
    if (length > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
