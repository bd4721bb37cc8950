/** The one reader of a caller's request: every field is read once, and what another reader would not see is refused. */
import { type MaskinportenError, fault } from '../errors.ts'

/** Far more than any claim has; a cycle ends here. */
const MAX_DEPTH = 50

/** `Object.prototype`, also that of another realm, such as a test runner's. */
const isRootPrototype = (holder: object): boolean =>
  Object.getPrototypeOf(holder) === null && Object.hasOwn(holder, 'isPrototypeOf')

/**
 * A frozen copy of a request's fields, whatever their names: unknown ones are for the token source to refuse.
 *
 * @throws MaskinportenError `request_invalid` for what is not an object; for a field that is inherited, not enumerable or a
 * getter of a class, and for a Proxy, since a copy would lose such a field, and the delegation with it; for a value that
 * JSON cannot carry, since claims travel as JSON.
 */
export function readRequest(request: object): Readonly<Record<string, unknown>> {
  if (Object(request) !== request || Array.isArray(request))
    throw invalidRequest('it', 'is no object', 'give a plain object, or leave it out')
  const copy = copyFields(request, undefined, 0)
  // The only thing in the language that tells a Proxy from what it stands for. Some test environments lack it.
  const probe: ((value: object) => unknown) | undefined = globalThis.structuredClone
  try {
    probe?.(request)
  } catch {
    throw invalidRequest('it', 'is or holds a Proxy', 'give a plain object')
  }
  return copy
}

/** @param field the request's field that this is, or is inside of. */
function copyFields(source: object, field: string | undefined, depth: number): Readonly<Record<string, unknown>> {
  const hidden = hiddenField(source)
  if (hidden !== undefined) throw invalidRequest(field ?? hidden, 'is inherited or hidden', 'give a plain object')
  const fields = Object.entries(source).filter(([, value]) => value !== undefined)
  return Object.freeze(
    Object.fromEntries(fields.map(([name, value]) => [name, copyValue(value, field ?? name, depth + 1)])),
  )
}

function copyValue(value: unknown, field: string, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return value
  if (typeof value === 'object' && depth <= MAX_DEPTH) {
    if (Array.isArray(value)) return Object.freeze(Array.from(value, (item) => copyValue(item, field, depth + 1)))
    // A Date, say, which says itself what it is as JSON.
    if ('toJSON' in value && typeof value.toJSON === 'function') return copyValue(value.toJSON(), field, depth + 1)
    if (Object.prototype.toString.call(value) === '[object Object]') return copyFields(value, field, depth)
  }
  throw invalidRequest(field, 'cannot be written as JSON', 'give text, lists and plain objects only')
}

/** A name that reads as something and is not the object's own and enumerable. The methods of a class are not meant. */
function hiddenField(source: object): string | undefined {
  let holder: object | null = source
  while (holder !== null && !isRootPrototype(holder)) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (Object.prototype.propertyIsEnumerable.call(source, name)) continue
      const value: unknown = Reflect.get(source, name)
      if (value !== undefined && (holder === source || typeof value !== 'function')) return name
    }
    holder = Object.getPrototypeOf(holder)
  }
  return undefined
}

export function invalidRequest(field: string, what: string, hint: string): MaskinportenError {
  return fault('request_invalid', `token request: ${field} ${what}`, hint, { detail: field })
}
