/** Everything known of one identity. */
import type { BackOff } from './back-off.ts'
import type { Flight } from './flight.ts'
import type { HeldToken } from './held-token.ts'
import type { Rejections } from './rejection.ts'
import type { Grant } from '../grant/token-request.ts'
import type { ResolvedSettings } from '../settings/settings-provider.ts'
import type { TokenKind } from '../token-source.ts'

export class Entry {
  held: HeldToken | undefined
  /** When it was last used, as `TokenTable` counts. */
  used = 0
  /** Of the settings it is of, one text for all of theirs; see `identity.ts`. */
  readonly client: string
  readonly grant: string
  readonly kind: TokenKind
  /** Since the last token. */
  backOff: BackOff | undefined
  /** Since the first of them. */
  rejections: Rejections | undefined
  flight: Flight | undefined
  /** Whether a run of exchange 401s has had its fresh Maskinporten token. */
  exchangeRefused = false
  /** False once evicted: whoever still refers to it looks it up anew. */
  listed = true

  constructor(client: string, grant: string, kind: TokenKind) {
    this.client = client
    this.grant = grant
    this.kind = kind
  }

  /** The whole identity, as the shared store knows it. */
  get key(): string {
    return this.client + this.grant
  }
}

/** What a call or a flight is about. Not on the entry: ten thousand that hold a token each need no grant until it ends. */
export interface Target {
  readonly entry: Entry
  readonly grant: Grant
  readonly settings: ResolvedSettings
}
