/** The public roads administration. */
import type { Row } from '../row.ts'
import { file, page } from '../sources.ts'
import { vegvesen as owner } from './owners.ts'

export type VegvesenId = 'vegvesen/kjoretoyopplysninger'

// A consumer's code, not the owner's.
const code = file(
  'arvebjoe/vegvesen_jwt',
  'a0e85c8a23074397e8362a9765c9b8c90a7da80b',
  'JwtGrantGenerator.java',
  '2024-04-09',
)
const docs = page('https://vegvesen.github.io/ak-api/maskinporten/', '2021-09-02')

export const vegvesen: Readonly<Record<VegvesenId, Row>> = {
  'vegvesen/kjoretoyopplysninger': {
    name: { nb: 'Kjøretøyopplysninger', en: 'Vehicle information', source: code },
    owner,
    baseUrls: { prod: 'https://akfell-datautlevering.atlas.vegvesen.no', source: code },
    token: { kind: 'maskinporten', source: docs },
    scopes: [
      {
        name: 'svv:kjoretoy/kjoretoyopplysninger',
        access: 'read',
        meaning: { nb: 'Hente opplysninger om kjøretøy', en: 'Fetch information on vehicles' },
        grantedBy: {
          nb: 'Statens vegvesen, etter avtale med brukerstotte@vegvesen.no',
          en: 'Statens vegvesen, by agreement with brukerstotte@vegvesen.no',
          source: docs,
        },
        source: code,
      },
    ],
    audience: { prod: 'https://www.vegvesen.no', source: code },
    delegable: { value: true, source: docs },
    docs,
  },
}
