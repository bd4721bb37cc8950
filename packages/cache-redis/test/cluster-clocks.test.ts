/** The nodes of a cluster, and a server and what replaces it, have clocks of their own. */
import { randomBytes } from 'node:crypto'
import { redisTokenStore } from '@maskinporten-kit/cache-redis'
import type { StoredToken } from '@maskinporten-kit/core'
import { expect, it } from 'vitest'

const { signal } = new AbortController()
const HOUR_MS = 3_600_000
const token: StoredToken = {
  value: 'canary-token',
  kind: 'maskinporten',
  scopes: ['a:b'],
  lifetimeMs: 60_000,
  remainingMs: 60_000,
}

/** What a node is asked, and when that was on its clock. The first name that is seen is on the node ahead of the others. */
function clusterOf(aheadMs: number): {
  readonly client: Parameters<typeof redisTokenStore>[0]
  readonly asked: { readonly isAhead: boolean; readonly now: number; readonly texts: readonly string[] }[]
  readonly replaceServers: () => void
} {
  const asked: { readonly isAhead: boolean; readonly now: number; readonly texts: readonly string[] }[] = []
  let first: string | undefined
  let replaced = false
  const client = {
    status: 'ready',
    connect: async () => {},
    evalsha: async () => {},
    once: () => {},
    eval: async (_script: string, _keys: number, key = '', ...texts: readonly string[]) => {
      const name = key.replace(/:lease$/, '')
      first ??= name
      const isAhead = (name === first) !== replaced
      const now = Date.now() + (isAhead ? aheadMs : 0)
      asked.push({ isAhead, now, texts })
      // Nothing is there; a lease is theirs.
      return texts.length > 0 ? [now, 1] : [now]
    },
  }
  return { client, asked, replaceServers: () => void (replaced = !replaced) }
}

it.each([HOUR_MS, -HOUR_MS])(
  'a token ends by the clock of its own node, %i ms from that of another',
  async (aheadMs) => {
    const { client, asked } = clusterOf(aheadMs)
    const store = redisTokenStore(client, { encryptionKeys: [randomBytes(32)] })
    await store.get('a', { signal })
    await store.get('b', { signal })
    await store.set('a', token, { signal })
    await store.get('a', { signal })
    await store.set('b', token, { signal })
    const writes = asked.filter(({ texts }) => texts.length === 3)
    expect(writes.map(({ isAhead }) => isAhead)).toEqual([true, false])
    for (const { now, texts } of writes) expect(Math.abs(Number(texts[2]) - now - 60_000)).toBeLessThan(30_000)
  },
)

it('a token ends by the clock of the server that keeps it, also when another has just replaced the one that was asked', async () => {
  const { client, asked, replaceServers } = clusterOf(HOUR_MS)
  const store = redisTokenStore(client, { encryptionKeys: [randomBytes(32)] })
  await store.get('a', { signal })
  replaceServers()
  await store.set('a', token, { signal })
  const [write] = asked.filter(({ texts }) => texts.length === 3)
  expect(Math.abs(Number(write?.texts[2]) - (write?.now ?? 0) - 60_000)).toBeLessThan(30_000)
})

it('a lease may be taken until a moment on the clock of its own node, also those under the other keys of the list', async () => {
  const { client, asked } = clusterOf(-HOUR_MS)
  const store = redisTokenStore(client, { encryptionKeys: [randomBytes(32), randomBytes(32)] })
  await store.get('a', { signal })
  await store.lease?.('a', { ttlMs: 3_000, signal })
  const leases = asked.filter(({ texts }) => texts.length === 3)
  expect(new Set(leases.map(({ isAhead }) => isAhead))).toEqual(new Set([true, false]))
  for (const { now, texts } of leases) expect(Math.abs(Number(texts[2]) - now)).toBeLessThan(30_000)
})
