/** The text of an answer, no longer than an answer of core's own endpoints can be. */
import type { FetchFunction } from '../fetch-function.ts'

/** A token is a few kilobytes; whatever unpacks to more is no answer to core's requests. Bytes. */
const MAX_BYTES = 1_048_576

type Response = Awaited<ReturnType<FetchFunction>>

/** Counted while it is read where the answer has a body, afterwards where it has only `text()`. @throws what `tooLong` makes. */
export async function readText(response: Response, tooLong: (limit: string) => Error): Promise<string> {
  const refuse = (): never => {
    throw tooLong('1 MiB')
  }
  const chunks = chunksOf(response.body)
  if (chunks === undefined) {
    const text = await response.text()
    return text.length > MAX_BYTES ? refuse() : text
  }
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of chunks) {
    const isText = typeof chunk === 'string'
    bytes += isText ? chunk.length : chunk.byteLength
    if (bytes > MAX_BYTES) refuse()
    text += isText ? chunk : decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

type Chunk = string | Uint8Array<ArrayBuffer>

/** A stream of the web or of Node that nobody reads yet; undefined for anything else that a caller's fetch has there. */
function chunksOf(body: unknown): AsyncIterable<Chunk> | undefined {
  if (typeof body !== 'object' || body === null || ('locked' in body && body.locked === true)) return undefined
  if ('getReader' in body && typeof body.getReader === 'function') return readAll(body as ReadableStream<Chunk>)
  return Symbol.asyncIterator in body && !('readableDidRead' in body && body.readableDidRead === true)
    ? (body as AsyncIterable<Chunk>)
    : undefined
}

/** By a reader: not every runtime's stream can be iterated. What is left is cancelled, and nobody waits for that. */
async function* readAll(stream: ReadableStream<Chunk>): AsyncGenerator<Chunk> {
  const reader = stream.getReader()
  let isDone = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      isDone = done
      if (done) return
      yield value
    }
  } finally {
    if (!isDone) void reader.cancel().catch(() => undefined)
  }
}
