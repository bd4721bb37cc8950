/** What `startEmulator` can be told. */
import type { ClockOptions } from './clock.ts'
import type { EmulatorConfig } from './config/configuration.ts'
import type { LogListener } from './http/log.ts'
import type { RuleOptions } from './maskinporten/rules.ts'
import type { ServiceName } from './network/names.ts'

export interface EmulatorOptions {
  /** The interface to listen on. Default '127.0.0.1': reachable from this machine only. */
  readonly host?: string | undefined
  /** Host name in its addresses, the issuer and the metadata, for callers on other machines. Default: `host`. */
  readonly publicName?: string | undefined
  /**
   * Origin of Maskinporten as its callers know it, behind mapped ports or a reverse proxy: 'https://maskinporten.example'. Issuer and
   * metadata speak it; the other services have its host name, and their own schemes and ports. Not beside `publicName`, nor with `as: 'test'`.
   */
  readonly publicUrl?: string | undefined
  /**
   * More host names under which it is called, as ['maskinporten'] in a network of containers: issuer, metadata and addresses speak the one
   * that a request names. Default: none; what names any other host is answered as if it named none, and the controls refuse it.
   */
  readonly allowedHosts?: readonly string[] | undefined
  /** Starts although NODE_ENV is 'production'. Default false. */
  readonly allowProduction?: boolean | undefined
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
  /**
   * What it is begun with: the path of an `emulator.json`, which is read again when it changes, or its content.
   * Options that stand here, too, go over it. Default: nothing; no file is looked for.
   */
  readonly config?: string | EmulatorConfig | undefined
  /** Called with each request that was answered, as `emulator.log` does. */
  readonly log?: LogListener | undefined
}
