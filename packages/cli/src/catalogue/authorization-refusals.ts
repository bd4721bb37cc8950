/** How Maskinporten refuses what a good assertion asks for ([Digdir, «Feilsøking»](https://docs.digdir.no/docs/Maskinporten/maskinporten_feilsoking)). */
import type { TokenErrorId } from '@maskinporten-kit/emulator/refusals'
import type { RefusalEntry } from './entry.ts'

export type AuthorizationRefusal = Extract<
  TokenErrorId,
  `MP-2${string}` | `MP-3${string}` | 'consumer_org_is_self' | 'onbehalfof_unknown' | 'pid_required' | 'invalid_target'
>

const NO_SYSTEM_USER = {
  en: 'https://docs.altinn.studio/en/authorization/guides/system-vendor/system-user/troubleshooting/errors/mp-303-error',
  nb: 'https://docs.altinn.studio/nb/authorization/guides/system-vendor/system-user/troubleshooting',
} as const

export const authorizationRefusals: Readonly<Record<AuthorizationRefusal, RefusalEntry>> = {
  consumer_org_is_self: {
    happened: {
      en: 'The claim `consumer_org` names the organisation of the client itself.',
      nb: 'Claimet `consumer_org` er klientens egen virksomhet.',
    },
    acts: ['settings', 'developer'],
    wayOut: {
      en: 'Leave `consumerOrg`, or `ConsumerOrgNo` in the settings, out when you act for your own organisation.',
      nb: 'Utelat `consumerOrg`, eller `ConsumerOrgNo` i innstillingene, når du handler for egen virksomhet.',
    },
  },
  onbehalfof_unknown: {
    happened: {
      en: 'The client has no registration of this `iss_onbehalfof`, or the assertion has `consumer_org`, too.',
      nb: 'Klienten har ingen registrering med denne `iss_onbehalfof`, eller assertionen har `consumer_org` i tillegg.',
    },
    acts: 'clientAdministrator',
    wayOut: {
      en: 'Register it by `/clients/{id}/onbehalfof` of the self-service API, and leave `consumer_org` out.',
      nb: 'Registrer det med `/clients/{id}/onbehalfof` i selvbetjenings-API-et, og utelat `consumer_org`.',
    },
  },
  pid_required: {
    happened: {
      en: 'The scope is only for tokens about one person, and the assertion has no `pid`.',
      nb: 'Scopet krever et token om en bestemt person, men assertionen mangler `pid`.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Set the claim `pid` to the national identity number of the person.',
      nb: 'Sett claimet `pid` til fødselsnummeret til personen.',
    },
  },
  invalid_target: {
    happened: {
      en: 'The claim `resource` is not an absolute URI, or has a fragment.',
      nb: 'Claimet `resource` har et fragment eller er ikke en absolutt URI.',
    },
    acts: ['settings', 'developer'],
    wayOut: {
      en: 'Set `Resource` to the absolute URI, without `#`, that the owner of the API has told you.',
      nb: 'Sett `Resource` til den absolutte URI-en, uten `#`, som du har fått av API-tilbyderen.',
    },
  },
  'MP-200': {
    happened: {
      en: 'The client does not have this scope, or the scope is not active.',
      nb: 'Klienten har ikke dette scopet, eller scopet er ikke aktivt.',
    },
    acts: ['clientAdministrator', 'settings'],
    wayOut: {
      en: 'Compare the scope letter by letter, then add it to the client in Samarbeidsportalen. If it is not offered there, ask the owner of the API to give it to your organisation. It works after a few minutes.',
      nb: 'Sammenlign scopet tegn for tegn, og legg det så på klienten i Samarbeidsportalen. Finnes det ikke der, be API-tilbyderen gi virksomheten din tilgang til det. Det virker etter noen minutter.',
    },
  },
  'MP-201': {
    happened: {
      en: 'The scope does not allow clients of this integration type.',
      nb: 'Scopet tillater ikke klienter med denne integrasjonstypen.',
    },
    acts: 'clientAdministrator',
    wayOut: {
      en: 'Make a new client with an integration type that the scope allows, usually `maskinporten`. The type of a client cannot be changed.',
      nb: 'Opprett en ny klient med en integrasjonstype som scopet tillater, vanligvis `maskinporten`. Typen kan ikke endres på en klient som finnes.',
    },
  },
  'MP-250': {
    happened: {
      en: 'The owner of the scope has not given the consumer access to it. The client’s own list of scopes has it already.',
      nb: 'Eieren av scopet har ikke gitt konsumenten tilgang til det. Klienten har det allerede i listen sin.',
    },
    acts: 'apiOwner',
    wayOut: {
      en: 'Ask the owner of the API to grant the scope to your organisation, in this environment. If you act for a customer, set `consumerOrg`; then the customer needs the access.',
      nb: 'Be API-tilbyderen gi virksomheten din tilgang til scopet, i dette miljøet. Handler du for en kunde, sett `consumerOrg`; da er det kunden som må ha tilgangen.',
    },
  },
  'MP-251': {
    happened: {
      en: 'The consumer has access to the scope, but has not delegated it to you in this environment.',
      nb: 'Konsumenten har tilgang til scopet, men har ikke delegert det til virksomheten din i dette miljøet.',
    },
    acts: 'customer',
    wayOut: {
      en: 'Have the customer delegate the scope to your organisation in Altinn, in the same environment: a delegation in production does not count in TT02.',
      nb: 'Be kunden delegere scopet til virksomheten din i Altinn, i samme miljø: En delegering i produksjon gjelder ikke i TT02.',
    },
  },
  'MP-301': {
    happened: {
      en: 'Maskinporten does not know this type of `authorization_details`.',
      nb: 'Maskinporten kjenner ikke denne typen `authorization_details`.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Use a type that the metadata lists as `authorization_details_types_supported`, or the options `systemUser` and `consent` of this library.',
      nb: 'Bruk en type som metadata har i `authorization_details_types_supported`, eller valgene `systemUser` og `consent` i dette biblioteket.',
    },
  },
  'MP-302': {
    happened: {
      en: 'The `authorization_details` have a member too many, or an `externalRef` of the wrong form.',
      nb: '`authorization_details` har et ukjent felt eller en `externalRef` med feil format.',
    },
    acts: 'developer',
    wayOut: {
      en: 'Leave unknown members out, and keep `externalRef` within 255 letters, digits, `_` and `-`.',
      nb: 'Ta bort ukjente felt. Bruk høyst 255 tegn i `externalRef`: bokstaver, sifre, `_` og `-`.',
    },
  },
  'MP-303': {
    happened: {
      en: 'A value of the `authorization_details` does not fit what Altinn knows: usually no approved system user, or no consent, matches.',
      nb: 'En verdi i `authorization_details` stemmer ikke med det som er registrert i Altinn: Som regel finnes ingen godkjent systembruker, eller ikke noe samtykke, som passer.',
    },
    acts: ['developer', 'customer'],
    wayOut: {
      en: 'Register the client id on your system in the System Register. Send the organisation that owns the system user, and its `externalRef` if it was approved with one.',
      nb: 'Registrer klient-ID-en på systemet ditt i Systemregisteret. Send virksomheten som eier systembrukeren, og `externalRef` hvis den ble godkjent med en.',
    },
    page: NO_SYSTEM_USER,
  },
  'MP-303-customer': {
    happened: {
      en: 'No approved system user of this organisation fits the client and the `externalRef`. The server calls it MP-303, with the error `invalid_altinn_customer_configuration`.',
      nb: 'Ingen godkjent systembruker hos denne virksomheten passer til klienten og `externalRef`. Serveren kaller det MP-303, med feilen `invalid_altinn_customer_configuration`.',
    },
    acts: ['customer', 'developer'],
    wayOut: {
      en: 'Have the customer approve the system user in Altinn. Register the client id on your system, and send the `systemuser_org` and `externalRef` of the system user.',
      nb: 'Be kunden godkjenne systembrukeren i Altinn. Registrer klient-ID-en på systemet ditt, og send `systemuser_org` og `externalRef` for systembrukeren.',
    },
    page: NO_SYSTEM_USER,
  },
}
