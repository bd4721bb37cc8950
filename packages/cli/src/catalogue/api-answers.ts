/** What doctor makes of an exchanged token, and of the answer of an API. */
import type { CodeEntry } from './entry.ts'

const DOCUMENTATION = {
  en: 'Compare the call with the API’s documentation.',
  nb: 'Sammenlign kallet med dokumentasjonen til API-et.',
} as const

export const apiAnswers: Readonly<Record<string, CodeEntry>> = {
  TOKEN_OPAQUE: {
    happened: { en: 'Altinn’s token cannot be looked into.', nb: 'Tokenet fra Altinn kan ikke leses.' },
    acts: 'nobody',
    wayOut: { en: 'Nothing needs to be done.', nb: 'Du trenger ikke gjøre noe.' },
  },
  NOT_A_SERVICE_OWNER: {
    happened: {
      en: 'The token has no `urn:altinn:org`: the organisation is not one of Altinn’s service owners in this environment.',
      nb: 'Tokenet har ikke `urn:altinn:org`: Virksomheten er ikke en av tjenesteeierne hos Altinn i dette miljøet.',
    },
    acts: 'altinn',
    wayOut: {
      en: 'Ask Altinn to add the organisation. In test, `UseAltinnTestOrg` makes a token of Digdir one of `ttd`.',
      nb: 'Be Altinn legge til virksomheten. I test gjør `UseAltinnTestOrg` et token fra Digdir til et for `ttd`.',
    },
  },
  SERVICE_OWNER_SCOPE_MISSING: {
    happened: {
      en: 'The token has no `urn:altinn:org`, since no scope begins with `altinn:serviceowner`.',
      nb: 'Tokenet har ikke `urn:altinn:org`, siden ingen scopes begynner med `altinn:serviceowner`.',
    },
    acts: ['clientAdministrator', 'settings'],
    wayOut: {
      en: 'Add a scope such as `altinn:serviceowner/instances.read` to the client, and ask for it.',
      nb: 'Legg til et scope som `altinn:serviceowner/instances.read` på klienten, og be om det.',
    },
  },
  NO_API: {
    happened: { en: 'No API to call is known.', nb: 'Det er ikke kjent hvilket API som skal kalles.' },
    acts: 'nobody',
    wayOut: {
      en: 'Name one by `--api altinn/storage:/instances?org=ttd`.',
      nb: 'Oppgi det med `--api altinn/storage:/instances?org=ttd`.',
    },
  },
  NO_PATH: {
    happened: {
      en: 'No path of this API is known that only reads.',
      nb: 'Det er ikke kjent noen sti i dette API-et som bare leser.',
    },
    acts: 'nobody',
    wayOut: {
      en: 'Name one behind the API, with a colon between: `--api altinn/storage:/instances?org=ttd`.',
      nb: 'Oppgi en bak API-et, med kolon mellom: `--api altinn/storage:/instances?org=ttd`.',
    },
  },
  SUBSCRIPTION_KEY: {
    happened: {
      en: 'The API wants a subscription key beside the token.',
      nb: 'API-et krever en abonnementsnøkkel i tillegg til tokenet.',
    },
    acts: 'apiOwner',
    wayOut: {
      en: 'Get one from the owner of the API, and send it in the header `Ocp-Apim-Subscription-Key`.',
      nb: 'Få en av API-tilbyderen, og send den i headeren `Ocp-Apim-Subscription-Key`.',
    },
  },
  ALTINN_TOKEN_NEEDED: {
    happened: {
      en: 'The API takes Altinn’s token, and got Maskinporten’s.',
      nb: 'API-et tar imot Altinn-token, men fikk et Maskinporten-token.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Set `ExhangeToAltinnToken` to true, or ask for the kind `altinn` in the call.',
      nb: 'Sett `ExhangeToAltinnToken` til true, eller be om typen `altinn` i kallet.',
    },
  },
  RAW_TOKEN_NEEDED: {
    happened: {
      en: 'The API takes Maskinporten’s own token, and got Altinn’s.',
      nb: 'API-et tar imot Maskinporten-token, men fikk et Altinn-token.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Set `ExhangeToAltinnToken` to false, or ask for the kind `maskinporten` in the call.',
      nb: 'Sett `ExhangeToAltinnToken` til false, eller be om typen `maskinporten` i kallet.',
    },
  },
  API_400: {
    happened: {
      en: 'The API answers 400: a parameter is missing or wrong. Altinn’s Storage says it of a token without `urn:altinn:org`, too.',
      nb: 'API-et svarer 400: En parameter mangler eller er feil. Storage hos Altinn sier det også om et token uten `urn:altinn:org`.',
    },
    acts: 'developer',
    wayOut: DOCUMENTATION,
  },
  API_401: {
    happened: {
      en: 'The API does not accept a token that was issued a moment ago: it is of another environment, or for another audience, or the API is failing.',
      nb: 'API-et godtar ikke et token som nettopp er utstedt: Det er fra et annet miljø, eller for en annen mottaker, eller noe er feil hos API-et.',
    },
    acts: ['settings', 'apiOwner'],
    wayOut: {
      en: 'Check that the address is of the token’s environment, and whether the API wants a `Resource`. Else ask its owner.',
      nb: 'Sjekk at adressen er i samme miljø som tokenet, og om API-et krever `Resource`. Spør ellers API-tilbyderen.',
    },
  },
  API_403: {
    happened: {
      en: 'The API knows the token and refuses the call: the scope is not enough, or the organisation has no right to this resource.',
      nb: 'API-et kjenner tokenet, men avviser kallet: Scopet er ikke nok, eller virksomheten har ikke rett til ressursen.',
    },
    acts: 'apiOwner',
    wayOut: {
      en: 'Compare the scopes with those in the API’s documentation, then ask its owner for the right.',
      nb: 'Sammenlign scopene med dem i dokumentasjonen til API-et, og be så API-tilbyderen om rettigheten.',
    },
  },
  API_404: {
    happened: { en: 'The API has nothing at this path.', nb: 'API-et har ingenting på denne stien.' },
    acts: 'developer',
    wayOut: DOCUMENTATION,
  },
  API_429: {
    happened: { en: 'The API limits how often it is asked.', nb: 'API-et begrenser hvor ofte det kan spørres.' },
    acts: 'developer',
    wayOut: { en: 'Ask less often, and heed `Retry-After`.', nb: 'Spør sjeldnere, og følg `Retry-After`.' },
  },
  API_5xx: {
    happened: { en: 'The API is failing.', nb: 'API-et har en feil.' },
    acts: ['nobody', 'apiOwner'],
    wayOut: { en: 'Try again later.', nb: 'Prøv igjen senere.' },
  },
}
