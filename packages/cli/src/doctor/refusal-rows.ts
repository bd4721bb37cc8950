/** Each refusal of Maskinporten: cause, next step and who must act. Source: Digdir, «Feilsøking» (docs.digdir.no, maskinporten_feilsoking). */
import type { Text } from '../language.ts'
import type { Actor } from './finding.ts'

export interface Refused {
  readonly clientId: string
  readonly clientIdOrigin: string
  readonly kid: string
  readonly keyOrigin: string
  /** As a subject. */
  readonly environment: Text
  /** Address of Samarbeidsportalen in this environment. */
  readonly portal: string
  /** The scope that was refused. */
  readonly scope: string
  readonly scopes: readonly string[]
  readonly description: string
  readonly consumerOrg: string | undefined
  readonly audience: string | undefined
  readonly authority: string
  /** Numbers of nine digits in the server's words, in their order. */
  readonly organisations: readonly string[]
  /** What says that key or client are of the other environment. */
  readonly other: { readonly of: 'test' | 'prod'; readonly by: string } | undefined
  readonly certificate: boolean
}

interface Row {
  readonly cause: Text
  readonly action: Text
  readonly actor: Actor
}

const row = (actor: Actor, en: readonly [string, string], nb: readonly [string, string]): Row => ({
  actor,
  cause: { en: en[0], nb: nb[0] },
  action: { en: en[1], nb: nb[1] },
})

const ours = ({ clientId, clientIdOrigin }: Refused): string =>
  clientIdOrigin === '' ? clientId : `${clientId} (${clientIdOrigin})`

const from = (origin: string): string => (origin === '' ? '' : ` (${origin})`)

/** By MP code, by a label of ours where the server gives none, else by the OAuth error. */
export const rows: Readonly<Record<string, (refused: Refused) => Row>> = {
  'MP-011': () =>
    row(
      'network',
      [
        'the assertion did not arrive whole',
        'Look for a proxy that changes the body of requests, and have it leave this host alone.',
      ],
      [
        'assertion kom ikke hel fram',
        'Se etter en proxy som endrer innholdet i forespørsler, og få den til å la denne verten være.',
      ],
    ),
  'MP-012': () =>
    row(
      'network',
      [
        'Maskinporten has seen this grant before: something in between sends requests twice',
        'Look for a proxy or gateway that repeats POST requests, and switch that off.',
      ],
      [
        'Maskinporten har sett denne granten før: noe på veien sender forespørsler to ganger',
        'Se etter en proxy eller gateway som gjentar POST-forespørsler, og slå det av.',
      ],
    ),
  'MP-100': (refused) =>
    row(
      'client-administrator',
      [
        `${refused.environment.en} knows no active client ${ours(refused)}: it is of the other environment, deactivated, or not a client's id`,
        `Look the id up at ${refused.portal}; take the id shown there, or make the client there: maskinporten register.`,
      ],
      [
        `${refused.environment.nb} kjenner ingen aktiv klient ${ours(refused)}: den er fra det andre miljøet, slått av, eller ID-en er ikke en klients`,
        `Slå opp ID-en på ${refused.portal}; bruk ID-en som står der, eller opprett klienten der: maskinporten register.`,
      ],
    ),
  'MP-110': (refused) =>
    row(
      'you',
      [
        `the grant's aud is ${refused.audience ?? refused.authority}, which is not the issuer that was asked`,
        refused.audience === undefined
          ? 'Set Environment or Authority to where the client is registered, and let the token endpoint be of the same environment.'
          : 'Delete AssertionAudience: without it, aud is the issuer.',
      ],
      [
        `aud i granten er ${refused.audience ?? refused.authority}, og det er ikke utstederen som ble spurt`,
        refused.audience === undefined
          ? 'Sett Environment eller Authority til der klienten er registrert, og la tokenendepunktet være i samme miljø.'
          : 'Slett AssertionAudience: uten den er aud utstederen.',
      ],
    ),
  'MP-120': (refused) =>
    row(
      'certificate-owner',
      [
        `${refused.environment.en} does not trust the certificate${from(refused.keyOrigin)}: it is expired, revoked, or of the other environment`,
        'Sign with a valid enterprise certificate of this environment, with its whole chain.',
      ],
      [
        `${refused.environment.nb} stoler ikke på sertifikatet${from(refused.keyOrigin)}: det er utløpt, trukket tilbake eller fra det andre miljøet`,
        'Signer med et gyldig virksomhetssertifikat for dette miljøet, med hele kjeden.',
      ],
    ),
  'MP-121': (refused) =>
    row(
      'client-administrator',
      [
        `the key ${refused.kid} on the client ${refused.clientId} has ended: a key lives one year from its upload`,
        `Upload a new key, or the same again, at ${refused.portal}: maskinporten keys rotate.`,
      ],
      [
        `nøkkelen ${refused.kid} på klienten ${refused.clientId} er utløpt: en nøkkel lever ett år fra opplasting`,
        `Last opp en ny nøkkel, eller den samme på nytt, på ${refused.portal}: maskinporten keys rotate.`,
      ],
    ),
  'MP-122': (refused) =>
    row(
      'client-administrator',
      [
        `the certificate is of another organisation than the one that owns the client ${refused.clientId}`,
        'Use a certificate of the organisation that owns the client, or make the client under the certificate’s organisation.',
      ],
      [
        `sertifikatet tilhører en annen virksomhet enn den som eier klienten ${refused.clientId}`,
        'Bruk et sertifikat utstedt til virksomheten som eier klienten, eller opprett klienten på sertifikatets virksomhet.',
      ],
    ),
  'MP-123': () =>
    row(
      'network',
      [
        'the certificate chain (x5c) did not arrive as a list of texts',
        'Give the chain as PEM, with each certificate whole.',
      ],
      [
        'sertifikatkjeden (x5c) kom ikke fram som en liste med tekster',
        'Oppgi kjeden som PEM, med hvert sertifikat helt.',
      ],
    ),
  'MP-124': (refused) =>
    row(
      'you',
      [
        `the private key${from(refused.keyOrigin)} is not the one whose public half is registered as ${refused.certificate ? 'certificate' : refused.kid} on the client ${refused.clientId}`,
        `Sign with the private key of that kid, or register this key’s public half under a kid of its own at ${refused.portal}.`,
      ],
      [
        `den private nøkkelen${from(refused.keyOrigin)} er ikke den som har sin offentlige halvdel registrert som ${refused.certificate ? 'sertifikat' : refused.kid} på klienten ${refused.clientId}`,
        `Signer med den private nøkkelen til den kid-en, eller registrer denne nøkkelens offentlige halvdel med en egen kid på ${refused.portal}.`,
      ],
    ),
  'MP-130': () => CLOCK,
  iat_in_future: () => CLOCK,
  iat_in_past: () => CLOCK,
  lifetime_too_long: () => CLOCK,
  kid_unknown: (refused) => {
    const { other } = refused
    const why = {
      en: other === undefined ? '' : ` (“${other.by}” speaks of ${other.of}: a ${other.of} key)`,
      nb: other === undefined ? '' : ` («${other.by}» tyder på ${other.of}: en nøkkel for ${other.of})`,
    }
    return row(
      'client-administrator',
      [
        `the public half of ${refused.kid}${from(refused.keyOrigin)} is not uploaded to the client ${refused.clientId} in ${refused.environment.en}${why.en}`,
        `Upload it at ${refused.portal}, or sign with a key that stands there; a new one works after a few minutes.`,
      ],
      [
        `den offentlige halvdelen av ${refused.kid}${from(refused.keyOrigin)} er ikke lastet opp på klienten ${refused.clientId} i ${refused.environment.nb}${why.nb}`,
        `Last den opp på ${refused.portal}, eller signer med en nøkkel som står der; en ny virker etter noen minutter.`,
      ],
    )
  },
  kid_required: (refused) =>
    row(
      'you',
      [
        `the client ${refused.clientId} has registered keys, and the grant was signed with a certificate instead`,
        'Sign with one of the registered keys, by its kid; or remove the keys from the client.',
      ],
      [
        `klienten ${refused.clientId} har registrerte nøkler, og granten ble signert med et sertifikat i stedet`,
        'Signer med en av de registrerte nøklene, med kid; eller fjern nøklene fra klienten.',
      ],
    ),
  consumer_org_is_self: (refused) =>
    row(
      'you',
      [
        `ConsumerOrgNo (${refused.consumerOrg ?? '?'}) is the organisation that owns the client`,
        'Leave ConsumerOrgNo out when you act for your own organisation.',
      ],
      [
        `ConsumerOrgNo (${refused.consumerOrg ?? '?'}) er virksomheten som selv eier klienten`,
        'Utelat ConsumerOrgNo når dere handler for egen virksomhet.',
      ],
    ),
  onbehalfof_unknown: () =>
    row(
      'client-administrator',
      [
        'iss_onbehalfof names an organisation that is not registered on the client',
        'Register it under «onBehalfOf» of the client, or leave iss_onbehalfof out.',
      ],
      [
        'iss_onbehalfof er en virksomhet som ikke er registrert på klienten',
        'Registrer den under «onBehalfOf» på klienten, eller utelat iss_onbehalfof.',
      ],
    ),
  pid_required: (refused) =>
    row(
      'you',
      [`the scope ${refused.scope} is given for one person at a time (pid)`, 'Give pid with each request for a token.'],
      [`scopet ${refused.scope} gis for én person om gangen (pid)`, 'Oppgi pid i hver tokenforespørsel.'],
    ),
  unknown_claim: (refused) =>
    row(
      'you',
      [
        `Maskinporten does not know a claim of the grant: ${refused.description.replace(/ \(trace_id.*$/, '')}`,
        'Remove the claim: Digdir documents those that are taken.',
      ],
      [
        `Maskinporten kjenner ikke et av kravene i granten: ${refused.description.replace(/ \(trace_id.*$/, '')}`,
        'Fjern det: Digdir dokumenterer hvilke som godtas.',
      ],
    ),
  missing_parameter: () =>
    row(
      'network',
      ['a parameter of the request did not arrive', 'Look for a proxy that changes the body of requests.'],
      ['et felt i forespørselen kom ikke fram', 'Se etter en proxy som endrer innholdet i forespørsler.'],
    ),
  unsupported_grant_type: () =>
    row(
      'network',
      [
        'the server that answered takes no JWT grant, or the request did not arrive whole',
        'Check TokenEndpoint, and any proxy in between.',
      ],
      [
        'tjeneren som svarte tar ikke JWT-grant, eller forespørselen kom ikke hel fram',
        'Kontroller TokenEndpoint, og proxy på veien.',
      ],
    ),
  invalid_target: () =>
    row(
      'you',
      [
        'Maskinporten does not take the resource of the request',
        'Set Resource to the absolute address of the API, without a fragment (#), or leave it out.',
      ],
      [
        'Maskinporten godtar ikke «resource» i forespørselen',
        'Sett Resource til API-ets absolutte adresse, uten fragment (#), eller utelat den.',
      ],
    ),
  'MP-200': (refused) =>
    row(
      'client-administrator',
      [
        `the client ${refused.clientId} does not have the scope ${refused.scope}`,
        `Add the scope to the client at ${refused.portal}; where it is not offered there, ask the API's owner to grant it to your organisation.`,
      ],
      [
        `klienten ${refused.clientId} har ikke scopet ${refused.scope}`,
        `Legg scopet til på klienten på ${refused.portal}; hvis det ikke kan velges der, be API-eieren gi virksomheten tilgang.`,
      ],
    ),
  'MP-201': (refused) =>
    row(
      'client-administrator',
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
      'api-owner',
      [
        `the owner of ${refused.scope} has not granted it to ${refused.consumerOrg ?? 'your organisation'} in ${refused.environment.en} (the client itself has the scope)`,
        `Ask the API's owner for access${refused.consumerOrg === undefined ? '; or set ConsumerOrgNo when you act for a customer' : ''}.`,
      ],
      [
        `eieren av ${refused.scope} har ikke gitt ${refused.consumerOrg ?? 'virksomheten'} tilgang i ${refused.environment.nb} (klienten selv har scopet)`,
        `Be API-eieren om tilgang${refused.consumerOrg === undefined ? '; eller sett ConsumerOrgNo når dere handler for en kunde' : ''}.`,
      ],
    ),
  'MP-251': (refused) => {
    const [consumer = refused.consumerOrg ?? 'the customer', supplier = 'your organisation'] = refused.organisations
    return row(
      'delegating-organisation',
      [
        `${consumer} has not delegated ${refused.scope} to ${supplier} in Altinn, in this environment`,
        'Have the customer delegate the scope in Altinn (Access management → API delegations), in the environment that is asked.',
      ],
      [
        `${consumer} har ikke delegert ${refused.scope} til ${supplier} i Altinn, i dette miljøet`,
        'Be kunden delegere scopet i Altinn (Tilgangsstyring → API-delegeringer), i miljøet som blir spurt.',
      ],
    )
  },
  'MP-301': () =>
    row(
      'you',
      [
        'Maskinporten does not know the type in authorization_details',
        'Use a type that the metadata lists, such as urn:altinn:systemuser.',
      ],
      [
        'Maskinporten kjenner ikke typen i authorization_details',
        'Bruk en type som står i metadata, slik som urn:altinn:systemuser.',
      ],
    ),
  'MP-302': () =>
    row(
      'you',
      [
        'authorization_details has a field that Maskinporten does not know, or an externalRef that it does not take',
        'Remove undocumented fields, and keep externalRef within 255 letters, digits, _ and -.',
      ],
      [
        'authorization_details har et felt som Maskinporten ikke kjenner, eller en externalRef som ikke godtas',
        'Fjern udokumenterte felt, og hold externalRef innenfor 255 bokstaver, sifre, _ og -.',
      ],
    ),
  'MP-303': (refused) =>
    row(
      'you',
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

const CLOCK: Row = row(
  'network',
  [
    'Maskinporten refuses the times in the grant: this machine’s clock is wrong',
    'Synchronise the clock (NTP), in a virtual machine also on its host.',
  ],
  [
    'Maskinporten avviser tidene i granten: klokken på maskinen går feil',
    'Synkroniser klokken (NTP), i en virtuell maskin også på verten.',
  ],
)
