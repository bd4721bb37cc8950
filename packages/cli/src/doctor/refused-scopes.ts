/** Refusals of what was asked for: scope, delegation, system user; by MP code. Only where the case says more than the catalogue. */
import { type Refused, type Row, row } from './refused.ts'

const owner = ({ owner: name }: Refused, language: 'en' | 'nb'): string =>
  name === undefined ? '' : `, ${name[language]},`

export const scopeRows: Readonly<Record<string, (refused: Refused) => Row>> = {
  'MP-200': (refused) =>
    row(
      'clientAdministrator',
      [
        `the client ${refused.clientId} does not have the scope ${refused.scope}`,
        `Add the scope to the client at ${refused.portal}; where it is not offered there, ask the API's owner${owner(refused, 'en')} to grant it to your organisation.`,
      ],
      [
        `klienten ${refused.clientId} har ikke scopet ${refused.scope}`,
        `Legg scopet til på klienten på ${refused.portal}; hvis det ikke kan velges der, be API-tilbyderen${owner(refused, 'nb')} gi virksomheten tilgang.`,
      ],
    ),
  'MP-201': (refused) =>
    row(
      'clientAdministrator',
      [
        `the client ${refused.clientId} is of an integration type that ${refused.scope} does not allow`,
        `Make a client of the type Maskinporten at ${refused.portal}, or take a scope that is not for logins.`,
      ],
      [
        `klienten ${refused.clientId} har en integrasjonstype som ${refused.scope} ikke tillater`,
        `Opprett en klient av typen Maskinporten på ${refused.portal}, eller bruk et scope som ikke er for innlogging.`,
      ],
    ),
  'MP-250': (refused) =>
    row(
      'apiOwner',
      [
        `the owner of ${refused.scope}${owner(refused, 'en')} has not granted it to ${refused.consumerOrg ?? 'your organisation'} in ${refused.environment.en} (the client itself has the scope)`,
        `Ask the API's owner${owner(refused, 'en')} for access${refused.consumerOrg === undefined ? '; or set ConsumerOrgNo when you act for a customer' : ''}.`,
      ],
      [
        `tilbyderen av ${refused.scope}${owner(refused, 'nb')} har ikke gitt ${refused.consumerOrg ?? 'virksomheten'} tilgang i ${refused.environment.nb} (klienten selv har scopet)`,
        `Be API-tilbyderen${owner(refused, 'nb')} om tilgang${refused.consumerOrg === undefined ? '; eller sett ConsumerOrgNo når du handler for en kunde' : ''}.`,
      ],
    ),
  'MP-251': (refused) => {
    const [consumer = refused.consumerOrg, supplier] = refused.organisations
    return row(
      'customer',
      [
        `${consumer ?? 'the customer'} has not delegated ${refused.scope} to ${supplier ?? 'your organisation'} in Altinn, in this environment`,
        'Have the customer delegate the scope in Altinn (Access management → API delegations), in the environment that is asked.',
      ],
      [
        `${consumer ?? 'kunden'} har ikke delegert ${refused.scope} til ${supplier ?? 'virksomheten'} i Altinn, i dette miljøet`,
        'Be kunden delegere scopet i Altinn (Tilgangsstyring → API-delegeringer), i miljøet som tokenet hentes fra.',
      ],
    )
  },
  'MP-303': (refused) =>
    row(
      'developer',
      [
        `no approved system user of the customer belongs to the client ${refused.clientId}`,
        'Register the client id on the system in Altinn’s System Register, and name an approved system user, with its externalRef if it has one.',
      ],
      [
        `ingen godkjent systembruker hos kunden hører til klienten ${refused.clientId}`,
        'Registrer klient-ID-en på systemet i Altinns systemregister, og oppgi en godkjent systembruker, med externalRef hvis den har en.',
      ],
    ),
}
