/** The register centre in Brønnøysund. */
import type { Row, Scope, Source } from '../row.ts'
import { file, undatedPage } from '../sources.ts'
import { bronnoysundregistrene as owner } from './owners.ts'

export type BrregId =
  | 'brreg/enhetsregisteret'
  | 'brreg/reelle-rettighetshavere'
  | 'brreg/losore-utlegg'
  | 'brreg/losore-rettsstiftelser'
  | 'brreg/ektepakt'
  | 'brreg/mottak'
  | 'brreg/mottak-uthenting'

const docs = (commit: string, path: string, date: string): Source =>
  file('brreg/docs', commit, encodeURI(`content/apidokumentasjon/${path}`), date)
const owners = docs(
  '9c84f8b96c0951b9c1203502cb743b18d6bfe6ec',
  'reelle-rettighetshavere/tilgjengeliggjoering/apier-vi-tilbyr/virksomheter/_index.md',
  '2026-05-15',
)
const ownersAccess = docs(
  '22e6995821cfdcebbc2bd89d845e91da0a19c988',
  'reelle-rettighetshavere/tilgjengeliggjoering/maskinporten/hvordan-bruke-maskinporten.md',
  '2025-11-11',
)
const ownersSuppliers = docs(
  '22e6995821cfdcebbc2bd89d845e91da0a19c988',
  'reelle-rettighetshavere/tilgjengeliggjoering/maskinporten/systemleverandoerer.md',
  '2025-11-11',
)
const attachments = docs(
  'fcbcbc8351f11fd5a1bd72c394ffe2ead3341dac',
  'losoreregisteret/itu-utt/distributor.md',
  '2025-11-11',
)
const charges = docs(
  '2493b3cd52b0d3e20cca833bcc8fd0679c24cc82',
  'losoreregisteret/rettsstiftelse/rettsstiftelse_generell.md',
  '2024-02-14',
)
const marriages = docs('bd763ea8bb2cf56b1c2ab197ac0fd9ef5505c76b', 'ektepaktregisteret/_index.md', '2023-08-14')
const inbound = docs(
  'ecfd4adef709c1e7b1ca550062159b0067f453df',
  'elektronisk mottak/Maskinport-integrasjon/Innsending/_index.md',
  '2026-03-11',
)
const outbound = docs(
  '82b70713e7e4cfbf12f0af2ef583ab5839df73bd',
  'elektronisk mottak/Maskinport-integrasjon/Uthenting/_index.md',
  '2025-09-22',
)
// A consumer's code (NAV's), not the owner's.
const roles = file(
  'navikt/fp-oversikt',
  '191c5f1d5ef45968f04f90bbcf6c126aeb6534c0',
  'src/main/java/no/nav/foreldrepenger/oversikt/integrasjoner/brreg/BrregRollerTjeneste.java',
  '2026-08-21',
)
const units = undatedPage('https://data.brreg.no/enhetsregisteret/api/dokumentasjon/no/index.html')

const onOrder = {
  nb: 'Brønnøysundregistrene, etter bestilling',
  en: 'Brønnøysundregistrene, on order',
  source: ownersAccess,
}

function forThose(name: string, nb: string, en: string): Scope {
  return {
    name: `brreg:reelle/${name}`,
    access: 'read',
    byName: true,
    meaning: { nb, en },
    grantedBy: onOrder,
    source: owners,
  }
}

interface Register {
  readonly name: readonly [nb: string, en: string]
  readonly host: string
  readonly path: string
  readonly scope: string
  readonly meaning: readonly [nb: string, en: string]
  readonly access?: Scope['access']
  readonly source: Source
}

function register({ name, host, path, scope, meaning, access = 'read', source }: Register): Row {
  return {
    name: { nb: name[0], en: name[1], source },
    owner,
    baseUrls: {
      test: `https://${host}.ppe.brreg.no/${path}`,
      prod: `https://${host}.brreg.no/${path}`,
      source,
    },
    token: { kind: 'maskinporten', source },
    scopes: [{ name: `brreg:${scope}`, access, meaning: { nb: meaning[0], en: meaning[1] }, source }],
    docs: source,
  }
}

export const brreg: Readonly<Record<BrregId, Row>> = {
  'brreg/enhetsregisteret': {
    name: {
      nb: 'Enhetsregisteret, autoriserte oppslag',
      en: 'Central Coordinating Register for Legal Entities, authorised look-ups',
      source: units,
    },
    owner,
    baseUrls: { prod: 'https://data.brreg.no/enhetsregisteret/autorisert-api', source: roles },
    token: { kind: 'maskinporten', source: roles },
    scopes: [
      {
        name: 'brreg:data:enhetsregisteret:roller:person:oppslag:fnr',
        access: 'read',
        meaning: { nb: 'Hente rollene til en person', en: 'Fetch the roles of a person' },
        source: roles,
      },
    ],
    audience: { prod: 'https://data.brreg.no/enhetsregisteret/autorisert-api', source: roles },
    docs: units,
  },
  'brreg/reelle-rettighetshavere': {
    name: {
      nb: 'Register over reelle rettighetshavere',
      en: 'Register of Beneficial Owners',
      source: owners,
    },
    owner,
    baseUrls: {
      test: 'https://rrh.ppe.brreg.no/api/oppslag',
      prod: 'https://rrh.brreg.no/api/oppslag',
      source: owners,
    },
    token: { kind: 'maskinporten', source: ownersAccess },
    scopes: [
      forThose('offentlig', 'Offentlige myndigheter', 'Public authorities'),
      forThose(
        'rapporteringspliktig',
        'Rapporteringspliktige etter hvitvaskingsloven § 4 første ledd bokstav a, b, c, e, g, h til k, n og o',
        'Obliged entities under the Anti-Money Laundering Act section 4, first paragraph, a, b, c, e, g, h to k, n and o',
      ),
      forThose(
        'rapporteringspliktig.begrenset',
        'Rapporteringspliktige etter hvitvaskingsloven § 4 første ledd bokstav d, f, l og m',
        'Obliged entities under the Anti-Money Laundering Act section 4, first paragraph, d, f, l and m',
      ),
      forThose('media', 'Medier', 'The media'),
      forThose('sivilsamfunnsorganisasjon', 'Sivilsamfunnsorganisasjoner', 'Organisations of civil society'),
      forThose('hoeyereutdanningsinstitusjon', 'Høyere utdanningsinstitusjoner', 'Institutions of higher education'),
    ],
    delegable: { value: true, source: ownersSuppliers },
    docs: owners,
  },
  'brreg/losore-utlegg': register({
    name: ['Løsøreregisteret, utlegg', 'Register of Mortgaged Movable Property, attachments'],
    host: 'losoreregisteret',
    path: 'utlegg',
    scope: 'losore/utlegg',
    meaning: [
      'Hente intet til utlegg og utleggstrekk, for distributører',
      'Fetch unsatisfied attachments and attachments of earnings, for distributors',
    ],
    source: attachments,
  }),
  'brreg/losore-rettsstiftelser': register({
    name: ['Løsøreregisteret, rettsstiftelser', 'Register of Mortgaged Movable Property, registered rights'],
    host: 'losoreregisteret',
    path: 'registerinfo',
    scope: 'losore/tlg',
    meaning: [
      'Hente rettsstiftelser knyttet til kjøretøy, organisasjoner og personer',
      'Fetch the registered rights in vehicles, and of organisations and persons',
    ],
    source: charges,
  }),
  'brreg/ektepakt': register({
    name: ['Ektepaktregisteret', 'Register of Marriage Settlements'],
    host: 'ektepaktregisteret',
    path: 'ektepakt',
    scope: 'ektepakt/tlg',
    meaning: ['Hente ektepaktene til en person', 'Fetch the marriage settlements of a person'],
    source: marriages,
  }),
  'brreg/mottak': register({
    name: ['Elektronisk mottak, innsending', 'Electronic reception, submission'],
    host: 'mottak',
    path: 'inbound',
    scope: 'mottak',
    access: 'write',
    meaning: ['Sende inn og hente ut meldinger', 'Submit and fetch messages'],
    source: inbound,
  }),
  'brreg/mottak-uthenting': register({
    name: ['Elektronisk mottak, uthenting', 'Electronic reception, fetching'],
    host: 'mottak',
    path: 'outbound',
    scope: 'mottak',
    access: 'write',
    meaning: ['Sende inn og hente ut meldinger', 'Submit and fetch messages'],
    source: outbound,
  }),
}
