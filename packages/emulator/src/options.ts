/** What `startEmulator` can be told. */
import type { ClockOptions } from './clock.ts'
import type { RuleOptions } from './maskinporten/rules.ts'
import type { ServiceName } from './network/names.ts'

export interface EmulatorOptions {
  /** The interface to listen on. Default '127.0.0.1': reachable from this machine only. */
  readonly host?: string | undefined
  /** Default: free ones. */
  readonly ports?: { readonly [Name in ServiceName | 'proxy']?: number | undefined } | undefined
  /** 'server': what the servers were seen to do. 'docs': what Digdir's pages say, where they are stricter. Default 'server'. */
  readonly strict?: 'server' | 'docs' | undefined
  /** Single rules of the token endpoint, over those that `strict` chooses. */
  readonly rules?: RuleOptions | undefined
  readonly clock?: ClockOptions | undefined
  /** Modulus of the keys that sign tokens, bits. Default 2048. */
  readonly signingKeyBits?: 2048 | 3072 | 4096 | undefined
  /** Private RSA JWKs to sign tokens with, instead of new ones. */
  readonly signingKeys?:
    | { readonly maskinporten?: object | undefined; readonly altinn?: object | undefined }
    | undefined
  /**
   * The names under which it speaks: its own loopback addresses, or those of the real test environment, over https and through its proxy.
   * Never production's. Default 'loopback'.
   */
  readonly as?: 'loopback' | 'test' | undefined
  /** The Entra ID tenant of the vaults and of the applications: a UUID. Default: one of the emulator's own. */
  readonly tenantId?: string | undefined
}
