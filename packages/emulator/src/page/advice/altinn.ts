/** Refusals of Altinn’s exchange, Storage and Events, and of the register of persons. */
import type { Advice } from './row.ts'

export const altinnAdvice: Readonly<Record<string, Advice>> = {
  provider_unknown: {
    who: 'you',
    why: {
      en: 'The address names no provider of tokens that Altinn trusts.',
      nb: 'Adressen viser ikke til noen tokenutsteder som Altinn stoler på.',
    },
    wayOut: { en: 'End the address with exchange/maskinporten.', nb: 'La adressen slutte med exchange/maskinporten.' },
  },
  provider_not_emulated: {
    who: 'you',
    why: {
      en: 'The emulator exchanges tokens of Maskinporten only.',
      nb: 'Emulatoren veksler bare tokener fra Maskinporten.',
    },
    wayOut: {
      en: 'End the address with exchange/maskinporten, or test this in TT02.',
      nb: 'La adressen slutte med exchange/maskinporten, eller test dette i TT02.',
    },
  },
  enterprise_user_gone: {
    who: 'you',
    why: { en: 'Altinn has taken enterprise users away.', nb: 'Altinn støtter ikke lenger virksomhetsbrukere.' },
    wayOut: {
      en: 'Leave out X-Altinn-EnterpriseUser-Authentication, and use a system user instead.',
      nb: 'Ta bort X-Altinn-EnterpriseUser-Authentication, og bruk en systembruker i stedet.',
    },
  },
  storage_no_owner: {
    who: 'you',
    why: {
      en: 'The token names neither a service owner nor a system user. The exchange adds the owner only for a scope altinn:serviceowner.',
      nb: 'Tokenet har verken tjenesteeier eller systembruker. Tjenesteeieren legges bare til for scopes under altinn:serviceowner.',
    },
    wayOut: {
      en: 'Ask for a scope such as altinn:serviceowner/instances.read, for an organisation that is a service owner in Altinn.',
      nb: 'Be om et scope som altinn:serviceowner/instances.read, for en virksomhet som er tjenesteeier i Altinn.',
    },
  },
  storage_scope: {
    who: 'altinn',
    why: {
      en: 'The token lacks the scope that reads instances.',
      nb: 'Tokenet mangler scopet som gir rett til å lese instanser.',
    },
    wayOut: {
      en: 'Ask Altinn for access to altinn:serviceowner/instances.read, add the scope to the client, and ask for it in the request.',
      nb: 'Be Altinn om tilgang til altinn:serviceowner/instances.read, legg scopet på klienten, og be om det i forespørselen.',
    },
  },
  storage_policy: {
    who: 'apiOwner',
    why: {
      en: 'The policy of the app gives this caller no right to the instance.',
      nb: 'Tilgangsreglene til appen gir ikke virksomheten eller systembrukeren rett til instansen.',
    },
    wayOut: {
      en: 'Ask the owner of the app for the right in its policy, or ask for your own apps only.',
      nb: 'Be eieren av appen om rettigheten i tilgangsreglene, eller spør bare etter dine egne apper.',
    },
  },
  events_policy: {
    who: 'apiOwner',
    why: {
      en: 'The events belong to an app of another organisation.',
      nb: 'Hendelsene hører til en app hos en annen virksomhet.',
    },
    wayOut: {
      en: 'Ask for the events of your own apps, or ask the owner of the app for the right.',
      nb: 'Spør etter hendelser i dine egne apper, eller be eieren av appen om rettigheten.',
    },
  },
  register_scope: {
    who: 'digdir',
    why: {
      en: 'The token lacks a scope that reads the contact and reservation register (KRR).',
      nb: 'Tokenet mangler et scope som gir tilgang til kontakt- og reservasjonsregisteret (KRR).',
    },
    wayOut: {
      en: 'Ask Digdir for access to the scope, add it to the client, and ask for it in the request.',
      nb: 'Be Digdir om tilgang til scopet, legg det på klienten, og be om det i forespørselen.',
    },
  },
  events_request: {
    who: 'you',
    why: {
      en: 'The subscription has a member that is missing or has the wrong value.',
      nb: 'Abonnementet har et felt som mangler eller har feil verdi.',
    },
    wayOut: { en: 'Correct the member that the answer names.', nb: 'Rett feltet som svaret nevner.' },
  },
  events_media_type: {
    who: 'you',
    why: { en: 'The subscription did not come as JSON.', nb: 'Abonnementet kom ikke som JSON.' },
    wayOut: { en: 'Send Content-Type: application/json.', nb: 'Send Content-Type: application/json.' },
  },
  storage_query: {
    who: 'you',
    why: {
      en: 'A parameter of the query has a value of the wrong type.',
      nb: 'En parameter i adressen har en verdi av feil type.',
    },
    wayOut: { en: 'Correct the parameter that the answer names.', nb: 'Rett parameteren som svaret nevner.' },
  },
}
