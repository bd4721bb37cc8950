/** The mapping authority. */
import type { Row } from '../row.ts'
import { file } from '../sources.ts'
import { kartverket as owner } from './owners.ts'

export type KartverketId = 'kartverket/nrl'

// A supplier's pages, not the owner's.
const access = file('3lbits/nrl-docs', '596d163a7bb6a5a9958d8f0411c2b5fe45578935', 'pages/altinn.md', '2024-06-10')
const address = file(
  '3lbits/nrl-docs',
  '8f7ec1f545a0078bcd90e051e606cf2a91c16e9f',
  'pages/nrl-uploader.md',
  '2024-08-21',
)

export const kartverket: Readonly<Record<KartverketId, Row>> = {
  'kartverket/nrl': {
    name: {
      nb: 'Nasjonalt register over luftfartshindre (NRL)',
      en: 'National register of aviation obstacles (NRL)',
      source: access,
    },
    owner,
    baseUrls: { test: 'https://nrl-test.kartverket.no/nrl', source: address },
    token: { kind: 'maskinporten', source: access },
    scopes: [
      {
        name: 'kartverk:nrl.rapportering',
        access: 'write',
        meaning: { nb: 'Melde inn luftfartshindre', en: 'Report aviation obstacles' },
        source: access,
      },
    ],
    delegable: { value: true, source: access },
    docs: access,
  },
}
