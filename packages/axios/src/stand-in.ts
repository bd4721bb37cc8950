/** What stands in a config for the objects that lead to sockets, and with them to the headers of every call under way. */
/** Only code that has this symbol gets from a stand-in to its original. */
const original: unique symbol = Symbol('original')
/** Streams and http's agents, undici's dispatchers, transports such as `node:http`: known by what axios calls on them. */
const verbs = ['emit', 'addRequest', 'dispatch', 'request']

interface StandIn {
  readonly [original]?: object
}

/**
 * An object that prints as an empty one. It does what its original does, since axios may be given it by a caller's retry
 * with the config of an error, on this instance or on another.
 */
function standInFor(object: StandIn): object {
  // Two steps away from a plain prototype: axios would copy a plain object, field by field.
  const empty = Object.create(Object.create(Object.getPrototypeOf(object)))
  return new Proxy(empty, {
    get(_, name) {
      if (name === original) return object
      const value: unknown = Reflect.get(object, name)
      return typeof value === 'function' && name !== 'constructor' ? value.bind(object) : value
    },
    set: (_, name, value) => Reflect.set(object, name, value),
  })
}

export const covered = <T>(value: T): T => swap(value, standInFor)
export const uncovered = <T>(value: T): T => swap(value, (object) => object)

/** Puts stand-ins into a config. */
export const coverConfig = (config: object): void => replaceEach(config, covered)
export const uncoverConfig = (config: object): void => replaceEach(config, uncovered)

function replaceEach(config: object, by: (value: unknown) => unknown): void {
  for (const [name, value] of Object.entries(config)) Object.assign(config, { [name]: by(value) })
}

/** Node needs the way from an answer's stream to its request and its socket; printing does not. */
export function coverStream(stream: object): void {
  for (const name of Reflect.ownKeys(stream)) {
    let value: unknown = Reflect.get(stream, name)
    if (!leads(value)) continue
    const set = (next: unknown): void => void (value = next)
    Object.defineProperty(stream, name, { get: () => value, set, enumerable: false })
  }
}

export function leads(value: unknown): value is StandIn {
  return typeof value === 'object' && value !== null && verbs.some((verb) => typeof Reflect.get(value, verb) === 'function')
}

/** Plain objects are looked into, as `fetchOptions` may hold a dispatcher. */
function swap<T>(value: T, make: (object: object) => object, depth?: number): T
function swap(value: unknown, make: (object: object) => object, depth = 0): unknown {
  if (leads(value)) return make(value[original] ?? value)
  if (typeof value !== 'object' || value === null || depth > 3) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return value
  let result: object = value
  for (const [name, member] of Object.entries(value)) {
    const other = swap(member, make, depth + 1)
    if (other !== member) result = { ...result, [name]: other }
  }
  return result
}
