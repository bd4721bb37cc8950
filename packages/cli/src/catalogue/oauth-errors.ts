/** The values of `error` that a token endpoint or an API sends: RFC 6749 §5.2, RFC 6750 §3.1, RFC 9396 §5, and Digdir’s own. */
import type { RefusalEntry } from './entry.ts'

const FINER = {
  en: 'Look at `error_description` and at the code at the end of `error_uri`: they say what it is, and `maskinporten explain` takes the whole answer.',
  nb: 'Se på `error_description` og på koden sist i `error_uri`: De sier hva det er, og `maskinporten explain` tar imot hele svaret.',
} as const

const SERVER = { acts: ['nobody', 'digdir'] } as const

export const oauthErrors: Readonly<Record<string, RefusalEntry>> = {
  invalid_grant: {
    happened: {
      en: 'Maskinporten does not accept the assertion: the client, the key, the signature, the audience or the time is wrong. With an MP code it is that one; without one it is usually a `kid` that is not known, or the clock.',
      nb: 'Maskinporten godtar ikke assertionen: Klienten, nøkkelen, signaturen, audience eller tiden er feil. Med en MP-kode er det den. Uten en er det som regel en ukjent `kid`, eller klokken.',
    },
    acts: ['settings', 'clientAdministrator'],
    wayOut: FINER,
  },
  invalid_request: {
    happened: {
      en: 'The request lacks something, has something twice, or has a value of the wrong form: often an assertion that did not arrive whole, or a `consumer_org` that is your own organisation.',
      nb: 'Forespørselen mangler noe, har noe to ganger, eller har en verdi med feil form: ofte en assertion som ikke kom hel fram, eller en `consumer_org` som er din egen virksomhet.',
    },
    acts: 'developer',
    wayOut: FINER,
  },
  invalid_scope: {
    happened: {
      en: 'A scope of the request is not on the client (MP-200), or is not for its integration type (MP-201).',
      nb: 'Et scope i forespørselen ligger ikke på klienten (MP-200), eller passer ikke til integrasjonstypen (MP-201).',
    },
    acts: ['clientAdministrator', 'settings'],
    wayOut: {
      en: 'Compare the scope letter by letter, then add it to the client in Samarbeidsportalen.',
      nb: 'Sammenlign scopet tegn for tegn, og legg det så på klienten i Samarbeidsportalen.',
    },
  },
  forbidden: {
    happened: {
      en: 'The scope is on the client, but nobody gave the organisation access to it (MP-250), or the customer did not delegate it (MP-251).',
      nb: 'Scopet ligger på klienten, men virksomheten har ikke fått tilgang til det (MP-250), eller kunden har ikke delegert det (MP-251).',
    },
    acts: ['apiOwner', 'customer'],
    wayOut: FINER,
  },
  invalid_client: {
    happened: {
      en: 'The server does not know the client. Maskinporten was not seen to answer so: it says `invalid_grant`. Entra ID says it of a wrong client secret.',
      nb: 'Serveren kjenner ikke klienten. Det er ikke sett at Maskinporten svarer slik: Den sier `invalid_grant`. Entra ID sier det om en feil klienthemmelighet.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Check which server answered, and the client id and secret that were sent there.',
      nb: 'Sjekk hvilken server som svarte, og klient-ID og hemmelighet som ble sendt dit.',
    },
  },
  unauthorized_client: {
    happened: {
      en: 'The client may not use this `grant_type`. Entra ID says it of an application that the tenant does not have.',
      nb: 'Klienten har ikke lov til å bruke denne verdien for `grant_type`. Entra ID sier det om en applikasjon som tenanten ikke har.',
    },
    acts: ['clientAdministrator', 'settings'],
    wayOut: {
      en: 'Check the integration type of the client, and which server answered.',
      nb: 'Sjekk integrasjonstypen til klienten, og hvilken server som svarte.',
    },
  },
  invalid_authorization_details: {
    happened: {
      en: 'The `authorization_details` are of an unknown type (MP-301), have an unknown field (MP-302), or fit no system user and no consent (MP-303).',
      nb: '`authorization_details` er av en ukjent type (MP-301), har et ukjent felt (MP-302), eller passer ikke til noen systembruker eller noe samtykke (MP-303).',
    },
    acts: ['developer', 'customer'],
    wayOut: FINER,
  },
  invalid_altinn_customer_configuration: {
    happened: {
      en: 'Altinn has no approved system user of this organisation for the client and the `externalRef` (MP-303).',
      nb: 'Altinn har ingen godkjent systembruker hos denne virksomheten for klienten og `externalRef` (MP-303).',
    },
    acts: ['customer', 'developer'],
    wayOut: {
      en: 'Have the customer approve the system user in Altinn, and register the client id on your system in the System Register.',
      nb: 'Be kunden godkjenne systembrukeren i Altinn, og registrer klient-ID-en på systemet ditt i Systemregisteret.',
    },
  },
  server_error: {
    ...SERVER,
    happened: {
      en: 'Maskinporten, or something that it depends on, fails.',
      nb: 'Maskinporten, eller noe den er avhengig av, feiler.',
    },
    wayOut: {
      en: 'Try again with increasing delay and a newly signed JWT; this library does. If it lasts, look at Digdir’s status page.',
      nb: 'Prøv igjen med økende ventetid og en nysignert JWT; dette biblioteket gjør det. Hvis det varer ved, se på statussiden til Digdir.',
    },
  },
  temporarily_unavailable: {
    ...SERVER,
    happened: {
      en: 'The server is overloaded or down for a while.',
      nb: 'Serveren er overbelastet eller nede en stund.',
    },
    wayOut: {
      en: 'Try again with increasing delay; this library does.',
      nb: 'Prøv igjen med økende ventetid; dette biblioteket gjør det.',
    },
  },
  invalid_token: {
    happened: {
      en: 'An API does not accept the token: it has ended, is of the other environment or for another API, or the API wants Altinn’s token where Maskinporten’s came, or the reverse.',
      nb: 'Et API godtar ikke tokenet: Det er utløpt, fra det andre miljøet eller for et annet API, eller API-et vil ha et Altinn-token der det kom et Maskinporten-token, eller omvendt.',
    },
    acts: ['settings', 'apiOwner'],
    wayOut: {
      en: 'Check the environment, and whether the API takes Altinn’s token or Maskinporten’s. `maskinporten token --inspect` shows what is in the token.',
      nb: 'Sjekk miljøet, og om API-et tar imot Altinn-token eller Maskinporten-token. `maskinporten token --inspect` viser hva som er i tokenet.',
    },
  },
  insufficient_scope: {
    happened: { en: 'The token lacks the scope that the API wants.', nb: 'Tokenet mangler scopet som API-et krever.' },
    acts: ['settings', 'clientAdministrator'],
    wayOut: {
      en: 'Ask for the scope in the request, and add it to the client first.',
      nb: 'Be om scopet i forespørselen, og legg det på klienten først.',
    },
  },
}
