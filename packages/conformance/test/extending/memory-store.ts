import type { StoredToken, TokenStore } from '@maskinporten-kit/core'

/** Tokens in this process: a real store keeps them elsewhere, encrypted, and counts the time that remains itself. */
export function memoryStore(): TokenStore {
  const kept = new Map<string, { readonly token: StoredToken; readonly at: number }>()
  return {
    get: async (key) => {
      const { token, at = 0 } = kept.get(key) ?? {}
      return token && { ...token, remainingMs: token.remainingMs - (performance.now() - at) }
    },
    set: async (key, token) => void kept.set(key, { token, at: performance.now() }),
  }
}
