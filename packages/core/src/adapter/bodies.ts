/** Bodies: which can be sent again, which are copied first, and how an unused body is released. */
import { requestPart } from './requests.ts'

/**
 * A copy of a body, for a call that first waits for its token: a plain `fetch` reads the bytes when it is called, so later
 * changes must not count here either. Bytes, FormData and URLSearchParams are copied; every other body is returned as it is.
 */
export function copyBody<B>(body: B): B
export function copyBody(body: unknown): unknown {
  if (typeof body !== 'object') return body
  // A Buffer's own `slice` copies nothing.
  if (body instanceof Uint8Array) return Uint8Array.prototype.slice.call(body)
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice()
  if (body instanceof ArrayBuffer) return body.slice()
  if (body instanceof URLSearchParams) return new URLSearchParams(body)
  if (!(body instanceof FormData)) return body
  const copy = new FormData()
  for (const [name, value] of body) copy.append(name, value)
  return copy
}

/** No body, a string, bytes, Blob, FormData and URLSearchParams can be sent twice; a stream, an iterator and others cannot. */
export function canSendAgain(body: unknown): boolean {
  return (
    body === undefined ||
    body === null ||
    typeof body === 'string' ||
    ArrayBuffer.isView(body) ||
    body instanceof ArrayBuffer ||
    body instanceof URLSearchParams ||
    body instanceof Blob ||
    // By class, not by tag: the package form-data has the same tag and is a stream.
    body instanceof FormData
  )
}

/**
 * Releases a body that nobody reads, such as that of an answer. Does not wait: after a clone, the cancel of one half ends
 * only with the other half. Does not throw. A body that is not a stream is left alone.
 *
 * @param holder anything with a `body`: a web stream, a Node stream, an iterator, or an object of a caller's own fetch.
 */
export function discardBody(holder: { readonly body?: unknown } | null | undefined, reason?: unknown): void {
  try {
    const body = holder?.body as Disposable | null | undefined
    // A Node stream that fails to close would end the process.
    body?.on?.('error', () => undefined)
    const ended = body?.cancel ? body.cancel(reason) : body?.destroy ? body.destroy() : body?.return?.()
    Promise.resolve(ended).catch(() => undefined)
  } catch {
    // A failed release must not fail the call.
  }
}

interface Disposable {
  on?(event: 'error', listener: () => void): unknown
  cancel?(reason: unknown): unknown
  destroy?(): unknown
  return?(): unknown
}

/** The content types whose body is copied so that it can be sent again: JSON, a form, text. */
const COPIED = /^(application\/(json|x-www-form-urlencoded)|text\/plain|[^/;\s]+\/[^/;\s]+\+json)[\t ]*(;|$)/i
const MAX_COPIED_BYTES = 1_048_576

export interface BodyCopy {
  /** The whole body; undefined when it is longer than 1 MiB, or a stream that has not ended. */
  take(): Promise<Uint8Array<ArrayBuffer> | undefined>
  /** Releases the copy. */
  drop(reason?: unknown): void
}

/**
 * Copies a Request's body while it is sent; only a clone made before the sending can do that. At most 1 MiB is held in
 * memory: the copy of a longer body is released at once, and the body is sent all the same. Undefined when the content type
 * is not JSON, a form or text, or when there is no body.
 */
export function copyRequestBody(request: Request): BodyCopy | undefined {
  const headers = requestPart(request, 'headers')
  const body = requestPart(request, 'body')
  if (!body || body.locked || requestPart(request, 'bodyUsed')) return undefined
  if (!COPIED.test(headers.get('content-type') ?? '')) return undefined
  if (Number(headers.get('content-length')) > MAX_COPIED_BYTES) return undefined
  const reader = Request.prototype.clone.call(request).body?.getReader()
  if (reader === undefined) return undefined

  let parts: Uint8Array[] = []
  let length = 0
  let whole: Uint8Array<ArrayBuffer> | undefined
  const drop = (reason?: unknown): void => {
    parts = []
    discardBody({ body: reader }, reason)
  }
  const read = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      length += value.byteLength
      if (length > MAX_COPIED_BYTES) return drop()
      parts.push(value)
    }
    whole = joined(parts, length)
  }
  const reading = read().catch(() => drop())
  return {
    drop,
    async take() {
      // A body in memory is read within one turn of the event loop. An open stream may never end.
      await Promise.race([reading, new Promise((resolve) => setTimeout(resolve))])
      if (whole === undefined) drop()
      return whole
    },
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.byteLength
  }
  return whole
}
