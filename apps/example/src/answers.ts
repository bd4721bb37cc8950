/** What the component reads out of the APIs' answers: nothing more is asked of them than this. */
import { isObject } from './decode-jwt.ts'
import { StepFailure } from './step-failure.ts'

export interface Instance {
  /** `{partyId}/{guid}` */
  readonly id: string
  readonly personNumber: string | undefined
  readonly data: readonly string[]
  readonly confirmations: number
}

/** @throws StepFailure */
export function readInstance(value: unknown): Instance {
  const { id, instanceOwner, data, completeConfirmations } = record(value)
  if (typeof id !== 'string') throw unreadable('an instance without id')
  const { personNumber } = record(instanceOwner)
  return {
    id,
    personNumber: typeof personNumber === 'string' ? personNumber : undefined,
    data: list(data).map((element) => String(record(element)['id'])),
    confirmations: completeConfirmations === undefined ? 0 : list(completeConfirmations).length,
  }
}

/** @throws StepFailure */
export function readInstances(value: unknown): readonly Instance[] {
  return list(record(value)['instances']).map(readInstance)
}

export interface Persons {
  readonly count: number
  /** Whether the first one can be notified: the register's own word. */
  readonly notification: string | undefined
}

/** @throws StepFailure */
export function readPersons(value: unknown): Persons {
  const persons = list(record(value)['personer'])
  const notification = persons[0] === undefined ? undefined : record(persons[0])['varslingsstatus']
  return { count: persons.length, notification: typeof notification === 'string' ? notification : undefined }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw unreadable('no object where one belongs')
  return value
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unreadable('no list where one belongs')
  return value
}

function unreadable(what: string): StepFailure {
  return new StepFailure(`the answer has ${what}; see that the address is that of the API`)
}
