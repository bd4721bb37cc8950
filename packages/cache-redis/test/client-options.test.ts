/** What the README says of each client's options, tried on the clients themselves. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type RedisClientOptions, createClient } from '@redis/client'
import { redisTokenStore } from '@maskinporten-kit/cache-redis'
import { Redis } from 'ioredis'
import { Redis as Valkey } from 'iovalkey'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type RedisServer, describeServer, freePort, startServer } from './redis-server.ts'

/** Long enough for several attempts to connect. */
const WAITS_MS = 300
const { signal } = new AbortController()
const ignore = (): void => {}
const open: (() => unknown)[] = []
let nobodyListens: number
beforeEach(async () => {
  nobodyListens = await freePort()
})
afterEach(() => {
  vi.restoreAllMocks()
  for (const close of open.splice(0)) close()
})

/** Connecting, without an end. */
function startNodeRedis(options: RedisClientOptions): { get(key: string): Promise<unknown>; connected: Promise<void> } {
  const { socket, ...others } = options
  const client = createClient({
    ...others,
    socket: { host: '127.0.0.1', port: nobodyListens, ...socket },
  } as RedisClientOptions)
  client.on('error', ignore)
  open.push(() => client.destroy())
  const connected = client.connect().then(ignore)
  connected.catch(ignore)
  return { get: (key) => client.get(key), connected }
}

/** Those of both that the README names. */
interface Options {
  readonly connectTimeout?: number
  readonly enableOfflineQueue?: boolean
  readonly lazyConnect?: boolean
}

const likeIoRedis = {
  ioredis: (port: number, options: Options): Redis => new Redis(port, '127.0.0.1', options),
  iovalkey: (port: number, options: Options): Valkey => new Valkey(port, '127.0.0.1', options),
}
type LikeIoRedis = keyof typeof likeIoRedis
const names: readonly LikeIoRedis[] = ['ioredis', 'iovalkey']

function startIoRedis(name: LikeIoRedis, options: Options, port: number = nobodyListens): Redis | Valkey {
  const client = likeIoRedis[name](port, options)
  client.on('error', ignore)
  open.push(() => client.disconnect())
  return client
}

const settles = (work: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    work.then(
      () => true,
      () => true,
    ),
    after(WAITS_MS, false),
  ])

describe('while Redis is down', () => {
  it('@redis/client fails a command at once with disableOfflineQueue, and keeps it waiting without', async () => {
    await expect(startNodeRedis({ disableOfflineQueue: true }).get('a')).rejects.toThrow('offline')
    expect(await settles(startNodeRedis({}).get('a'))).toBe(false)
  })

  it('connect() of @redis/client does not return', async () => {
    expect(await settles(startNodeRedis({}).connected)).toBe(false)
  })

  it('@redis/client asks the reconnectStrategy inside `socket`, and silently ignores one outside', async () => {
    const [inside, outside] = [vi.fn<() => number>(() => 20), vi.fn<() => number>(() => 20)]
    startNodeRedis({ socket: { reconnectStrategy: inside }, reconnectStrategy: outside } as RedisClientOptions)
    await expect.poll(() => inside.mock.calls.length).toBeGreaterThan(1)
    expect(outside).not.toHaveBeenCalled()
  })

  it.each(names)(
    '%s fails a command at once with enableOfflineQueue: false, and keeps it waiting without',
    async (name) => {
      await expect(startIoRedis(name, { enableOfflineQueue: false }).get('a')).rejects.toThrow('enableOfflineQueue')
      expect(await settles(startIoRedis(name, {}).get('a'))).toBe(false)
    },
  )

  it.each(names)('connect() of %s rejects', async (name) => {
    await expect(startIoRedis(name, { lazyConnect: true }).connect()).rejects.toThrow()
  })
})

describe('an attempt to connect takes', () => {
  it.each([
    [5_000, {}],
    [2_000, { connectTimeout: 2_000 }],
  ])('%d ms at most with @redis/client and `socket`: %j', async (ms, socket) => {
    const limits = vi.spyOn(Socket.prototype, 'setTimeout')
    startNodeRedis({ socket })
    await expect.poll(() => limits.mock.calls.map(([limit]) => limit)).toContain(ms)
  })

  it.each(names.flatMap((name) => [[10_000, name, {}] as const, [2_000, name, { connectTimeout: 2_000 }] as const]))(
    '%d ms at most with %s and %j',
    async (ms, name, options) => {
      const limits = vi.spyOn(Socket.prototype, 'setTimeout')
      startIoRedis(name, options)
      await expect.poll(() => limits.mock.calls.map(([limit]) => limit)).toContain(ms)
    },
  )
})

describeServer('with a server', () => {
  let server: RedisServer
  beforeEach(async () => {
    server = await startServer()
  })
  afterEach(() => server.stop())

  it.each(names)('%s with lazyConnect connects at the first call of the store', async (name) => {
    const client = startIoRedis(name, { lazyConnect: true, enableOfflineQueue: false }, server.port)
    const store = redisTokenStore(client, { encryptionKeys: [randomBytes(32)], timeoutMs: 5_000 })
    expect(client.status).toBe('wait')
    expect(await store.get('a', { signal })).toBeUndefined()
    expect(client.status).toBe('ready')
  })

  /** A process without an `error` listener, once it is connected; and what it says. */
  async function startProcess(code: string): Promise<{ readonly child: ChildProcess; said(): string }> {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { ...process.env, PORT: String(server.port) },
    })
    open.push(() => child.kill('SIGKILL'))
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => void (said += text))
    await expect.poll(() => said, { timeout: 15_000 }).toContain('connected')
    return { child, said: () => said }
  }

  it('without an `error` listener, @redis/client ends the process when the connection breaks', async () => {
    const { child } = await startProcess(`
      import { createClient } from '@redis/client'
      await createClient({ socket: { port: Number(process.env.PORT) } }).connect()
      console.log('connected')`)
    const ended = once(child, 'exit')
    await server.halt()
    const [code] = await ended
    expect(code).toBe(1)
  })

  it.each(names)('without an `error` listener, %s prints the error, and the process goes on', async (name) => {
    const { child, said } = await startProcess(`
      import { Redis } from '${name}'
      const client = new Redis(Number(process.env.PORT))
      client.once('ready', () => console.log('connected'))`)
    await server.halt()
    await expect.poll(said, { timeout: 15_000 }).toContain('Unhandled error event')
    expect(child.exitCode).toBeNull()
  })
})

it('the README has these options, and no others', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, table = ''] = /## Your client's options\n\n(.*?)\n\n/s.exec(readme) ?? []
  const options = table
    .split('\n')
    .slice(2)
    .flatMap((row) => [...(row.split('|')[2] ?? '').matchAll(/`([^`]+)`/g)])
  expect(options.map(([, option]) => option)).toEqual([
    'error',
    'disableOfflineQueue: true',
    'socket.connectTimeout',
    'socket.reconnectStrategy',
    'client.connect()',
    'redisTokenStore(client)',
    'enableOfflineQueue: false',
    'connectTimeout',
    'lazyConnect: true',
  ])
})
