/** The eleven codes of `MaskinportenError`: the compiler knows when one is missing. */
import type { MaskinportenErrorCode } from '@maskinporten-kit/core'
import type { CodeEntry } from './entry.ts'

export const codes: Readonly<Record<MaskinportenErrorCode, CodeEntry>> = {
  settings_invalid: {
    happened: {
      en: 'The settings or the signing key cannot be used. `problems` lists everything that is wrong, each with its key, its origin and the way out; `detail` is the code of the first one.',
      nb: 'Innstillingene eller signeringsnøkkelen kan ikke brukes. `problems` har alt som er galt, hver ting med navn, opphav og veien videre; `detail` er koden til den første.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Correct each problem. The next call reads the settings again.',
      nb: 'Rett hvert problem. Neste kall leser innstillingene på nytt.',
    },
  },
  settings_unavailable: {
    happened: {
      en: 'A source of settings could not be read, so nothing is known about the settings. `detail` says why. While earlier settings are in force, no call fails: the event `settings.failed` reports it.',
      nb: 'En kilde til innstillinger kunne ikke leses, så innstillingene er ukjente. `detail` sier hvorfor. Så lenge tidligere innstillinger gjelder, feiler ingen kall: Hendelsen `settings.failed` melder fra.',
    },
    acts: ['settings', 'operations'],
    wayOut: {
      en: 'Make the source readable. When `retryable` is true, the next call tries again by itself.',
      nb: 'Sørg for at kilden kan leses. Når `retryable` er true, prøver neste kall igjen av seg selv.',
    },
  },
  request_invalid: {
    happened: {
      en: 'The call cannot be made as it is written: a field of the token request is unknown or malformed, a call has an `Authorization` and asks for a token too, or an address is relative. Nothing was sent. `detail` names the field.',
      nb: 'Kallet kan ikke gjøres slik det er skrevet: Et felt i tokenforespørselen er ukjent eller har feil form, kallet har en `Authorization` og ber om token i tillegg, eller en adresse er relativ. Ingenting ble sendt. `detail` er navnet på feltet.',
    },
    acts: ['developer', 'settings'],
    wayOut: { en: 'Correct the field that the message names.', nb: 'Rett feltet som meldingen nevner.' },
  },
  origin_not_allowed: {
    happened: {
      en: 'An adapter was called with an address whose origin is not in `allow`, or with plain http to another machine. Nothing was sent, and no token was asked for.',
      nb: 'En adapter ble kalt med en adresse som ikke står i `allow`, eller med ukryptert http til en annen maskin. Ingenting ble sendt, og ingen ba om token.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Add the origin to `allow`. For a call without a token give `maskinporten: false`, or `otherOrigins: "pass-through"` for all such calls.',
      nb: 'Legg adressen til i `allow`. For et kall uten token: bruk `maskinporten: false`, eller `otherOrigins: "pass-through"` for alle slike kall.',
    },
  },
  metadata_invalid: {
    happened: {
      en: 'The metadata of the issuer could not be used: it is not JSON, names another issuer, or names a token endpoint elsewhere.',
      nb: 'Metadata fra utstederen kan ikke brukes: De er ikke JSON, viser til en annen utsteder, eller har token-endepunktet et annet sted.',
    },
    acts: ['settings', 'operations'],
    wayOut: {
      en: 'Correct `Authority` or `Environment`. If the address is right, look for a proxy that answers in its place.',
      nb: 'Rett `Authority` eller `Environment`. Er adressen riktig, se etter en proxy som svarer i stedet.',
    },
  },
  token_refused: {
    happened: {
      en: 'Maskinporten refused the request for a token. Its own words are in `oauthError`, `description` and `mpCode`; `traceId` is what Digdir’s support asks for.',
      nb: 'Maskinporten avviste forespørselen om token. Ordene derfra står i `oauthError`, `description` og `mpCode`; `traceId` er det brukerstøtten hos Digdir spør etter.',
    },
    acts: ['clientAdministrator', 'settings', 'apiOwner'],
    wayOut: {
      en: 'Do what `hint` says. [What Maskinporten refuses](#what-maskinporten-refuses) lists the known refusals.',
      nb: 'Gjør det `hint` sier. [Det Maskinporten avviser](#what-maskinporten-refuses) har de kjente avvisningene.',
    },
  },
  token_unavailable: {
    happened: {
      en: 'No token could be had, and Maskinporten did not say no: no connection, a 5xx, an answer without a token, or a signer that failed. `detail` says which, and `status` is the answer’s, if there was one.',
      nb: 'Det kom ikke noe token, men Maskinporten sa heller ikke nei: ingen forbindelse, 5xx, et svar uten token, eller en signering som feilet. `detail` sier hva, og `status` er statusen i svaret hvis det kom noe.',
    },
    acts: ['nobody', 'operations'],
    wayOut: {
      en: 'Try again later. If it lasts, look at the network and at Digdir’s status page.',
      nb: 'Prøv igjen senere. Hvis det varer ved, se på nettverket og på statussiden til Digdir.',
    },
  },
  exchange_refused: {
    happened: {
      en: 'Altinn refused to exchange the Maskinporten token. `status` and `description` are Altinn’s.',
      nb: 'Altinn nektet å veksle Maskinporten-tokenet. `status` og `description` er fra Altinn.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Check that `Environment` and `TokenExchangeEnvironment` belong together, and that the token has a scope of Altinn’s.',
      nb: 'Sjekk at `Environment` og `TokenExchangeEnvironment` hører sammen, og at tokenet har et scope fra Altinn.',
    },
  },
  exchange_unavailable: {
    happened: {
      en: 'Altinn’s exchange gave no token: no connection, a 401 or 5xx, or an answer without a token. Altinn answers 401 in an outage too, so that answer is tried again.',
      nb: 'Tokenvekslingen hos Altinn ga ikke noe token: ingen forbindelse, 401 eller 5xx, eller et svar uten token. Altinn svarer 401 også når noe er nede, så det svaret prøves på nytt.',
    },
    acts: ['nobody', 'altinn', 'operations'],
    wayOut: {
      en: 'Try again later. If it lasts, check `TokenExchangeEnvironment`, the network and Altinn’s status page.',
      nb: 'Prøv igjen senere. Hvis det varer ved, sjekk `TokenExchangeEnvironment`, nettverket og statussiden til Altinn.',
    },
  },
  timeout: {
    happened: {
      en: 'There was no token within `timeoutMs` (10 s by default), settings included. The last failure before that is in the message, and its `code` in `detail`.',
      nb: 'Det kom ikke noe token innen `timeoutMs` (10 s om ikke annet er sagt), lesing av innstillinger medregnet. Den siste feilen før det står i meldingen, og `code` for den i `detail`.',
    },
    acts: ['nobody', 'operations'],
    wayOut: {
      en: 'Try again. If it lasts, look at the network, or raise `timeoutMs`.',
      nb: 'Prøv igjen. Hvis det varer ved, se på nettverket, eller øk `timeoutMs`.',
    },
  },
  closed: {
    happened: {
      en: 'The instance was closed by `close()`, before the call or while it waited.',
      nb: 'Instansen ble lukket med `close()`, før kallet eller mens det ventet.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Create a new instance, or close this one later.',
      nb: 'Lag en ny instans, eller lukk denne senere.',
    },
  },
}
