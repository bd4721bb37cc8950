/** Plain values as a layer, the way .NET's configuration flattens JSON: `A:B:0`, compared without regard to case. */
import { MaskinportenError } from '../errors.ts'
import { kindOf } from '../kind-of.ts'
import type { ConfigEntry, ConfigLayer, ConfigSource } from './config-source.ts'

/** The limit of .NET's JSON reader. Without a limit, a value that holds itself would overflow the stack. */
const MAX_DEPTH = 64

export interface LayerOrigin {
  /** One text for all values, or a function of the key as written (`MaskinportenSettings:ClientId`). */
  readonly origin: string | ((key: string) => string)
  /** Default false. */
  readonly secret?: boolean | undefined
  readonly version?: string | undefined
  /** Milliseconds since the Unix epoch. */
  readonly createdAt?: number | undefined
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt?: number | undefined
}

/** The value is private: neither `inspect` nor `JSON.stringify` shows it. */
class Entry implements ConfigEntry {
  readonly #value: string | null
  readonly key: string
  readonly origin: string
  readonly secret: boolean
  readonly version: string | undefined
  readonly createdAt: number | undefined
  readonly expiresAt: number | undefined

  constructor(key: string, value: string | null, from: LayerOrigin) {
    this.#value = value
    this.key = key
    this.origin = typeof from.origin === 'function' ? from.origin(key) : from.origin
    this.secret = from.secret ?? false
    this.version = from.version
    this.createdAt = from.createdAt
    this.expiresAt = from.expiresAt
  }

  reveal(): string | null {
    return this.#value
  }
}

/**
 * A layer from plain values, for authors of sources: flattens objects and lists, lower-cases the keys, marks each value
 * with where it came from. `null` and `{}` give a key without a value, `[]` an empty one, `undefined` none.
 *
 * @throws MaskinportenError `settings_invalid`, detail `CONFIG_CONFLICT`: two keys that differ in case only have
 * different values; detail `CONFIG_DEPTH`: more than 64 levels.
 */
export function createConfigLayer(values: Readonly<Record<string, unknown>>, from: LayerOrigin): ConfigLayer {
  const layer = new Map<string, ConfigEntry>()
  const add = (key: string, value: string | null): void => {
    const entry = new Entry(key, value, from)
    const other = layer.get(key.toLowerCase())
    if (other !== undefined && other.reveal() !== value) {
      throw conflict(
        'CONFIG_CONFLICT',
        entry,
        `${key} and ${other.key} (${other.origin}) are one setting with two values. Keep one of them.`,
      )
    }
    layer.set(key.toLowerCase(), entry)
  }
  const walk = (key: string, value: unknown, depth: number): void => {
    if (value === undefined) return
    if (depth > MAX_DEPTH) {
      throw conflict(
        'CONFIG_DEPTH',
        new Entry(key.slice(0, 40), null, from),
        `values are nested more than ${MAX_DEPTH} levels deep. Flatten them.`,
      )
    }
    if (value === null || typeof value !== 'object' || value instanceof URL) {
      add(key, textOf(value))
      return
    }
    const members = Object.entries(value)
    if (members.length === 0 && key !== '') add(key, Array.isArray(value) ? '' : null)
    for (const [name, member] of members) walk(key === '' ? name : `${key}:${name}`, member, depth + 1)
  }
  walk('', values, 0)
  return layer
}

function conflict(code: string, at: ConfigEntry, message: string): MaskinportenError {
  const problem = { code, key: at.key, origin: at.origin, message }
  return new MaskinportenError('settings_invalid', `${message} (from ${at.origin})`, {
    detail: code,
    problems: [problem],
  })
}

/** Numbers and booleans as JavaScript writes them. A function or a symbol counts as no value. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' || value instanceof URL
    ? `${value}`
    : null
}

/**
 * A whole tree as a source: `{ MaskinportenSettings: { … }, kvSetting: { … } }`. Read at each load.
 *
 * `name` is what errors and `describe()` call it, default `object`.
 *
 * @throws TypeError when `tree` is not an object.
 */
export function fromObject(
  tree: Readonly<Record<string, unknown>>,
  options: { readonly name?: string | undefined } = {},
): ConfigSource {
  if (typeof tree !== 'object' || tree === null)
    throw new TypeError(`fromObject takes an object of settings; it got ${kindOf(tree)}`)
  const name = options.name ?? 'object'
  return { name, load: async () => createConfigLayer(tree, { origin: name }) }
}

/** Later wins, key by key, as .NET's configuration does: an empty or null value too, but a null for a section leaves what is in it. */
export function mergeLayers(layers: readonly ConfigLayer[]): ConfigLayer {
  const merged = new Map<string, ConfigEntry>(layers.flatMap((layer) => [...layer]))
  const sections = new Set<string>()
  for (const key of merged.keys())
    for (
      let end = key.lastIndexOf(':');
      end >= 0 && !sections.has(key.slice(0, end));
      end = key.lastIndexOf(':', end - 1)
    )
      sections.add(key.slice(0, end))
  for (const [key, entry] of merged) if (entry.reveal() === null && sections.has(key)) merged.delete(key)
  return merged
}
