/// <reference lib="esnext.disposable" preserve="true" />
export { startEmulator } from './start-emulator.ts'
export type {
  EmulatedAltinn,
  EmulatedEntra,
  EmulatedKeyVault,
  EmulatedMaskinporten,
  EmulatedRegister,
  EmulatedTexas,
  Emulator,
  EmulatorAsTest,
} from './emulator.ts'
export type { EmulatorOptions } from './options.ts'
export type { ServiceName } from './network/names.ts'
export type {
  EmulatedClient,
  EmulatedClientWithoutKey,
  EmulatedJwk,
  EmulatedSettings,
  NewClientOptions,
  NewClientWithoutKey,
} from './control/register-client.ts'
export type {
  ConfiguredClient,
  ConfiguredKey,
  ConfiguredOrganisation,
  ConfiguredScope,
  ConfiguredSecret,
  EmulatorConfig,
} from './config/configuration.ts'
export type { ClientEnvironment } from './control/client-environment.ts'
export type { UseOptions } from './control/client-of-settings.ts'
export type { LogEntry, LoggedConfiguration, LoggedDelivery, LoggedRequest, LogListener } from './http/log.ts'
export type { RecordedAnswer, RecordedRequest } from './http/recorded-request.ts'
export type { RequestFilter } from './http/recorder.ts'
export type { Comparison, Refusal } from './tokens/verify-token.ts'
export type { Fault, Faults } from './http/faults.ts'
export type { Target } from './http/target.ts'
export type { ClockOptions, EmulatorClock } from './clock.ts'

export type { RuleOptions, Rules } from './maskinporten/rules.ts'
export type { PublicRsaJwk } from './maskinporten/clients.ts'
export type { Delegation, ScopeDefinition } from './maskinporten/scopes.ts'
export type { Consent, StoredConsent, StoredSystemUser, SystemUser } from './maskinporten/system-users.ts'
export { type TokenErrorId, type TokenErrorRow, tokenErrors } from './maskinporten/error-table.ts'

export type { CloudEvent } from './altinn/events.ts'
export type { Subscription } from './altinn/subscriptions.ts'
export type { Trigger, Triggered } from './altinn/trigger.ts'
export type { NewUserToken, UserToken } from './altinn/user-token.ts'
export type { DataElement, Instance } from './altinn/instance.ts'
export type { Submission, Submitted } from './altinn/submit.ts'
export type { Person } from './register/persons.ts'
export type { VaultClientOptions, VaultCredential } from './key-vault/client-options.ts'
export type { EmulatedVault, SecretOptions } from './key-vault/emulated-vault.ts'
export type { VaultPaging } from './key-vault/vaults.ts'
export type { VaultDenial } from './key-vault/error-table.ts'
export type { EntraApplication, NewEntraApplication } from './entra/applications.ts'
export type { EntraCredentialOptions } from './entra/credential-options.ts'
export type { EmulatedProxy } from './network/proxy.ts'
export type { ProxyEnvironment } from './network/test-environment.ts'
export type { CertificateFlaw, EnterpriseCertificate } from './tokens/certificates.ts'
export type { JsonObject } from './json.ts'
