/**
 * The two environments of Maskinporten ([Digdir](https://docs.digdir.no/docs/Maskinporten/maskinporten_func_wellknown))
 * and their Altinn platform.
 */
export const environments: {
  readonly [name in 'test' | 'prod']: {
    /** Exact, with its final slash: the grant's `aud`. */
    readonly issuer: string
    readonly tokenEndpoint: string
    readonly exchangeUrl: string
    /** The origin of Altinn's platform, for `allow` and for addresses, so that test → prod is one setting. */
    readonly altinn: string
  }
} = {
  test: {
    issuer: 'https://test.maskinporten.no/',
    tokenEndpoint: 'https://test.maskinporten.no/token',
    exchangeUrl: 'https://platform.tt02.altinn.no/authentication/api/v1/exchange/maskinporten',
    altinn: 'https://platform.tt02.altinn.no',
  },
  prod: {
    issuer: 'https://maskinporten.no/',
    tokenEndpoint: 'https://maskinporten.no/token',
    exchangeUrl: 'https://platform.altinn.no/authentication/api/v1/exchange/maskinporten',
    altinn: 'https://platform.altinn.no',
  },
}
