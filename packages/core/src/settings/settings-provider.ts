/** What the token engine knows of settings. */
import type { SettingsEvent } from '../events.ts'
import type { TokenRequest } from '../token-source.ts'
import type { SigningKey } from '../keys/signer.ts'

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
  /** Scope, resource, consumerOrg and kind by default. */
  readonly request: TokenRequest
  readonly exchange?: { readonly url: string; readonly testOrg: boolean } | undefined
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
