/** How Maskinporten refuses an assertion ([Digdir, «Feilsøking»](https://docs.digdir.no/docs/Maskinporten/maskinporten_feilsoking)). */
import type { TokenErrorId } from '@maskinporten-kit/emulator/refusals'
import type { AuthorizationRefusal } from './authorization-refusals.ts'
import type { RefusalEntry } from './entry.ts'

const CLOCK = {
  en: 'Keep the clock synchronised (NTP). The library corrects a wrong clock by the server’s `Date` once. By hand: make the JWT right before the call, and set `iat` to now.',
  nb: 'Hold klokken synkronisert med NTP. Biblioteket retter en feil klokke én gang etter `Date` fra serveren. For hånd: lag JWT-en rett før kallet, og sett `iat` til nå.',
} as const

export const assertionRefusals: Readonly<Record<Exclude<TokenErrorId, AuthorizationRefusal>, RefusalEntry>> = {
  missing_parameter: {
    happened: {
      en: 'The form lacks a parameter, or the parameter is empty.',
      nb: 'Skjemaet mangler en parameter, eller parameteren er tom.',
    },
    acts: ['developer', 'operations'],
    wayOut: {
      en: 'Send both `grant_type` and `assertion`. With this library: look for a proxy that drops the body.',
      nb: 'Send både `grant_type` og `assertion`. Med dette biblioteket: se etter en proxy som tar bort innholdet.',
    },
  },
  repeated_parameter: {
    happened: { en: 'The same parameter came twice.', nb: 'Samme parameter kom to ganger.' },
    acts: 'developer',
    wayOut: {
      en: 'Send each parameter once, in the form or in the query.',
      nb: 'Send hver parameter én gang, i skjemaet eller i adressen.',
    },
  },
  unsupported_grant_type: {
    happened: {
      en: 'Maskinporten knows one `grant_type` only.',
      nb: 'Maskinporten støtter bare én verdi for `grant_type`.',
    },
    acts: ['developer', 'operations'],
    wayOut: {
      en: 'Send `grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer`. A client secret is no way to Maskinporten. With this library: check `TokenEndpoint`, and any proxy in between.',
      nb: 'Send `grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer`. Klienthemmelighet kan ikke brukes hos Maskinporten. Med dette biblioteket: sjekk `TokenEndpoint`, og proxy på veien.',
    },
  },
  'MP-011': {
    happened: {
      en: 'The assertion cannot be read, or one of its values has the wrong form.',
      nb: 'Assertionen kan ikke leses, eller en av verdiene har feil format.',
    },
    acts: ['developer', 'operations'],
    wayOut: {
      en: 'Build the JWT anew, and remove stray line breaks and spaces before it is sent. With this library: look for a proxy that changes the body.',
      nb: 'Bygg JWT-en på nytt, og fjern linjeskift og mellomrom som ikke hører hjemme der, før den sendes. Med dette biblioteket: se etter en proxy som endrer innholdet.',
    },
  },
  'MP-012': {
    happened: {
      en: 'This assertion, or its `jti`, was used before.',
      nb: 'Denne assertionen eller `jti`-en i den er brukt før.',
    },
    acts: ['developer', 'operations'],
    wayOut: {
      en: 'Sign a new JWT with a new `jti` for each token, and keep the token until it ends. With this library: look for a proxy that sends requests again.',
      nb: 'Signer en ny JWT med ny `jti` for hvert token, og ta vare på tokenet til det utløper. Med dette biblioteket: se etter en proxy som sender forespørsler på nytt.',
    },
  },
  'MP-100': {
    happened: {
      en: 'Maskinporten knows no active client with this id (`iss`) in this environment.',
      nb: 'Maskinporten kjenner ingen aktiv klient med denne ID-en (`iss`) i dette miljøet.',
    },
    acts: ['settings', 'clientAdministrator'],
    wayOut: {
      en: 'Set `ClientId` to the id that Samarbeidsportalen shows, and `Environment` to where the client is registered. Test and production have different clients. A new client works after a few minutes; one that is deactivated does not.',
      nb: 'Sett `ClientId` til ID-en som Samarbeidsportalen viser, og `Environment` til miljøet der klienten er registrert. Test og produksjon har egne klienter. En ny klient virker etter noen minutter, en deaktivert gjør det ikke.',
    },
  },
  'MP-110': {
    happened: {
      en: 'The claim `aud` is not the `issuer` of Maskinporten, or has several values.',
      nb: '`aud` er ikke lik `issuer` for Maskinporten, eller har flere verdier.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Set `Environment` or `Authority` to where the client is registered, and leave `AssertionAudience` out. By hand: `aud` is the value of `issuer` in the metadata, with its final slash.',
      nb: 'Sett `Environment` eller `Authority` til der klienten er registrert, og utelat `AssertionAudience`. For hånd: `aud` er verdien av `issuer` i metadata, med skråstreken til slutt.',
    },
  },
  'MP-120': {
    happened: {
      en: 'The certificate is not trusted here: another environment, or its time is over.',
      nb: 'Sertifikatet er ikke gyldig her: Det gjelder et annet miljø, eller det er utløpt.',
    },
    acts: 'settings',
    wayOut: {
      en: 'Sign with an enterprise certificate that is valid in this environment. Test takes test certificates only.',
      nb: 'Signer med et virksomhetssertifikat som er gyldig i dette miljøet. Testmiljøet godtar bare testsertifikater.',
    },
  },
  'MP-121': {
    happened: {
      en: 'The key has expired. A registered key is valid for one year.',
      nb: 'Nøkkelen er utløpt. En registrert nøkkel gjelder i ett år.',
    },
    acts: 'clientAdministrator',
    wayOut: {
      en: 'Upload a new key, or the same one again, to the client, and sign with it. `maskinporten keys status` shows when keys end.',
      nb: 'Last opp en ny nøkkel på klienten eller den samme på nytt, og signer med den. `maskinporten keys status` viser når nøkler utløper.',
    },
  },
  'MP-122': {
    happened: {
      en: 'The certificate belongs to another organisation than the client.',
      nb: 'Sertifikatet tilhører en annen virksomhet enn klienten.',
    },
    acts: ['settings', 'clientAdministrator'],
    wayOut: {
      en: 'Use a certificate of the organisation that owns the client, or a client of the organisation in the certificate.',
      nb: 'Bruk et sertifikat fra virksomheten som eier klienten, eller en klient hos virksomheten i sertifikatet.',
    },
  },
  'MP-123': {
    happened: {
      en: 'The header `x5c` is not a list of texts, or there is nothing to verify the assertion with.',
      nb: 'Headeren `x5c` er ikke en liste med tekststrenger, eller det finnes ingenting å verifisere assertionen med.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Send `x5c` as a JSON list of base64 DER texts, or register a key and send its `kid`.',
      nb: 'Send `x5c` som en JSON-liste av DER i base64, eller registrer en nøkkel og send `kid`-en til den.',
    },
  },
  'MP-124': {
    happened: {
      en: 'The signature is not one by the key that the header names.',
      nb: 'Signaturen er ikke laget med nøkkelen som headeren viser til.',
    },
    acts: ['settings', 'clientAdministrator'],
    wayOut: {
      en: 'Use the private key that belongs to the registered `kid` or to the certificate. Often the kid stayed and the key was replaced, or the key is of the other environment.',
      nb: 'Bruk den private nøkkelen som hører til den registrerte `kid`-en eller til sertifikatet. Ofte er kid-en den gamle mens nøkkelen er byttet, eller nøkkelen er fra det andre miljøet.',
    },
  },
  'MP-130': {
    happened: { en: 'The assertion had ended when it came.', nb: 'Assertionen var utløpt da den kom fram.' },
    acts: ['operations', 'developer'],
    wayOut: CLOCK,
  },
  lifetime_too_long: {
    happened: {
      en: 'There is too much time between `iat` and `exp`.',
      nb: 'Det er for lang tid mellom `iat` og `exp`.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Set `exp` to 120 seconds after `iat`, or less.',
      nb: 'Sett `exp` til høyst 120 sekunder etter `iat`.',
    },
  },
  iat_in_future: {
    happened: {
      en: 'By the clock of Maskinporten, `iat` has not come yet.',
      nb: 'Etter klokken til Maskinporten er `iat` fram i tid.',
    },
    acts: ['operations', 'developer'],
    wayOut: CLOCK,
  },
  iat_in_past: {
    happened: {
      en: '`iat` is more than ten seconds ago. The documentation forbids that; the server was not seen to.',
      nb: '`iat` er mer enn ti sekunder siden. Dokumentasjonen forbyr det, men vi har ikke sett at serveren avviser det.',
    },
    acts: ['operations', 'developer'],
    wayOut: CLOCK,
  },
  kid_unknown: {
    happened: {
      en: 'The client has no key with this `kid`, or the key was uploaded only just now.',
      nb: 'Klienten har ingen nøkkel med denne `kid`-en, eller nøkkelen ble lastet opp helt nylig.',
    },
    acts: ['clientAdministrator', 'settings'],
    wayOut: {
      en: 'Upload the public key with this kid to this client, in this environment. After an upload, try again for a few minutes. If it is there, compare the kid letter by letter, and check that it is not on another client.',
      nb: 'Last opp den offentlige nøkkelen med denne kid-en på klienten, i dette miljøet. Prøv igjen de første minuttene etter en opplasting. Er den der, sammenlign kid-en tegn for tegn, og sjekk at den ikke ligger på en annen klient.',
    },
  },
  kid_required: {
    happened: {
      en: 'The client has registered keys, and the header names none of them.',
      nb: 'Klienten har registrerte nøkler, men headeren viser ikke til noen av dem.',
    },
    acts: ['settings', 'clientAdministrator'],
    wayOut: {
      en: 'Sign with a registered key and its `kid`, or delete the keys from the client when it shall sign with a certificate.',
      nb: 'Signer med en registrert nøkkel og `kid`-en til den, eller slett nøklene på klienten hvis den skal signere med sertifikat.',
    },
  },
  unknown_claim: {
    happened: {
      en: 'The assertion has a claim that Digdir does not document.',
      nb: 'Assertionen har et claim som Digdir ikke dokumenterer.',
    },
    acts: 'developer',
    wayOut: { en: 'Leave the claim out.', nb: 'Ta bort claimet.' },
  },
}
