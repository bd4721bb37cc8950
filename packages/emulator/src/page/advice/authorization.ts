/** Refusals by the token endpoint of what a readable, well signed assertion asks for (Digdir, "Feilsøking", docs.digdir.no). */
import type { Advice } from './row.ts'

export const authorizationAdvice: Readonly<Record<string, Advice>> = {
  consumer_org_is_self: {
    who: 'you',
    why: {
      en: 'The claim consumer_org names the organisation of the client itself.',
      nb: 'Claimet consumer_org er klientens egen virksomhet.',
    },
    wayOut: {
      en: 'Leave consumer_org out when you act for your own organisation.',
      nb: 'Utelat consumer_org når du handler for egen virksomhet.',
    },
  },
  invalid_target: {
    who: 'you',
    why: {
      en: 'The claim resource is not an absolute URI, or has a fragment.',
      nb: 'Claimet resource har et fragment eller er ikke en absolutt URI.',
    },
    wayOut: { en: 'Set resource to an absolute URI without #.', nb: 'Sett resource til en absolutt URI uten #.' },
  },
  'MP-200': {
    who: 'you',
    why: {
      en: 'The client does not have this scope, or the scope is not active.',
      nb: 'Klienten har ikke dette scopet, eller scopet er ikke aktivt.',
    },
    wayOut: {
      en: 'Add the scope to the client, or correct its name in the request.',
      nb: 'Legg scopet til på klienten, eller rett navnet i forespørselen.',
    },
  },
  'MP-201': {
    who: 'you',
    why: {
      en: 'The scope does not allow clients of this integration type.',
      nb: 'Scopet tillater ikke klienter med denne integrasjonstypen.',
    },
    wayOut: {
      en: 'Make a new client with an integration type that the scope allows.',
      nb: 'Opprett en ny klient med en integrasjonstype som scopet tillater.',
    },
  },
  'MP-250': {
    who: 'apiOwner',
    why: {
      en: 'The owner of the scope has not given the consumer access to it.',
      nb: 'Eieren av scopet har ikke gitt konsumenten tilgang til det.',
    },
    wayOut: {
      en: 'Ask the owner of the API to grant the scope to the organisation, or set consumer_org if you act for a customer.',
      nb: 'Be API-tilbyderen om å gi konsumenten tilgang til scopet. Handler du for en kunde, sett consumer_org.',
    },
  },
  'MP-251': {
    who: 'customer',
    why: {
      en: 'The consumer has access to the scope, but has not delegated it to you in this environment.',
      nb: 'Konsumenten har tilgang til scopet, men har ikke delegert det til virksomheten din i dette miljøet.',
    },
    wayOut: {
      en: 'Have the customer delegate the scope to your organisation in Altinn, in the same environment.',
      nb: 'Be kunden delegere scopet til virksomheten din i Altinn, i samme miljø.',
    },
  },
  'MP-301': {
    who: 'you',
    why: {
      en: 'Maskinporten does not know this type of authorization_details.',
      nb: 'Maskinporten kjenner ikke denne typen authorization_details.',
    },
    wayOut: {
      en: 'Use a type that the metadata lists as authorization_details_types_supported.',
      nb: 'Bruk en type som metadata har i authorization_details_types_supported.',
    },
  },
  'MP-302': {
    who: 'you',
    why: {
      en: 'The authorization_details have a member too many, or an externalRef of the wrong form.',
      nb: 'authorization_details har et ukjent felt eller en externalRef med feil format.',
    },
    wayOut: {
      en: 'Leave unknown members out, and keep externalRef within 255 letters, digits, _ and -.',
      nb: 'Ta bort ukjente felt. Bruk høyst 255 tegn i externalRef: bokstaver, sifre, _ og -.',
    },
  },
  'MP-303': {
    who: 'you',
    why: {
      en: 'A value of the authorization_details does not fit what Altinn knows.',
      nb: 'En verdi i authorization_details stemmer ikke med det som er registrert i Altinn.',
    },
    wayOut: {
      en: 'Send the values of a consent or a system user that exists, was given to your organisation, and still holds.',
      nb: 'Send verdiene til et samtykke eller en systembruker som finnes, som er gitt til virksomheten din og som fortsatt gjelder.',
    },
  },
  'MP-303-customer': {
    who: 'customer',
    why: {
      en: 'No approved system user of this organisation fits the client and the externalRef.',
      nb: 'Ingen godkjent systembruker hos denne virksomheten passer til klienten og externalRef.',
    },
    wayOut: {
      en: 'Have the customer approve the system user in Altinn. Register the client id on your system, and send the systemuser_org and externalRef of the system user.',
      nb: 'Be kunden godkjenne systembrukeren i Altinn. Registrer klient-ID-en på systemet ditt, og send systemuser_org og externalRef for systembrukeren.',
    },
  },
  onbehalfof_unknown: {
    who: 'you',
    why: {
      en: 'The client has no registration of this name, or the assertion has consumer_org, too.',
      nb: 'Klienten har ingen registrering med denne verdien, eller assertionen har consumer_org i tillegg.',
    },
    wayOut: {
      en: 'Register it by /clients/{id}/onbehalfof of the self-service API, and leave consumer_org out.',
      nb: 'Registrer det med /clients/{id}/onbehalfof i selvbetjenings-API-et, og utelat consumer_org.',
    },
  },
  pid_required: {
    who: 'you',
    why: {
      en: 'The scope is only for tokens about one person, and the assertion names none.',
      nb: 'Scopet krever et token om en bestemt person, men assertionen mangler pid.',
    },
    wayOut: {
      en: 'Set the claim pid to the national identity number of the person.',
      nb: 'Sett claimet pid til fødselsnummeret til personen.',
    },
  },
}
