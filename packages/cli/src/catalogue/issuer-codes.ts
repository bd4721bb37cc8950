/** `CONFIG_…` about where: environment, issuer, endpoints, exchange. */
import type { Details } from './entry.ts'

const settings = { acts: 'settings', under: 'settings_invalid' } as const
const warning = { acts: 'settings', warns: true } as const

export const issuerCodes: Details = {
  CONFIG_ENVIRONMENT_UNKNOWN: {
    ...settings,
    happened: {
      en: '`Environment` is neither `test` nor `prod`.',
      nb: '`Environment` er verken `test` eller `prod`.',
    },
    wayOut: {
      en: 'Use `test` or `prod`, or set `Authority` to the address of the issuer.',
      nb: 'Bruk `test` eller `prod`, eller sett `Authority` til adressen til utstederen.',
    },
  },
  CONFIG_ENVIRONMENT_RETIRED: {
    ...settings,
    happened: {
      en: '`Environment` is `ver1`, `ver2` or `yt2`, which no longer exist.',
      nb: '`Environment` er `ver1`, `ver2` eller `yt2`, som ikke finnes lenger.',
    },
    wayOut: {
      en: 'Use `test` and a client that is registered there.',
      nb: 'Bruk `test` og en klient som er registrert der.',
    },
  },
  CONFIG_AUTHORITY_INVALID: {
    ...settings,
    happened: {
      en: 'The address of the issuer is not an https address, has a query, or still holds the notation `[test.]`.',
      nb: 'Adressen til utstederen er ikke en https-adresse, har parametere, eller har fortsatt skrivemåten `[test.]`.',
    },
    wayOut: {
      en: 'Use `https://test.maskinporten.no/` or `https://maskinporten.no/`.',
      nb: 'Bruk `https://test.maskinporten.no/` eller `https://maskinporten.no/`.',
    },
  },
  CONFIG_AUTHORITY_CONFLICT: {
    ...settings,
    happened: {
      en: 'Two settings name different environments, so a token of one would be sent to the other.',
      nb: 'To innstillinger viser til hvert sitt miljø, så et token fra det ene ville blitt sendt til det andre.',
    },
    wayOut: {
      en: 'Keep one of the two. If the token endpoint really is elsewhere, name it in `TokenEndpoint`.',
      nb: 'Behold den ene. Er token-endepunktet virkelig et annet sted, skriv det i `TokenEndpoint`.',
    },
  },
  CONFIG_TOKEN_ENDPOINT: {
    ...settings,
    happened: { en: '`TokenEndpoint` is not an https address.', nb: '`TokenEndpoint` er ikke en https-adresse.' },
    wayOut: {
      en: 'Give the whole address of the token endpoint.',
      nb: 'Skriv hele adressen til token-endepunktet.',
    },
  },
  CONFIG_ENDPOINT_ELSEWHERE: {
    ...warning,
    happened: {
      en: 'The token endpoint and the issuer, or the audience and the issuer, are at different addresses.',
      nb: 'Token-endepunktet og utstederen, eller audience og utstederen, har forskjellige adresser.',
    },
    wayOut: {
      en: 'Check that this is meant, for example for a gateway. Otherwise delete one of the two.',
      nb: 'Sjekk at det er meningen, for eksempel på grunn av en gateway. Hvis ikke, slett den ene.',
    },
  },
  CONFIG_EXCHANGE_ENVIRONMENT: {
    ...settings,
    happened: {
      en: 'The exchange is on, and nothing says at which Altinn: the name is unknown, or the issuer is not one of Maskinporten’s two.',
      nb: 'Tokenveksling er slått på, men ingenting sier hos hvilket Altinn: Navnet er ukjent, eller utstederen er ikke en av de to hos Maskinporten.',
    },
    wayOut: {
      en: 'Set `TokenExchangeEnvironment` to a name from [its allowed values](settings.md#TokenExchangeEnvironment), or to an https address.',
      nb: 'Sett `TokenExchangeEnvironment` til en av [de tillatte verdiene](../../en/reference/settings.md#TokenExchangeEnvironment), eller til en https-adresse.',
    },
  },
  CONFIG_ISSUER_AMBIGUOUS: {
    ...settings,
    happened: {
      en: '`MASKINPORTEN_ISSUER` is not an address, and `MASKINPORTEN_CLIENT_ID` has another value.',
      nb: '`MASKINPORTEN_ISSUER` er ikke en adresse, og `MASKINPORTEN_CLIENT_ID` har en annen verdi.',
    },
    wayOut: {
      en: 'The issuer is the server: set `MASKINPORTEN_ISSUER` to `https://test.maskinporten.no/` or `https://maskinporten.no/`.',
      nb: 'Utstederen er serveren: Sett `MASKINPORTEN_ISSUER` til `https://test.maskinporten.no/` eller `https://maskinporten.no/`.',
    },
  },
  CONFIG_ISSUER_ASSUMED: {
    ...warning,
    happened: {
      en: '`MASKINPORTEN_ISSUER` looks like a client id and was used as one.',
      nb: '`MASKINPORTEN_ISSUER` ser ut som en klient-ID, og ble brukt som det.',
    },
    wayOut: {
      en: 'Rename the variable to `MASKINPORTEN_CLIENT_ID`.',
      nb: 'Gi variabelen navnet `MASKINPORTEN_CLIENT_ID`.',
    },
  },
}
