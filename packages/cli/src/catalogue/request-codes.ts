/** What can go wrong on the way to a token: the network, an answer, a signer, a provider. */
import type { Details } from './entry.ts'

const noToken = { under: ['token_unavailable', 'exchange_unavailable'] } as const
const network = { ...noToken, acts: 'operations' } as const
const CHECK_ADDRESS = {
  en: 'Check the address and any proxy in between.',
  nb: 'Sjekk adressen og eventuelle proxyer på veien.',
} as const

export const requestCodes: Details = {
  NETWORK: {
    ...network,
    happened: {
      en: 'No answer came: no connection, no such name, or no answer in time. The message gives the system’s code.',
      nb: 'Det kom ikke noe svar: ingen forbindelse, ukjent navn, eller ikke noe svar i tide. Meldingen har koden fra systemet.',
    },
    wayOut: {
      en: 'Check network, DNS and proxy. The next call tries again.',
      nb: 'Sjekk nettverk, DNS og proxy. Neste kall prøver igjen.',
    },
  },
  PROXY: {
    ...network,
    happened: {
      en: 'The proxy refused: it wants a user and a password, or lets nothing through to this host.',
      nb: 'Proxyen sa nei: Den krever brukernavn og passord, eller slipper ingenting gjennom til denne adressen.',
    },
    wayOut: {
      en: 'Write user and password into the address of the proxy, or have the host opened there.',
      nb: 'Skriv brukernavn og passord i adressen til proxyen, eller få åpnet for adressen der.',
    },
  },
  TLS: {
    ...network,
    happened: {
      en: 'The server’s certificate is not trusted. Often a proxy inspects TLS.',
      nb: 'Sertifikatet til serveren er ikke klarert. Ofte er det en proxy som åpner TLS-trafikken.',
    },
    wayOut: {
      en: 'Set `NODE_EXTRA_CA_CERTS` to the file of the proxy’s certificate authority, before the process starts.',
      nb: 'Sett `NODE_EXTRA_CA_CERTS` til filen med sertifikatutstederen til proxyen, før prosessen starter.',
    },
  },
  FETCH: {
    ...noToken,
    acts: 'developer',
    happened: {
      en: 'The `fetch` itself failed before anything was sent: a mock without an answer, a limit of its own, a port it refuses.',
      nb: '`fetch` selv feilet før noe ble sendt: en mock uten svar, en egen grense, en port den ikke vil bruke.',
    },
    wayOut: {
      en: 'Look at the `fetch` that is used here: the option `fetch`, or what replaces the global one.',
      nb: 'Se på den `fetch` som brukes her: valget `fetch`, eller det som erstatter den globale.',
    },
  },
  REDIRECT: {
    under: ['token_refused', 'exchange_refused'],
    acts: 'operations',
    happened: {
      en: 'The address answered with a redirect. It is not followed, since the assertion would go along.',
      nb: 'Adressen svarte med en omdirigering. Den følges ikke, siden assertionen ville blitt med.',
    },
    wayOut: {
      en: 'Correct the address, or look for a login page or a proxy in between.',
      nb: 'Rett adressen, eller se etter en innloggingsside eller en proxy på veien.',
    },
  },
  TOO_LARGE: {
    ...network,
    happened: {
      en: 'The answer is longer than 1 MiB, so it is no answer of this server.',
      nb: 'Svaret er lengre enn 1 MiB, så det kommer ikke fra denne serveren.',
    },
    wayOut: CHECK_ADDRESS,
  },
  NO_TOKEN: {
    ...network,
    happened: {
      en: 'The server answered 200, and there was no token in it.',
      nb: 'Serveren svarte 200, men det var ikke noe token i svaret.',
    },
    wayOut: CHECK_ADDRESS,
  },
  TOKEN_TYPE: {
    under: 'token_unavailable',
    acts: 'settings',
    happened: {
      en: 'The token endpoint gave a token of another type than Bearer, which nothing here can send.',
      nb: 'Token-endepunktet ga et token av en annen type enn Bearer, og det kan ikke sendes herfra.',
    },
    wayOut: {
      en: 'Check that the token endpoint is Maskinporten’s.',
      nb: 'Sjekk at token-endepunktet er det hos Maskinporten.',
    },
  },
  REJECTED_AGAIN: {
    under: 'token_unavailable',
    acts: ['apiOwner', 'developer'],
    happened: {
      en: 'An API answers 401 to tokens that were issued a moment ago, so no further one is asked for just now.',
      nb: 'Et API svarer 401 på tokener som nettopp er utstedt, så det hentes ikke flere akkurat nå.',
    },
    wayOut: {
      en: 'Check that the API takes this scope, this organisation and this environment.',
      nb: 'Sjekk at API-et godtar dette scopet, denne virksomheten og dette miljøet.',
    },
  },
  FETCH_TOKEN: {
    under: 'token_unavailable',
    acts: 'developer',
    happened: {
      en: 'The `fetchToken` of `createTokenEngine` failed, or gave something else than a token and its life.',
      nb: '`fetchToken` til `createTokenEngine` feilet, eller ga noe annet enn et token og levetiden.',
    },
    wayOut: {
      en: 'Look at the token service. Resolve to `{ value, lifetimeMs }`.',
      nb: 'Se på tokentjenesten. Svaret skal være `{ value, lifetimeMs }`.',
    },
  },
  SIGNER: {
    under: 'token_unavailable',
    acts: 'developer',
    happened: {
      en: 'The signer failed, gave something else than bytes, or did not answer in time.',
      nb: 'Signeringen feilet, ga noe annet enn bytes, eller svarte ikke i tide.',
    },
    wayOut: {
      en: 'Look at the signer and at the service that holds its key.',
      nb: 'Se på koden som signerer, og på tjenesten som har nøkkelen.',
    },
  },
  PROVIDER: {
    under: 'settings_invalid',
    acts: 'developer',
    happened: {
      en: 'A settings provider of your own gave something that is not `ResolvedSettings`.',
      nb: 'Din egen kilde til innstillinger (settings provider) ga noe som ikke er `ResolvedSettings`.',
    },
    wayOut: {
      en: 'Compare it with that interface. The message names the field.',
      nb: 'Sammenlign med det grensesnittet. Meldingen nevner feltet.',
    },
  },
  KY_INIT_NOT_RUN: {
    under: 'request_invalid',
    acts: 'developer',
    happened: {
      en: 'ky did not run the hook that adds the token. Nothing was sent.',
      nb: 'ky kjørte ikke hooken som legger på tokenet. Ingenting ble sendt.',
    },
    wayOut: {
      en: 'Update ky to 2. On ky 2, keep the `init` hooks of the options when you extend them.',
      nb: 'Oppdater ky til 2. Med ky 2: behold `init`-hookene når du utvider innstillingene.',
    },
  },
}
