/** A real Redis on this machine, in a process of its own, with nothing on disk. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import type { NodeRedisLike } from '@maskinporten-kit/cache-redis'
import { createClient } from '@redis/client'
import { freePort } from './port.ts'

const PROGRAM = 'redis-server'
/** Why there are no figures then. */
export const NO_REDIS: string = `${PROGRAM} is not installed`

export interface RedisProcess extends AsyncDisposable {
  connect(): Promise<RedisConnection>
  /** Ends the process under its clients. */
  kill(): Promise<void>
}

/** As much of the client as is used here. */
interface RedisConnection extends NodeRedisLike {
  get(key: string): Promise<unknown>
  set(key: string, value: string): Promise<unknown>
  destroy(): void
}

/** Undefined where it is not installed. */
export async function startRedis(): Promise<RedisProcess | undefined> {
  const port = await freePort()
  const words = ['--bind', '127.0.0.1', '--port', String(port), '--dir', tmpdir(), '--save', '', '--appendonly', 'no']
  const child = spawn(PROGRAM, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await once(child, 'spawn')
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'ENOENT') return undefined
    throw error
  }
  const ended = once(child, 'exit')
  let said = ''
  for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
    said += String(text)
    if (said.includes('Ready to accept connections')) break
  }
  child.stdout.resume()
  const connections: RedisConnection[] = []
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  return {
    async connect() {
      const client = createClient({ socket: { port }, disableOfflineQueue: true })
      client.on('error', () => {})
      connections.push(client)
      return client.connect()
    },
    kill,
    async [Symbol.asyncDispose]() {
      for (const connection of connections) connection.destroy()
      await kill()
    },
  }
}
