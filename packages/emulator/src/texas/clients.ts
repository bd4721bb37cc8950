/** The clients for which Texas can sign, since their private keys were made or given here; and the tokens that it keeps. */
import type { EmulatorClock } from '../clock.ts'
import type { RsaJwk } from '../tokens/rsa-key.ts'
import { createTokenCache, type TokenCache } from './token-cache.ts'

export interface TexasClient {
  readonly clientId: string
  /** Private, with `kid` and `alg`. */
  readonly jwk: RsaJwk
}

export interface TexasClients {
  /** Keeps the newest private key of a client; a public one says nothing. */
  remember(clientId: string, jwk: RsaJwk): void
  /** @throws TypeError for a client without a private key. */
  use(clientId: string): void
  /** The one that was chosen, else the first one. */
  current(): TexasClient | undefined
  readonly tokens: TokenCache
  clear(): void
}

export function createTexasClients(clock: Pick<EmulatorClock, 'monotonic'>): TexasClients {
  const keys = new Map<string, RsaJwk>()
  const tokens = createTokenCache(clock)
  let chosen: string | undefined
  return {
    remember(clientId, jwk) {
      if (jwk.d !== undefined) keys.set(clientId, jwk)
    },
    use(clientId) {
      if (!keys.has(clientId)) {
        throw new TypeError(`Texas has no private key of client ${clientId}; register the client with one here first`)
      }
      chosen = clientId
      tokens.clear()
    },
    current() {
      const [first] = keys.keys()
      const clientId = chosen ?? first
      const jwk = clientId === undefined ? undefined : keys.get(clientId)
      return clientId === undefined || jwk === undefined ? undefined : { clientId, jwk }
    },
    tokens,
    clear() {
      keys.clear()
      tokens.clear()
      chosen = undefined
    },
  }
}
