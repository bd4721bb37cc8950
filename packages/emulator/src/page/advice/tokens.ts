/** Refusals of a token by an API, those of Texas, and what can happen at every address. */
import type { Advice } from './row.ts'

export const tokenAdvice: Readonly<Record<string, Advice>> = {
  token_missing: {
    who: 'you',
    why: { en: 'The request has no bearer token.', nb: 'Forespørselen har ikke noe bearer-token.' },
    wayOut: {
      en: 'Send the header Authorization: Bearer with the token.',
      nb: 'Send headeren Authorization: Bearer med tokenet.',
    },
  },
  token_unreadable: {
    who: 'you',
    why: {
      en: 'What was sent as a bearer token is not a JWT.',
      nb: 'Det som ble sendt som bearer-token, er ikke en JWT.',
    },
    wayOut: {
      en: 'Send the access token as it was issued, without quotes and line breaks.',
      nb: 'Send tilgangstokenet slik det ble utstedt, uten anførselstegn og linjeskift.',
    },
  },
  token_foreign: {
    who: 'you',
    why: {
      en: 'The token was signed by another issuer than the one that is trusted here.',
      nb: 'Tokenet er signert av en annen utsteder enn den som godtas her.',
    },
    wayOut: {
      en: 'Send a token of this environment, and of the kind that this address takes.',
      nb: 'Send et token fra dette miljøet, av den typen denne adressen tar imot.',
    },
  },
  token_not_exchanged: {
    who: 'you',
    why: {
      en: 'Altinn takes its own token here, and this is another one.',
      nb: 'Altinn tar imot sitt eget token her, og dette er et annet.',
    },
    wayOut: {
      en: 'Exchange the Maskinporten token at Altinn first, and send what comes of it.',
      nb: 'Veksle Maskinporten-tokenet hos Altinn først, og send det du får tilbake.',
    },
  },
  token_signature: {
    who: 'you',
    why: {
      en: 'The text of the token was changed after it was signed.',
      nb: 'Teksten i tokenet er endret etter at det ble signert.',
    },
    wayOut: {
      en: 'Send the token unchanged. Look for a place that cuts or rewrites headers.',
      nb: 'Send tokenet uendret. Let etter noe som kutter eller skriver om headere.',
    },
  },
  token_expired: {
    who: 'you',
    why: { en: 'The token has ended.', nb: 'Tokenet er utløpt.' },
    wayOut: { en: 'Get a new token before the old one ends.', nb: 'Hent et nytt token før det gamle utløper.' },
  },
  token_not_yet_valid: {
    who: 'you',
    why: { en: 'The token begins later than now.', nb: 'Tokenet er ikke gyldig ennå.' },
    wayOut: { en: 'Let the clocks follow NTP.', nb: 'Hold klokkene synkronisert med NTP.' },
  },
  token_claims: {
    who: 'you',
    why: {
      en: 'The issuer or the consumer of the token is not what this address wants.',
      nb: 'Utstederen eller konsumenten i tokenet er ikke det denne adressen krever.',
    },
    wayOut: {
      en: 'Send a Maskinporten token of this environment.',
      nb: 'Send et Maskinporten-token fra dette miljøet.',
    },
  },
  token_audience: {
    who: 'you',
    why: { en: 'The token is for another API.', nb: 'Tokenet gjelder for et annet API.' },
    wayOut: {
      en: 'Ask for the token with the resource of this API, or without resource.',
      nb: 'Be om tokenet med resource for dette API-et eller uten resource.',
    },
  },
}

export const texasAdvice: Readonly<Record<string, Advice>> = {
  texas_media_type: {
    who: 'you',
    why: { en: 'Texas reads JSON and forms only.', nb: 'Texas leser bare JSON og skjema.' },
    wayOut: {
      en: 'Send application/json or application/x-www-form-urlencoded.',
      nb: 'Send application/json eller application/x-www-form-urlencoded.',
    },
  },
  texas_json: {
    who: 'you',
    why: { en: 'The body is not a JSON object.', nb: 'Innholdet er ikke et JSON-objekt.' },
    wayOut: { en: 'Correct the JSON.', nb: 'Rett JSON-en.' },
  },
  texas_form: {
    who: 'you',
    why: { en: 'The form has a field twice.', nb: 'Skjemaet har samme felt to ganger.' },
    wayOut: { en: 'Send each field once.', nb: 'Send hvert felt én gang.' },
  },
  texas_fields: {
    who: 'you',
    why: { en: 'A field is missing, or has the wrong form.', nb: 'Et felt mangler eller har feil format.' },
    wayOut: { en: 'Correct the field that the answer names.', nb: 'Rett feltet som svaret nevner.' },
  },
  texas_exchange: {
    who: 'you',
    why: {
      en: 'Maskinporten has no token exchange at Texas.',
      nb: 'Texas har ingen tokenutveksling for Maskinporten.',
    },
    wayOut: { en: 'Use /api/v1/token for Maskinporten.', nb: 'Bruk /api/v1/token for Maskinporten.' },
  },
  texas_provider: {
    who: 'you',
    why: {
      en: 'The identity provider is not enabled, or no client has its private key here.',
      nb: 'Identitetstilbyderen er ikke slått på, eller ingen klient har privatnøkkelen sin her.',
    },
    wayOut: {
      en: 'Ask for maskinporten, and register a client with its private key.',
      nb: 'Be om maskinporten, og registrer en klient med privatnøkkel.',
    },
  },
  texas_upstream: {
    who: 'you',
    why: { en: 'Maskinporten refused what Texas asked for.', nb: 'Maskinporten avviste det Texas ba om.' },
    wayOut: {
      en: 'Look at the request to the token endpoint right before this one.',
      nb: 'Se på forespørselen til token-endepunktet like før denne.',
    },
  },
  texas_sign: {
    who: 'you',
    why: { en: 'The key of the client cannot sign.', nb: 'Nøkkelen til klienten kan ikke signere.' },
    wayOut: { en: 'Register the client with a private RSA key.', nb: 'Registrer klienten med en privat RSA-nøkkel.' },
  },
  texas_inactive: {
    who: 'you',
    why: {
      en: 'The token is not one that Texas takes as active.',
      nb: 'Texas regner ikke tokenet som aktivt.',
    },
    wayOut: {
      en: 'Read the reason in the answer. Accept no request with this token.',
      nb: 'Les årsaken i svaret. Ikke godta forespørsler med dette tokenet.',
    },
  },
}

export const generalAdvice: Readonly<Record<string, Advice>> = {
  fault: {
    who: 'you',
    why: { en: 'You ordered this fault, by a control.', nb: 'Du har selv bestilt denne feilen.' },
    wayOut: {
      en: 'Nothing is to be done: look at what your app makes of it. faults.clear() ends it.',
      nb: 'Se hvordan appen din håndterer den. faults.clear() avslutter feilen.',
    },
  },
  body_too_large: {
    who: 'you',
    why: { en: 'The body is larger than the emulator takes.', nb: 'Innholdet er større enn emulatoren tar imot.' },
    wayOut: { en: 'Send at most 10 MiB.', nb: 'Send høyst 10 MiB.' },
  },
  address_unknown: {
    who: 'you',
    why: { en: 'This service has no such address.', nb: 'Tjenesten har ingen slik adresse.' },
    wayOut: {
      en: 'Compare method and path with the documentation.',
      nb: 'Sammenlign metode og sti med dokumentasjonen.',
    },
  },
}
