/** Altinn's Dialogporten. */
import type { Row } from '../row.ts'
import { file, page } from '../sources.ts'
import { digdirektoratet as owner } from './owners.ts'

export type AltinnDialogportenId = 'altinn/dialogporten' | 'altinn/dialogporten-enduser'

const dialogporten = page('https://docs.altinn.studio/en/dialogporten/user-guides/authenticating/', '2026-04-23')
const dialogportenSettings = file(
  'Altinn/dialogporten',
  '743f07fdebd887759d29f8a8bb4f1fe6e9fd664b',
  'src/Digdir.Domain.Dialogporten.WebApi/appsettings.staging.json',
  '2026-08-20',
)
const dialogportenDescription = file(
  'Altinn/dialogporten',
  '526c47f6101f4a50b5fceeaac5a6c8206967f251',
  'docs/schema/V1/openapi.v1.serviceowner.verified.json',
  '2026-08-19',
)

export const altinnDialogporten: Readonly<Record<AltinnDialogportenId, Row>> = {
  'altinn/dialogporten': {
    name: { nb: 'Dialogporten for tjenesteeiere', en: 'Dialogporten for service owners', source: dialogporten },
    owner,
    baseUrls: {
      test: 'https://platform.tt02.altinn.no/dialogporten/api/v1/serviceowner',
      prod: 'https://platform.altinn.no/dialogporten/api/v1/serviceowner',
      source: dialogportenSettings,
    },
    token: { kind: 'maskinporten', eitherKind: true, source: dialogporten },
    scopes: [
      {
        name: 'digdir:dialogporten.serviceprovider',
        access: 'write',
        meaning: {
          nb: 'Opprette, lese og endre egne dialoger; ikke søke',
          en: 'Create, read and change one\u2019s own dialogs; not search',
        },
        source: dialogportenDescription,
      },
      {
        name: 'digdir:dialogporten.serviceprovider.search',
        access: 'read',
        byName: true,
        meaning: {
          nb: 'Søke i egne dialoger, sammen med digdir:dialogporten.serviceprovider',
          en: 'Search one\u2019s own dialogs, together with digdir:dialogporten.serviceprovider',
        },
        source: dialogportenDescription,
      },
      {
        name: 'digdir:dialogporten.serviceprovider.changetransmissions',
        access: 'write',
        byName: true,
        meaning: {
          nb: 'Endre forsendelser, sammen med digdir:dialogporten.serviceprovider',
          en: 'Change transmissions, together with digdir:dialogporten.serviceprovider',
        },
        source: dialogportenDescription,
      },
    ],
    delegable: { value: true, source: dialogporten },
    docs: dialogporten,
  },
  'altinn/dialogporten-enduser': {
    name: { nb: 'Dialogporten for sluttbrukersystemer', en: 'Dialogporten for end-user systems', source: dialogporten },
    owner,
    baseUrls: {
      test: 'https://platform.tt02.altinn.no/dialogporten/api/v1/enduser',
      prod: 'https://platform.altinn.no/dialogporten/api/v1/enduser',
      source: dialogportenSettings,
    },
    token: { kind: 'maskinporten', eitherKind: true, source: dialogporten },
    scopes: [
      {
        name: 'digdir:dialogporten',
        access: 'read',
        meaning: {
          nb: 'Lese dialoger som systembrukeren har tilgang til',
          en: 'Read the dialogs that the system user has access to',
        },
        source: dialogporten,
      },
    ],
    systemUser: { value: 'required', source: dialogporten },
    docs: dialogporten,
  },
}
