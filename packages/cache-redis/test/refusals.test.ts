/** Whatever a server refuses with, and whatever it lets its user do. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { redisTokenStore } from '@maskinporten-kit/cache-redis'
import { type MaskinportenEvent, createMaskinporten } from '@maskinporten-kit/core'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clients } from './clients.ts'
import { type RedisServer, describeServer, startServer } from './redis-server.ts'
import { startProxy } from './tcp-proxy.ts'

const refusals = [
  ["READONLY You can't write against a read only replica.", 'READONLY'],
  ['MOVED 3999 127.0.0.1:6381', 'MOVED'],
  ['ASK 3999 127.0.0.1:6381', 'ASK'],
  ['CLUSTERDOWN Hash slot not served', 'CLUSTERDOWN'],
  ['NOAUTH Authentication required.', 'NOAUTH'],
  ["NOPERM User canary has no permissions to run the 'eval' command", 'NOPERM'],
  ['WRONGTYPE Operation against a key holding the wrong kind of value', 'WRONGTYPE'],
  ['LOADING Redis is loading the dataset in memory', 'LOADING'],
  ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", 'MASTERDOWN'],
  ['MISCONF Redis is configured to save RDB snapshots', 'MISCONF'],
  ['BUSY Redis is busy running a script.', 'BUSY'],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'OOM'],
  ['ERR Error running script (call to f_1): @user_script:1: -OOM command not allowed', 'OOM'],
  ["ERR unknown command 'eval', with args beginning with: 'canary'", 'ERR'],
] as const

describeServer('redisTokenStore', () => {
  let server: RedisServer
  let emulator: Emulator
  let registered: EmulatedClient
  beforeAll(async () => {
    server = await startServer()
    emulator = await startEmulator()
    registered = await emulator.registerClient({ scopes: ['a:b'] })
  })
  afterAll(async () => {
    await Promise.all([emulator.close(), server.stop()])
  })

  for (const [name, connect] of Object.entries(clients)) {
    describe(`with ${name}`, () => {
      it.each(refusals)('takes %j for a miss, and says its word only', async (refusal, errorCode) => {
        const proxy = await startProxy(server.port)
        const connected = await connect(proxy.port)
        try {
          proxy.refusal = refusal
          const store = redisTokenStore(connected.client, { encryptionKeys: [randomBytes(32)], timeoutMs: 5_000 })
          const events: MaskinportenEvent[] = []
          await using maskinporten = createMaskinporten(registered.settings, { store })
          maskinporten.subscribe((event) => events.push(event))
          const { value } = await maskinporten.getToken()
          expect(value).not.toBe('')
          const failures = events.filter(({ type }) => type === 'store.failed')
          expect(failures).toMatchObject([{ reason: 'error', errorName: 'RedisStoreError', errorCode }])
          expect(JSON.stringify(failures)).not.toMatch(/canary|6381|replica/)
        } finally {
          connected.close()
          await proxy.close()
        }
      })

      it('works for a user who may do what the README says and nothing else', async () => {
        const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
        const [, sentence = ''] = /^The user of the store needs (.*) on `maskinporten-kit:\*`/m.exec(readme) ?? []
        const commands = [...sentence.matchAll(/`([A-Z ]+)`/g)].map(([, command = '']) => command.toLowerCase())
        expect(commands).toContain('eval')
        const allowed = commands.map((command) => `+${command.replace(' ', '|')}`)
        // Else ioredis warns on standard error.
        if (name !== '@redis/client') allowed.push('+info')
        await server.command('acl', 'setuser', 'limited', 'reset', 'on', '>secret', '~maskinporten-kit:*', ...allowed)
        const connected = await connect(server.port, { username: 'limited', password: 'secret' })
        try {
          const store = redisTokenStore(connected.client, { encryptionKeys: [randomBytes(32)], timeoutMs: 5_000 })
          const failures: MaskinportenEvent[] = []
          for (const expected of [0, 1]) {
            await using maskinporten = createMaskinporten(registered.settings, { store })
            maskinporten.subscribe((event) => void (event.type === 'store.failed' && failures.push(event)))
            await maskinporten.getToken()
            expect(maskinporten.stats().storeHits).toBe(expected)
          }
          expect(failures).toEqual([])
        } finally {
          connected.close()
        }
      })
    })
  }
})
