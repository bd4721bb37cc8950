// The same from CommonJS, as in an Azure Function of the older kind; compiled only.
import core = require('@maskinporten-kit/core')
import adapter = require('@maskinporten-kit/core/adapter')
import fetching = require('@maskinporten-kit/fetch')

const maskinporten: core.Maskinporten = core.createMaskinporten({
  environment: 'test',
  clientId: 'a',
  encodedJwk: 'e30=',
})
export const altinn: fetching.MaskinportenFetch = fetching.maskinportenFetch(maskinporten, {
  allow: 'https://platform.tt02.altinn.no',
})
export const again: boolean = adapter.canSendAgain('text')
