/** The body of `POST /subscriptions`: the checks of Altinn's SubscriptionController and its two services, in their order. */
import type { Names } from '../network/names.ts'
import { isLoopback } from '../network/listen.ts'
import type { JsonObject } from '../json.ts'
import type { Parties } from './parties.ts'
import type { WantedSubscription } from './subscriptions.ts'

export interface Subscriber {
  /** The service owner that asks. */
  readonly org: string | undefined
  readonly scopes: readonly string[]
  readonly consumer: string
}

export interface RequestFacts {
  readonly names: Pick<Names, 'apps'>
  readonly parties: Pick<Parties, 'idOf'>
  /** Takes http towards loopback, too. */
  readonly acceptLoopbackHttp: boolean
}

export type ReadRequest =
  | { readonly wanted: WantedSubscription; readonly app?: { readonly org: string; readonly app: string } | undefined }
  | { readonly status: 400 | 403; readonly text?: string | undefined }

const appPrefix = 'urn:altinn:resource:app_'
const urn = /^urn:[a-z0-9-]{1,30}(:[a-z0-9()+,.\-;$_!/]{1,100}){1,10}$/
/** Where apps live, in every environment. */
const appsDomain = /(?:^|\.)apps\.(?:[a-z0-9-]+\.)?altinn\.(?:no|cloud)$/

/** Members with other types than Altinn's model has: the framework refuses these before the controller sees them. */
export function unreadable(body: JsonObject): string | undefined {
  const texts = [
    'endPoint',
    'sourceFilter',
    'subjectFilter',
    'resourceFilter',
    'alternativeSubjectFilter',
    'typeFilter',
  ]
  const isText = (value: unknown): boolean => value === undefined || value === null || typeof value === 'string'
  const flag = body['includeSubunits']
  return (
    texts.find((name) => !isText(body[name])) ??
    (flag === undefined || typeof flag === 'boolean' ? undefined : 'includeSubunits')
  )
}

export function readSubscription(body: JsonObject, who: Subscriber, facts: RequestFacts): ReadRequest {
  const refuse = (text: string): ReadRequest => ({ status: 400, text })
  const text = (name: string): string | undefined => {
    const value = body[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const isSecure = (url: URL): boolean =>
    url.protocol === 'https:' || (facts.acceptLoopbackHttp && url.protocol === 'http:' && isOnLoopback(url))
  const endPoint = urlOf(text('endPoint'))
  if (!endPoint || !isSecure(endPoint)) return refuse('Missing or invalid endpoint to push events towards')
  const source = urlOf(text('sourceFilter'))
  if (text('sourceFilter') !== undefined && (!source || !isSecure(source))) {
    return refuse('SourceFilter must be an absolute URL with the https scheme.')
  }
  const resource = text('resourceFilter')
  const ofApp = resource?.toLowerCase().startsWith(appPrefix) === true || isAppSource(source, facts.names)
  if (!ofApp && !who.scopes.includes('altinn:events.subscribe')) return { status: 403 }
  if (resource !== undefined && !urn.test(resource)) return refuse('Resource filter must be a valid urn')
  const includeSubunits = body['includeSubunits'] === true
  const filters = { endPoint, source, resource, includeSubunits }
  return ofApp ? appSubscription(text, who, { ...filters, ...facts }) : genericSubscription(text, who, filters)
}

interface Filters {
  readonly endPoint: URL
  readonly source: URL | undefined
  readonly resource: string | undefined
  readonly includeSubunits: boolean
}

type Read = (name: string) => string | undefined

function appSubscription(
  text: Read,
  who: Subscriber,
  { endPoint, source, resource, includeSubunits, parties }: Filters & RequestFacts,
): ReadRequest {
  const refuse = (message: string): ReadRequest => ({ status: 400, text: message })
  const alternative = text('alternativeSubjectFilter')
  const subject = text('subjectFilter') ?? partyOf(alternative, parties)
  if (subject === undefined && (who.org === undefined || alternative !== undefined)) {
    return refuse('A valid subject to the authenticated identity is required')
  }
  if (includeSubunits && subject === undefined) return refuse('IncludeSubunits requires a subject filter.')
  const path = source?.pathname.split('/') ?? []
  if (source && path.length !== 3) {
    return refuse('A valid app id is required in source filter {environment}/{org}/{app}')
  }
  const derived = source ? `${appPrefix}${path[1] ?? ''}_${path[2] ?? ''}` : undefined
  if (derived !== undefined && resource !== undefined && derived !== resource) {
    return refuse('Provided resource filter and source filter are not compatible')
  }
  const resourceFilter = resource ?? derived ?? ''
  const [org = '', ...app] = resourceFilter.slice(appPrefix.length).split('_')
  const wanted = wantedOf(text, who, { endPoint, source, resource: resourceFilter, includeSubunits, subject })
  return { wanted, app: { org, app: app.join('_') } }
}

function genericSubscription(text: Read, who: Subscriber, filters: Filters): ReadRequest {
  const refuse = (message: string): ReadRequest => ({ status: 400, text: message })
  const { source, resource, includeSubunits } = filters
  if (resource === undefined) return refuse('Resource filter is required.')
  if (source) return refuse('Source filter is not supported for subscriptions on this resource.')
  if (text('alternativeSubjectFilter') !== undefined) {
    return refuse('AlternativeSubject filter is not supported for subscriptions on this resource.')
  }
  const subject = text('subjectFilter')
  if (includeSubunits && subject === undefined) return refuse('IncludeSubunits requires a subject filter.')
  return { wanted: wantedOf(text, who, { ...filters, resource, subject }) }
}

function wantedOf(
  text: Read,
  { consumer }: Subscriber,
  filters: Filters & { readonly resource: string; readonly subject: string | undefined },
): WantedSubscription {
  const type = text('typeFilter')
  return {
    endPoint: filters.endPoint.href,
    ...(filters.source ? { sourceFilter: filters.source.href } : {}),
    resourceFilter: filters.resource.toLowerCase(),
    ...(filters.subject === undefined ? {} : { subjectFilter: filters.subject }),
    ...(type === undefined ? {} : { typeFilter: type }),
    consumer,
    includeSubunits: filters.includeSubunits,
  }
}

/** By its name alone: nothing is looked up. */
export function isOnLoopback({ hostname }: URL): boolean {
  return isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'))
}

function urlOf(value: string | undefined): URL | undefined {
  return value !== undefined && URL.canParse(value) ? new URL(value) : undefined
}

/** On the domain of the apps, or at the emulator's own address of them. */
function isAppSource(source: URL | undefined, { apps }: Pick<Names, 'apps'>): boolean {
  if (!source) return false
  return appsDomain.test(source.hostname) || source.origin === apps(source.pathname.split('/')[1] ?? '')
}

/** `/org/` was for organisations before `/organisation/` was there. Whoever is named has a party's number from then on. */
function partyOf(alternative: string | undefined, parties: Pick<Parties, 'idOf'>): string | undefined {
  const [, organisation, person] =
    /^\/(?:(?:org|organisation)\/(\d{9})|person\/(\d{11}))$/.exec(alternative ?? '') ?? []
  const identifier = organisation ?? person
  return identifier === undefined ? undefined : `/party/${parties.idOf(identifier)}`
}
