/** `AUTH-nnnnn`: problem codes of Altinn’s API for system users ([Problem.cs](https://github.com/Altinn/altinn-authentication)), those that a system vendor meets. */
import type { RefusalEntry } from './entry.ts'

const AGAIN = {
  en: 'Delete the request by its id, and make a new one. Ask the customer first why.',
  nb: 'Slett forespørselen med ID-en, og lag en ny. Spør kunden først hvorfor.',
} as const
const RIGHTS = {
  en: 'Have somebody approve it who may delegate these rights for the customer, such as the general manager or the access manager in Altinn.',
  nb: 'Få godkjenning fra en som kan delegere disse rettighetene for kunden, som daglig leder eller tilgangsstyrer i Altinn.',
} as const

export const systemUserCodes: Readonly<Record<string, RefusalEntry>> = {
  'AUTH-00000': {
    happened: {
      en: 'Altinn finds no organisation number for the party.',
      nb: 'Altinn finner ikke noe organisasjonsnummer for aktøren.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Check `partyOrgNo`: in test it must be an organisation of Tenor.',
      nb: 'Sjekk `partyOrgNo`: I test må det være en virksomhet fra Tenor.',
    },
  },
  'AUTH-00001': {
    happened: {
      en: 'A right of the request is not on the system, does not exist, or cannot be delegated.',
      nb: 'En rettighet i forespørselen ligger ikke på systemet, finnes ikke, eller kan ikke delegeres.',
    },
    acts: ['developer', 'customer'],
    wayOut: {
      en: 'Ask only for rights that the system has in the System Register, and that the customer may delegate.',
      nb: 'Be bare om rettigheter som systemet har i Systemregisteret, og som kunden kan delegere.',
    },
  },
  'AUTH-00002': {
    happened: { en: 'Altinn could not delegate the rights.', nb: 'Altinn klarte ikke å delegere rettighetene.' },
    acts: ['customer', 'altinn'],
    wayOut: RIGHTS,
  },
  'AUTH-00003': {
    happened: { en: 'Altinn could not create the system user.', nb: 'Altinn klarte ikke å opprette systembrukeren.' },
    acts: ['nobody', 'altinn'],
    wayOut: { en: 'Try again later.', nb: 'Prøv igjen senere.' },
  },
  'AUTH-00004': {
    happened: {
      en: 'The customer has a system user for this system already.',
      nb: 'Kunden har allerede en systembruker for dette systemet.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Use the one that is there. For a second one, make a request with another `externalRef`. The list of system users has several pages: read all of them.',
      nb: 'Bruk den som finnes. Trenger du en til, lag en forespørsel med en annen `externalRef`. Listen over systembrukere har flere sider: Les alle.',
    },
  },
  'AUTH-00006': {
    happened: {
      en: 'A request with this system, customer and `externalRef` was accepted already.',
      nb: 'En forespørsel med dette systemet, denne kunden og denne `externalRef` er allerede godkjent.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Nothing needs to be approved: ask Maskinporten for a token with that `externalRef`.',
      nb: 'Ingenting mer skal godkjennes: Be Maskinporten om token med den `externalRef`-en.',
    },
  },
  'AUTH-00007': {
    happened: {
      en: 'A request with this system, customer and `externalRef` waits for the customer.',
      nb: 'En forespørsel med dette systemet, denne kunden og denne `externalRef` venter på kunden.',
    },
    acts: ['customer', 'developer'],
    wayOut: {
      en: 'Give the customer the `confirmUrl` of that request, or delete the request and make a new one.',
      nb: 'Gi kunden `confirmUrl` fra den forespørselen, eller slett den og lag en ny.',
    },
  },
  'AUTH-00008': {
    happened: { en: 'The customer has denied this request.', nb: 'Kunden har avslått denne forespørselen.' },
    acts: ['customer', 'developer'],
    wayOut: AGAIN,
  },
  'AUTH-00009': {
    happened: { en: 'The customer has rejected this request.', nb: 'Kunden har avvist denne forespørselen.' },
    acts: ['customer', 'developer'],
    wayOut: AGAIN,
  },
  'AUTH-00010': {
    happened: {
      en: 'Altinn has no request with this id. Requests that are not answered end after some days.',
      nb: 'Altinn har ingen forespørsel med denne ID-en. Forespørsler som ikke blir besvart, utløper etter noen dager.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Correct the id and the environment, or make a new request.',
      nb: 'Rett ID-en og miljøet, eller lag en ny forespørsel.',
    },
  },
  'AUTH-00011': {
    happened: {
      en: 'The System Register has no system with this id.',
      nb: 'Systemregisteret har ikke noe system med denne ID-en.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Register the system in this environment, and write its id as organisation number and name: `991825827_name`.',
      nb: 'Registrer systemet i dette miljøet, og skriv ID-en som organisasjonsnummer og navn: `991825827_name`.',
    },
  },
  'AUTH-00012': {
    happened: { en: 'Altinn could not store the request.', nb: 'Altinn klarte ikke å lagre forespørselen.' },
    acts: ['nobody', 'altinn'],
    wayOut: { en: 'Try again later.', nb: 'Prøv igjen senere.' },
  },
  'AUTH-00013': {
    happened: { en: 'The request was answered already.', nb: 'Forespørselen er allerede besvart.' },
    acts: 'developer',
    wayOut: {
      en: 'Read the state of the request. To change it, make a new one.',
      nb: 'Les statusen til forespørselen. Skal den endres, lag en ny.',
    },
  },
  'AUTH-00015': {
    happened: { en: 'Altinn has no such system user.', nb: 'Altinn har ingen slik systembruker.' },
    acts: ['developer', 'customer'],
    wayOut: {
      en: 'Check the id and the environment. The customer may have deleted it: then ask again.',
      nb: 'Sjekk ID-en og miljøet. Kunden kan ha slettet den: Da må du be om en ny.',
    },
  },
  'AUTH-00016': {
    happened: {
      en: 'The one who approves lacks a role in the Register of Entities or in Altinn that gives these rights.',
      nb: 'Den som godkjenner, mangler en rolle i Enhetsregisteret eller i Altinn som gir disse rettighetene.',
    },
    acts: 'customer',
    wayOut: RIGHTS,
  },
  'AUTH-00018': {
    happened: {
      en: 'The one who approves has not got these rights by a delegation.',
      nb: 'Den som godkjenner, har ikke fått disse rettighetene delegert.',
    },
    acts: 'customer',
    wayOut: RIGHTS,
  },
  'AUTH-00020': {
    happened: {
      en: 'The one who approves is logged in at too low a level.',
      nb: 'Den som godkjenner, er logget inn på et for lavt nivå.',
    },
    acts: 'customer',
    wayOut: {
      en: 'Log in by BankID or another method of level 4.',
      nb: 'Logg inn med BankID eller en annen metode på nivå 4.',
    },
  },
  'AUTH-00021': {
    happened: {
      en: 'The `redirectUrl` is not one of those that the system has in the System Register.',
      nb: '`redirectUrl` er ikke en av dem systemet har i Systemregisteret.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Add the address to the allowed redirect addresses of the system, or leave it out.',
      nb: 'Legg adressen til blant de tillatte redirect-adressene på systemet, eller utelat den.',
    },
  },
  'AUTH-00023': {
    happened: {
      en: 'Altinn finds no organisation of the vendor in the token.',
      nb: 'Altinn finner ikke virksomheten til leverandøren i tokenet.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Send a token of the vendor itself, with `altinn:authentication/systemuser.request.write` or `.read`; not one of a customer.',
      nb: 'Send et token for leverandøren selv, med `altinn:authentication/systemuser.request.write` eller `.read`; ikke et for en kunde.',
    },
  },
  'AUTH-00026': {
    happened: {
      en: 'The request has a `redirectUrl`, and the system has none in the System Register.',
      nb: 'Forespørselen har en `redirectUrl`, men systemet har ingen i Systemregisteret.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Add the address to the allowed redirect addresses of the system, or leave it out.',
      nb: 'Legg adressen til blant de tillatte redirect-adressene på systemet, eller utelat den.',
    },
  },
  'AUTH-00030': {
    happened: {
      en: 'Altinn has no request for an agent system user with this id.',
      nb: 'Altinn har ingen forespørsel om agent-systembruker med denne ID-en.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Correct the id, or ask for it among the standard requests.',
      nb: 'Rett ID-en, eller spør etter den blant de vanlige forespørslene.',
    },
  },
  'AUTH-00051': {
    happened: {
      en: 'An access package of the request does not exist, or is not on the system.',
      nb: 'En tilgangspakke i forespørselen finnes ikke, eller ligger ikke på systemet.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Compare the `urn` with those of the system in the System Register.',
      nb: 'Sammenlign `urn` med dem systemet har i Systemregisteret.',
    },
  },
}
