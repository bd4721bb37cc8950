/** A form that somebody has filled in and sent: a finished instance in Storage, and its event. */
import { randomUUID } from 'node:crypto'
import type { EmulatorClock } from '../clock.ts'
import type { Names } from '../network/names.ts'
import type { PersonRegister } from '../register/persons.ts'
import type { CloudEvent, EventStore } from './events.ts'
import type { DataElement, Instance, InstanceStore } from './instance.ts'
import type { Parties } from './parties.ts'

export interface Submission {
  /** The service owner's short name: 'ttd'. */
  readonly org: string
  readonly app: string
  /** Who submits: the eleven digits of a synthetic person (month + 80). This or `organisation`. */
  readonly person?: string | undefined
  /** Who submits: the nine digits of an organisation. */
  readonly organisation?: string | undefined
  /** The form: bytes and strings as they are, anything else as JSON. */
  readonly data: unknown
  /** Default: 'application/octet-stream' for bytes, 'application/xml' for a string beginning with '<', 'text/plain' for others, else 'application/json'. */
  readonly contentType?: string | undefined
  /** Default 'model'. */
  readonly dataType?: string | undefined
}

export interface Submitted {
  readonly instance: Instance
  readonly event: CloudEvent
  readonly partyId: string
  readonly instanceGuid: string
  readonly dataGuid: string
}

export interface Submissions {
  readonly names: Names
  readonly clock: EmulatorClock
  readonly parties: Parties
  readonly instances: InstanceStore
  readonly events: EventStore
  readonly persons: PersonRegister
}

/** @throws TypeError for a submission that Altinn could not have taken. */
export function submit(submission: Submission, parts: Submissions): Submitted {
  const { org, app } = submission
  if (!/^[a-z][a-z0-9]*$/.test(org)) throw new TypeError("`org` is a service owner's short name; give it as 'ttd'")
  if (!/^[a-z][a-z0-9-]*$/.test(app)) throw new TypeError("`app` is an app's short name; give it as 'my-app'")
  const owner = ownerOf(submission)
  if ('personNumber' in owner) parts.persons.ensure(owner.personNumber)
  const partyId = parts.parties.idOf(Object.values(owner)[0] ?? '')
  const instanceGuid = randomUUID()
  const dataGuid = randomUUID()
  const { bytes, contentType } = contentOf(submission)
  const now = new Date(parts.clock.now()).toISOString()
  const stamps = { created: now, createdBy: partyId, lastChanged: now, lastChangedBy: partyId }
  const links = (tail: string): { apps: string; platform: string } => ({
    apps: `${parts.names.apps(org)}/${org}/${app}/instances/${partyId}/${instanceGuid}${tail}`,
    platform: `${parts.names.platform}/storage/api/v1/instances/${partyId}/${instanceGuid}${tail}`,
  })
  const element: DataElement = {
    id: dataGuid,
    instanceGuid,
    dataType: submission.dataType ?? 'model',
    contentType,
    blobStoragePath: `${org}/${app}/${instanceGuid}/data/${dataGuid}`,
    selfLinks: links(`/data/${dataGuid}`),
    size: bytes.length,
    locked: true,
    refs: [],
    isRead: true,
    tags: [],
    fileScanResult: 'NotApplicable',
    ...stamps,
  }
  const instance: Instance = {
    id: `${partyId}/${instanceGuid}`,
    instanceOwner: { partyId, ...owner },
    appId: `${org}/${app}`,
    org,
    selfLinks: links(''),
    visibleAfter: now,
    process: { started: now, startEvent: 'StartEvent_1', ended: now, endEvent: 'EndEvent_1' },
    status: { isArchived: true, archived: now, isSoftDeleted: false, isHardDeleted: false, readStatus: 0 },
    data: [element],
    presentationTexts: {},
    dataValues: {},
    ...stamps,
  }
  parts.instances.putBytes(dataGuid, bytes)
  parts.instances.put(instance)
  const event = parts.events.add({
    type: 'app.instance.process.completed',
    time: now,
    source: instance.selfLinks.apps,
    subject: `/party/${partyId}`,
    alternativesubject: 'personNumber' in owner ? `/person/${owner.personNumber}` : `/org/${owner.organisationNumber}`,
    resource: `urn:altinn:resource:app_${org}_${app}`,
    resourceinstance: instance.id,
  })
  return { instance, event, partyId, instanceGuid, dataGuid }
}

function ownerOf({ person, organisation }: Submission): { personNumber: string } | { organisationNumber: string } {
  if (person !== undefined && organisation === undefined) return { personNumber: person }
  if (person === undefined && organisation !== undefined && /^\d{9}$/.test(organisation)) {
    return { organisationNumber: organisation }
  }
  throw new TypeError('one submits: give `person` (eleven digits) or `organisation` (nine digits)')
}

function contentOf({ data, contentType }: Submission): { bytes: Uint8Array<ArrayBuffer>; contentType: string } {
  if (data instanceof Uint8Array) {
    return { bytes: new Uint8Array(data), contentType: contentType ?? 'application/octet-stream' }
  }
  const isText = typeof data === 'string'
  const text = isText ? data : JSON.stringify(data)
  if (typeof text !== 'string') throw new TypeError('`data` is the form; give bytes, a string or a JSON value')
  const plain = text.startsWith('<') ? 'application/xml' : 'text/plain; charset=utf-8'
  return { bytes: new TextEncoder().encode(text), contentType: contentType ?? (isText ? plain : 'application/json') }
}
