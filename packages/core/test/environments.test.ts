import { environments } from '@maskinporten-kit/core'
import { expect, it } from 'vitest'

it('each environment has its issuer, its addresses and the origin of its platform', () => {
  expect(environments).toEqual({
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
  })
})
