/** An app that starts as the README says, while Redis is down: it has its tokens, and the store is used once it is there. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createClient } from '@redis/client'
import { redisTokenStore } from '@maskinporten-kit/cache-redis'
import { type TokenStore, createMaskinporten } from '@maskinporten-kit/core'
import { startEmulator } from '@maskinporten-kit/emulator'
import { Redis } from 'ioredis'
import { Redis as Valkey } from 'iovalkey'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type RedisServer, describeServer, startServer } from './redis-server.ts'

const key = randomBytes(32).toString('base64')
/** The clients try again after 2 s at most, and a store that failed is skipped for 5 s. */
const RECOVERY_MS = 60_000
const scopes = Array.from({ length: 300 }, (_, index) => `a:${index}`)

interface Started {
  readonly store: TokenStore
  close(): void
}

function startNodeRedis(url: string): Started {
  const client = createClient({ url, disableOfflineQueue: true, socket: { connectTimeout: 2_000 } })
  client.on('error', (error) => console.error(error.name))
  client.connect().catch(() => {}) // not awaited: the app starts without Redis too
  const store = redisTokenStore(client, { encryptionKeys: [key] })
  return { store, close: () => client.destroy() }
}

/** The options of the README's table. */
const options = { enableOfflineQueue: false, connectTimeout: 2_000, lazyConnect: true }

function startIoRedis(client: Redis | Valkey): Started {
  client.on('error', (error: Error) => console.error(error.name))
  return { store: redisTokenStore(client, { encryptionKeys: [key] }), close: () => client.disconnect() }
}

const ways: readonly (readonly [string, (url: string) => Started])[] = [
  ['@redis/client', startNodeRedis],
  ['ioredis', (url) => startIoRedis(new Redis(url, options))],
  ['iovalkey', (url) => startIoRedis(new Valkey(url, options))],
]

describeServer('an app that starts while Redis is down', () => {
  let server: RedisServer
  beforeEach(async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    server = await startServer()
    await server.halt()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await server.stop()
  })

  it.each(ways)(
    'has its tokens, and uses the store once it is there: %s',
    async (_, start) => {
      await using emulator = await startEmulator()
      const { settings } = await emulator.registerClient({ scopes })
      const started = start(`redis://127.0.0.1:${server.port}`)
      try {
        await using maskinporten = createMaskinporten(settings, { store: started.store })
        expect((await maskinporten.getToken({ scopes: 'a:0' })).value).not.toBe('')
        await server.start()
        let next = 1
        // Each time a token that nobody has yet, so that there is one to be written.
        await expect
          .poll(
            async () => {
              await maskinporten.getToken({ scopes: scopes[next++ % scopes.length] ?? '' })
              return server.command('keys', '*')
            },
            { timeout: RECOVERY_MS, interval: 300 },
          )
          .toContain('maskinporten-kit:')
      } finally {
        started.close()
      }
    },
    RECOVERY_MS + 30_000,
  )
})

it('the README shows the lines that start here, word for word', () => {
  const textOf = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
  const readme = textOf('../README.md')
  const [, shown = ''] = /\n(const client = .*?)\nconst maskinporten/s.exec(readme) ?? []
  const lines = shown.split('\n').filter((line) => /^(?:const )?(?:client|store)\b/.test(line))
  expect(lines).toHaveLength(4)
  expect(textOf('start.test.ts')).toContain(lines.map((line) => `  ${line}\n`).join(''))
  for (const option of ['enableOfflineQueue: false', 'lazyConnect: true']) expect(readme).toContain(`\`${option}\``)
})
