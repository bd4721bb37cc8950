/** Checks what a caller gave against its description. The messages name the member and what it may be, and repeat no value but a mistyped choice. */
import { isJsonObject, type JsonObject } from '../json.ts'
import { isOrgNumber } from '../organisation-number.ts'
import type { Kind, Member, Members } from './members.ts'
import { nearest } from './nearest.ts'

/**
 * The members that were given, with texts that stand for instants and "forever" read. `what` is what takes them: 'faults.next'.
 * @throws TypeError for an unknown or missing member or one of the wrong kind, RangeError for a number out of its range.
 */
export function checkMembers(value: unknown, members: Members, what: string, path: Path = []): JsonObject {
  if (!isJsonObject(value)) {
    throw placed(new TypeError(`${what} takes an object; give ${listed(Object.keys(members))}`), path)
  }
  refuseUnknown(value, members, what, path)
  const checked: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(members)) {
    const given = checkMember(value[name], member, what, name, path)
    if (given !== undefined) checked[name] = given
  }
  return checked
}

/** Names of members and places in lists, from the outermost in. */
export type Path = readonly (string | number)[]

const paths = new WeakMap<object, Path>()

/** Where in the value stands what an error of this file is about: for a file, which tells its line. */
export function pathOf(error: unknown): Path | undefined {
  return typeof error === 'object' && error !== null ? paths.get(error) : undefined
}

function placed<E extends Error>(error: E, path: Path): E {
  paths.set(error, path)
  return error
}

/** One member of it; `undefined` for an optional one that was not given. @throws as `checkMembers`. */
export function checkMember(value: unknown, member: Member, what: string, name: string, path: Path = []): unknown {
  if (value !== undefined) return checkKind(value, member, { what, name, path: [...path, name] })
  if (member.optional === true) return undefined
  throw placed(new TypeError(`${what}: give \`${name}\` as ${wording(member)}`), path)
}

interface Place {
  readonly what: string
  readonly name: string
  readonly path: Path
}

function refuseUnknown(value: JsonObject, members: Members, what: string, path: Path): void {
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(members, name))
  if (unknown === undefined) return
  const names = Object.keys(members)
  const near = nearest(unknown, names)
  const meant = near === undefined ? '' : ` Did you mean \`${near}\`?`
  const message = `${what} has no member ${shown(unknown)}.${meant} It takes ${listed(names)}`
  throw placed(new TypeError(message), [...path, unknown])
}

function checkKind(value: unknown, kind: Kind, place: Place): unknown {
  const refuse = (): never => {
    throw placed(new TypeError(`${place.what}: give \`${place.name}\` as ${wording(kind)}`), place.path)
  }
  switch (kind.type) {
    case 'string':
      return checkText(kind.orNumber === true && typeof value === 'number' ? String(value) : value, kind, place)
    case 'number':
      return checkNumber(value, kind, place)
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse()
    case 'instant': {
      const isMilliseconds = kind.orNumber === true && typeof value === 'number'
      const instant = typeof value === 'string' || isMilliseconds ? new Date(value) : value
      return instant instanceof Date && !Number.isNaN(instant.getTime()) ? instant : refuse()
    }
    case 'orgNumber':
      return isOrgNumber(value) ? value : refuse()
    case 'list':
      if (!Array.isArray(value)) return refuse()
      return value.map((item: unknown, at) =>
        checkKind(item, kind.of, { ...place, name: `${place.name}[${at}]`, path: [...place.path, at] }),
      )
    case 'map':
      if (!isJsonObject(value)) return refuse()
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          checkKind(item, kind.of, { ...place, name: `${place.name}.${key}`, path: [...place.path, key] }),
        ]),
      )
    case 'record':
      return isJsonObject(value)
        ? checkMembers(value, kind.members, `${place.what}, \`${place.name}\`,`, place.path)
        : refuse()
    case 'object':
      return isJsonObject(value) ? value : refuse()
    case 'any':
      return value
  }
}

function checkText(value: unknown, kind: Kind & { readonly type: 'string' }, { what, name, path }: Place): string {
  const refuse = (message: string): never => {
    throw placed(new TypeError(message), path)
  }
  if (typeof value !== 'string') return refuse(`${what}: give \`${name}\` as ${wording(kind)}`)
  if (kind.oneOf && !kind.oneOf.includes(value)) {
    const near = nearest(value, kind.oneOf)
    const meant = near === undefined ? '' : `; did you mean ${near}?`
    return refuse(`${what}: \`${name}\` cannot be ${shown(value)}; choose one of: ${kind.oneOf.join(', ')}${meant}`)
  }
  if (kind.pattern && !kind.pattern.test(value)) return refuse(`${what}: give \`${name}\` as ${wording(kind)}`)
  return value
}

function checkNumber(value: unknown, kind: Kind & { readonly type: 'number' }, { what, name, path }: Place): number {
  const { oneOf, whole, minimum = -Infinity, above = -Infinity, maximum = Infinity } = kind
  if (kind.orForever === true && (value === 'forever' || value === Infinity)) return Infinity
  if (typeof value !== 'number') {
    throw placed(new TypeError(`${what}: give \`${name}\` as ${wording(kind)}`), path)
  }
  const fits = Number.isFinite(value) && value >= minimum && value > above && value <= maximum
  if (fits && (whole !== true || Number.isInteger(value)) && (oneOf?.includes(value) ?? true)) return value
  throw placed(new RangeError(`${what}: \`${name}\` cannot be ${value}; give it as ${wording(kind)}`), path)
}

/** In words that follow "give it as". */
function wording(kind: Kind): string {
  switch (kind.type) {
    case 'string':
      return kind.oneOf ? `one of: ${kind.oneOf.join(', ')}` : (kind.form ?? 'a string')
    case 'number':
      return numberWording(kind)
    case 'boolean':
      return 'true or false'
    case 'instant':
      return `an instant: a Date, ${kind.orNumber === true ? 'milliseconds since the Unix epoch, ' : ''}or ISO 8601 text`
    case 'orgNumber':
      return 'an organisation number: nine digits, the last of which is their check digit (modulus 11)'
    case 'list':
      return `a list; each of it is ${wording(kind.of)}`
    case 'map':
      return 'an object; each value of it is ' + wording(kind.of)
    case 'record':
      return `an object with ${listed(Object.keys(kind.members))}`
    case 'object':
      return 'a JSON object'
    case 'any':
      return 'a JSON value'
  }
}

function numberWording(kind: Kind & { readonly type: 'number' }): string {
  const { form, oneOf, whole, minimum, above, maximum, unit, orForever } = kind
  if (form !== undefined) return form
  if (oneOf) return `one of: ${oneOf.join(', ')}`
  const lower = minimum === undefined ? '' : maximum === undefined ? `, ${minimum} or more` : ` from ${minimum}`
  const bounds = `${above === undefined ? lower : `, more than ${above}`}${maximum === undefined ? '' : ` to ${maximum}`}`
  const amount = `a ${whole === true ? 'whole ' : ''}number${bounds}`
  const measured = unit === undefined ? amount : bounds === '' ? `${amount} of ${unit}` : `${amount} ${unit}`
  return orForever === true ? `${measured}, or "forever"` : measured
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'no members' : names.map((name) => `\`${name}\``).join(', ')
}

/** Of a name or a choice, never of a value that may be a secret. */
function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
