// Every setting, as data: `docs/en/reference/settings.md` is made of it.

export type Dialect = 'Altinn’s .NET client' | 'Altinn’s app library' | 'NAIS and Skip' | 'Altinn’s guide' | 'here only'

export interface SettingEntry {
  /**
   * Name → whose it is, the documented one first. A plain name stands in the section; one with a colon, or of NAIS, is a
   * whole key.
   */
  readonly names: Readonly<Record<string, Dialect | readonly Dialect[]>>
  readonly does: string
  /** Allowed values. */
  readonly allowed: string
  readonly default: string
  /** The value alone, as it stands in an environment variable. A secret has none. */
  readonly example?: string | undefined
  /** Only this package reads it; core does not know it. */
  readonly readBy?: string | undefined
}

const dotnet = 'Altinn’s .NET client'
const library = 'Altinn’s app library'
const both = [dotnet, library] as const
const nais = 'NAIS and Skip'
const guide = 'Altinn’s guide'

export const settingGroups: readonly { readonly title: string; readonly settings: readonly SettingEntry[] }[] = [
  {
    title: 'Client and key',
    settings: [
      {
        names: { ClientId: both, MASKINPORTEN_CLIENT_ID: nais },
        does: 'The id of the client in Maskinporten. It becomes `iss` of the assertion.',
        allowed: 'the id as Samarbeidsportalen shows it, usually a UUID',
        default: 'none: it is needed',
        example: '6c3b1a52-6f8f-4b5e-9c53-6f3a7f4e8d10',
      },
      {
        names: { EncodedJwk: dotnet, JwkBase64: library, MASKINPORTEN_CLIENT_JWK: nais },
        does: 'The private key that signs. Under each of the three names every form is read.',
        allowed:
          'base64 of the private JWK; the JWK itself; a key set; PEM or DER of an RSA key. Not encrypted, 2048 bits or more',
        default: 'none: it is needed, unless the code gives a `signer`',
      },
      {
        names: { Jwk: library },
        does: 'The private key as a JSON object instead of text: `"Jwk": { "kty": "RSA", … }`.',
        allowed: 'a private RSA JWK. In variables and secrets each member has a name of its own, such as `Jwk:kty`',
        default: 'none',
      },
      {
        names: { Jwks: library },
        does: 'Further keys of the same client, which Altinn’s platform writes beside `Jwk`. They are tried when the first key is rejected.',
        allowed: 'a key set with private RSA keys',
        default: 'none',
      },
      {
        names: { Kid: dotnet },
        does: 'The key’s name at Maskinporten. It replaces the `kid` in the JWK, and names one key of a set.',
        allowed: 'the kid as Samarbeidsportalen shows it',
        default: 'the `kid` in the JWK. A PEM without certificates has none, so it needs this setting',
        example: 'my-key-2026',
      },
    ],
  },
  {
    title: 'Which Maskinporten',
    settings: [
      {
        names: { Environment: dotnet },
        does: 'The environment in which the client is registered. It decides the issuer, the token endpoint and Altinn’s exchange.',
        allowed: '`test` or `prod`, in any case',
        default: 'none: one of `Environment`, `Authority` and NAIS’ addresses is needed',
        example: 'test',
      },
      {
        names: { Authority: library, MASKINPORTEN_ISSUER: nais },
        does: 'The address of the issuer, which becomes `aud` of the assertion. The token endpoint is read from its metadata.',
        allowed: 'an https address, or http on loopback',
        default: 'the issuer of `Environment`',
        example: 'https://test.maskinporten.no/',
      },
      {
        names: { MASKINPORTEN_WELL_KNOWN_URL: nais },
        does: 'The address of the issuer’s metadata, which is asked as it is given. Issuer and token endpoint are read from it.',
        allowed: 'an https address, or http on loopback',
        default: 'derived from the issuer',
        example: 'https://test.maskinporten.no/.well-known/oauth-authorization-server',
      },
      {
        names: { TokenEndpoint: dotnet },
        does: 'Where the assertion is posted, without asking the metadata. It may be at another origin than the issuer, for example a gateway; a warning says so.',
        allowed: 'an https address, or http on loopback',
        default: 'what the metadata says',
        example: 'https://test.maskinporten.no/token',
      },
      {
        names: { MASKINPORTEN_TOKEN_ENDPOINT: nais },
        does: 'Where the assertion is posted. It must be at the issuer’s origin.',
        allowed: 'an https address, or http on loopback',
        default: 'what the metadata says',
        example: 'https://test.maskinporten.no/token',
      },
      {
        names: { AssertionAudience: dotnet },
        does: '`aud` of the assertion, when it is not the issuer. It does not change where the assertion is posted.',
        allowed: 'an https address',
        default: 'the issuer',
        example: 'https://test.maskinporten.no/',
      },
      {
        names: { MASKINPORTEN_JWKS_URI: nais },
        does: 'The issuer’s public keys. Accepted and not used: a client does not verify tokens.',
        allowed: 'any text',
        default: 'none',
        example: 'https://test.maskinporten.no/jwk',
      },
    ],
  },
  {
    title: 'What is asked for by default',
    settings: [
      {
        names: { Scope: dotnet, MASKINPORTEN_SCOPES: nais },
        does: 'The scopes of a token, unless a call names its own.',
        allowed: 'scopes with spaces between, or a list in JSON',
        default: 'none: then each call names its scopes',
        example: 'altinn:serviceowner/instances.read',
      },
      {
        names: { Resource: dotnet },
        does: 'The API that the token is for ([RFC 8707](https://www.rfc-editor.org/rfc/rfc8707)). It becomes `aud` of the token.',
        allowed: 'an absolute address without `#`, or several with spaces between',
        default: 'none',
        example: 'https://api.example.no/',
      },
      {
        names: { ConsumerOrgNo: dotnet },
        does: 'The organisation on whose behalf the token is, when it has delegated the scope to yours in Altinn. Claim `consumer_org`.',
        allowed: 'an organisation number, with or without `0192:` before it',
        default: 'none: your own organisation',
        example: '991825827',
      },
    ],
  },
  {
    title: 'Altinn’s exchange',
    settings: [
      {
        names: { ExhangeToAltinnToken: dotnet, ExchangeToAltinnToken: 'here only' },
        does: 'Exchanges each token at Altinn, unless a call names another `kind`. The first spelling is the .NET client’s own.',
        allowed: '`true` or `false`',
        default: '`false`',
        example: 'true',
      },
      {
        names: { UseAltinnTestOrg: dotnet },
        does: 'Lets Altinn give the token for the test organisation `ttd`. Only Digdir’s own organisation may.',
        allowed: '`true` or `false`',
        default: '`false`',
        example: 'true',
      },
      {
        names: { TokenExchangeEnvironment: dotnet },
        does: 'At which Altinn the token is exchanged.',
        allowed:
          '`prod`, `tt02`, `at21`, `at22`, `at23`, `at24`, `yt01` (`test`, `ver1` and `ver2` mean `tt02`), or an https address',
        default: 'that of `Environment`; with an `Authority` of your own it is needed',
        example: 'tt02',
      },
      {
        names: { TokenExchangeEndpoint: dotnet },
        does: 'The whole address of the exchange. It is used instead of `TokenExchangeEnvironment`.',
        allowed: 'an https address, or http on loopback',
        default: 'that of `TokenExchangeEnvironment`',
        example: 'https://platform.tt02.altinn.no/authentication/api/v1/exchange/maskinporten',
      },
    ],
  },
  {
    title: 'Logging',
    settings: [
      {
        names: { EnableDebugLogging: dotnet, EnableDebugLog: guide },
        does: 'Debug logging. No event and no log ever holds a key, an assertion or a token.',
        allowed: '`true` or `false`',
        default: '`false`',
        example: 'true',
      },
    ],
  },
  {
    title: 'Azure Key Vault',
    settings: [
      {
        names: { 'kvSetting:SecretUri': guide },
        does: 'The vault from which `fromAzureKeyVault()` reads. Alone, the sign-in is by `DefaultAzureCredential`.',
        allowed: 'the vault URI as the portal shows it',
        default: 'none: no vault is asked',
        example: 'https://my-kv.vault.azure.net/',
      },
      {
        names: { 'kvSetting:TenantId': guide },
        does: 'The tenant of the Entra application that signs in to the vault.',
        allowed: 'a UUID',
        default: 'none. With one of the three all three are needed',
        example: '72f988bf-86f1-41af-91ab-2d7cd011db47',
      },
      {
        names: { 'kvSetting:ClientId': guide },
        does: 'The Entra application that signs in to the vault. It is not the client of Maskinporten.',
        allowed: 'a UUID',
        default: 'none. With one of the three all three are needed',
        example: '0f1d6b9e-3c1a-4a55-8a2b-6f6f0d1c2b3a',
      },
      {
        names: { 'kvSetting:ClientSecret': guide },
        does: 'The secret of that application.',
        allowed: 'text',
        default: 'none. With one of the three all three are needed',
      },
    ],
  },
  {
    title: 'Which file',
    settings: [
      {
        names: { MaskinportenSettingsFilepath: library },
        does: 'A further settings file, which `fromAppSettings()` reads after the others. It must be there.',
        allowed: 'a path, relative to the folder of `appsettings.json`',
        default: 'none',
        example: '/mnt/app-secrets/maskinporten-settings.json',
        readBy: 'config-json',
      },
    ],
  },
  {
    title: 'Known, and not used',
    settings: [
      {
        names: { OverwriteAuthorizationHeader: dotnet },
        does: 'Has no effect, and a warning says so: an `Authorization` of the caller’s own is never replaced.',
        allowed: '`true` or `false`',
        default: '`false`',
        example: 'false',
      },
      {
        names: { EnterpriseUserName: dotnet, EnterpriseUserPassword: dotnet },
        does: 'Enterprise users (virksomhetsbruker), which Altinn has removed. Ignored with a warning.',
        allowed: 'any text',
        default: 'none',
      },
      {
        names: { EncodedX509: dotnet },
        does: 'A key store (PKCS#12) in base64. It is refused with the command that converts it; beside a usable key it is only a warning.',
        allowed: 'none',
        default: 'none',
      },
      {
        names: { CertificatePkcs12Path: dotnet, CertificatePkcs12Password: dotnet },
        does: 'A key store (PKCS#12) in a file. It is refused with the command that converts it.',
        allowed: 'none',
        default: 'none',
      },
      {
        names: { CertificateStoreThumbprint: dotnet },
        does: 'A certificate in the store of Windows. It is refused.',
        allowed: 'none',
        default: 'none',
      },
    ],
  },
]
