/// <reference lib="esnext.disposable" preserve="true" />
// What most need.
export { createMaskinporten } from './maskinporten.ts'
export type { Maskinporten, MaskinportenOptions } from './maskinporten.ts'
export { createTokenEngine } from './token-engine.ts'
export type { FetchTokenContext, FetchedToken, TokenEngine, TokenEngineOptions } from './token-engine.ts'
export type { Stats } from './stats.ts'
export { settingsFrom, settingsSchema } from './settings/settings-from.ts'
export { fromObject } from './sources/config-layer.ts'
export { createAccessToken } from './access-token.ts'
export { environments } from './environments.ts'
export type { Environment } from './environments.ts'
export { MaskinportenError, isMaskinportenError } from './errors.ts'
export { logTo } from './log-to.ts'
export type {
  AccessToken,
  BindableTokenSource,
  ConsentRequest,
  GetTokenOptions,
  SystemUserRequest,
  TokenKind,
  TokenRequest,
  TokenSource,
} from './token-source.ts'
export type { Health } from './health.ts'
export type { Clock } from './clock.ts'
export type { MaskinportenErrorCode, MaskinportenErrorFields, SettingsProblem } from './errors.ts'
export type { MaskinportenEvent, MaskinportenEvents, SettingsEvent } from './events.ts'
export type { Logger } from './log-to.ts'
export type { CoreRequestInit, FetchFunction } from './fetch-function.ts'
// For authors of config sources.
export { createConfigLayer } from './sources/config-layer.ts'
export { parseSigningKey } from './keys/parse-signing-key.ts'
export type { LayerOrigin } from './sources/config-layer.ts'
export type { ConfigEntry, ConfigLayer, ConfigSource, LoadContext } from './sources/config-source.ts'
export type { StandardIssue, StandardResult, StandardSchemaV1 } from './settings/settings-from.ts'
export type { SettingsCredential, SettingsFields, SettingsInput } from './settings/settings-input.ts'
export type { ResolvedSettings, SettingsOptions, SettingsProvider } from './settings/settings-provider.ts'
export type { Signer, SignerSource, SigningAlgorithm, SigningKey } from './keys/signer.ts'
export type { Lease, StoredToken, TokenStore } from './token-store.ts'
