/** How Altinn’s exchange refuses: by a status alone, so that the names are ours. The checks are in its [AuthenticationController](https://github.com/Altinn/altinn-authentication). */
import type { RefusalEntry } from './entry.ts'

export const exchangeRefusals: Readonly<Record<string, RefusalEntry>> = {
  exchange_401: {
    happened: {
      en: 'Altinn’s exchange answers 401, and says no reason. Either Altinn is down, or the token is of the other environment, has ended, or names no Norwegian organisation as consumer.',
      nb: 'Tokenvekslingen hos Altinn svarer 401 uten å si hvorfor. Enten er Altinn nede, eller så er tokenet fra det andre miljøet, utløpt, eller uten en norsk virksomhet som konsument.',
    },
    acts: ['settings', 'altinn'],
    wayOut: {
      en: 'Compare the environments: `platform.altinn.no` takes tokens of `maskinporten.no`, and `platform.tt02.altinn.no` those of `test.maskinporten.no`. Are they right, try again later: Altinn answers so in an outage, too.',
      nb: 'Sammenlign miljøene: `platform.altinn.no` godtar tokener fra `maskinporten.no`, og `platform.tt02.altinn.no` tokener fra `test.maskinporten.no`. Stemmer det, prøv igjen senere: Altinn svarer slik når noe er nede også.',
    },
  },
  exchange_no_org: {
    happened: {
      en: 'The exchange gave a token without `urn:altinn:org`. Altinn adds it only to a token with a scope that begins with `altinn:serviceowner`, for an organisation that is a service owner. Storage then answers 400 without a word.',
      nb: 'Vekslingen ga et token uten `urn:altinn:org`. Altinn legger det bare til når tokenet har et scope som begynner med `altinn:serviceowner`, for en virksomhet som er tjenesteeier. Storage svarer da 400 uten forklaring.',
    },
    acts: ['settings', 'altinn'],
    wayOut: {
      en: 'Ask for a scope such as `altinn:serviceowner/instances.read`. In test without an own service owner, `UseAltinnTestOrg` makes Digdir’s token one of `ttd`.',
      nb: 'Be om et scope som `altinn:serviceowner/instances.read`. I test, uten egen tjenesteeier, gjør `UseAltinnTestOrg` et token fra Digdir til et for `ttd`.',
    },
  },
}
