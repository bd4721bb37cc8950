/** Altinn's registers of resources, of systems and of system users, and whom system users may act for. */
import type { Row, Source } from '../row.ts'
import { file, page, undatedFile } from '../sources.ts'
import { digdirektoratet as owner } from './owners.ts'

export type AltinnSystemsId =
  | 'altinn/resource-registry'
  | 'altinn/system-register'
  | 'altinn/system-users'
  | 'altinn/client-delegations'

const registry = (path: string): Source =>
  file('Altinn/altinn-resource-registry', '408d858a8321a61ffe787293893c4e2e1d6ac24c', path, '2026-08-10')
const registryScopes = registry('src/Altinn.ResourceRegistry.Core/Constants/AuthzConstants.cs')
const registryRules = registry('src/Altinn.ResourceRegistry/ResourceRegistryHost.cs')
const registryGuide = page('https://docs.altinn.studio/api/resourceregistry/resource', '2024-05-23')
const registryBruno = registry('test/Bruno/Altinn.ResourceRegistry/AccessLists/Get access list members.bru')

const systemScopes = undatedFile(
  'Altinn/altinn-studio-docs',
  '71811747f6ea5438fd8ccdf492e8c8bfb11c4ba3',
  'content/api/authentication/systemuserapi/scopes/_index.nb.md',
)
const authentication = (path: string): Source =>
  file('Altinn/altinn-authentication', 'ad4f6f3671c0ba40bf923003688f5949c6a89aa2', path, '2026-07-17')
const authenticationIssuers = authentication('src/Authentication/appsettings.Development.json')
const authenticationHosts = authentication('test/Bruno/Altinn.Authentication/environments/PROD.bru')

const clientAdmin = page('https://docs.altinn.studio/en/authorization/guides/system-vendor/client-admin', '2026-02-19')
const accessManagement = (path: string): Source =>
  file(
    'Altinn/altinn-authorization-tmp',
    'f7ff53bd2f00c8ddfc9f5bf58cc7a084c9383240',
    `src/apps/Altinn.AccessManagement/src/${path}`,
    '2026-08-21',
  )
const clientScopes = accessManagement('Altinn.AccessManagement.Core/Constants/AuthzConstants.cs')

const platform = (path: string, source: Source): Row['baseUrls'] => ({
  test: `https://platform.tt02.altinn.no/${path}`,
  prod: `https://platform.altinn.no/${path}`,
  source,
})
const byForm = {
  nb: 'Altinn, etter registreringsskjemaet for sluttbrukersystemleverandører',
  en: 'Altinn, after the registration form for end-user system vendors',
  source: systemScopes,
}

export const altinnSystems: Readonly<Record<AltinnSystemsId, Row>> = {
  'altinn/resource-registry': {
    name: { nb: 'Altinn Ressursregister', en: 'Altinn Resource Registry', source: registryGuide },
    owner,
    baseUrls: platform('resourceregistry/api/v1', registryBruno),
    token: { kind: 'altinn', source: registry('src/Altinn.ResourceRegistry/appsettings.json') },
    scopes: [
      {
        name: 'altinn:resourceregistry/resource.read',
        access: 'read',
        meaning: { nb: 'Lese ressurser', en: 'Read resources' },
        source: registryScopes,
      },
      {
        name: 'altinn:resourceregistry/resource.write',
        access: 'write',
        meaning: {
          nb: 'Opprette og endre egne ressurser og policyer',
          en: 'Create and change one’s own resources and policies',
        },
        source: registryGuide,
      },
      {
        name: 'altinn:resourceregistry/resource.admin',
        access: 'admin',
        byName: true,
        meaning: { nb: 'Administrere alle ressurser', en: 'Administer all resources' },
        source: registryScopes,
      },
      {
        name: 'altinn:resourceregistry/accesslist.read',
        access: 'read',
        byName: true,
        meaning: { nb: 'Lese egne tilgangslister', en: 'Read one’s own access lists' },
        source: registryRules,
      },
      {
        name: 'altinn:resourceregistry/accesslist.write',
        access: 'write',
        byName: true,
        meaning: { nb: 'Endre egne tilgangslister', en: 'Change one’s own access lists' },
        source: registryRules,
      },
    ],
    docs: registryGuide,
  },
  'altinn/system-register': {
    name: { nb: 'Altinn Systemregister', en: 'Altinn System Register', source: systemScopes },
    owner,
    baseUrls: platform('authentication/api/v1/systemregister', authenticationHosts),
    token: { kind: 'maskinporten', eitherKind: true, source: authenticationIssuers },
    scopes: [
      {
        name: 'altinn:authentication/systemregister.write',
        access: 'write',
        meaning: {
          nb: 'Administrere egne systemer, og hente systembrukerne deres',
          en: 'Administer one’s own systems, and fetch their system users',
        },
        grantedBy: byForm,
        source: systemScopes,
      },
      {
        name: 'altinn:authentication/systemregister.admin',
        access: 'admin',
        byName: true,
        meaning: { nb: 'Administrere alle systemer', en: 'Administer all systems' },
        source: authentication('src/Core/Constants/AuthzConstants.cs'),
      },
    ],
    docs: systemScopes,
  },
  'altinn/system-users': {
    name: { nb: 'Altinn Systembrukere', en: 'Altinn system users', source: systemScopes },
    owner,
    baseUrls: platform('authentication/api/v1/systemuser', authenticationHosts),
    token: { kind: 'maskinporten', eitherKind: true, source: authenticationIssuers },
    scopes: [
      {
        name: 'altinn:authentication/systemuser.request.read',
        access: 'read',
        meaning: { nb: 'Hente status på egne forespørsler', en: 'Fetch the status of one’s own requests' },
        grantedBy: byForm,
        source: systemScopes,
      },
      {
        name: 'altinn:authentication/systemuser.request.write',
        access: 'write',
        meaning: {
          nb: 'Opprette, endre og slette forespørsler, og slå opp en systembruker',
          en: 'Create, change and delete requests, and look up a system user',
        },
        grantedBy: byForm,
        source: systemScopes,
      },
      {
        name: 'altinn:authentication/systemregister.write',
        access: 'write',
        byName: true,
        meaning: { nb: 'Hente systembrukerne til et eget system', en: 'Fetch the system users of one’s own system' },
        grantedBy: byForm,
        source: systemScopes,
      },
    ],
    docs: systemScopes,
  },
  'altinn/client-delegations': {
    name: { nb: 'Altinn Klientdelegering', en: 'Altinn client delegation', source: clientAdmin },
    owner,
    baseUrls: platform(
      'accessmanagement/api/v1/enduser/clientdelegations',
      accessManagement('Altinn.AccessManagement.Api.Enduser/Controllers/ClientDelegationController.cs'),
    ),
    token: {
      kind: 'altinn',
      eitherKind: true,
      source: accessManagement('Altinn.AccessManagement/appsettings.Development.json'),
    },
    scopes: [
      {
        name: 'altinn:clientdelegations.read',
        access: 'read',
        meaning: {
          nb: 'Lese klienter, og hvem de er delegert til',
          en: 'Read clients, and to whom they are delegated',
        },
        source: clientScopes,
      },
      {
        name: 'altinn:clientdelegations.write',
        access: 'write',
        meaning: {
          nb: 'Delegere klienter til systembrukere og ansatte',
          en: 'Delegate clients to system users and employees',
        },
        grantedBy: { nb: 'Altinn brukerstøtte', en: 'Altinn support', source: clientAdmin },
        source: clientAdmin,
      },
    ],
    systemUser: { value: 'required', source: clientAdmin },
    docs: clientAdmin,
  },
}
