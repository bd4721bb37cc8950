import { randomBytes } from 'node:crypto'
import { redisTokenStore } from '@maskinporten-kit/cache-redis'
import { tokenStoreExam } from '@maskinporten-kit/conformance'
import { afterAll, beforeAll } from 'vitest'
import { clients } from './clients.ts'
import { type RedisServer, describeServer, startServer } from './redis-server.ts'

for (const name of ['redis-server', 'valkey-server'] as const) {
  describeServer(
    `redisTokenStore on ${name}`,
    () => {
      let server: RedisServer
      beforeAll(async () => {
        server = await startServer([], name)
      })
      afterAll(() => server.stop())

      for (const [client, connect] of Object.entries(clients)) {
        tokenStoreExam(`redisTokenStore with ${client}`, async () => {
          const [one, two] = await Promise.all([connect(server.port), connect(server.port)])
          // A busy machine is not a store that is down.
          const options = { encryptionKeys: [randomBytes(32)], timeoutMs: 5_000 }
          return {
            store: redisTokenStore(one.client, options),
            other: redisTokenStore(two.client, options),
            close: () => {
              one.close()
              two.close()
            },
          }
        })
      }
    },
    name,
  )
}
