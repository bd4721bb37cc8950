/** The labour and welfare administration. */
import type { Row, Source } from '../row.ts'
import { file, undatedPage } from '../sources.ts'
import { nav as owner } from './owners.ts'

export type NavId = 'nav/aareg-otp' | 'nav/sykepenger' | 'nav/inntektsmelding-foreldrepenger'

const docs = undatedPage('https://navikt.github.io/aareg/tjenester/integrasjon/otp-api/index.html')
const sickPay = (path: string): Source =>
  file('navikt/sykepenger-im-lps-api', '69d000a9106906da1faa5ae0e6992efac6337782', path, '2026-08-21')
const sickPayCode = sickPay('src/main/kotlin/no/nav/helsearbeidsgiver/config/ApplicationConfig.kt')
const parents = (path: string): Source =>
  file('navikt/fp-inntektsmelding-api', '498063eb7f310cd3172979760ab4a5ae16b6d781', path, '2026-08-21')
const parentsReadme = parents('README.md')

const open = (source: Source) => ({
  nb: 'Ingen: alle virksomheter kan be om det',
  en: 'Nobody: every organisation may ask for it',
  source,
})

export const nav: Readonly<Record<NavId, Row>> = {
  'nav/aareg-otp': {
    name: {
      nb: 'Aa-registeret, arbeidsforhold for tjenestepensjon',
      en: 'Register of employers and employees, employments for occupational pensions',
      source: docs,
    },
    owner,
    baseUrls: {
      test: 'https://arbeidsforhold-gw.ekstern.dev.nav.no/aareg/v1/arbeidsforhold/otp',
      prod: 'https://arbeidsforhold-gw.nav.no/aareg/v1/arbeidsforhold/otp',
      source: docs,
    },
    token: { kind: 'maskinporten', source: docs },
    scopes: [
      {
        name: 'nav:aareg/v1/arbeidsforhold/otp',
        access: 'read',
        meaning: {
          nb: 'Hente arbeidsforhold for obligatorisk tjenestepensjon',
          en: 'Fetch employments for the mandatory occupational pension',
        },
        grantedBy: { nb: 'NAV, etter søknad', en: 'NAV, after an application', source: docs },
        source: docs,
      },
    ],
    docs,
  },
  'nav/sykepenger': {
    name: {
      nb: 'Sykepenger for lønns- og personalsystemer',
      en: 'Sickness benefits for payroll systems',
      source: sickPay('README.md'),
    },
    owner,
    baseUrls: {
      test: 'https://sykepenger-api.ekstern.dev.nav.no/v1',
      prod: 'https://sykepenger-api.nav.no/v1',
      source: sickPay('.nais'),
    },
    token: { kind: 'maskinporten', source: sickPayCode },
    scopes: [
      {
        name: 'nav:helseytelser/sykepenger',
        access: 'write',
        meaning: {
          nb: 'Hente sykmeldinger, søknader og forespørsler, og sende inntektsmeldinger',
          en: 'Fetch sick notes, applications and requests, and submit income reports',
        },
        grantedBy: open(sickPay('.nais/prod.yaml')),
        source: sickPay('.nais/prod.yaml'),
      },
    ],
    systemUser: { value: 'required', source: sickPayCode },
    docs: sickPay('README.md'),
  },
  'nav/inntektsmelding-foreldrepenger': {
    name: {
      nb: 'Inntektsmelding for foreldrepenger og svangerskapspenger',
      en: 'Income report for parental and pregnancy benefits',
      source: parentsReadme,
    },
    owner,
    baseUrls: {
      test: 'https://foreldrepenger-inntektsmelding-api.ekstern.dev.nav.no/v1',
      prod: 'https://foreldrepenger-inntektsmelding-api.nav.no/v1',
      source: parents('.deploy'),
    },
    token: { kind: 'maskinporten', source: parentsReadme },
    scopes: [
      {
        name: 'nav:inntektsmelding/foreldrepenger',
        access: 'write',
        meaning: {
          nb: 'Hente forespørsler, og sende inn og hente inntektsmeldinger',
          en: 'Fetch requests, and submit and fetch income reports',
        },
        grantedBy: open(parents('.deploy/naiserator.yaml')),
        source: parentsReadme,
      },
    ],
    systemUser: { value: 'required', source: parentsReadme },
    docs: parentsReadme,
  },
}
