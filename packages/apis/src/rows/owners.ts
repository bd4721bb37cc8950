/** Who owns the APIs. */
import type { Owner } from '../row.ts'
import { file } from '../sources.ts'

const orgs = file(
  'Altinn/altinn-cdn',
  'ff281a98d20055bb228a3b4fc9b6143b35fa34f0',
  'orgs/altinn-orgs.json',
  '2026-06-24',
)
const owner = (orgNumber: string, nb: string, en: string): Owner => ({ name: { nb, en }, orgNumber, source: orgs })

export const digdirektoratet: Owner = owner(
  '991825827',
  'Digitaliseringsdirektoratet',
  'Norwegian Digitalisation Agency',
)
export const skatteetaten: Owner = owner('974761076', 'Skatteetaten', 'Norwegian Tax Administration')
export const bronnoysundregistrene: Owner = owner('974760673', 'Brønnøysundregistrene', 'Brønnøysund Register Centre')
export const nav: Owner = owner(
  '889640782',
  'Arbeids- og velferdsetaten (NAV)',
  'Norwegian Labour and Welfare Administration (NAV)',
)
export const kartverket: Owner = owner('971040238', 'Kartverket', 'Norwegian Mapping Authority')
export const vegvesen: Owner = owner('971032081', 'Statens vegvesen', 'The Norwegian Public Roads Administration')
export const tolletaten: Owner = owner('880455702', 'Tolletaten', 'Norwegian Customs')
export const sjofartsdirektoratet: Owner = owner('974761262', 'Sjøfartsdirektoratet', 'Norwegian Maritime Authority')
export const elhubAs: Owner = owner('915925529', 'Elhub', 'Elhub')
export const ksDigital: Owner = owner('931796003', 'KS Digitale fellestjenester', 'KS Digital')
