/** Digdir's own: the contact register, and self-service of Maskinporten. */
import type { Row } from '../row.ts'
import { file } from '../sources.ts'
import { digdirektoratet as owner } from './owners.ts'

export type DigdirId = 'digdir/krr' | 'digdir/clients' | 'digdir/scopes'

const docs = (commit: string, path: string, date: string) => file('felleslosninger/docs', commit, `_docs/${path}`, date)
const krr = docs(
  '95e778e74d2c02d516ba9f15885f232458b5c117',
  'Kontaktregisteret/oppslagstjenesten_rest.md',
  '2024-05-31',
)
const krrAccess = docs(
  'b45dc037e6831725856b3eb719c084aae5d7ce85',
  'Kontaktregisteret/krr_opprette_tilgang.md',
  '2023-10-12',
)
const clients = docs('213a6c9bd42c6760e6a12f97eaad784a2b222fae', 'idporten/oidc/oidc_api_admin.md', '2024-03-01')
const scopes = docs(
  'd2b014a16a2cc56f11c1dcb56aa7a3f7f7c6624a',
  'idporten/oidc/oidc_api_admin_maskinporten.md',
  '2024-02-09',
)
const selfService = docs(
  'abcf8b0b59818b2e20d783bb12e43f1b86e60990',
  'Maskinporten/maskinporten_sjolvbetjening_api.md',
  '2024-03-01',
)

const toThoseApproved = {
  nb: 'Digdir, når bruken følger retningslinjene for registeret',
  en: 'Digdir, when the use follows the guidelines of the register',
  source: krrAccess,
}
const onRequest = {
  nb: 'Digdir, på forespørsel til servicedesk@digdir.no',
  en: 'Digdir, on request to servicedesk@digdir.no',
  source: clients,
}

export const digdir: Readonly<Record<DigdirId, Row>> = {
  'digdir/krr': {
    name: { nb: 'Kontakt- og reservasjonsregisteret', en: 'Contact and reservation register', source: krr },
    owner,
    baseUrls: {
      test: 'https://test.kontaktregisteret.no/rest/v2',
      prod: 'https://kontaktregisteret.no/rest/v2',
      source: krr,
    },
    token: { kind: 'maskinporten', source: krr },
    scopes: [
      {
        name: 'krr:global/kontaktinformasjon.read',
        access: 'read',
        meaning: {
          nb: 'E-postadresse, mobilnummer, språk, og om personen kan varsles',
          en: 'Email address, mobile number, language, and whether the person can be notified',
        },
        grantedBy: toThoseApproved,
        source: krr,
      },
      {
        name: 'krr:global/digitalpost.read',
        access: 'read',
        byName: true,
        meaning: { nb: 'Adresse og sertifikat for digital post', en: 'Address and certificate for digital post' },
        grantedBy: toThoseApproved,
        source: krr,
      },
    ],
    docs: krr,
  },
  'digdir/clients': {
    name: { nb: 'Selvbetjening av klienter', en: 'Self-service of clients', source: clients },
    owner,
    baseUrls: {
      test: 'https://api.test.samarbeid.digdir.no',
      prod: 'https://api.samarbeid.digdir.no',
      source: clients,
    },
    token: { kind: 'maskinporten', source: clients },
    scopes: [
      {
        name: 'idporten:dcr.read',
        access: 'read',
        meaning: { nb: 'Lese klienter til egen virksomhet', en: 'Read the clients of one\u2019s own organisation' },
        grantedBy: onRequest,
        source: clients,
      },
      {
        name: 'idporten:dcr.modify',
        access: 'write',
        meaning: {
          nb: 'Endre klienter til egen virksomhet',
          en: 'Change the clients of one\u2019s own organisation',
        },
        grantedBy: onRequest,
        source: clients,
      },
      {
        name: 'idporten:dcr.write',
        access: 'write',
        meaning: {
          nb: 'Opprette klienter for egen virksomhet',
          en: 'Create clients for one\u2019s own organisation',
        },
        grantedBy: onRequest,
        source: clients,
      },
      {
        name: 'idporten:dcr/onbehalfof:write',
        access: 'write',
        byName: true,
        meaning: {
          nb: 'Administrere onbehalfof-registreringer til en klient',
          en: 'Administer the onbehalfof registrations of a client',
        },
        grantedBy: onRequest,
        source: clients,
      },
      {
        name: 'idporten:dcr.supplier',
        access: 'write',
        byName: true,
        meaning: {
          nb: 'Administrere selvstendige klienter for andre organisasjoner, som leverandør',
          en: 'Administer independent clients of other organisations, as supplier',
        },
        grantedBy: onRequest,
        source: clients,
      },
    ],
    docs: clients,
  },
  'digdir/scopes': {
    name: { nb: 'Selvbetjening av API-er og tilganger', en: 'Self-service of APIs and accesses', source: scopes },
    owner,
    baseUrls: {
      test: 'https://api.test.samarbeid.digdir.no/scopes',
      prod: 'https://api.samarbeid.digdir.no/scopes',
      source: selfService,
    },
    token: { kind: 'maskinporten', source: scopes },
    scopes: [
      {
        name: 'idporten:scopes.write',
        access: 'write',
        meaning: {
          nb: 'Opprette og endre scopes, og gi og fjerne tilgang til dem',
          en: 'Create and change scopes, and give and withdraw access to them',
        },
        grantedBy: onRequest,
        source: scopes,
      },
    ],
    docs: scopes,
  },
}
