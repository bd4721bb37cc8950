/** The three clients, each with the options that the README advises, and loaded when it is used: a process of a fleet has one. */
import type { RedisClientLike } from '@maskinporten-kit/cache-redis'

export interface Connected {
  readonly client: RedisClientLike
  close(): void
}

/** Whom the server knows by a password. Default: nobody in particular. */
export interface User {
  readonly username: string
  readonly password: string
}

type Connect = (port: number, user?: User) => Promise<Connected>

const ignore = (): void => {}

const nodeRedis: Connect = async (port, user) => {
  const { createClient } = await import('@redis/client')
  const client = createClient({
    ...user,
    socket: {
      host: '127.0.0.1',
      port,
      connectTimeout: 5_000,
      reconnectStrategy: (retries) => Math.min(50 * retries, 500),
    },
    disableOfflineQueue: true,
  })
  client.on('error', ignore)
  await client.connect()
  return { client, close: () => client.destroy() }
}

const ioRedis: Connect = async (port, user) => {
  const { Redis } = await import('ioredis')
  const client = new Redis({
    ...user,
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    connectTimeout: 5_000,
    enableOfflineQueue: false,
    retryStrategy: (retries) => Math.min(50 * retries, 500),
  })
  client.on('error', ignore)
  const ready = new Promise<void>((resolve) => client.once('ready', resolve))
  // It rejects when the first attempt fails, as it may on a busy machine, and tries again all the same.
  client.connect().catch(ignore)
  await ready
  return { client, close: () => client.disconnect() }
}

const ioValkey: Connect = async (port, user) => {
  const { Redis } = await import('iovalkey')
  const client = new Redis({
    ...user,
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    connectTimeout: 5_000,
    enableOfflineQueue: false,
    retryStrategy: (retries) => Math.min(50 * retries, 500),
  })
  client.on('error', ignore)
  const ready = new Promise<void>((resolve) => client.once('ready', resolve))
  // It rejects when the first attempt fails, as it may on a busy machine, and tries again all the same.
  client.connect().catch(ignore)
  await ready
  return { client, close: () => client.disconnect() }
}

export const clients: Readonly<Record<string, Connect>> = {
  '@redis/client': nodeRedis,
  ioredis: ioRedis,
  iovalkey: ioValkey,
}
