/** The national population register: the scope is that of the caller's legal basis. */
import type { Row, Scope } from '../row.ts'
import { file } from '../sources.ts'
import { skatteetaten as owner } from './owners.ts'

export type FolkeregisteretId = 'skatteetaten/folkeregisteret'

const endpoints = file(
  'Skatteetaten/folkeregisteret-api-dokumentasjon',
  '7f3a4e9fbf81c71ba4e7c1104648661d307ab3fc',
  'src/konsumenttjenester/Endepunkter.md',
  '2024-10-08',
)
const access = file(
  'Skatteetaten/folkeregisteret-api-dokumentasjon',
  '008dc73753c6a2588364afa79a4573b0013e946c',
  'src/pakobling-til-freg/Maskinporten.md',
  '2022-11-28',
)

const afterApplication = {
  nb: 'Folkeregisteret, etter søknad om tilgang',
  en: 'Folkeregisteret, after an application for access',
  source: access,
}

function basis(name: string, nb: string, en: string, source = endpoints): Scope {
  return {
    name: `folkeregister:deling/${name}`,
    access: 'read',
    byName: true,
    meaning: { nb, en },
    grantedBy: afterApplication,
    source,
  }
}

export const folkeregisteret: Readonly<Record<FolkeregisteretId, Row>> = {
  'skatteetaten/folkeregisteret': {
    name: { nb: 'Folkeregisteret', en: 'National Population Register', source: endpoints },
    owner,
    baseUrls: {
      test: 'https://folkeregisteret-api-konsument.sits.no/folkeregisteret',
      prod: 'https://folkeregisteret.api.skatteetaten.no/folkeregisteret',
      source: endpoints,
    },
    token: { kind: 'maskinporten', source: access },
    scopes: [
      basis(
        'offentligmedhjemmel',
        'Offentlige virksomheter med hjemmel til taushetsbelagte opplysninger',
        'Public bodies with legal basis for confidential information',
      ),
      basis(
        'offentligmedhjemmel.segmentansvarlig',
        'Det samme, for den som svarer for andre offentlige virksomheter',
        'The same, for one who answers for other public bodies',
        access,
      ),
      basis(
        'offentligutenhjemmel',
        'Offentlige virksomheter uten hjemmel til taushetsbelagte opplysninger',
        'Public bodies without legal basis for confidential information',
      ),
      basis(
        'offentligutenhjemmel.segmentansvarlig',
        'Det samme, for den som svarer for andre offentlige virksomheter',
        'The same, for one who answers for other public bodies',
        access,
      ),
      basis(
        'privatutenhjemmel',
        'Private virksomheter uten hjemmel til taushetsbelagte opplysninger',
        'Private enterprises without legal basis for confidential information',
      ),
      basis('privat', 'Private virksomheter', 'Private enterprises'),
      basis(
        'privatutenfolkeregisteridentifikator',
        'Private virksomheter, uten fødselsnummer og d-nummer',
        'Private enterprises, without national identity numbers',
      ),
      basis('finans', 'Finansforetak', 'Financial institutions'),
      basis(
        'finans.segmentansvarlig',
        'Den som svarer for andre finansforetak',
        'One who answers for other financial institutions',
        access,
      ),
      basis('presse', 'Pressen', 'The press'),
      basis(
        'presseutenfolkeregisteridentifikator',
        'Pressen, uten fødselsnummer og d-nummer',
        'The press, without national identity numbers',
      ),
      basis('utstedereid', 'Utstedere av elektronisk ID', 'Issuers of electronic identities'),
    ],
    docs: endpoints,
  },
}
