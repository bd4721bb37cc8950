/** The three clients, each with the options that the README advises, and loaded when it is used: a process of a fleet has one. */
import type { RedisClientLike } from '@maskinporten-kit/cache-redis'

export interface Connected {
  readonly client: RedisClientLike
  close(): void
}

type Connect = (port: number) => Promise<Connected>

const ignore = (): void => {}

const nodeRedis: Connect = async (port) => {
  const { createClient } = await import('@redis/client')
  const client = createClient({
    socket: {
      host: '127.0.0.1',
      port,
      connectTimeout: 1_000,
      reconnectStrategy: (retries) => Math.min(50 * retries, 500),
    },
    disableOfflineQueue: true,
  })
  client.on('error', ignore)
  await client.connect()
  return { client, close: () => client.destroy() }
}

const ioRedis: Connect = async (port) => {
  const { Redis } = await import('ioredis')
  const client = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    connectTimeout: 1_000,
    enableOfflineQueue: false,
    retryStrategy: (retries) => Math.min(50 * retries, 500),
  })
  client.on('error', ignore)
  await client.connect()
  return { client, close: () => client.disconnect() }
}

const ioValkey: Connect = async (port) => {
  const { Redis } = await import('iovalkey')
  const client = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    connectTimeout: 1_000,
    enableOfflineQueue: false,
    retryStrategy: (retries) => Math.min(50 * retries, 500),
  })
  client.on('error', ignore)
  await client.connect()
  return { client, close: () => client.disconnect() }
}

export const clients: Readonly<Record<string, Connect>> = {
  '@redis/client': nodeRedis,
  ioredis: ioRedis,
  iovalkey: ioValkey,
}
