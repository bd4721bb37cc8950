/** Altinn's authorization: consent, and who may act for whom. */
import type { Row, Source } from '../row.ts'
import { file, page, undatedPage } from '../sources.ts'
import { digdirektoratet as owner } from './owners.ts'

export type AltinnAuthorizationId =
  | 'altinn/consent'
  | 'altinn/authorized-parties'
  | 'altinn/maskinporten-suppliers'
  | 'altinn/pdp'

const accessManagement = (path: string): Source =>
  file(
    'Altinn/altinn-authorization-tmp',
    'f7ff53bd2f00c8ddfc9f5bf58cc7a084c9383240',
    `src/apps/Altinn.AccessManagement/src/${path}`,
    '2026-08-21',
  )
const accessRules = accessManagement('Altinn.AccessManagement/AccessManagementHost.cs')
const accessIssuers = accessManagement('Altinn.AccessManagement/appsettings.Development.json')
const consent = page('https://docs.altinn.studio/en/authorization/guides/system-vendor/consent/request', '2026-02-18')
const consentForOthers = page(
  'https://docs.altinn.studio/en/authorization/guides/system-vendor/consent/behalf-of',
  '2026-01-15',
)
const linkService = page(
  'https://docs.altinn.studio/nb/authorization/guides/resource-owner/generic-access-resource/integrating-link-service',
  '2026-02-24',
)
const catalogue = undatedPage('https://api.samarbeid.digdir.no/api/v1/scopes/all')
const pdp = (path: string): Source =>
  file(
    'Altinn/altinn-authorization-tmp',
    'f7ff53bd2f00c8ddfc9f5bf58cc7a084c9383240',
    `src/apps/Altinn.Authorization/src/Altinn.Authorization/${path}`,
    '2026-08-21',
  )
const pdpCode = pdp('Controllers/DecisionController.cs')
const pdpScopes = pdp('Constants/AuthzConstants.cs')

const platform = (path: string, source: Source): Row['baseUrls'] => ({
  test: `https://platform.tt02.altinn.no/${path}`,
  prod: `https://platform.altinn.no/${path}`,
  source,
})
const byServiceDesk = {
  nb: 'Altinn, på forespørsel til servicedesk@altinn.no',
  en: 'Altinn, on request to servicedesk@altinn.no',
  source: linkService,
}
const byDigdir = { nb: 'Digdir', en: 'Digdir', source: consent }
const subscriptionKey: Row['headers'] = [
  {
    name: 'Ocp-Apim-Subscription-Key',
    required: true,
    meaning: {
      nb: 'Abonnementsnøkkel for produktet Access Management',
      en: 'Subscription key of the product Access Management',
    },
    source: linkService,
  },
]

export const altinnAuthorization: Readonly<Record<AltinnAuthorizationId, Row>> = {
  'altinn/consent': {
    name: { nb: 'Altinn Samtykke', en: 'Altinn Consent', source: consent },
    owner,
    baseUrls: platform('accessmanagement/api/v1/enterprise', consent),
    token: { kind: 'maskinporten', eitherKind: true, source: accessIssuers },
    scopes: [
      {
        name: 'altinn:consentrequests.read',
        access: 'read',
        meaning: { nb: 'Følge samtykkeforespørsler', en: 'Follow consent requests' },
        grantedBy: byDigdir,
        source: accessRules,
      },
      {
        name: 'altinn:consentrequests.write',
        access: 'write',
        meaning: { nb: 'Opprette samtykkeforespørsler', en: 'Create consent requests' },
        grantedBy: byDigdir,
        source: accessRules,
      },
    ],
    delegable: { value: true, source: consentForOthers },
    docs: consent,
  },
  'altinn/authorized-parties': {
    name: { nb: 'Altinn avgiverliste', en: 'Altinn authorized parties', source: linkService },
    owner,
    baseUrls: platform(
      'accessmanagement/api/v1/resourceowner',
      accessManagement('Altinn.AccessManagement/AccessManagementHost.cs'),
    ),
    token: { kind: 'altinn', source: linkService },
    scopes: [
      {
        name: 'altinn:accessmanagement/authorizedparties.resourceowner',
        access: 'read',
        meaning: {
          nb: 'Hente hvem en bruker kan handle for, i egne tjenester',
          en: 'Fetch whom a user may act for, in one’s own services',
        },
        grantedBy: byServiceDesk,
        source: linkService,
      },
      {
        name: 'altinn:accessmanagement/authorizedparties.admin',
        access: 'admin',
        byName: true,
        meaning: {
          nb: 'Hente hvem en bruker kan handle for, i alle tjenester',
          en: 'Fetch whom a user may act for, in all services',
        },
        source: accessRules,
      },
    ],
    headers: subscriptionKey,
    delegable: { value: true, source: catalogue },
    docs: linkService,
  },
  'altinn/maskinporten-suppliers': {
    name: {
      nb: 'Delegering av Maskinporten-scopes til leverandører',
      en: 'Delegation of Maskinporten scopes to suppliers',
      source: accessRules,
    },
    owner,
    baseUrls: platform('accessmanagement/api/v1/enduser', accessRules),
    token: { kind: 'altinn', source: accessIssuers },
    scopes: [
      {
        name: 'altinn:accessmanagement/enduser:maskinportensuppliers.read',
        access: 'read',
        meaning: {
          nb: 'Lese egne leverandører og hva de har fått',
          en: 'Read one’s own suppliers and what they were given',
        },
        source: accessRules,
      },
      {
        name: 'altinn:accessmanagement/enduser:maskinportensuppliers.write',
        access: 'write',
        meaning: { nb: 'Gi og trekke tilbake delegeringer', en: 'Give and withdraw delegations' },
        source: accessRules,
      },
      {
        name: 'altinn:accessmanagement/enduser:maskinportenconsumers.read',
        access: 'read',
        byName: true,
        meaning: { nb: 'Lese hvem som har delegert til en selv', en: 'Read who has delegated to oneself' },
        source: accessRules,
      },
      {
        name: 'altinn:accessmanagement/enduser:maskinportenconsumers.write',
        access: 'write',
        byName: true,
        meaning: { nb: 'Si fra seg delegeringer', en: 'Give up delegations' },
        source: accessRules,
      },
    ],
    docs: accessRules,
  },
  'altinn/pdp': {
    name: {
      nb: 'Altinn Autorisasjon, beslutninger (PDP)',
      en: 'Altinn Authorization, decisions (PDP)',
      source: linkService,
    },
    owner,
    baseUrls: platform('authorization/api/v1', pdpCode),
    token: { kind: 'altinn', source: linkService },
    scopes: [
      {
        name: 'altinn:authorization/authorize',
        access: 'read',
        meaning: {
          nb: 'Spørre om noen har tilgang til en ressurs',
          en: 'Ask whether somebody has access to a resource',
        },
        grantedBy: byServiceDesk,
        source: linkService,
      },
      {
        name: 'altinn:authorization/authorize.admin',
        access: 'admin',
        byName: true,
        meaning: { nb: 'Spørre om tilgang til alle ressurser', en: 'Ask about access to all resources' },
        source: pdpScopes,
      },
    ],
    headers: subscriptionKey,
    docs: linkService,
  },
}
