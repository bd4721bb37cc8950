/** Altinn's platform around apps: their instances and what happens to them. */
import type { Row, Scope } from '../row.ts'
import { file, page, undatedFile, undatedPage } from '../sources.ts'
import { digdirektoratet as owner } from './owners.ts'

export type AltinnAppsId = 'altinn/storage' | 'altinn/app' | 'altinn/events'

const DOCS = 'Altinn/altinn-studio-docs'
const storageDescription = undatedFile(
  DOCS,
  '04ef17d764bcb90787b52f771d88c1fd52990667',
  'static/swagger/altinn-platform-storage-v1.json',
)
const storageCode = file(
  'Altinn/altinn-storage',
  'd9364e408c810c153f43113bf1effd851e78a99b',
  'src/Storage/Program.cs',
  '2026-08-20',
)
const appOverview = undatedFile(DOCS, '0e17575837d60d63accdec9af2ff4dc06a08de61', 'content/api/apps/_index.en.md')
const apiScopes = page(
  'https://docs.altinn.studio/nb/altinn-studio/v9/develop-a-service/reference/configuration/authorization/api-scopes/',
  '2026-10-29',
)
const withMaskinporten = undatedPage('https://docs.altinn.studio/nb/authentication/what-do-you-get/maskinporten')
const events = page('https://docs.altinn.studio/nb/events/api', '2025-10-02')
const subscribing = page(
  'https://docs.altinn.studio/en/events/subscribe-to-events/get-started/api-access/',
  '2026-04-17',
)
const publishing = page('https://docs.altinn.studio/nb/events/publish-events/get-started/api-access', '2025-07-24')
const subscriptions = page(
  'https://docs.altinn.studio/en/events/subscribe-to-events/developer-guides/setup-subscription/',
  '2026-04-17',
)

const toServiceOwners = {
  nb: 'Altinn gir det til tjenesteeiere',
  en: 'Altinn gives it to service owners',
  source: withMaskinporten,
}

const instances: readonly Scope[] = [
  {
    name: 'altinn:serviceowner/instances.read',
    access: 'read',
    meaning: {
      nb: 'Lese data, metadata og hendelser som tjenesteeier',
      en: 'Read data, metadata and events as service owner',
    },
    grantedBy: toServiceOwners,
    source: withMaskinporten,
  },
  {
    name: 'altinn:serviceowner/instances.write',
    access: 'write',
    meaning: {
      nb: 'Opprette instanser, laste opp data og endre metadata og prosess som tjenesteeier',
      en: 'Create instances, upload data, and change metadata and process as service owner',
    },
    grantedBy: toServiceOwners,
    source: withMaskinporten,
  },
  {
    name: 'altinn:instances.read',
    access: 'read',
    byName: true,
    meaning: { nb: 'Lese instanser som bruker eller systembruker', en: 'Read instances as user or system user' },
    source: apiScopes,
  },
  {
    name: 'altinn:instances.write',
    access: 'write',
    byName: true,
    meaning: { nb: 'Endre instanser som bruker eller systembruker', en: 'Change instances as user or system user' },
    source: apiScopes,
  },
]

export const altinnApps: Readonly<Record<AltinnAppsId, Row>> = {
  'altinn/storage': {
    name: { nb: 'Altinn Storage', en: 'Altinn Storage', source: storageDescription },
    owner,
    baseUrls: {
      test: 'https://platform.tt02.altinn.no/storage/api/v1',
      prod: 'https://platform.altinn.no/storage/api/v1',
      source: storageDescription,
    },
    // Its tokens are checked against the keys of Altinn's own issuer only.
    token: { kind: 'altinn', source: storageCode },
    scopes: instances,
    systemUser: { value: 'accepted', source: apiScopes },
    docs: withMaskinporten,
  },
  'altinn/app': {
    name: { nb: 'Altinn-app', en: 'Altinn app', source: appOverview },
    owner,
    baseUrls: { test: 'https://{org}.apps.tt02.altinn.no', prod: 'https://{org}.apps.altinn.no', source: appOverview },
    token: { kind: 'altinn', source: withMaskinporten },
    scopes: instances,
    systemUser: { value: 'accepted', source: apiScopes },
    docs: apiScopes,
  },
  'altinn/events': {
    name: { nb: 'Altinn Events', en: 'Altinn Events', source: events },
    owner,
    baseUrls: {
      test: 'https://platform.tt02.altinn.no/events/api/v1',
      prod: 'https://platform.altinn.no/events/api/v1',
      source: events,
    },
    token: { kind: 'altinn', source: events },
    scopes: [
      {
        name: 'altinn:events.subscribe',
        access: 'read',
        meaning: { nb: 'Hente hendelser og abonnere på dem', en: 'Fetch events and subscribe to them' },
        grantedBy: {
          nb: 'Åpent for alle klienter i Maskinporten og ID-porten',
          en: 'Open to all clients of Maskinporten and ID-porten',
          source: subscribing,
        },
        source: subscribing,
      },
      {
        name: 'altinn:events.publish',
        access: 'write',
        meaning: {
          nb: 'Publisere hendelser som ikke er fra en app',
          en: 'Publish events that are not those of an app',
        },
        grantedBy: { nb: 'Åpent for alle tjenesteeiere', en: 'Open to all service owners', source: publishing },
        source: publishing,
      },
      {
        name: 'altinn:serviceowner',
        access: 'write',
        meaning: {
          nb: 'Handle som tjenesteeier: abonnere på en hel tjeneste, og publisere',
          en: 'Act as service owner: subscribe to a whole service, and publish',
        },
        grantedBy: {
          nb: 'Bare for registrerte tjenesteeiere',
          en: 'For registered service owners only',
          source: subscriptions,
        },
        source: subscriptions,
      },
    ],
    docs: subscriptions,
  },
}
