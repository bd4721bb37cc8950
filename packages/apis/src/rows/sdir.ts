/** The maritime authority. */
import type { Row, Scope } from '../row.ts'
import { file } from '../sources.ts'
import { sjofartsdirektoratet as owner } from './owners.ts'

export type SdirId = 'sdir/api'

const docs = (path: string) =>
  file('Sjofartsdirektoratet/docs', '870063f1ef4d68413e54fddcbc461b91d2fdccac', path, '2026-07-06')
const scopes = docs('content/scopes/_index.md')
const guide = docs('content/brukerveileder-systemleverandorer/_index.md')
const onRequest = {
  nb: 'Sjøfartsdirektoratet, etter søknad til post@sdir.no',
  en: 'Sjøfartsdirektoratet, after an application to post@sdir.no',
  source: guide,
}

function service(name: string, access: Scope['access'], nb: string, en: string): Scope {
  return { name: `sdir:${name}`, access, byName: true, meaning: { nb, en }, grantedBy: onRequest, source: scopes }
}

export const sdir: Readonly<Record<SdirId, Row>> = {
  'sdir/api': {
    name: { nb: 'API-ene til Sjøfartsdirektoratet', en: 'The APIs of the Norwegian Maritime Authority', source: guide },
    owner,
    baseUrls: { test: 'https://sdir-t-apim-common.azure-api.net', prod: 'https://api.sdir.no', source: guide },
    token: { kind: 'maskinporten', source: guide },
    scopes: [
      service(
        'grants.seafarerstatement.write',
        'write',
        'Sjømannserklæring (tilskudd)',
        'Seafarer statements (grants)',
      ),
      service(
        'vessel.ecertificate.write',
        'write',
        'E-sertifikater og forsikringssertifikater for fartøy',
        'Electronic certificates and insurance certificates of vessels',
      ),
      service(
        'seafarer.shared.certificates',
        'read',
        'Felles sertifikater for sjøfolk',
        'Shared certificates of seafarers',
      ),
      service('seafarer.seagoingservice.write', 'write', 'Fartstid', 'Seagoing service'),
      service('seafarer.additionalcompetance.write', 'write', 'Tilleggskompetanse', 'Additional competence'),
      service('seafarer.course.write', 'write', 'Kurs', 'Courses'),
      service('seafarer.assessment.write', 'write', 'Bedømmelse', 'Assessments'),
    ],
    headers: [
      {
        name: 'Ocp-Apim-Subscription-Key',
        required: true,
        meaning: { nb: 'Abonnementsnøkkel fra utviklerportalen', en: 'Subscription key of the developer portal' },
        source: guide,
      },
    ],
    delegable: { value: true, source: guide },
    docs: guide,
  },
}
