/** Altinn's messages, file transfers and notifications. */
import type { Row } from '../row.ts'
import { file, page, undatedPage } from '../sources.ts'
import { digdirektoratet as owner } from './owners.ts'

export type AltinnMessagesId = 'altinn/notifications' | 'altinn/correspondence' | 'altinn/broker'

const notifications = page('https://docs.altinn.studio/notifications/reference/api', '2024-08-08')
const notificationsScope = page(
  'https://docs.altinn.studio/en/notifications/getting-started/service-owner-system/',
  '2025-09-29',
)
const notificationsCode = file(
  'Altinn/altinn-notifications',
  '0d0183fb101b6e4afe7d64a29a67a8dbca749646',
  'components/api/src/Altinn.Notifications/Configuration/AuthorizationConstants.cs',
  '2026-07-24',
)

const correspondenceCode = (path: string) =>
  file('Altinn/altinn-correspondence', 'da785168cabf2fc9b3390a4399f589d2c0de7157', path, '2026-08-20')
const correspondenceEnvironments = correspondenceCode('README-infrastructure.md')
const correspondenceSteps = page('https://docs.altinn.studio/correspondence/getting-started/common-steps', '2024-09-11')
const correspondenceGuide = undatedPage('https://docs.altinn.studio/correspondence/getting-started/developer-guides')
const correspondenceSystems = page(
  'https://docs.altinn.studio/en/correspondence/getting-started/developer-guides/systemprovider',
  '2026-01-20',
)

const brokerCode = (path: string) =>
  file('Altinn/altinn-broker', '161ba1223862bb420022844eed09ff48c83a3840', path, '2026-08-18')
const brokerSteps = page('https://docs.altinn.studio/broker/getting-started/common-steps', '2025-06-02')
const brokerLimits = page('https://docs.altinn.studio/nb/broker/reference/rate-limits/', '2025-11-24')
const brokerEnvironments = brokerCode('docs/Infrastructure.md')
const brokerCollection = brokerCode('.bruno/Authentication/Exchange sender token for Altinn token.bru')

export const altinnMessages: Readonly<Record<AltinnMessagesId, Row>> = {
  'altinn/notifications': {
    name: { nb: 'Altinn Varsling', en: 'Altinn Notifications', source: notifications },
    owner,
    baseUrls: {
      test: 'https://platform.tt02.altinn.no/notifications/api/v1',
      prod: 'https://platform.altinn.no/notifications/api/v1',
      source: notifications,
    },
    token: { kind: 'altinn', source: notifications },
    scopes: [
      {
        name: 'altinn:serviceowner/notifications.create',
        access: 'write',
        meaning: {
          nb: 'Bestille varsler på e-post og SMS, og følge dem',
          en: 'Order notifications by email and SMS, and follow them',
        },
        grantedBy: {
          nb: 'Digdir gir det til alle tjenesteeiere',
          en: 'Digdir gives it to all service owners',
          source: notificationsScope,
        },
        source: notificationsScope,
      },
      {
        name: 'altinn:serviceowner/notifications.composedemail.create',
        access: 'write',
        byName: true,
        meaning: { nb: 'Bestille sammensatte e-poster', en: 'Order composed emails' },
        source: notificationsCode,
      },
    ],
    docs: notificationsScope,
  },
  'altinn/correspondence': {
    name: { nb: 'Altinn Melding', en: 'Altinn Correspondence', source: correspondenceSteps },
    owner,
    baseUrls: {
      test: 'https://platform.tt02.altinn.no/correspondence/api/v1',
      prod: 'https://platform.altinn.no/correspondence/api/v1',
      source: correspondenceEnvironments,
    },
    token: {
      kind: 'altinn',
      eitherKind: true,
      source: correspondenceCode('src/Altinn.Correspondence.API/Auth/DependencyInjection.cs'),
    },
    scopes: [
      {
        name: 'altinn:correspondence.read',
        access: 'read',
        meaning: { nb: 'Motta og lese meldinger', en: 'Receive and read messages' },
        grantedBy: {
          nb: 'Altinn, på forespørsel til servicedesk@altinn.no',
          en: 'Altinn, on request to servicedesk@altinn.no',
          source: correspondenceSystems,
        },
        source: correspondenceSteps,
      },
      {
        name: 'altinn:correspondence.write',
        access: 'write',
        meaning: { nb: 'Sende meldinger og laste opp vedlegg', en: 'Send messages and upload attachments' },
        grantedBy: {
          nb: 'Altinn, på forespørsel til servicedesk@altinn.no',
          en: 'Altinn, on request to servicedesk@altinn.no',
          source: correspondenceSystems,
        },
        source: correspondenceSteps,
      },
      {
        name: 'altinn:serviceowner',
        access: 'write',
        byName: true,
        meaning: {
          nb: 'Sende som tjenesteeier. Kreves når tokenet ikke er vekslet hos Altinn',
          en: 'Send as service owner. Required with a token that is not exchanged at Altinn',
        },
        source: correspondenceCode('src/Altinn.Correspondence.API/Auth/DependencyInjection.cs'),
      },
    ],
    systemUser: {
      value: 'accepted',
      source: correspondenceCode(
        '.bruno/Authentication/End User System/Create recipient system user maskinporten token.bru',
      ),
    },
    docs: correspondenceGuide,
  },
  'altinn/broker': {
    name: { nb: 'Altinn Formidling', en: 'Altinn Broker', source: brokerLimits },
    owner,
    baseUrls: {
      test: 'https://platform.tt02.altinn.no/broker/api/v1',
      prod: 'https://platform.altinn.no/broker/api/v1',
      source: brokerEnvironments,
    },
    token: { kind: 'altinn', eitherKind: true, source: brokerCode('src/Altinn.Broker.API/Program.cs') },
    scopes: [
      {
        name: 'altinn:broker.read',
        access: 'read',
        meaning: { nb: 'Motta filer', en: 'Receive files' },
        grantedBy: {
          nb: 'Altinn, på forespørsel til servicedesk@altinn.no',
          en: 'Altinn, on request to servicedesk@altinn.no',
          source: brokerSteps,
        },
        source: brokerSteps,
      },
      {
        name: 'altinn:broker.write',
        access: 'write',
        meaning: { nb: 'Sende filer', en: 'Send files' },
        grantedBy: {
          nb: 'Altinn, på forespørsel til servicedesk@altinn.no',
          en: 'Altinn, on request to servicedesk@altinn.no',
          source: brokerSteps,
        },
        source: brokerSteps,
      },
      {
        name: 'altinn:serviceowner',
        access: 'admin',
        byName: true,
        meaning: {
          nb: 'Sette opp ressurser og tjenesteeier i Formidling',
          en: 'Configure resources and the service owner in Broker',
        },
        source: brokerCode('src/Altinn.Broker.API/Program.cs'),
      },
    ],
    systemUser: { value: 'accepted', source: brokerCollection },
    rateLimits: [
      {
        requests: 120,
        seconds: 60,
        counted: {
          nb: 'Hver operasjon for seg, for hver Maskinporten-integrasjon',
          en: 'Each operation for itself, for each Maskinporten integration',
        },
        source: brokerLimits,
      },
      {
        requests: 10,
        seconds: 60,
        counted: {
          nb: 'Søk etter filoverføringer, og detaljer om én, for hver Maskinporten-integrasjon',
          en: 'Searches for file transfers, and details of one, for each Maskinporten integration',
        },
        source: brokerLimits,
      },
    ],
    docs: brokerSteps,
  },
}
