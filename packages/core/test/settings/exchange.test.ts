import { expect, it } from 'vitest'
import { loadSection } from './load.ts'
import { encoded, rsaKey } from './rsa-keys.ts'

it.each([
  ['prod', 'TokenExchangeEnvironment', 'https://platform.tt02.altinn.no', 'CONFIG_AUTHORITY_CONFLICT'],
  ['prod', 'TokenExchangeEnvironment', 'https://platform.at22.altinn.cloud/', 'CONFIG_AUTHORITY_CONFLICT'],
  ['prod', 'TokenExchangeEndpoint', 'https://platform.tt02.altinn.no/exchange', 'CONFIG_AUTHORITY_CONFLICT'],
  ['test', 'TokenExchangeEnvironment', 'https://PLATFORM.altinn.no', 'CONFIG_AUTHORITY_CONFLICT'],
  ['test', 'TokenExchangeEndpoint', 'https://platform.altinn.no/exchange', 'CONFIG_AUTHORITY_CONFLICT'],
  ['test', 'TokenExchangeEndpoint', 'https://platform.yt01.altinn.cloud/exchange', 'nothing'],
  ['prod', 'TokenExchangeEndpoint', 'https://platform.altinn.no/exchange', 'nothing'],
  ['prod', 'TokenExchangeEnvironment', 'https://altinn-gateway.example.no', 'nothing'],
])('the exchange of issuer %s, with %s %s, is told of by its host: %s', async (environment, name, url, code) => {
  const { jwk } = await rsaKey('k1')
  const { codes } = await loadSection({
    Environment: environment,
    ClientId: 'c',
    EncodedJwk: encoded(jwk),
    [name]: url,
  })
  expect(codes).toEqual(code === 'nothing' ? [] : [code])
})
