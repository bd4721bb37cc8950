/** The integration component through one adapter: its tokens, and clients that send them. */
import type { SettingsProvider, TokenKind } from '@maskinporten-kit/core'
import { adapters } from './adapters.ts'
import type { ApiClient } from './api-client.ts'
import type { AdapterName } from './arguments.ts'
import { watch, type Watched } from './watch.ts'

export interface Component extends AsyncDisposable {
  readonly adapter: AdapterName
  readonly watched: Watched
  client(kind: TokenKind, origin: string): ApiClient
}

export function openComponent(adapter: AdapterName, settings: SettingsProvider): Component {
  const watched = watch(settings)
  const clients = new Map<string, ApiClient>()
  return {
    adapter,
    watched,
    client(kind, origin) {
      const key = `${kind} ${origin}`
      const client = clients.get(key) ?? adapters[adapter](watched.tokens(kind), origin)
      clients.set(key, client)
      return client
    },
    [Symbol.asyncDispose]: () => watched.maskinporten.close(),
  }
}
