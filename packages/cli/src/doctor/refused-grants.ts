/**
 * Refusals of the client and its key, by MP code, or by a label of ours where the server gives none. Only where the case at hand
 * says more than the catalogue.
 */
import { type Refused, type Row, row } from './refused.ts'

const ours = ({ clientId, clientIdOrigin }: Refused): string =>
  clientIdOrigin === '' ? clientId : `${clientId} (${clientIdOrigin})`

const from = (origin: string): string => (origin === '' ? '' : ` (${origin})`)

export const grantRows: Readonly<Record<string, (refused: Refused) => Row>> = {
  'MP-100': (refused) =>
    row(
      'clientAdministrator',
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
      'settings',
      [
        `the grant's aud is ${refused.audience ?? refused.authority}, which is not the issuer that was asked`,
        refused.audience === undefined
          ? 'Set Environment or Authority to where the client is registered, and let the token endpoint be of the same environment.'
          : 'Delete AssertionAudience: without it, aud is the issuer.',
      ],
      [
        `aud i JWT-en er ${refused.audience ?? refused.authority}, og det er ikke utstederen som ble spurt`,
        refused.audience === undefined
          ? 'Sett Environment eller Authority til der klienten er registrert, og la token-endepunktet være i samme miljø.'
          : 'Slett AssertionAudience: uten den er aud utstederen.',
      ],
    ),
  'MP-120': (refused) =>
    row(
      'settings',
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
      'clientAdministrator',
      [
        `the key ${refused.kid} on the client ${refused.clientId} has ended: a key lives one year from its upload`,
        `Upload a new key, or the same again, at ${refused.portal}: maskinporten keys rotate.`,
      ],
      [
        `nøkkelen ${refused.kid} på klienten ${refused.clientId} er utløpt: en nøkkel gjelder i ett år fra opplasting`,
        `Last opp en ny nøkkel, eller den samme på nytt, på ${refused.portal}: maskinporten keys rotate.`,
      ],
    ),
  'MP-122': (refused) =>
    row(
      'clientAdministrator',
      [
        `the certificate is of another organisation than the one that owns the client ${refused.clientId}`,
        'Use a certificate of the organisation that owns the client, or make the client under the certificate’s organisation.',
      ],
      [
        `sertifikatet tilhører en annen virksomhet enn den som eier klienten ${refused.clientId}`,
        'Bruk et sertifikat utstedt til virksomheten som eier klienten, eller opprett klienten for virksomheten i sertifikatet.',
      ],
    ),
  'MP-124': (refused) =>
    row(
      'settings',
      [
        `the private key${from(refused.keyOrigin)} is not the one whose public half is registered as ${refused.certificate ? 'certificate' : refused.kid} on the client ${refused.clientId}`,
        `Sign with the private key of that kid, or register this key’s public half under a kid of its own at ${refused.portal}.`,
      ],
      [
        `den private nøkkelen${from(refused.keyOrigin)} hører ikke til den offentlige nøkkelen som er registrert som ${refused.certificate ? 'sertifikat' : refused.kid} på klienten ${refused.clientId}`,
        `Signer med den private nøkkelen til den kid-en, eller registrer den offentlige nøkkelen til denne med en egen kid på ${refused.portal}.`,
      ],
    ),
  kid_unknown: (refused) => {
    const { other } = refused
    const why = {
      en: other === undefined ? '' : ` (“${other.by}” speaks of ${other.of}: a ${other.of} key)`,
      nb: other === undefined ? '' : ` («${other.by}» tyder på ${other.of}: en nøkkel for ${other.of})`,
    }
    return row(
      'clientAdministrator',
      [
        `the public half of ${refused.kid}${from(refused.keyOrigin)} is not uploaded to the client ${refused.clientId} in ${refused.environment.en}${why.en}`,
        `Upload it at ${refused.portal}, or sign with a key that stands there; a new one works after a few minutes.`,
      ],
      [
        `den offentlige nøkkelen ${refused.kid}${from(refused.keyOrigin)} er ikke lastet opp på klienten ${refused.clientId} i ${refused.environment.nb}${why.nb}`,
        `Last den opp på ${refused.portal}, eller signer med en nøkkel som står der; en ny virker etter noen minutter.`,
      ],
    )
  },
  kid_required: (refused) =>
    row(
      'settings',
      [
        `the client ${refused.clientId} has registered keys, and the grant was signed with a certificate instead`,
        'Sign with one of the registered keys, by its kid; or remove the keys from the client.',
      ],
      [
        `klienten ${refused.clientId} har registrerte nøkler, og JWT-en ble signert med et sertifikat i stedet`,
        'Signer med en av de registrerte nøklene, med kid; eller fjern nøklene fra klienten.',
      ],
    ),
  consumer_org_is_self: (refused) =>
    row(
      'settings',
      [
        `ConsumerOrgNo (${refused.consumerOrg ?? '?'}) is the organisation that owns the client`,
        'Leave ConsumerOrgNo out when you act for your own organisation.',
      ],
      [
        `ConsumerOrgNo (${refused.consumerOrg ?? '?'}) er virksomheten som selv eier klienten`,
        'Utelat ConsumerOrgNo når du handler for egen virksomhet.',
      ],
    ),
  pid_required: (refused) =>
    row(
      'developer',
      [`the scope ${refused.scope} is given for one person at a time (pid)`, 'Give pid with each request for a token.'],
      [`scopet ${refused.scope} gis for én person om gangen (pid)`, 'Oppgi pid i hver tokenforespørsel.'],
    ),
  unknown_claim: (refused) =>
    row(
      'developer',
      [
        `Maskinporten does not know a claim of the grant: ${refused.description.replace(/ \(trace_id.*$/, '')}`,
        'Remove the claim: Digdir documents those that are taken.',
      ],
      [
        `Maskinporten kjenner ikke et av claimene i JWT-en: ${refused.description.replace(/ \(trace_id.*$/, '')}`,
        'Fjern det: Digdir dokumenterer hvilke som godtas.',
      ],
    ),
}
