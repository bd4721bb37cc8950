/** The labour and welfare administration. */
import type { Row } from '../row.ts'
import { undatedPage } from '../sources.ts'
import { nav as owner } from './owners.ts'

export type NavId = 'nav/aareg-otp'

const docs = undatedPage('https://navikt.github.io/aareg/tjenester/integrasjon/otp-api/index.html')

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
}
