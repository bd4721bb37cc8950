/** The Request and the init that a caller gives: what they say, and another Request that says the same but for a header. */

/** By shape: another fetch than the global one has a Request class of its own. All else is the URL that it is as text. */
export function isRequest(input: unknown): input is Request {
  if (typeof input !== 'object' || input === null) return false
  return input instanceof Request || ('url' in input && String(input) === '[object Request]')
}

/**
 * What fetch sends of a Request. Its own class may show another thing under that name, as Next.js' NextRequest does with
 * `url`.
 */
export function requestPart<N extends 'url' | 'headers' | 'body' | 'bodyUsed' | 'signal'>(
  request: Request,
  name: N,
): Request[N] {
  if (!(request instanceof Request)) return request[name]
  const inside: Request[N] | undefined = Reflect.get(Request.prototype, name, request)
  return inside === undefined ? request[name] : inside
}

/**
 * The Request that the given one is, with what `init` changes: of the same class, with what others hung on it for the fetch
 * behind us, aborted when it is. `maskinporten` is left out. A Request of another fetch's own class comes back as it is.
 *
 * It says itself which headers it has: what stands before `fetch` and keeps answers, as React and Next.js do, tells calls
 * apart by a Request's own headers, whatever the init says, and would give one customer's answer to another.
 */
export function requestWith(given: Request, init: RequestInit): Request {
  if (!(given instanceof Request)) return given
  const made = new Request(given, init)
  const prototype: unknown = Object.getPrototypeOf(given)
  if (prototype !== Request.prototype && typeof prototype === 'object') Object.setPrototypeOf(made, prototype)
  for (const name of Reflect.ownKeys(given)) {
    // Some runtimes keep a Request's state under symbols: that of the new one stays.
    if (name === 'maskinporten' || Object.hasOwn(made, name)) continue
    Object.defineProperty(made, name, Object.getOwnPropertyDescriptor(given, name) ?? {})
  }
  const url = requestPart(made, 'url')
  if (made.url !== url) Object.defineProperty(made, 'url', { value: url, configurable: true })
  keepParent(given)
  keepParent(made, given)
  return made
}

/**
 * A Request made of another one is aborted with it, but in undici only while that one is in memory: the link is a WeakRef.
 * Here a Request lives as long as its signal, which fetch holds until the answer has ended.
 */
const parents = new WeakMap<AbortSignal, readonly Request[]>()

/** For a Request that is handed to fetch. */
export function keepParent(...requests: readonly Request[]): void {
  const signal = requests[0] && requestPart(requests[0], 'signal')
  if (signal instanceof AbortSignal) parents.set(signal, requests)
}

/** What the Request constructor reads of an init; all else is for a fetch that knows it. */
const STANDARD = [
  ...['method', 'headers', 'body', 'referrer', 'referrerPolicy', 'mode', 'credentials', 'cache', 'redirect'],
  ...['integrity', 'keepalive', 'signal', 'duplex', 'priority', 'window'],
]

/** A copy, whatever the init is: a plain object, one that inherits, an instance of a class, or a Request. */
export function copyInit(init: RequestInit): RequestInit {
  const prototype: unknown = Object.getPrototypeOf(init)
  if (prototype === Object.prototype || prototype === null) return { ...init }
  const copy: Record<string, unknown> = {}
  for (const name in init) {
    if (Object.hasOwn(init, name) || !(name in Request.prototype)) copy[name] = Reflect.get(init, name)
  }
  for (const name of STANDARD) if (name in init) copy[name] = Reflect.get(init, name)
  return copy
}

/** The options of an init that a Request made of it does not hold. */
export function vendorOptions(init: RequestInit): RequestInit {
  return Object.fromEntries(Object.entries(init).filter(([name]) => !STANDARD.includes(name)))
}

/**
 * An address as fetch resolves it: against the base that the runtime knows, such as undici's global origin and Deno's
 * `--location`. What nothing resolves comes back as it is, for the guard to refuse.
 */
export function resolveAddress(address: string): string {
  if (/^https?:\/\//i.test(address)) return address
  try {
    return new Request(address).url
  } catch {
    return address
  }
}
