/** KS, the municipalities' association: Fiks and SvarUt. */
import type { Row, Source } from '../row.ts'
import { undatedFile, undatedPage } from '../sources.ts'
import { ksDigital as owner } from './owners.ts'

export type KsId = 'ks/fiks' | 'ks/fiks-folkeregister' | 'ks/fiks-io-katalog' | 'ks/fiks-kjoretoyregister' | 'ks/svarut'

const integrations = undatedPage('https://developers.fiks.ks.no/felles/integrasjoner')
const client = undatedPage('https://developers.fiks.ks.no/felles/difiidportenklient/')
const svarut = undatedPage('https://developers.fiks.ks.no/tjenester/svarut/restv2')
const vehicles = undatedPage('https://developers.fiks.ks.no/tjenester/kjoretoyregister/')
const events = undatedFile(
  'ks-no/ks-no.github.io',
  '248c0936794b6a07a141bbe207153a4bb8c6b6ab',
  'static/api/folkeregister-hendelser-api-v1.json',
)
const catalogue = undatedFile(
  'ks-no/ks-no.github.io',
  '10e73404cce550077562847e0ff92ad5be65cefb',
  'static/api/fiksio-katalog-api-v1.json',
)

/** One scope for all of Fiks; the integration decides what it may do. */
const scopes: Row['scopes'] = [
  {
    name: 'ks:fiks',
    access: 'write',
    meaning: {
      nb: 'Bruke Fiks-plattformen med de rettighetene som integrasjonen har',
      en: 'Use the Fiks platform with the rights that the integration has',
    },
    grantedBy: {
      nb: 'KS, på forespørsel til fiks-utvikling@ks.no',
      en: 'KS, on request to fiks-utvikling@ks.no',
      source: client,
    },
    source: client,
  },
]
const headers: Row['headers'] = [
  {
    name: 'IntegrasjonId',
    required: true,
    meaning: { nb: 'UUID-en til integrasjonen i Fiks', en: 'The UUID of the integration in Fiks' },
    source: integrations,
  },
  {
    name: 'IntegrasjonPassord',
    required: true,
    meaning: { nb: 'Passordet til integrasjonen', en: 'The password of the integration' },
    source: integrations,
  },
]

function service(nb: string, en: string, addresses: Omit<Row['baseUrls'], 'source'>, source: Source): Row {
  return {
    name: { nb, en, source },
    owner,
    baseUrls: { ...addresses, source },
    token: { kind: 'maskinporten', source: integrations },
    scopes,
    headers,
    docs: integrations,
  }
}

export const ks: Readonly<Record<KsId, Row>> = {
  'ks/fiks': service(
    'Fiks-plattformen',
    'Fiks platform',
    { test: 'https://api.fiks.test.ks.no', prod: 'https://api.fiks.ks.no' },
    events,
  ),
  'ks/fiks-folkeregister': service(
    'Fiks folkeregister',
    'Fiks population register',
    {
      test: 'https://api.fiks.test.ks.no/folkeregister/api/v1',
      prod: 'https://api.fiks.ks.no/folkeregister/api/v1',
    },
    events,
  ),
  'ks/fiks-io-katalog': service(
    'Fiks IO, katalog',
    'Fiks IO, catalogue',
    { test: 'https://api.fiks.test.ks.no/fiks-io/katalog/api/v1' },
    catalogue,
  ),
  'ks/fiks-kjoretoyregister': {
    ...service(
      'Fiks kjøretøyregister',
      'Fiks vehicle register',
      { prod: 'https://api.fiks.ks.no/kjoretoyregister/api' },
      vehicles,
    ),
    docs: vehicles,
  },
  'ks/svarut': {
    ...service('SvarUt', 'SvarUt (outgoing mail)', { prod: 'https://svarut.ks.no/api/v2' }, svarut),
    docs: svarut,
  },
}
