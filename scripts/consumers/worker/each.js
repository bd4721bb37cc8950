// The recipe of core's README: an instance for each request, and the tokens in a Map of the module.
import { env } from 'cloudflare:workers'
import { createMaskinporten } from '@maskinporten-kit/core'
import { answer } from './answer.js'

const kept = new Map()
const store = {
  async get(key) {
    const { token, at } = kept.get(key) ?? {}
    return token && { ...token, remainingMs: token.remainingMs - (Date.now() - at) }
  },
  async set(key, token) {
    kept.set(key, { token, at: Date.now() })
  },
  async delete(key) {
    kept.delete(key)
  },
}

export default {
  fetch() {
    return answer(() => createMaskinporten(env.SETTINGS, { store, timeoutMs: env.TIMEOUT_MS }))
  },
}
