/** The one reader of a caller's request. It reads every field once and refuses a field that a copy would lose. */
import { type MaskinportenError, fault } from '../errors.ts'

/** Far deeper than any claim. An object that holds itself ends here. */
const MAX_DEPTH = 50

/** `Object.prototype`, also that of another realm, such as a test runner's. */
const isRootPrototype = (holder: object): boolean =>
  Object.getPrototypeOf(holder) === null && Object.hasOwn(holder, 'isPrototypeOf')

/**
 * A frozen copy of a request's fields. Unknown fields are copied too: the token source refuses them.
 *
 * @throws MaskinportenError `request_invalid` when the request is not an object or is a Proxy; for a field that is
 * inherited, not enumerable or a getter of a class, since a copy would lose the field and so the delegation; for a value
 * that JSON cannot hold, since claims are sent as JSON.
 */
export function readRequest(request: object): Readonly<Record<string, unknown>> {
  if (Object(request) !== request || Array.isArray(request))
    throw invalidRequest('it', 'is not an object', 'give a plain object, or leave it out')
  if ('then' in request && typeof request.then === 'function')
    throw invalidRequest('it', 'is a promise', 'await it first')
  const copy = copyFields(request, undefined, 0)
  // Only structuredClone tells a Proxy from its target. Some test environments lack it.
  const probe: ((value: object) => unknown) | undefined = globalThis.structuredClone
  try {
    probe?.(request)
  } catch {
    throw invalidRequest('it', 'is or holds a Proxy', 'give a plain object')
  }
  return copy
}

/** @param field the field of the request that holds `source`; undefined for the request itself. */
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
    // Such as a Date.
    if (saysItsJson(value)) return copyValue(value.toJSON(), field, depth + 1)
    if (Object.prototype.toString.call(value) === '[object Object]') return copyFields(value, field, depth)
  }
  throw invalidRequest(field, 'cannot be written as JSON', 'give text, lists and plain objects only')
}

function saysItsJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function'
}

/** The name of a field with a value that is not the object's own and enumerable. The methods of a class do not count. */
function hiddenField(source: object): string | undefined {
  let holder: object | null = source
  while (holder !== null && !isRootPrototype(holder)) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (Object.prototype.propertyIsEnumerable.call(source, name)) continue
      const value: unknown = Reflect.get(source, name)
      if (value !== undefined && (holder === source || typeof value !== 'function')) return name
    }
    const next: unknown = Object.getPrototypeOf(holder)
    holder = typeof next === 'object' ? next : null
  }
  return undefined
}

export function invalidRequest(field: string, what: string, hint: string): MaskinportenError {
  return fault('request_invalid', `token request: ${field} ${what}`, hint, { detail: field })
}
