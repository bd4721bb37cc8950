/** Refusals of Digdir’s self-service API. */
import type { Advice } from './row.ts'

export const selfServiceAdvice: Readonly<Record<string, Advice>> = {
  self_service_scope: {
    who: 'digdir',
    why: {
      en: 'The token lacks the scope that this operation needs.',
      nb: 'Tokenet mangler scopet som denne operasjonen krever.',
    },
    wayOut: {
      en: 'Ask Digdir for access to the scope, and use a client for administration that has it.',
      nb: 'Be Digdir om tilgang til scopet, og bruk en administrasjonsklient som har det.',
    },
  },
  altinn_admin_client: {
    who: 'you',
    why: {
      en: 'The real API fails here, too: a single client of Altinn cannot be read.',
      nb: 'Det ekte API-et feiler også her: En enkelt Altinn-klient kan ikke leses.',
    },
    wayOut: {
      en: 'List the clients, and look for the one that you want.',
      nb: 'Hent listen over klienter, og finn den du skal ha.',
    },
  },
  operation_unknown: {
    who: 'you',
    why: { en: 'The self-service API has no such operation.', nb: 'Selvbetjenings-API-et har ingen slik operasjon.' },
    wayOut: {
      en: 'Compare method and path with the documentation of Digdir.',
      nb: 'Sammenlign metode og sti med dokumentasjonen til Digdir.',
    },
  },
  body_unreadable: {
    who: 'you',
    why: { en: 'The body is not a JSON object.', nb: 'Innholdet er ikke et JSON-objekt.' },
    wayOut: { en: 'Send a JSON object.', nb: 'Send et JSON-objekt.' },
  },
  body_fields: {
    who: 'you',
    why: { en: 'A field is missing, or has the wrong value.', nb: 'Et felt mangler eller har feil verdi.' },
    wayOut: { en: 'Correct the fields that the answer names.', nb: 'Rett feltene som svaret nevner.' },
  },
  client_secret: {
    who: 'you',
    why: { en: 'The client has no secret: it signs.', nb: 'Klienten har ingen klienthemmelighet. Den signerer.' },
    wayOut: { en: 'Use keys: put them by /jwks.', nb: 'Bruk nøkler: Legg dem inn med /jwks.' },
  },
  client_unknown: {
    who: 'you',
    why: {
      en: 'Your organisation has no client with this id.',
      nb: 'Virksomheten din har ingen klient med denne ID-en.',
    },
    wayOut: {
      en: 'List the clients, and use one of their ids.',
      nb: 'Hent listen over klienter, og bruk en av ID-ene der.',
    },
  },
  client_deactivated: {
    who: 'you',
    why: { en: 'The client is deactivated, and takes no changes.', nb: 'Klienten er deaktivert og kan ikke endres.' },
    wayOut: { en: 'Make a new client.', nb: 'Opprett en ny klient.' },
  },
  on_behalf_of_exists: {
    who: 'you',
    why: { en: 'This onbehalfof value is registered already.', nb: 'Denne onbehalfof-verdien er registrert fra før.' },
    wayOut: {
      en: 'Change the registration that is there, or choose another value.',
      nb: 'Endre registreringen som finnes, eller velg en annen verdi.',
    },
  },
  on_behalf_of_unknown: {
    who: 'you',
    why: { en: 'Nothing is registered under this value.', nb: 'Ingenting er registrert under denne verdien.' },
    wayOut: {
      en: 'List what is registered, and use a value from there.',
      nb: 'Hent listen over det som er registrert, og bruk en verdi derfra.',
    },
  },
  scope_unknown: {
    who: 'you',
    why: {
      en: 'Your organisation owns no scope of this name.',
      nb: 'Virksomheten din eier ikke noe scope med dette navnet.',
    },
    wayOut: { en: 'Use a scope that your organisation owns.', nb: 'Bruk et scope som virksomheten din eier.' },
  },
  scope_deactivated: {
    who: 'you',
    why: { en: 'The scope is deactivated, and takes no changes.', nb: 'Scopet er deaktivert og kan ikke endres.' },
    wayOut: { en: 'Use another scope.', nb: 'Bruk et annet scope.' },
  },
  scope_exists: {
    who: 'you',
    why: { en: 'The scope is there already.', nb: 'Scopet finnes fra før.' },
    wayOut: {
      en: 'Choose another name, or change the one that is there.',
      nb: 'Velg et annet navn, eller endre det som er der.',
    },
  },
  access_unknown: {
    who: 'you',
    why: {
      en: 'This organisation was never given access to the scope.',
      nb: 'Denne virksomheten har aldri fått tilgang til scopet.',
    },
    wayOut: { en: 'Give the access first.', nb: 'Gi tilgangen først.' },
  },
  access_revoked: {
    who: 'you',
    why: { en: 'The access was taken away already.', nb: 'Tilgangen er allerede trukket tilbake.' },
    wayOut: { en: 'Nothing is left to be done.', nb: 'Du trenger ikke gjøre noe.' },
  },
}
