/** What is asked of an instance, so that `createMaskinporten()` and `createTokenEngine()` both fit. */
import type { Maskinporten, SettingsProvider, TokenEngine } from '@maskinporten-kit/core'

export interface Instance extends Pick<TokenEngine, 'subscribe' | 'stats' | 'health'> {
  readonly settings?: Pick<SettingsProvider, 'current'> | undefined
}

/** What `instrumentMaskinporten` takes. */
export type Instrumentable = Maskinporten | TokenEngine

export interface NameOptions {
  readonly organisations?: boolean | undefined
  readonly altinnNames?: boolean | undefined
}
