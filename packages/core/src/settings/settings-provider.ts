/** What the token engine knows of settings. */
import type { Clock } from '../clock.ts'
import type { SettingsEvent } from '../events.ts'
import type { TokenRequest } from '../token-source.ts'
import type { Signer, SignerSource, SigningKey } from '../keys/signer.ts'

export interface SettingsOptions {
  /** Name of the section. Default `MaskinportenSettings`. */
  readonly section?: string | undefined
  /** Signs instead of a key of the settings, or loads what does. A source that has key material besides is a conflict. */
  readonly signer?: Signer | SignerSource | undefined
  /** For one load of all sources. Default 10,000 ms. */
  readonly loadTimeoutMs?: number | undefined
  readonly clock?: Clock | undefined
  /** A JSON file with a client id and a key of its own wins over any source above it, whole (the app library's v9 rule). Default false. */
  readonly fileWins?: boolean | undefined
}

export interface ResolvedSettings {
  /** Grows by one with each change. */
  readonly revision: number
  /** The exact issuer: the grant's `aud`, unless `audience` is given. */
  readonly authority: string
  /** The grant's `aud`, where the settings name another than the issuer. It decides nothing else. */
  readonly audience?: string | undefined
  /** Where the issuer's metadata is, where the settings name it. */
  readonly metadataUrl?: string | undefined
  /** Named in the settings: used as it is, no discovery. */
  readonly tokenEndpoint?: string | undefined
  readonly clientId: string
  /** Newest first; the engine quarantines and falls back. */
  readonly keys: readonly SigningKey[]
  /** Of the newest key, milliseconds since the Unix epoch: what `key.expires-soon` goes by. Absent: its end is not known. */
  readonly keyLife?: { readonly startsAt?: number | undefined; readonly endsAt: number } | undefined
  /** Scope, resource, consumerOrg and kind by default. */
  readonly request: TokenRequest
  readonly exchange?: { readonly url: string; readonly testOrg: boolean } | undefined
  /** Where the client id and the newest key came from, for messages. */
  readonly credential?: { readonly clientIdOrigin: string; readonly keyOrigin: string } | undefined
}

export interface SettingsProvider {
  /** The settings in force, without a wait; `undefined` until the first load. */
  current(): ResolvedSettings | undefined
  /**
   * Loads on the first call. Rejects with `settings_invalid` and all `problems` at once, with `settings_unavailable` when
   * a source failed, with `timeout` after the load's deadline; the next call tries again.
   */
  get(options?: { readonly signal?: AbortSignal | undefined }): Promise<ResolvedSettings>
  /** Whether the revision changed. Does not reject: what failed is an event, and the last good settings stay. */
  refresh(why: 'poll' | 'rejected'): Promise<boolean>
  subscribe(listener: (event: SettingsEvent) => void): () => void
  /** The keys of the section, kvSetting and the NAIS names; secrets, and every key that core does not know, masked. For doctor, logs and pages. */
  describe(): readonly { readonly key: string; readonly origin: string; readonly value: string }[]
  close(): Promise<void>
}

/** What the engine knows of a provider of this package, beyond the contract. */
export interface WatchedProvider extends SettingsProvider {
  /** `EnableDebugLog` of the last load, also of settings that are wrong. */
  readonly isDebugging: boolean
  /** Name of the source that is asked just now. */
  readonly awaited: string | undefined
}

export const isWatched = (provider: object): provider is WatchedProvider => 'isDebugging' in provider
