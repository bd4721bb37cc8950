/** The Request and the init that a caller gives: what fetch reads of them, and a copy with another header. */

/** By shape, since a fetch other than the global one has its own Request class. Every other input is a URL. */
export function isRequest(input: string | URL | Request): input is Request {
  if (typeof input === 'string') return false
  return input instanceof Request || ('url' in input && String(input) === '[object Request]')
}

/** The part of a Request that fetch sends. A subclass may show another value: the `url` of Next.js' NextRequest differs. */
export function requestPart<N extends 'url' | 'headers' | 'body' | 'bodyUsed' | 'signal'>(
  request: Request,
  name: N,
): Request[N] {
  if (!(request instanceof Request)) return request[name]
  const inside: Request[N] | undefined = Reflect.get(Request.prototype, name, request)
  return inside === undefined ? request[name] : inside
}

/** Own properties of a Request that are not copied: they would hide the checked URL and the headers that are sent. */
const OURS: ReadonlySet<string | symbol> = new Set(['maskinporten', 'url', 'headers'])

/**
 * A copy of a Request with the changes of `init`. The copy has the same class, keeps the properties that wrappers put on the
 * Request, and is aborted together with it. `maskinporten` is left out. A Request of another fetch's own class is returned
 * unchanged.
 *
 * The headers must be in the Request itself, not only in the init: React and Next.js keep answers and tell calls apart by a
 * Request's headers, so one customer could else get the answer of another.
 *
 * @param given gives class and properties, where `from` is a clone, which has lost both.
 */
export function requestWith(from: Request, init: RequestInit, given: Request = from): Request {
  if (!(from instanceof Request)) {
    keepParent(given)
    return from
  }
  // In undici, nothing holds the AbortController of a clone: after a garbage collection an abort would not reach its signal.
  const made = new Request(from, given === from ? init : { signal: requestPart(given, 'signal'), ...init })
  for (const name of Reflect.ownKeys(given)) {
    // Some runtimes keep a Request's state under symbols: the copy keeps its own.
    if (OURS.has(name) || Object.hasOwn(made, name)) continue
    Object.defineProperty(made, name, Object.getOwnPropertyDescriptor(given, name) ?? {})
  }
  const prototype: unknown = Object.getPrototypeOf(given)
  // Only a subclass may show another url.
  if (prototype !== Request.prototype && typeof prototype === 'object') {
    const url = requestPart(made, 'url')
    Object.setPrototypeOf(made, prototype)
    if (made.url !== url) Object.defineProperty(made, 'url', { value: url, configurable: true })
  }
  keepParent(made, from, given)
  return made
}

/**
 * In undici, the link from a Request to the Request it was made from is a WeakRef, so after a garbage collection an abort
 * would be lost. This map keeps the parents as long as the signal, which fetch holds until the answer has ended.
 */
const parents = new WeakMap<AbortSignal, readonly Request[]>()

/** @param requests the first goes to fetch, or becomes the Request that does; the others are its parents. */
function keepParent(...requests: readonly Request[]): void {
  const signal: AbortSignal | null | undefined = requests[0] && requestPart(requests[0], 'signal')
  if (signal) parents.set(signal, requests)
}

/** The options that a Request takes from an init. Every other option is for the fetch that knows it. */
const STANDARD: readonly string[] =
  'method headers body referrer referrerPolicy mode credentials cache redirect integrity keepalive signal duplex window'.split(
    ' ',
  )

/** A copy of any init: a plain object, one that inherits, an instance of a class, or a Request. */
export function copyInit(init: RequestInit): RequestInit {
  const prototype: unknown = Object.getPrototypeOf(init)
  if (prototype === Object.prototype || prototype === null) return { ...init }
  if (init instanceof Request) keepParent(init)
  const copy: Record<string, unknown> = {}
  for (const name in init) {
    if (Object.hasOwn(init, name) || !(name in Request.prototype)) copy[name] = Reflect.get(init, name)
  }
  for (const name of [...STANDARD, 'priority', 'dispatcher']) if (name in init) copy[name] = Reflect.get(init, name)
  return copy
}

/** The options of an init that a Request does not take. */
export function vendorOptions(init: RequestInit): RequestInit {
  return Object.fromEntries(Object.entries(init).filter(([name]) => !STANDARD.includes(name)))
}

/**
 * Resolves an address as fetch does, against the base that the runtime knows: undici's global origin, Deno's `--location`.
 * An address that nothing resolves is returned unchanged, and the guard refuses it.
 */
export function resolveAddress(address: string): string {
  if (/^https?:\/\//i.test(address)) return address
  try {
    return new Request(address).url
  } catch {
    return address
  }
}
