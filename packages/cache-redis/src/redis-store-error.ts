/** Why the store failed. Core hands its class and its code on in `store.failed`, and nothing else of it. */
export class RedisStoreError extends Error {
  override readonly name = 'RedisStoreError'
  /** `CLIENT_CLOSED`, `UNKNOWN_ANSWER`, or the first word of what the server refused with: `OOM`, `READONLY`, `NOAUTH`. */
  readonly code: string

  constructor(code: string, message: string) {
    super(`${message}: ${code}`)
    this.code = code
  }
}
