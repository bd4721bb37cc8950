/** Who owns the APIs. */
import type { Owner } from '../row.ts'
import { file } from '../sources.ts'

const orgs = file(
  'Altinn/altinn-cdn',
  'ff281a98d20055bb228a3b4fc9b6143b35fa34f0',
  'orgs/altinn-orgs.json',
  '2026-06-24',
)

export const digdirektoratet: Owner = {
  name: { nb: 'Digitaliseringsdirektoratet', en: 'Norwegian Digitalisation Agency' },
  orgNumber: '991825827',
  source: orgs,
}
