/** What `emulator.json` may hold. */
import type { EmulatorOptions } from '../options.ts'
import type { NewClientOptions } from '../control/register-client.ts'
import type { NewEntraApplication } from '../entra/applications.ts'
import type { SecretOptions } from '../key-vault/emulated-vault.ts'
import type { Delegation, ScopeDefinition } from '../maskinporten/scopes.ts'
import type { Consent, SystemUser } from '../maskinporten/system-users.ts'
import type { Person } from '../register/persons.ts'

/** An identity that stays: the same clients, keys, scopes and addresses at every start. */
export interface EmulatorConfig extends Omit<EmulatorOptions, 'config' | 'log' | 'allowProduction'> {
  /** For editors; the emulator does not read it. */
  readonly $schema?: string | undefined
  readonly organisations?: readonly ConfiguredOrganisation[] | undefined
  readonly scopes?: readonly ConfiguredScope[] | undefined
  readonly clients?: readonly ConfiguredClient[] | undefined
  readonly delegations?: readonly Delegation[] | undefined
  readonly systemUsers?: readonly SystemUser[] | undefined
  readonly consents?: readonly Consent[] | undefined
  readonly persons?: readonly Person[] | undefined
  readonly secrets?: readonly ConfiguredSecret[] | undefined
  readonly applications?: readonly NewEntraApplication[] | undefined
}

export interface ConfiguredOrganisation {
  /** Nine digits. */
  readonly orgNumber: string
  /** Short name of a service owner: 'ttd'. */
  readonly org: string
}

export interface ConfiguredScope extends ScopeDefinition {
  /** Organisation numbers that have access. Default: none. */
  readonly access?: readonly string[] | undefined
}

export interface ConfiguredClient extends Omit<NewClientOptions, 'clientId' | 'kid' | 'jwk' | 'withoutKey'> {
  /** The grant's `iss`. */
  readonly clientId: string
  /** Five at most. Default: none; the client then signs with an enterprise certificate. */
  readonly keys?: readonly ConfiguredKey[] | undefined
}

/** One of `jwk`, `pem`, `certificate` and `file`. */
export interface ConfiguredKey {
  /** An RSA JWK: private or public. */
  readonly jwk?: object | undefined
  /** A private or public RSA key, PEM. */
  readonly pem?: string | undefined
  /** A certificate with an RSA key: PEM, or base64 of the DER. The key ends with it. */
  readonly certificate?: string | undefined
  /** A file with one of the three, beside the configuration unless the path is absolute. */
  readonly file?: string | undefined
  /** Default: that of the JWK, else its thumbprint (RFC 7638). */
  readonly kid?: string | undefined
  /** When the key ends, at most a year from the start. Default: the JWK's `exp`, else a year from the start. */
  readonly expiresOn?: Date | string | undefined
}

export interface ConfiguredSecret extends SecretOptions {
  readonly name: string
  readonly value: string
  /** The vault, by a name of its own: 'my-kv'. Default: the one that answers under every name. */
  readonly vault?: string | undefined
}
