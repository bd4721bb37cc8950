/** Digdir's data.altinn.no: data sets of other owners. */
import type { Row, Scope } from '../row.ts'
import { file, undatedFile } from '../sources.ts'
import { digdirektoratet as owner } from './owners.ts'

export type DataAltinnNoId = 'digdir/data-altinn-no'

const docs = file(
  'data-altinn-no/docs',
  '360a9fbce71455cbff3d1eb8d44cee5faae03701',
  'content/api/_index.md',
  '2025-09-24',
)
const client = file(
  'data-altinn-no/altinn-apiclient-dan',
  '1f6e11f716a015e790e7f8dc9fd7504470451ac2',
  'src/Altinn.ApiClients.Dan/Extensions/ServiceCollectionExtensions.cs',
  '2026-08-18',
)
const scopes = undatedFile(
  'Altinn/altinn-studio-docs',
  '14e0d0e9bb6c16310822ae96f65995032e2b72bd',
  'content/api/authentication/digdirscopes/_index.en.md',
)
const onRequest = {
  nb: 'Digdir, i produksjon på forespørsel til dan@altinn.no',
  en: 'Digdir, in production on request to dan@altinn.no',
  source: docs,
}

function dataSets(name: string, nb: string, en: string): Scope {
  return {
    name: `altinn:dataaltinnno/${name}`,
    access: 'read',
    byName: true,
    meaning: { nb, en },
    grantedBy: onRequest,
    source: scopes,
  }
}

export const dataAltinnNo: Readonly<Record<DataAltinnNoId, Row>> = {
  'digdir/data-altinn-no': {
    name: { nb: 'data.altinn.no', en: 'data.altinn.no', source: docs },
    owner,
    baseUrls: {
      test: 'https://test-api.data.altinn.no/v1',
      prod: 'https://api.data.altinn.no/v1',
      source: client,
    },
    token: { kind: 'maskinporten', source: docs },
    scopes: [
      {
        name: 'altinn:dataaltinnno',
        access: 'read',
        meaning: {
          nb: 'Hente datasett som ikke krever et eget scope',
          en: 'Fetch data sets that do not require a scope of their own',
        },
        source: scopes,
      },
      dataSets('advregbulk', 'Advokatregisteret, alle oppføringer', 'Register of lawyers, all entries'),
      dataSets('advregperson', 'Advokatregisteret, oppslag på person', 'Register of lawyers, look-up of a person'),
      dataSets('advregverifikasjon', 'Advokatregisteret, verifikasjon', 'Register of lawyers, verification'),
      dataSets('ebevis', 'eBevis, til offentlige anskaffelser', 'eBevis, for public procurement'),
      dataSets('oed', 'Oppgjør etter død', 'Settlement of estates'),
      dataSets('tilda', 'Tilda, deling av tilsynsdata', 'Tilda, sharing of data on inspections'),
    ],
    headers: [
      {
        name: 'Ocp-Apim-Subscription-Key',
        required: true,
        meaning: {
          nb: 'API-nøkkel fra utviklerportalen på data.altinn.no',
          en: 'API key of the developer portal at data.altinn.no',
        },
        source: client,
      },
    ],
    docs,
  },
}
