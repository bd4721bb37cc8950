/** The emulator as its users see it. */
import type { Submission, Submitted } from './altinn/submit.ts'
import type { Trigger, Triggered } from './altinn/trigger.ts'
import type { NewUserToken, UserToken } from './altinn/user-token.ts'
import type { CertificateFlaw, EnterpriseCertificate } from './tokens/certificates.ts'
import type { EmulatorClock } from './clock.ts'
import type { EntraApplication, NewEntraApplication } from './entra/applications.ts'
import type { EntraCredentialOptions } from './entra/credential-options.ts'
import type { UseOptions } from './control/client-of-settings.ts'
import type { Faults } from './http/faults.ts'
import type { LogListener } from './http/log.ts'
import type { VaultClientOptions, VaultCredential } from './key-vault/client-options.ts'
import type { EmulatedVault } from './key-vault/emulated-vault.ts'
import type { PublicRsaJwk } from './maskinporten/clients.ts'
import type { Delegation, ScopeDefinition } from './maskinporten/scopes.ts'
import type { Consent, StoredConsent, StoredSystemUser, SystemUser } from './maskinporten/system-users.ts'
import type { EmulatedProxy } from './network/proxy.ts'
import type { RecordedRequest } from './http/recorded-request.ts'
import type { RequestFilter } from './http/recorder.ts'
import type {
  EmulatedClient,
  EmulatedClientWithoutKey,
  NewClientOptions,
  NewClientWithoutKey,
} from './control/register-client.ts'
import type { Person } from './register/persons.ts'
import type { Target } from './http/target.ts'
import type { ProxyEnvironment } from './network/test-environment.ts'

export interface EmulatedMaskinporten {
  readonly url: string
  /** With its final slash: a grant's `aud`. */
  readonly issuer: string
  /** Defines a scope, or redefines it. Nobody has access to a new one until `grantAccess`. */
  defineScope(scope: ScopeDefinition): void
  grantAccess(scope: string, orgNumber: string): void
  revokeAccess(scope: string, orgNumber: string): void
  delegate(delegation: Delegation): void
  revokeDelegation(delegation: Delegation): void
  addSystemUser(systemUser: SystemUser): { readonly systemUserId: string }
  /** In the order in which they were added. */
  systemUsers(): readonly StoredSystemUser[]
  /** As its customer does in Altinn. @throws TypeError for one that was not added. */
  approveSystemUser(systemUserId: string): void
  /** Tokens that name it stay valid, and open nothing in Storage. @throws TypeError for one that was not added. */
  revokeSystemUser(systemUserId: string): void
  addConsent(consent: Consent): { readonly id: string }
  /** In the order in which they were added. */
  consents(): readonly StoredConsent[]
  /** From now on. @throws TypeError for one that was not added. */
  approveConsent(id: string): void
  /** @throws TypeError for one that was not added. */
  revokeConsent(id: string): void
  /** Replaces all keys of a client; each lives for a year from now. */
  setKeys(clientId: string, jwks: readonly PublicRsaJwk[]): void
  /** Adds a key: a new one, or the public or private RSA JWK given. Returns what was added, with the private members that were there. */
  addKey(
    clientId: string,
    key?: { readonly kid?: string | undefined; readonly jwk?: object | undefined },
  ): Promise<object>
  deactivate(clientId: string): void
  /** Signs tokens with a new key from now on; the former ones stay in /jwk. Returns the new kid. */
  rotateSigningKey(): Promise<string>
}

export interface EmulatedAltinn {
  readonly url: string
  /** Async, so that an emulator elsewhere can offer the same. Rejects with a TypeError for what Altinn could not have taken. */
  submit(submission: Submission): Promise<Submitted>
  /** Sends any event of an app, of a new instance or of one that is there. Async as `submit` is, and rejects as it does. */
  trigger(event: Trigger): Promise<Triggered>
  /** A token of a person for Storage and Events, which a login in Altinn gives. Rejects with a TypeError for a person who is not synthetic. */
  issueUserToken(token: NewUserToken): Promise<UserToken>
  /** Makes an organisation a service owner with a short name. */
  addOrganisation(orgNumber: string, org: string): void
  rotateSigningKey(): Promise<string>
}

export interface EmulatedRegister {
  readonly url: string
  /** @throws TypeError for a number that is not synthetic. */
  addPerson(person: Person): void
}

/** The vault that answers under every name but those given to `vault`. Over https, with a certificate of `ca` for loopback and for *.vault.azure.net. */
export interface EmulatedKeyVault extends EmulatedVault {
  /** Any object with `getToken`, as the SDK wants it; its tokens work here only. */
  readonly credential: VaultCredential
  readonly clientOptions: VaultClientOptions
  /** A vault of its own from now on, `my-kv` for `https://my-kv.vault.azure.net`: empty, and apart from all others. @throws TypeError for a name that a vault cannot have. */
  vault(name: string): EmulatedVault
}

/** Entra ID's discovery and token endpoint for applications with a client secret. Key Vault takes the tokens. */
export interface EmulatedEntra {
  /** https, with a certificate of `ca`. */
  readonly url: string
  /** The only tenant. */
  readonly tenantId: string
  /** For the real `ClientSecretCredential`. */
  readonly credentialOptions: EntraCredentialOptions
  /** With `secretUri: keyVault.url` added, it is the section `kvSetting`. @throws TypeError for a client id that is no UUID. */
  registerApplication(application?: NewEntraApplication): EntraApplication
}

/** Texas, the token API of NAIS and SKIP, over http beside the app: it signs for one client whose private key is here. */
export interface EmulatedTexas {
  readonly url: string
  /** For `NAIS_TOKEN_ENDPOINT`. */
  readonly tokenEndpoint: string
  /** For `NAIS_TOKEN_INTROSPECTION_ENDPOINT`. */
  readonly introspectionEndpoint: string
  /** Signs for this client from now on; its cached tokens are forgotten. Until then: for the first client with a private key. @throws TypeError for a client without one here. */
  useClient(clientId: string): void
}

export interface Emulator extends AsyncDisposable {
  readonly maskinporten: EmulatedMaskinporten
  readonly altinn: EmulatedAltinn
  readonly register: EmulatedRegister
  readonly keyVault: EmulatedKeyVault
  readonly entra: EmulatedEntra
  /** Digdir's API for clients, keys, scopes and accesses: the same that the controls know. */
  readonly selfService: { readonly url: string }
  readonly texas: EmulatedTexas
  /** The same controls over HTTP, for other languages. */
  readonly control: { readonly url: string }
  /** The certificate authority of all that speaks https, and of enterprise certificates, PEM. */
  readonly ca: string
  readonly clock: EmulatorClock
  readonly faults: Faults
  registerClient(client: NewClientWithoutKey): Promise<EmulatedClientWithoutKey>
  registerClient(client: NewClientOptions): Promise<EmulatedClient>
  /**
   * Registers the client that the settings name, with the public half of their key; one that is there already anew. `settings`:
   * the section `MaskinportenSettings`, an object that has it, or variables. @throws TypeError when they name no client, scope or key.
   */
  use(settings: object, options?: UseOptions): Promise<EmulatedClientWithoutKey>
  /** Those of the configuration, in its order. */
  readonly clients: readonly (EmulatedClient | EmulatedClientWithoutKey)[]
  /**
   * Leads the emulator's addresses and the names of the test environment to the emulator, over real sockets, and refuses every
   * other host: `createMaskinporten(settings, { fetch: emulator.fetch })`. Under those names it answers as the test environment.
   */
  readonly fetch: typeof globalThis.fetch
  /** Calls the listener with each request that is answered, those to the controls excepted. Returns what ends it. */
  log(listener: LogListener): () => void
  /** An enterprise certificate ("virksomhetssertifikat") with its key. */
  issueCertificate(subject: {
    readonly orgNumber: string
    readonly name?: string | undefined
    /** What the token endpoint is to refuse it for, with MP-120; 'foreign': another authority of the same name has issued it. */
    readonly flaw?: CertificateFlaw | undefined
  }): Promise<EnterpriseCertificate>
  /**
   * What arrived and what was answered, oldest first: of one target, or what the filter says. Kept are the newest 10,000 of
   * each target, and the newest 48 to 64 MiB of all together. @throws TypeError or RangeError for a filter that cannot be.
   */
  requests(filter?: Target | RequestFilter): RecordedRequest[]
  /** Forgets what arrived, for one target or for all. */
  clearRequests(target?: Target): void
  /** Everything is as at the start: clients, secrets, faults, requests, the wall clock, signing keys. Addresses, authority and `clock.monotonic` stay. */
  reset(): Promise<void>
  /** Idempotent. Cuts the connections that are open. */
  close(): Promise<void>
}

/** `startEmulator({ as: 'test' })`: each `url`, but that of the controls, is reached through the proxy only. */
export interface EmulatorAsTest extends Emulator {
  readonly proxy: EmulatedProxy
  /** `ca` as a file, which `close` removes. */
  readonly caFile: string
  /** For a process that is to meet the emulator: `spawn(command, { env: { ...process.env, ...emulator.environment } })`. */
  readonly environment: ProxyEnvironment
}
