/**
 * Stand-ins for agents, dispatchers and streams in the options that errors and answers show. The originals lead to sockets,
 * and so to the headers, with tokens, of every call under way.
 */

/** How many agents a list of options may hold. */
const LONGEST_LIST = 16

/** Only this file can get from a stand-in to its original. */
const original: unique symbol = Symbol('original')

interface StandIn {
  readonly [original]?: object
}

/**
 * Puts stand-ins into a client's options. A stand-in prints as an empty object of the same class and works like its
 * original: a caller's retry may send the options of an error through another instance.
 */
export function coverOptions(options: object): void {
  const fields: Record<string, unknown> = options as Record<string, unknown>
  for (const name of Object.keys(options)) {
    const value = fields[name]
    if (typeof value !== 'object') continue
    const shown = covered(value)
    if (shown !== value) fields[name] = shown
  }
}

export function covered<T>(value: T): T {
  return replaced(value, standInOf)
}

const standInOf = (object: StandIn): object => (original in object ? object : standInFor(object))
const originalOf = (object: StandIn): object => object[original] ?? object

/** Like `Object.assign`, with the originals in place of stand-ins. */
export function assignUncovered(target: object, ...parts: readonly (object | undefined)[]): void {
  const options: Record<string, unknown> = target as Record<string, unknown>
  for (const part of parts as readonly (Readonly<Record<string, unknown>> | undefined)[]) {
    if (part === undefined) continue
    for (const name of Object.keys(part)) {
      const value = part[name]
      options[name] = typeof value === 'object' ? replaced(value, originalOf) : value
    }
  }
}

/** A copy with symbols and hidden properties too: wrappers of a client mark its options with them. */
export function uncoveredCopy<T extends object>(options: T, ...changes: readonly object[]): T {
  const copy = Object.defineProperties(created(options), Object.getOwnPropertyDescriptors(options)) as T
  assignUncovered(copy, options, ...changes)
  return copy
}

/** Hides the properties of an answer's stream that lead to its request and socket from printing. Node still needs them. */
export function coverStream(stream: unknown): void {
  if (!leadsToSockets(stream)) return
  for (const name of Reflect.ownKeys(stream)) {
    let value: unknown = Reflect.get(stream, name)
    if (!leadsToSockets(value)) continue
    const set = (next: unknown): void => void (value = next)
    Object.defineProperty(stream, name, { get: () => value, set, enumerable: false })
  }
}

/** Streams, agents of `node:http`, undici's dispatchers and transports such as `node:http` itself, known by their methods. */
function leadsToSockets(value: unknown): value is StandIn {
  if (typeof value !== 'object' || value === null) return false
  // Four checks instead of a loop: this runs for each option of each call.
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
  // Two prototypes away from a plain object: axios would copy a plain object field by field.
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

/** Looks into plain objects and short lists too, since `fetchOptions` may hold a dispatcher, but only three levels deep. */
function replaced<T>(value: T, by: (object: StandIn) => object, depth?: number): T
function replaced(value: unknown, by: (object: StandIn) => object, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (leadsToSockets(value)) return by(value)
  if (depth > 3) return value
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value
    // A longer one is data, which leads to no socket.
    if (list.length > LONGEST_LIST) return list
    let members = list
    for (const [index, member] of list.entries()) {
      const other = replaced(member, by, depth + 1)
      if (other !== member) members = members.with(index, other)
    }
    return members
  }
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
