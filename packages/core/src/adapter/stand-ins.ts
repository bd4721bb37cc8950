/** What stands in the options that errors and answers show, for objects that lead to sockets and so to the headers of every call under way. */

/** Only this file gets from a stand-in to its original. */
const original: unique symbol = Symbol('original')

interface StandIn {
  readonly [original]?: object
}

/**
 * Puts stand-ins into a client's options. A stand-in prints as an empty object of the same class. It does what its original
 * does, since a caller's retry may send the options of an error through another instance.
 */
export function coverOptions(options: object): void {
  const fields: Record<string, unknown> = options as Record<string, unknown>
  for (const name of Object.keys(options)) {
    const value = fields[name]
    const shown = covered(value)
    if (shown !== value) fields[name] = shown
  }
}

export function covered<T>(value: T): T {
  return replaced(value, (object) => (original in object ? object : standInFor(object)))
}

/** Like `Object.assign`, with the originals of stand-ins. */
export function assignUncovered(target: object, ...parts: readonly (object | undefined)[]): void {
  const options: Record<string, unknown> = target as Record<string, unknown>
  for (const part of parts as readonly (Readonly<Record<string, unknown>> | undefined)[]) {
    for (const name of Object.keys(part ?? {}))
      options[name] = replaced(part?.[name], (object) => object[original] ?? object)
  }
}

/** Whole, with symbols and what is not enumerable: wrappers of a client mark its options with them. */
export function uncoveredCopy<T extends object>(options: T, ...changes: readonly object[]): T {
  const copy = Object.defineProperties(created(options), Object.getOwnPropertyDescriptors(options)) as T
  assignUncovered(copy, options, ...changes)
  return copy
}

/** Node needs the way from an answer's stream to its request and its socket; printing does not. */
export function coverStream(stream: unknown): void {
  if (!leadsToSockets(stream)) return
  for (const name of Reflect.ownKeys(stream)) {
    let value: unknown = Reflect.get(stream, name)
    if (!leadsToSockets(value)) continue
    const set = (next: unknown): void => void (value = next)
    Object.defineProperty(stream, name, { get: () => value, set, enumerable: false })
  }
}

/** Streams and http's agents, undici's dispatchers, transports such as `node:http`: known by what is called on them. */
function leadsToSockets(value: unknown): value is StandIn {
  if (typeof value !== 'object' || value === null) return false
  // Spelt out, since each call goes this way for each of its options.
  const verbs = value as Readonly<Record<string, unknown>>
  return (
    original in value ||
    typeof verbs['emit'] === 'function' ||
    typeof verbs['addRequest'] === 'function' ||
    typeof verbs['dispatch'] === 'function' ||
    typeof verbs['request'] === 'function'
  )
}

function standInFor(object: object): object {
  // Two steps away from a plain prototype: axios would copy a plain object, field by field.
  return new Proxy(inheriting(created(object)), {
    get(_, name) {
      if (name === original) return object
      const value: unknown = Reflect.get(object, name)
      const bound: unknown = typeof value === 'function' && name !== 'constructor' ? value.bind(object) : value
      return bound
    },
    has: (_, name) => name === original || Reflect.has(object, name),
    set: (_, name, value) => Reflect.set(object, name, value),
  })
}

/** Plain objects are looked into, as `fetchOptions` may hold a dispatcher; not deeply, as they may hold much. */
function replaced<T>(value: T, by: (object: StandIn) => object, depth?: number): T
function replaced(value: unknown, by: (object: StandIn) => object, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if (leadsToSockets(value)) return by(value)
  if (depth > 3) return value
  const prototype = Reflect.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return value
  const fields = value as Readonly<Record<string, unknown>>
  let result: object = value
  for (const name of Object.keys(value)) {
    const member = fields[name]
    const other = replaced(member, by, depth + 1)
    if (other !== member) result = { ...result, [name]: other }
  }
  return result
}

/** An empty object of the same class. */
function created(model: object): object {
  return inheriting(Reflect.getPrototypeOf(model))
}

const inheriting: (prototype: object | null) => object = Object.create
