export interface Environment {
  /** Exact, with its final slash: the grant's `aud`. */
  readonly issuer: string
  readonly tokenEndpoint: string
  readonly exchangeUrl: string
  /** Origin of Altinn's platform, without a final slash: for an adapter's `allow`, and to build addresses on. */
  readonly altinn: string
}

/**
 * The two environments of Maskinporten ([Digdir](https://docs.digdir.no/docs/Maskinporten/maskinporten_func_wellknown))
 * and their Altinn platform.
 */
export const environments: { readonly [name in 'test' | 'prod']: Environment } = {
  test: environment('https://test.maskinporten.no/', 'https://platform.tt02.altinn.no'),
  prod: environment('https://maskinporten.no/', 'https://platform.altinn.no'),
}

function environment(issuer: string, altinn: string): Environment {
  return {
    issuer,
    tokenEndpoint: `${issuer}token`,
    exchangeUrl: `${altinn}/authentication/api/v1/exchange/maskinporten`,
    altinn,
  }
}
