/** One process of a fleet: many callers at once on a cold cache, for the scopes it is told. Says each caller's token, or what it failed with. */
import { createMaskinporten } from '@maskinporten-kit/core'
import { redisTokenStore } from '@maskinporten-kit/cache-redis'
import { clients } from './clients.ts'

const { SETTINGS = '', KEY = '', PORT = '', CLIENT = '', CALLERS = '1' } = process.env
const connected = await clients[CLIENT]?.(Number(PORT))
if (connected === undefined) throw new Error(`no client ${CLIENT}`)
// What is tried here is the lease; eight busy processes on two processors are slower than 50 ms.
const store = redisTokenStore(connected.client, { encryptionKeys: [KEY], timeoutMs: 10_000 })
const maskinporten = createMaskinporten(JSON.parse(SETTINGS), { store, timeoutMs: 60_000 })
const failures: string[] = []
const kinds = new Map<number, string>()
const asked: { readonly kind: string | undefined; readonly durationMs: number }[] = []
maskinporten.subscribe((event) => {
  if (event.type === 'store.failed') failures.push(`${event.operation} ${event.reason}`)
  if (event.type === 'token.start') kinds.set(event.id, event.kind)
  if (event.type === 'token.end' && event.from === 'server')
    asked.push({ kind: kinds.get(event.id), durationMs: event.durationMs })
})
// Everything but this token is there: code, settings, metadata, connections. A busy machine takes its time for that.
for (let isThere = false; !isThere;)
  isThere = await maskinporten.getToken({ kind: 'altinn', scopes: 'altinn:serviceowner/warm-up' }).then(
    () => true,
    () => false,
  )
process.send?.('ready')
/** Many callers at once for a token that nobody has. */
async function ask(scopes: string): Promise<void> {
  asked.length = 0
  failures.length = 0
  const outcomes = await Promise.allSettled(
    Array.from({ length: Number(CALLERS) }, () => maskinporten.getToken({ kind: 'altinn', scopes })),
  )
  const tokens = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.value : undefined))
  const values = [...new Set(tokens)]
  const [error] = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []))
  process.send?.({ values, asked, error, failures })
}
process.on('message', (scopes) => void (typeof scopes === 'string' && ask(scopes)))
