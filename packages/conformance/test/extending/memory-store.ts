import type { Lease, StoredToken, TokenStore } from '@maskinporten-kit/core'

/** Tokens in this process: a real store keeps them elsewhere, encrypted, and counts the time that remains itself. */
export function memoryStore(): TokenStore {
  const kept = new Map<string, { readonly token: StoredToken; readonly endsAt: number; readonly order: number }>()
  const held = new Map<string, { readonly lease: Lease; readonly endsAt: number }>()
  const orders = new WeakMap<Lease, number>()
  let lastOrder = 0
  return {
    get: async (key) => {
      const { token, endsAt = 0 } = kept.get(key) ?? {}
      const remainingMs = endsAt - performance.now()
      return token && remainingMs > 0 ? { ...token, remainingMs } : undefined
    },
    set: async (key, token, { signal, lease }) => {
      signal.throwIfAborted()
      const order = (lease && orders.get(lease)) ?? ++lastOrder
      if (order >= (kept.get(key)?.order ?? 0))
        kept.set(key, { token, endsAt: performance.now() + token.remainingMs, order })
    },
    lease: async (key, { ttlMs }) => {
      const now = performance.now()
      const other = held.get(key)
      if (other && other.endsAt > now) {
        held.set(key, { ...other, endsAt: Math.min(other.endsAt, now + ttlMs) })
        return undefined
      }
      const lease: Lease = {
        release: async () => {
          if (held.get(key)?.lease === lease) held.delete(key)
        },
      }
      orders.set(lease, ++lastOrder)
      held.set(key, { lease, endsAt: now + ttlMs })
      return lease
    },
  }
}
