import type { Clock } from '../clock.ts'
import type { Signer } from '../keys/signer.ts'

export interface SettingsOptions {
  /** Name of the section. Default `MaskinportenSettings`. */
  readonly section?: string | undefined
  /** Signs instead of a key of the settings. A source that has key material besides is a conflict. */
  readonly signer?: Signer | undefined
  /** For one load of all sources. Default 10,000 ms. */
  readonly loadTimeoutMs?: number | undefined
  readonly clock?: Clock | undefined
  /** A JSON file with a client id and a key of its own wins over any source above it, whole (the app library's v9 rule). Default false. */
  readonly fileWins?: boolean | undefined
}
