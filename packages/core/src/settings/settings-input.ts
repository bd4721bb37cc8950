/** The section as an object, as `createMaskinporten({ … })` takes it. */
import type { Signer } from '../keys/signer.ts'

/**
 * One client's settings, with its key: exactly one of `encodedJwk`, `jwk`, `jwkBase64` and `signer`.
 *
 * The names are those of appsettings.json in camel case. A tree of another dialect, such as a file's content or
 * `process.env`, goes through `settingsFrom([fromObject(tree)])`.
 *
 * @example { environment: 'test', clientId, scope: 'altinn:serviceowner/instances.read', encodedJwk }
 */
export type SettingsInput = SettingsFields & SettingsCredential

/** What signs the assertions. */
export type SettingsCredential =
  | {
      /** The private key as text: base64 of the JWK. A JWK's JSON and PEM are read too, with a warning. */
      readonly encodedJwk: string
      readonly jwk?: undefined
      readonly jwkBase64?: undefined
      readonly signer?: undefined
    }
  | {
      /** The private JWK as an object, with `kid`; or a set of them, `{ keys: […] }`. */
      readonly jwk: object
      readonly encodedJwk?: undefined
      readonly jwkBase64?: undefined
      readonly signer?: undefined
    }
  | {
      /** Base64 of the private JWK: another name for `encodedJwk`, that of Altinn's app library. */
      readonly jwkBase64: string
      readonly encodedJwk?: undefined
      readonly jwk?: undefined
      readonly signer?: undefined
    }
  | {
      /** Signs in the place of a private key, so that the key can stay in an HSM or a key vault. */
      readonly signer: Signer
      readonly encodedJwk?: undefined
      readonly jwk?: undefined
      readonly jwkBase64?: undefined
    }

export interface SettingsFields {
  /** Which Maskinporten: its issuer and token endpoint, and the Altinn platform beside it. No default: give this or `authority`. */
  readonly environment?: 'test' | 'prod' | undefined
  /** The exact issuer, an https URL such as `https://test.maskinporten.no/`, when it is not `environment`'s. */
  readonly authority?: string | undefined
  /** The claim `aud` of the assertion. Default: the issuer. */
  readonly assertionAudience?: string | undefined
  /** Address of the token endpoint, used as it is, without discovery; such as that of an egress gateway. Default: the one in the issuer's metadata. */
  readonly tokenEndpoint?: string | undefined
  /** The client's id in Samarbeidsportalen, a UUID such as `a1b2c3d4-0000-4000-8000-123456789abc`. */
  readonly clientId: string
  /**
   * What tokens are for when a call names no scopes: a list, or separated by spaces, such as
   * `altinn:serviceowner/instances.read altinn:serviceowner/instances.write`. Default: none, and each call names its own.
   */
  readonly scope?: string | readonly string[] | undefined
  /** The id under which the key is registered. Default: the key's own `kid`. */
  readonly kid?: string | undefined
  /** Absolute URI, or a list of them, of the API that the token is for ([RFC 8707](https://www.rfc-editor.org/rfc/rfc8707)), such as `https://api.example.no/`: becomes the token's `aud`. Default: none. */
  readonly resource?: string | readonly string[] | undefined
  /** Organisation number, nine digits such as `991825827`, of the organisation that has delegated to yours in Altinn. Default: none. */
  readonly consumerOrgNo?: string | undefined
  /** Whether tokens are exchanged at Altinn where a call does not say. Default false. */
  readonly exchangeToAltinnToken?: boolean | undefined
  /** The same, spelt as in the .NET client's settings. */
  readonly exhangeToAltinnToken?: boolean | undefined
  /** For Digdir's own organisation, 991825827, in test: the exchanged token then says `ttd`. Default false. */
  readonly useAltinnTestOrg?: boolean | undefined
  /** Which Altinn exchanges: `prod`, `tt02`, `at21` to `at24`, `yt01`, or an https base URL. Default: that of `environment`; needed beside another `authority`. */
  readonly tokenExchangeEnvironment?: string | undefined
  /** The whole address of the exchange, instead of `tokenExchangeEnvironment`. */
  readonly tokenExchangeEndpoint?: string | undefined
  /** Writes the events out when nobody subscribes to them. Default false. */
  readonly enableDebugLog?: boolean | undefined
  /** The same, spelt as in newer versions of the .NET client. */
  readonly enableDebugLogging?: boolean | undefined
  /** Read by the .NET client only. Accepted, so that its settings fit, and warned about. */
  readonly overwriteAuthorizationHeader?: boolean | undefined
}
