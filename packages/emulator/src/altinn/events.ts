/** CloudEvents of the emulated apps. */
import { randomUUID } from 'node:crypto'

export interface CloudEvent {
  readonly specversion: '1.0'
  readonly id: string
  readonly time: string
  readonly type: string
  readonly source: string
  readonly subject: string
  readonly alternativesubject: string
  readonly resource: string
  readonly resourceinstance: string
}

export interface EventStore {
  add(event: Omit<CloudEvent, 'specversion' | 'id'>): CloudEvent
  /** Oldest first. */
  ofResource(resource: string): readonly CloudEvent[]
  /** Calls the listener with each event that is added from now on; `clear` does not end it. */
  onAdd(listener: (event: CloudEvent) => void): void
  clear(): void
}

export function createEvents(): EventStore {
  const events = new Map<string, CloudEvent[]>()
  const listeners: ((event: CloudEvent) => void)[] = []
  return {
    add({ type, time, ...rest }) {
      const event: CloudEvent = { specversion: '1.0', id: randomUUID(), time, type, ...rest }
      const own = events.get(event.resource) ?? []
      own.push(event)
      events.set(event.resource, own)
      for (const listener of listeners) listener(event)
      return event
    },
    onAdd: (listener) => void listeners.push(listener),
    ofResource: (resource) => events.get(resource) ?? [],
    clear: () => events.clear(),
  }
}
