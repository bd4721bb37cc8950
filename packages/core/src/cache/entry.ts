/** Everything known of one identity. */
import type { BackOff } from './back-off.ts'
import type { Flight } from './flight.ts'
import type { HeldToken } from './held-token.ts'
import type { Rejections } from './rejection.ts'
import type { Grant } from '../grant/token-request.ts'
import type { ResolvedSettings } from '../settings/settings-provider.ts'
import type { TokenKind } from '../token-source.ts'

export class Entry {
  readonly key: string
  readonly kind: TokenKind
  /** Since the last token. */
  backOff: BackOff | undefined
  /** Since the first of them. */
  rejections: Rejections | undefined
  held: HeldToken | undefined
  flight: Flight | undefined
  /** Whether the held token came by a renewal after a rejection. */
  heldIsSuccessor = false
  /** Whether a run of exchange 401s has had its fresh Maskinporten token. */
  exchangeRefused = false
  /** Least-recently-used list, see `TokenTable`. */
  newer: Entry | undefined
  older: Entry | undefined
  /** False once evicted: whoever still refers to it looks it up anew. */
  listed = true

  constructor(key: string, kind: TokenKind) {
    this.key = key
    this.kind = kind
  }
}

/** What a call or a flight is about. Not on the entry: ten thousand that hold a token each need no grant until it ends. */
export interface Target {
  readonly entry: Entry
  readonly grant: Grant
  readonly settings: ResolvedSettings
}
