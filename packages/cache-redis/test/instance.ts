/** One process of a fleet: many callers at once on a cold cache. Says each caller's token, or what it failed with. */
import { createMaskinporten } from '@maskinporten-kit/core'
import { redisTokenStore } from '@maskinporten-kit/cache-redis'
import { clients } from './clients.ts'

const { SETTINGS = '', KEY = '', PORT = '', CLIENT = '', CALLERS = '1', KIND = 'maskinporten' } = process.env
const connected = await clients[CLIENT]?.(Number(PORT))
if (connected === undefined) throw new Error(`no client ${CLIENT}`)
// What is tried here is the lease; eight processes that start on two processors are slower than 50 ms.
const store = redisTokenStore(connected.client, { encryptionKeys: [KEY], timeoutMs: 2_000 })
const maskinporten = createMaskinporten(JSON.parse(SETTINGS), { store })
const failures: string[] = []
maskinporten.subscribe((event) => {
  if (event.type === 'store.failed') failures.push(`${event.operation} ${event.reason}`)
})
// Everything but this token is there: code, settings, metadata, connections.
await maskinporten.getToken({ kind: 'altinn', scopes: 'altinn:serviceowner/instances.write' })
process.send?.('ready')
await new Promise((resolve) => process.once('message', resolve))
const kind = KIND === 'altinn' ? 'altinn' : 'maskinporten'
const outcomes = await Promise.allSettled(
  Array.from({ length: Number(CALLERS) }, () => maskinporten.getToken({ kind })),
)
const tokens = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.value : undefined))
const values = [...new Set(tokens)]
const [error] = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []))
process.send?.({ values, error, failures })
await maskinporten.close()
connected.close()
process.disconnect?.()
