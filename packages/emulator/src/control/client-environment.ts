/** A client's settings as variables of a process: MaskinportenSettings__*, and those that NAIS sets. */
import type { EmulatedSettings } from './register-client.ts'

export type ClientEnvironment = Readonly<Record<string, string>>

/** `issuer` with its final slash. */
export function clientEnvironment(settings: EmulatedSettings, issuer: string): ClientEnvironment {
  const section = Object.entries(settings).map(([name, value]): readonly [string, string] => [
    `MaskinportenSettings__${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
    String(value),
  ])
  const { encodedJwk } = settings
  return {
    ...Object.fromEntries(section),
    MASKINPORTEN_CLIENT_ID: settings.clientId,
    MASKINPORTEN_SCOPES: settings.scope,
    MASKINPORTEN_ISSUER: issuer,
    MASKINPORTEN_TOKEN_ENDPOINT: `${issuer}token`,
    MASKINPORTEN_WELL_KNOWN_URL: `${issuer}.well-known/oauth-authorization-server`,
    ...(encodedJwk === undefined ? {} : { MASKINPORTEN_CLIENT_JWK: Buffer.from(encodedJwk, 'base64').toString() }),
  }
}
