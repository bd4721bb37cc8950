/** The names of all settings in the three dialects, as documented. */
import { environments } from '../environments.ts'

const words = (text: string): readonly string[] => text.split(' ')

/** Altinn's .NET client (legacy) and Altinn's app library, in the section. */
const SHOWN = words(
  'Environment Authority AssertionAudience ClientId Scope Kid Resource ConsumerOrgNo ExhangeToAltinnToken ExchangeToAltinnToken UseAltinnTestOrg TokenEndpoint TokenExchangeEndpoint TokenExchangeEnvironment EnableDebugLog EnableDebugLogging OverwriteAuthorizationHeader CertificatePkcs12Path CertificateStoreThumbprint',
)
const SECRET = words(
  'EncodedJwk JwkBase64 Jwk Jwks EncodedX509 CertificatePkcs12Password EnterpriseUserName EnterpriseUserPassword',
)
/** Digdirator (NAIS, Skip). */
const NAIS_SHOWN = words('CLIENT_ID SCOPES WELL_KNOWN_URL ISSUER TOKEN_ENDPOINT JWKS_URI')
const VAULT_SHOWN = words('SecretUri TenantId ClientId')

/** What a required setting may be, for messages and pages. */
export const VALUES: Readonly<Record<string, string>> = {
  Environment: '"test" or "prod"',
  ClientId: 'the id of the client in Samarbeidsportalen',
  EncodedJwk: 'the private JWK in base64',
  MASKINPORTEN_CLIENT_ID: 'the id of the client in Samarbeidsportalen',
  MASKINPORTEN_CLIENT_JWK: 'the private JWK',
  MASKINPORTEN_WELL_KNOWN_URL: Object.entries(environments)
    .map(([name, { issuer }]) => `${issuer}.well-known/oauth-authorization-server (${name})`)
    .join(' or '),
}

export const SECTION_KEYS: readonly string[] = [...SHOWN, ...SECRET]
const nais = (name: string): string => `MASKINPORTEN_${name}`
const vault = (name: string): string => `kvSetting:${name}`

/** Full paths of every key that core knows, for `LoadContext.keys`. */
export function knownKeys(section: string): readonly string[] {
  return [
    ...SECTION_KEYS.map((name) => `${section}:${name}`),
    ...[...VAULT_SHOWN, 'ClientSecret'].map(vault),
    ...[...NAIS_SHOWN, 'CLIENT_JWK'].map(nais),
  ]
}

/** The settings whose values may be shown. Every other value is masked: a secret one, and one whose name we do not know. */
export function shownKeys(section: string): ReadonlySet<string> {
  return new Set(
    [...SHOWN.map((name) => `${section}:${name}`), ...VAULT_SHOWN.map(vault), ...NAIS_SHOWN.map(nais)].map((key) =>
      key.toLowerCase(),
    ),
  )
}

/** Whether a lower-cased path is of the section, kvSetting or the names of NAIS. */
export function isOurs(path: string, section: string): boolean {
  return path.startsWith(`${section.toLowerCase()}:`) || /^kvsetting:|^maskinporten_/.test(path)
}
