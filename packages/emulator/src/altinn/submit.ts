/** A form that somebody has filled in and sent: a finished instance in Storage, and its event. */
import { randomUUID } from 'node:crypto'
import { addEvent, type Beginning, beginInstance, completed, linksOf, type Submissions } from './begin-instance.ts'
import type { CloudEvent } from './events.ts'
import { type DataElement, guidOf, type Instance } from './instance.ts'

export interface Submission extends Beginning {
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

/** @throws TypeError for a submission that Altinn could not have taken. */
export function submit(submission: Submission, parts: Submissions): Submitted {
  const begun = beginInstance(submission, parts)
  const { bytes, contentType } = contentOf(submission)
  const { partyId } = begun.instanceOwner
  const instanceGuid = guidOf(begun)
  const dataGuid = randomUUID()
  const { created, createdBy, lastChanged, lastChangedBy } = begun
  const element: DataElement = {
    id: dataGuid,
    instanceGuid,
    dataType: submission.dataType ?? 'model',
    contentType,
    blobStoragePath: `${begun.appId}/${instanceGuid}/data/${dataGuid}`,
    selfLinks: linksOf(begun, parts.names, `/data/${dataGuid}`),
    size: bytes.length,
    locked: true,
    refs: [],
    isRead: true,
    tags: [],
    fileScanResult: 'NotApplicable',
    created,
    createdBy,
    lastChanged,
    lastChangedBy,
  }
  const instance = completed({ ...begun, data: [element] }, created)
  parts.instances.putBytes(dataGuid, bytes)
  parts.instances.put(instance)
  const event = addEvent(instance, { type: 'app.instance.process.completed', time: created }, parts.events)
  return { instance, event, partyId, instanceGuid, dataGuid }
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
