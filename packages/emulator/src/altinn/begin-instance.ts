/** An instance that somebody has begun: at its first task, without data. */
import { randomUUID } from 'node:crypto'
import type { EmulatorClock } from '../clock.ts'
import type { Names } from '../network/names.ts'
import type { PersonRegister } from '../register/persons.ts'
import type { CloudEvent, EventStore } from './events.ts'
import type { Instance, InstanceStore, Links } from './instance.ts'
import type { Parties } from './parties.ts'

export interface Beginning {
  /** The service owner's short name: 'ttd'. */
  readonly org: string
  readonly app: string
  /** Whose it is: the eleven digits of a synthetic person (month + 80). This or `organisation`. */
  readonly person?: string | undefined
  /** Whose it is: the nine digits of an organisation. */
  readonly organisation?: string | undefined
}

export interface Submissions {
  readonly names: Names
  readonly clock: EmulatorClock
  readonly parties: Parties
  readonly instances: InstanceStore
  readonly events: EventStore
  readonly persons: PersonRegister
}

/** It is not stored yet. @throws TypeError for what Altinn could not have taken. */
export function beginInstance(beginning: Beginning, { names, clock, parties, persons }: Submissions): Instance {
  const { org, app } = beginning
  if (!/^[a-z][a-z0-9]*$/.test(org)) throw new TypeError("`org` is a service owner's short name; give it as 'ttd'")
  if (!/^[a-z][a-z0-9-]*$/.test(app)) throw new TypeError("`app` is an app's short name; give it as 'my-app'")
  const owner = ownerOf(beginning)
  if ('personNumber' in owner) persons.ensure(owner.personNumber)
  const partyId = parties.idOf(Object.values(owner)[0] ?? '')
  const id = `${partyId}/${randomUUID()}`
  const now = new Date(clock.now()).toISOString()
  return {
    id,
    instanceOwner: { partyId, ...owner },
    appId: `${org}/${app}`,
    org,
    selfLinks: linksOf({ id, org, appId: `${org}/${app}` }, names),
    visibleAfter: now,
    process: { started: now, startEvent: 'StartEvent_1', currentTask: task('Task_1', 2, now) },
    status: { isArchived: false, isSoftDeleted: false, isHardDeleted: false, readStatus: 0 },
    data: [],
    presentationTexts: {},
    dataValues: {},
    created: now,
    createdBy: partyId,
    lastChanged: now,
    lastChangedBy: partyId,
  }
}

export function linksOf({ id, org, appId }: Pick<Instance, 'id' | 'org' | 'appId'>, names: Names, tail = ''): Links {
  return {
    apps: `${names.apps(org)}/${appId}/instances/${id}${tail}`,
    platform: `${names.platform}/storage/api/v1/instances/${id}${tail}`,
  }
}

export function movedTo(instance: Instance, elementId: string, now: string): Instance {
  const { currentTask, ...process } = instance.process
  return {
    ...instance,
    process: { ...process, currentTask: task(elementId, (currentTask?.flow ?? 1) + 1, now) },
    lastChanged: now,
  }
}

export function completed(instance: Instance, now: string): Instance {
  const { currentTask: _left, ...process } = instance.process
  return {
    ...instance,
    process: { ...process, ended: now, endEvent: 'EndEvent_1' },
    status: { ...instance.status, isArchived: true, archived: now },
    lastChanged: now,
  }
}

/** The event of an app about this instance, at the same time as what it tells. */
export function addEvent(
  instance: Instance,
  { type, time }: Pick<CloudEvent, 'type' | 'time'>,
  events: EventStore,
): CloudEvent {
  const { partyId, personNumber, organisationNumber } = instance.instanceOwner
  return events.add({
    type,
    time,
    source: instance.selfLinks.apps,
    subject: `/party/${partyId}`,
    alternativesubject: personNumber === undefined ? `/org/${organisationNumber ?? ''}` : `/person/${personNumber}`,
    resource: `urn:altinn:resource:app_${instance.appId.replace('/', '_')}`,
    resourceinstance: instance.id,
  })
}

type Task = NonNullable<Instance['process']['currentTask']>

function task(elementId: string, flow: number, started: string): Task {
  const name = elementId === 'Task_1' ? 'Utfylling' : elementId
  return { flow, started, elementId, name, altinnTaskType: 'data', flowType: 'CompleteCurrentMoveToNext' }
}

function ownerOf({ person, organisation }: Beginning): { personNumber: string } | { organisationNumber: string } {
  if (person !== undefined && organisation === undefined) return { personNumber: person }
  if (person === undefined && organisation !== undefined && /^\d{9}$/.test(organisation)) {
    return { organisationNumber: organisation }
  }
  throw new TypeError('one submits: give `person` (eleven digits) or `organisation` (nine digits)')
}
