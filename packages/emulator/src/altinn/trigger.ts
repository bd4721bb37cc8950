/** Any event of an app: of an instance that is there, or of a new one. What the event says happens to the instance, too. */
import { addEvent, type Beginning, beginInstance, completed, movedTo, type Submissions } from './begin-instance.ts'
import type { CloudEvent } from './events.ts'
import type { Instance } from './instance.ts'

export interface Trigger extends Partial<Beginning> {
  /**
   * 'app.instance.created', 'app.instance.process.movedTo.Task_2', 'app.instance.process.completed' or
   * 'app.instance.substatus.changed', as apps send them, or a type of the app's own.
   */
  readonly type: string
  /** UUID of an instance that is there. Default: a new one, of `org`, `app`, and `person` or `organisation`. */
  readonly instanceGuid?: string | undefined
  /** With 'app.instance.substatus.changed': what stands in the instance from then on. */
  readonly substatus?: { readonly label: string; readonly description?: string | undefined } | undefined
}

export interface Triggered {
  readonly instance: Instance
  readonly event: CloudEvent
}

/** @throws TypeError for an instance that is not there, one that cannot be, or a step that it cannot take. */
export function trigger(wanted: Trigger, parts: Submissions): Triggered {
  const now = new Date(parts.clock.now()).toISOString()
  const instance = changed(instanceFor(wanted, parts), wanted, now)
  parts.instances.put(instance)
  return { instance, event: addEvent(instance, { type: wanted.type, time: now }, parts.events) }
}

function instanceFor({ instanceGuid, org, app, person, organisation }: Trigger, parts: Submissions): Instance {
  if (instanceGuid === undefined) return beginInstance({ org: org ?? '', app: app ?? '', person, organisation }, parts)
  if (org !== undefined || app !== undefined || person !== undefined || organisation !== undefined) {
    throw new TypeError('`instanceGuid` names the instance; leave `org`, `app`, `person` and `organisation` out')
  }
  const found = parts.instances.get(instanceGuid)
  if (!found) throw new TypeError('no instance has this `instanceGuid`; leave it out to have a new one')
  return found
}

function changed(instance: Instance, { type, substatus }: Trigger, now: string): Instance {
  if (substatus !== undefined && type !== 'app.instance.substatus.changed') {
    throw new TypeError("`substatus` goes with the type 'app.instance.substatus.changed'; leave it out")
  }
  const task = /^app\.instance\.process\.movedTo\.(.+)$/.exec(type)?.[1]
  const ended = instance.process.ended !== undefined
  if (task !== undefined) {
    if (ended) throw new TypeError('the process of this instance has ended; trigger a new instance')
    return movedTo(instance, task, now)
  }
  // Events may come twice: one of what has happened changes nothing.
  if (type === 'app.instance.process.completed') return ended ? instance : completed(instance, now)
  if (type === 'app.instance.substatus.changed') {
    const label = substatus ?? { label: 'substatus', description: '' }
    return { ...instance, status: { ...instance.status, substatus: label }, lastChanged: now }
  }
  return instance
}
