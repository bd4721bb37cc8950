import { LRUCache } from 'lru-cache'
import type { Client, GetToken } from './client.ts'
import { grantSigner, requestToken } from './limit.ts'

export async function lruCache(client: Client, base: string): Promise<GetToken> {
  const sign = await grantSigner(client, base)
  const cache = new LRUCache<string, string>({
    max: 1000,
    ttl: 1,
    async fetchMethod(_key, _stale, { options }) {
      const { access_token: token, expires_in: seconds } = await requestToken(base, await sign())
      options.ttl = seconds * 1000
      return token
    },
  })
  return () => cache.fetch('token')
}
