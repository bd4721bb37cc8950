/** A request's body as text, read from the socket by its events: the web stream around it, or an async iterator, would cost as much as all the rest. */
import type { IncomingMessage } from 'node:http'

export const maxBodyBytes: number = 10 * 1024 * 1024

/** `undefined` for a body of more than `maxBytes`, which is then not read on. Rejects when the caller hangs up. */
export function readBody(incoming: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let whole = false
    const hungUp = (): void => {
      // Every request is closed in the end, and an error with its stack costs more than reading a body.
      if (!whole) reject(new Error('the caller hung up before the body was whole; ask it to send again'))
    }
    // It may have hung up before anybody listened.
    if (incoming.destroyed) return hungUp()
    const chunks: Buffer[] = []
    let length = 0
    const onData = (chunk: Buffer): void => {
      length += chunk.length
      if (length <= maxBytes) {
        chunks.push(chunk)
        return
      }
      incoming.off('data', onData)
      incoming.pause()
      resolve(undefined)
    }
    incoming.on('data', onData)
    incoming.once('end', () => {
      whole = true
      resolve((chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)).toString())
    })
    incoming.once('error', reject)
    incoming.once('close', hungUp)
  })
}
