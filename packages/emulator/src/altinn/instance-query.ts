/** The filters, the order and the pages of `GET /instances`. */
import type { Instance } from './instance.ts'
import { guidOf } from './instance.ts'
import { wantsVersion3 } from './instance-parameters.ts'

export interface Page {
  readonly instances: readonly Instance[]
  /** Names the place where the next page begins; `undefined` on the last. */
  readonly continuationToken: string | undefined
}

const times: ReadonlyMap<string, (instance: Instance) => string | undefined> = new Map(
  Object.entries<(instance: Instance) => string | undefined>({
    lastChanged: (instance) => instance.lastChanged,
    created: (instance) => instance.created,
    visibleAfter: (instance) => instance.visibleAfter,
    'process.ended': (instance) => instance.process.ended,
    // No instance here has one, so that no comparison holds.
    dueBefore: () => undefined,
  }),
)

const values: ReadonlyMap<string, (instance: Instance) => string> = new Map(
  Object.entries<(instance: Instance) => string>({
    org: (instance) => instance.org,
    appId: (instance) => instance.appId,
    'process.isComplete': (instance) => String(instance.process.ended !== undefined),
    'process.endEvent': (instance) => instance.process.endEvent ?? '',
    'process.currentTask': (instance) => instance.process.currentTask?.elementId ?? '',
    'instanceOwner.partyId': (instance) => instance.instanceOwner.partyId,
    'status.isArchived': (instance) => String(instance.status.isArchived),
    'status.isSoftDeleted': (instance) => String(instance.status.isSoftDeleted),
    'status.isHardDeleted': (instance) => String(instance.status.isHardDeleted),
  }),
)

/** @throws RangeError for a value that cannot be read; its message is the answer's. */
export function queryInstances(all: readonly Instance[], query: URLSearchParams, confirmer: string | undefined): Page {
  if (query.has('A3Ref') && query.get('A3Ref')?.length !== 12) {
    throw new RangeError('The A3 reference needs to be exactly 12 characters long.')
  }
  const descending = (query.get('order') || 'desc:lastChanged').toLowerCase().startsWith('desc:')
  const sign = descending ? -1 : 1
  const size = query.has('size') ? Number(query.get('size')) : 100
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`The size '${query.get('size')}' is not valid.`)
  const after = query.get('continuationToken')
  const found = (wantsVersion3(query) ? all : [])
    .filter((instance) => matches(instance, query, confirmer))
    .toSorted((a, b) => sign * compare(placeOf(a), placeOf(b)))
    .filter((instance) => after === null || sign * compare(placeOf(instance), after) > 0)
  const instances = found.slice(0, size)
  const last = instances.at(-1)
  const withData = query.get('includeDataElements')?.toLowerCase() !== 'false'
  return {
    instances: withData ? instances : instances.map((instance) => ({ ...instance, data: [] })),
    continuationToken: last && found.length > size ? placeOf(last) : undefined,
  }
}

function placeOf(instance: Instance): string {
  return `${instance.lastChanged} ${guidOf(instance)}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function matches(instance: Instance, query: URLSearchParams, confirmer: string | undefined): boolean {
  const confirmed = (by: string | undefined): boolean =>
    instance.completeConfirmations?.some((one) => one.stakeholderId === by) ?? false
  for (const [name, value] of query) {
    const read = values.get(name)
    if (read && read(instance).toLowerCase() !== value.toLowerCase()) return false
    const time = times.get(name)
    if (time && !holds(time(instance), value, name)) return false
    if (name === 'A3Ref' && !guidOf(instance).endsWith(value.toLowerCase())) return false
    if (name === 'searchString' && !isAbout(instance, value)) return false
    if (name === 'excludeConfirmedBy' && confirmed(value)) return false
    if (name === 'confirmed' && confirmed(confirmer) !== (value.toLowerCase() === 'true')) return false
  }
  return true
}

function isAbout({ appId, presentationTexts }: Instance, words: string): boolean {
  return [appId, ...Object.values(presentationTexts)].some((text) => text.toLowerCase().includes(words.toLowerCase()))
}

/** `gt:`, `gte:`, `lt:`, `lte:`, `eq:` and a time; no operator means `eq:`. */
function holds(time: string | undefined, condition: string, name: string): boolean {
  const [, operator = 'eq', text = ''] = /^(?:(gte?|lte?|eq):)?(.*)$/.exec(condition) ?? []
  const wanted = Date.parse(text)
  if (!Number.isFinite(wanted)) throw new RangeError(`Invalid date expression: ${condition} for query key: ${name}`)
  if (time === undefined) return false
  const difference = Date.parse(time) - wanted
  if (operator === 'gt') return difference > 0
  if (operator === 'gte') return difference >= 0
  if (operator === 'lt') return difference < 0
  if (operator === 'lte') return difference <= 0
  return difference === 0
}
