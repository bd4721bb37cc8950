/** The user's own client, known by its shape, and one script run by it. */
import { RedisStoreError } from './redis-store-error.ts'

/** As much of ioredis or iovalkey, a client or a cluster, as is used here. */
export interface IoRedisLike {
  readonly status: string
  readonly mode?: string | undefined
  connect(): Promise<unknown>
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>
  evalsha(...input: never): unknown
  once(event: 'ready', listener: () => void): unknown
}

/** As much of `@redis/client` (or `redis`), a client, a cluster, a sentinel or a pool, as is used here. */
export interface NodeRedisLike {
  readonly isOpen: boolean
  readonly isReady?: boolean | undefined
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  evalSha(...input: never): unknown
  once(event: 'ready', listener: () => void): unknown
}

export type RedisClientLike = IoRedisLike | NodeRedisLike

/** @throws TypeError when it is none of the clients, or not in a state in which it can be used. */
export function checkClient(client: unknown): RedisClientLike {
  if (client === undefined || client === null)
    throw new TypeError('redisTokenStore got no client; give the client of @redis/client, ioredis or iovalkey')
  const shape = typeof client === 'object' || typeof client === 'function' ? client : {}
  if ('then' in shape && typeof shape.then === 'function')
    throw new TypeError(
      'redisTokenStore got a promise instead of a client; give what createClient() returns, not what connect() returns',
    )
  if (!('eval' in shape && typeof shape.eval === 'function'))
    throw new TypeError('what redisTokenStore got has no eval(); give the client of @redis/client, ioredis or iovalkey')
  if (isIoRedis(shape)) return checkIoRedis(shape)
  if (!isNodeRedis(shape))
    throw new TypeError(
      'redisTokenStore does not know this client; it takes @redis/client 5 or later, ioredis 5 or later, and iovalkey',
    )
  if (!shape.isOpen)
    throw new TypeError('the Redis client is not connected; call client.connect() before redisTokenStore(client)')
  return shape
}

function checkIoRedis(client: IoRedisLike): IoRedisLike {
  const { status, mode } = client
  if (status === 'end') throw new TypeError('the Redis client is closed; give redisTokenStore one that is open')
  if (mode === 'subscriber' || mode === 'monitor')
    throw new TypeError(
      `the Redis client is in ${mode} mode, where it runs no commands; give redisTokenStore another: client.duplicate()`,
    )
  return client
}

function isIoRedis(client: object): client is IoRedisLike {
  return 'evalsha' in client && 'status' in client && typeof client.status === 'string'
}

function isNodeRedis(client: object): client is NodeRedisLike {
  return 'evalSha' in client && 'isOpen' in client && typeof client.isOpen === 'boolean'
}

/** One key and the texts that go with it. A cluster finds the node by the key. */
export interface Call {
  readonly script: string
  readonly key: string
  readonly texts: readonly string[]
}

export class RedisClient {
  readonly #client: RedisClientLike
  /** While the client connects. One listener serves all calls: a client warns of more than ten. */
  #ready: Promise<void> | undefined

  constructor(client: RedisClientLike) {
    this.#client = client
  }

  /**
   * The script's answer. Nothing is sent before a single client is ready, since it might be sent much later from a queue. A
   * cluster and a pool do not say whether they are ready.
   *
   * @throws RedisStoreError for a refusal of the server, and when the client is closed. Else what the client rejects with.
   */
  async run({ script, key, texts }: Call, signal: AbortSignal): Promise<readonly unknown[]> {
    signal.throwIfAborted()
    if (!this.#isReady()) await this.#untilReady(signal)
    signal.throwIfAborted()
    const client = this.#client
    let answer: unknown
    try {
      answer = isIoRedis(client)
        ? await client.eval(script, 1, key, ...texts)
        : await client.eval(script, { keys: [key], arguments: [...texts] })
    } catch (error) {
      throw refusalIn(error) ?? error
    }
    if (!isList(answer)) throw new RedisStoreError('UNKNOWN_ANSWER', 'the store answered something else')
    return answer
  }

  #isReady(): boolean {
    const client = this.#client
    return isIoRedis(client) ? client.status === 'ready' : client.isOpen && client.isReady !== false
  }

  async #untilReady(signal: AbortSignal): Promise<void> {
    const client = this.#client
    if (isIoRedis(client) ? client.status === 'end' : !client.isOpen)
      throw new RedisStoreError('CLIENT_CLOSED', 'the Redis client is closed')
    // With lazyConnect the first command is what connects.
    if (isIoRedis(client) && client.status === 'wait') client.connect().catch(() => {})
    this.#ready ??= new Promise<void>((resolve) => client.once('ready', resolve)).finally(
      () => (this.#ready = undefined),
    )
    const { promise, reject } = Promise.withResolvers<never>()
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    try {
      await Promise.race([this.#ready, promise])
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }
}

const isList = (answer: unknown): answer is readonly unknown[] => Array.isArray(answer)

/** The server's word for it (`OOM`, `READONLY`, `NOAUTH`). Not its sentence, and not the client's error: it holds the command. */
function refusalIn(error: unknown): RedisStoreError | undefined {
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined
  if ('code' in error && typeof error.code === 'string') return undefined
  const [, first] = /^([A-Z][A-Z0-9]{2,29})(?: |$)/.exec(String(error.message)) ?? []
  if (first === undefined) return undefined
  // Before Redis 7 a script's error stands inside of another one.
  const [, inner] = /^ERR .* -([A-Z]{3,30}) /.exec(String(error.message)) ?? []
  return new RedisStoreError(inner ?? first, 'the store refused a command')
}

/** Clients may be told to give numbers as text, and text as bytes. */
export function numberOf(answer: unknown): number {
  return typeof answer === 'number' || typeof answer === 'bigint' ? Number(answer) : Number.parseInt(textOf(answer), 10)
}

export function textOf(answer: unknown): string {
  return answer instanceof Uint8Array ? new TextDecoder().decode(answer) : String(answer)
}
