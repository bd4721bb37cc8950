/** Elhub, the data hub of the electricity market. */
import type { Row } from '../row.ts'
import { file } from '../sources.ts'
import { elhubAs as owner } from './owners.ts'

export type ElhubId = 'elhub/access'

const description = file(
  'elhub/auth-grant-manager',
  'b736e174c1f71565b5506b5e40e79e7db91361fa',
  'src/main/resources/static/openapi.yaml',
  '2026-05-27',
)
const usage = file(
  'elhub/auth-grant-manager',
  'd7d63242c1b8effe6894a84a35b17ccc6386696f',
  'docs/usage.md',
  '2026-03-24',
)
const flow = file(
  'elhub/auth-grant-manager',
  '25bb1442578c0267998a18ffa979a0fd7610419d',
  'docs/authorization-document-flow.http',
  '2026-02-25',
)

export const elhub: Readonly<Record<ElhubId, Row>> = {
  'elhub/access': {
    name: { nb: 'Elhub, tilganger og fullmakter', en: 'Elhub, accesses and authorizations', source: description },
    owner,
    baseUrls: {
      test: 'https://api-mt1.elhub.no/access/v0',
      prod: 'https://api.elhub.no/access/v0',
      source: description,
    },
    token: { kind: 'maskinporten', source: usage },
    scopes: [
      {
        name: 'elhub:balancesupplier',
        access: 'write',
        byName: true,
        meaning: { nb: 'Handle som kraftleverandør', en: 'Act as balance supplier' },
        source: flow,
      },
      {
        name: 'elhub:serviceprovider',
        access: 'write',
        byName: true,
        meaning: { nb: 'Handle som tjenesteleverandør', en: 'Act as service provider' },
        source: flow,
      },
    ],
    headers: [
      {
        name: 'SenderGln',
        required: true,
        meaning: { nb: 'GLN-en som avsenderen opptrer med', en: 'The GLN that the caller acts as' },
        source: usage,
      },
      {
        name: 'OnBehalfOfGln',
        required: false,
        meaning: { nb: 'GLN-en som avsenderen opptrer for', en: 'The GLN that the caller acts on behalf of' },
        source: usage,
      },
    ],
    docs: usage,
  },
}
