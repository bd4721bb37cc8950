/** Refusals of the assertion by the token endpoint (Digdir, "Feilsøking", docs.digdir.no). */
import type { Advice } from './row.ts'

export const assertionAdvice: Readonly<Record<string, Advice>> = {
  missing_parameter: {
    who: 'you',
    why: {
      en: 'The form lacks a parameter, or the parameter is empty.',
      nb: 'Skjemaet mangler en parameter, eller parameteren er tom.',
    },
    wayOut: { en: 'Send both grant_type and assertion.', nb: 'Send både grant_type og assertion.' },
  },
  repeated_parameter: {
    who: 'you',
    why: { en: 'The same parameter came twice.', nb: 'Samme parameter kom to ganger.' },
    wayOut: {
      en: 'Send each parameter once, in the form or in the query.',
      nb: 'Send hver parameter én gang, i skjemaet eller i adressen.',
    },
  },
  unsupported_grant_type: {
    who: 'you',
    why: { en: 'Maskinporten knows one grant type only.', nb: 'Maskinporten støtter bare én verdi for grant_type.' },
    wayOut: {
      en: 'Send grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer.',
      nb: 'Send grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer.',
    },
  },
  'MP-011': {
    who: 'you',
    why: {
      en: 'The assertion cannot be read, or one of its values has the wrong form.',
      nb: 'Assertionen kan ikke leses, eller en av verdiene har feil format.',
    },
    wayOut: {
      en: 'Build the JWT anew, and remove stray line breaks and spaces before it is sent.',
      nb: 'Bygg JWT-en på nytt, og fjern linjeskift og mellomrom som ikke hører hjemme der, før den sendes.',
    },
  },
  'MP-012': {
    who: 'you',
    why: {
      en: 'This assertion, or its jti, was used before.',
      nb: 'Denne assertionen eller jti-en i den er brukt før.',
    },
    wayOut: {
      en: 'Sign a new JWT with a new jti for each token, and keep the token until it ends.',
      nb: 'Signer en ny JWT med ny jti for hvert token, og ta vare på tokenet til det utløper.',
    },
  },
  'MP-100': {
    who: 'you',
    why: {
      en: 'Maskinporten knows no active client with this iss in this environment.',
      nb: 'Maskinporten kjenner ingen aktiv klient med denne verdien i iss i dette miljøet.',
    },
    wayOut: {
      en: 'Set iss to the client id, of a client that is active in the environment that you call.',
      nb: 'Sett iss til klient-ID-en til en klient som er aktiv i miljøet du kaller.',
    },
  },
  'MP-110': {
    who: 'you',
    why: {
      en: 'The claim aud is not the issuer, or has several values.',
      nb: 'aud er ikke lik issuer for Maskinporten, eller har flere verdier.',
    },
    wayOut: {
      en: 'Set aud to the value of issuer in the metadata, with its final slash.',
      nb: 'Sett aud til verdien av issuer i metadata, med skråstreken til slutt.',
    },
  },
  'MP-120': {
    who: 'you',
    why: {
      en: 'The certificate is not trusted here: another environment, or its time is over.',
      nb: 'Sertifikatet er ikke gyldig her: Det gjelder et annet miljø, eller det er utløpt.',
    },
    wayOut: {
      en: 'Sign with an enterprise certificate that is valid in this environment.',
      nb: 'Signer med et virksomhetssertifikat som er gyldig i dette miljøet.',
    },
  },
  'MP-121': {
    who: 'you',
    why: {
      en: 'The key has expired. A registered key is valid for one year.',
      nb: 'Nøkkelen er utløpt. En registrert nøkkel gjelder i ett år.',
    },
    wayOut: {
      en: 'Upload a new key, or the same one again, to the client, and sign with it.',
      nb: 'Last opp en ny nøkkel på klienten eller den samme på nytt, og signer med den.',
    },
  },
  'MP-122': {
    who: 'you',
    why: {
      en: 'The certificate belongs to another organisation than the client.',
      nb: 'Sertifikatet tilhører en annen virksomhet enn klienten.',
    },
    wayOut: {
      en: 'Use a certificate of the organisation that owns the client, or a client of the organisation in the certificate.',
      nb: 'Bruk et sertifikat fra virksomheten som eier klienten, eller en klient hos virksomheten i sertifikatet.',
    },
  },
  'MP-123': {
    who: 'you',
    why: {
      en: 'The header x5c is not a list of texts, or there is nothing to verify the assertion with.',
      nb: 'Headeren x5c er ikke en liste med tekststrenger, eller det finnes ingenting å verifisere assertionen med.',
    },
    wayOut: {
      en: 'Send x5c as a JSON list of base64 DER texts, or register a key and send its kid.',
      nb: 'Send x5c som en JSON-liste av DER i base64, eller registrer en nøkkel og send kid-en til den.',
    },
  },
  'MP-124': {
    who: 'you',
    why: {
      en: 'The signature is not one by the key that the header names.',
      nb: 'Signaturen er ikke laget med nøkkelen som headeren viser til.',
    },
    wayOut: {
      en: 'Sign with the private key that belongs to the kid or the certificate in the header.',
      nb: 'Signer med privatnøkkelen som hører til kid-en eller sertifikatet i headeren.',
    },
  },
  'MP-130': {
    who: 'you',
    why: { en: 'The assertion had ended when it came.', nb: 'Assertionen var utløpt da den kom fram.' },
    wayOut: {
      en: 'Make the JWT right before the call, and let the clock follow NTP.',
      nb: 'Lag JWT-en rett før kallet, og hold klokken synkronisert med NTP.',
    },
  },
  lifetime_too_long: {
    who: 'you',
    why: { en: 'There is too much time between iat and exp.', nb: 'Det er for lang tid mellom iat og exp.' },
    wayOut: {
      en: 'Set exp to 120 seconds after iat, or less.',
      nb: 'Sett exp til høyst 120 sekunder etter iat.',
    },
  },
  iat_in_future: {
    who: 'you',
    why: {
      en: 'By the clock of Maskinporten, iat has not come yet.',
      nb: 'Etter klokken til Maskinporten er iat fram i tid.',
    },
    wayOut: {
      en: 'Let the clock follow NTP, and set iat to now.',
      nb: 'Hold klokken synkronisert med NTP, og sett iat til nå.',
    },
  },
  iat_in_past: {
    who: 'you',
    why: {
      en: 'The documentation wants iat within ten seconds of now.',
      nb: 'Dokumentasjonen krever at iat er innenfor ti sekunder fra nå.',
    },
    wayOut: {
      en: 'Make the JWT right before the call, with iat as now.',
      nb: 'Lag JWT-en rett før kallet, med iat lik nå.',
    },
  },
  kid_unknown: {
    who: 'you',
    why: {
      en: 'The client has no key with this kid, or the key was uploaded only just now.',
      nb: 'Klienten har ingen nøkkel med denne kid-en, eller nøkkelen ble lastet opp helt nylig.',
    },
    wayOut: {
      en: 'Use the kid of a key that is registered on this client in this environment. After an upload, try again with a new JWT for a few minutes.',
      nb: 'Bruk kid-en til en nøkkel som er registrert på klienten i dette miljøet. Prøv igjen med ny JWT de første minuttene etter en opplasting.',
    },
  },
  kid_required: {
    who: 'you',
    why: {
      en: 'The client has registered keys, and the header names none of them.',
      nb: 'Klienten har registrerte nøkler, men headeren viser ikke til noen av dem.',
    },
    wayOut: {
      en: 'Send the kid of the registered key in the header.',
      nb: 'Send kid-en til den registrerte nøkkelen i headeren.',
    },
  },
  unknown_claim: {
    who: 'you',
    why: {
      en: 'The assertion has a claim that Digdir does not document.',
      nb: 'Assertionen har et claim som Digdir ikke dokumenterer.',
    },
    wayOut: { en: 'Leave the claim out.', nb: 'Ta bort claimet.' },
  },
}
