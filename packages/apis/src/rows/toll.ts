/** Norwegian Customs. Its other APIs take the token that `toll/token` gives for that of Maskinporten. */
import type { Row, Scope } from '../row.ts'
import { file } from '../sources.ts'
import { tolletaten as owner } from './owners.ts'

export type TollId = 'toll/token'

const docs = file(
  'toll/toll.github.io',
  'fa683968f6ccc25a07fcdf92cf611f0e08634dea',
  'api/maskinporten/teknisk-integrasjon-EN.html',
  '2026-06-20',
)
const byCustoms = { nb: 'Tolletaten', en: 'Norwegian Customs', source: docs }

/** One for Norwegian businesses, and one for those of other countries. */
function service(name: string, nb: string, en: string): readonly Scope[] {
  const common = { access: 'write', byName: true, grantedBy: byCustoms, source: docs } as const
  return [
    { name: `toll:${name}`, meaning: { nb, en }, ...common },
    {
      name: `toll:eu/${name}`,
      meaning: { nb: `${nb}, for utenlandske virksomheter`, en: `${en}, for foreign businesses` },
      ...common,
    },
  ]
}

export const toll: Readonly<Record<TollId, Row>> = {
  'toll/token': {
    name: { nb: 'Veksling til Tolletatens token', en: 'Exchange for the token of Customs', source: docs },
    owner,
    baseUrls: {
      test: 'https://api-test.toll.no/api/access/external/oauth',
      prod: 'https://api.toll.no/api/access/external/oauth',
      source: docs,
    },
    token: { kind: 'maskinporten', source: docs },
    scopes: [
      ...service('movement/road/v2', 'Melde og følge transport på vei', 'Report and follow transports by road'),
      ...service('movement/air', 'Melde og følge transport med fly', 'Report and follow transports by air'),
      ...service('movement/rail', 'Melde og følge transport med tog', 'Report and follow transports by rail'),
      ...service('movement/maritime', 'Melde og følge transport til sjøs', 'Report and follow transports by sea'),
      ...service('movement/entry', 'Fremlegging og kontrolldirigering', 'Presentation and routing'),
      ...service('goodsdeclaration/document.write', 'Laste opp dokumenter', 'Upload documents'),
    ],
    docs,
  },
}
