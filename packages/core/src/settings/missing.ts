/** What to say of a required setting that no source has: built from the sources of this call, not from those that exist. */
import type { SourceLayer } from '../sources/source-loader.ts'
import type { Found, Lookup } from './lookup.ts'
import { SECTION_KEYS, VALUES } from './setting-names.ts'

const KEY_NAMES = SECTION_KEYS.filter((name) => /jwk/i.test(name)).map((name) => name.toLowerCase())

/** The parts of a message, in the order in which they are read. Each is whole sentences, or empty. */
export interface Explanation {
  /** Follows the setting's name. */
  readonly cause: string
  readonly fix: string
  /** What was looked at. Several messages of one error may share it. */
  readonly tail: string
}

/** `names`: all that the setting may be called; `name`: the one that this caller uses. */
export function explainMissing(lookup: Lookup, name: string, names: readonly string[]): Explanation {
  const { layers, isPlain } = lookup
  const elsewhere = inOtherSection(lookup, names)
  if (elsewhere !== undefined) return elsewhere
  const value = VALUES[name] ?? ''
  if (isPlain) return { cause: 'is missing.', fix: `Set it to ${value}.`, tail: '' }
  if (layers.length === 0)
    return {
      cause: 'is missing, because there is no source to read settings from.',
      fix: 'Give settingsFrom at least one, such as settingsFrom([fromAppSettings(), fromEnv()]).',
      tail: '',
    }
  const searched = from(lookup, 0)
  const empty = searched.flatMap((source) => {
    const found = names.map((one) => lookup.valueIn(layers.indexOf(source), one)).find((one) => one !== undefined)
    return found === undefined ? [] : [found.origin]
  })
  const present = searched.filter(({ absent }) => absent.length === 0)
  const file = present.find(isCheckedIn)
  const ways = waysToSet(lookup, present.length > 0 ? present : searched, name)
  const fix =
    ways === '' && isKey(name) && file
      ? keepOutOf(lookup, file.name, name)
      : `Set it to ${value}${ways && `, as ${ways}`}.`
  return {
    cause: `is missing${empty.length === 0 ? '' : `: empty in ${empty.join(', ')}`}.`,
    fix,
    tail: [...reasons(searched), ...lookedIn(searched)].join(' '),
  }
}

/** A source above it may replace a placeholder. */
export function explainPlaceholder(lookup: Lookup, { level, key }: Found): Explanation {
  const cause = 'still holds a placeholder text.'
  const name = key.replace(`${lookup.section}:`, '')
  const above = from(lookup, level + 1).filter(({ absent }) => absent.length === 0)
  const ways = waysToSet(lookup, above, name)
  const source = lookup.layers[level]
  const tail = reasons(above).join(' ')
  if (!isKey(name) || source === undefined)
    return {
      cause,
      fix: `Replace it${VALUES[name] === undefined ? '' : ` by ${VALUES[name]}`}${ways && `, or set ${ways}`}.`,
      tail,
    }
  if (lookup.isPlain) {
    const kept = 'which is best kept outside the code, such as in process.env'
    return { cause, fix: `Set it to ${VALUES['EncodedJwk']}, ${kept}.`, tail }
  }
  if (!isCheckedIn(source)) return { cause, fix: `Replace it by the key${ways && `, or set ${ways}`}.`, tail }
  const fix = ways === '' ? keepOutOf(lookup, source.name, name) : `Delete it there, and set the key as ${ways}.`
  return { cause, fix, tail }
}

const isKey = (name: string): boolean => /jwk/i.test(name)

/** A JSON file by a path in the project. Platforms mount their files elsewhere. */
const isCheckedIn = ({ name }: SourceLayer): boolean => /\.json$/i.test(name) && !/^(?:[/\\]|[a-z]:)/i.test(name)

const keepOutOf = (lookup: Lookup, file: string, name: string): string =>
  `Keep the key out of ${file}, which is usually checked in: add fromEnv() after it in the list of sources, and set ${lookup.path(name).replaceAll(':', '__')} in the environment or in .env.`

/** Highest first. A part that was not asked for anything has no name. */
const from = ({ layers }: Lookup, level: number): readonly SourceLayer[] =>
  layers
    .slice(level)
    .filter(({ name }) => name !== '')
    .toReversed()

const isSilent = ({ layer, warnings }: SourceLayer): boolean => layer.size === 0 && warnings.length > 0

/** Why sources gave nothing: no vault is named, none of the secrets is there. */
const reasons = (sources: readonly SourceLayer[]): readonly string[] =>
  sources.filter(isSilent).flatMap(({ warnings }) => warnings)

function lookedIn(sources: readonly SourceLayer[]): readonly string[] {
  const places = sources.flatMap((source) => {
    if (source.absent.length === 0) return isSilent(source) ? [] : [source.name]
    const isFine = sources.some((other) => other !== source && other.layer.size > 0)
    return source.absent.map(
      (place) => `${place} (no such ${/\.\w+$/.test(place) ? 'file' : 'folder'}${isFine ? ', which is fine' : ''})`,
    )
  })
  return places.length === 0 ? [] : [`Looked in: ${[...new Set(places)].join(', ')}.`]
}

/** As each source that answered writes the name, if it looks for it. A key does not belong in a file that is checked in. */
function waysToSet(lookup: Lookup, sources: readonly SourceLayer[], name: string): string {
  const path = lookup.path(name)
  const ways = sources
    .filter((source) => !isSilent(source) && !(isKey(name) && isCheckedIn(source)))
    .map(({ name: source, nameOf }) => (nameOf ? nameOf(path, lookup.section) : `${path} in ${source}`))
    .map((way) =>
      isKey(name) && way?.startsWith('environment variable') ? `${way} (on your own machine in .env)` : way,
    )
  return [...new Set(ways)].filter((way) => way !== undefined).join(' or ')
}

/** The setting in a section of another name: only where that section is Maskinporten's by its name or by a key in it. */
function inOtherSection(lookup: Lookup, names: readonly string[]): Explanation | undefined {
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  for (const { layer, name } of lookup.layers)
    for (const [path, { key }] of layer) {
      const end = path.lastIndexOf(':') + 1
      const section = key.slice(0, Math.max(0, end - 1))
      if (!wanted.has(path.slice(end)) || path.startsWith('maskinporten_')) continue
      if (section.toLowerCase() === lookup.section.toLowerCase()) continue
      if (!/maskinporten/i.test(section) && !KEY_NAMES.some((one) => layer.has(path.slice(0, end) + one))) continue
      const cause = (where: string): string => `is missing, but it is set ${where}.`
      if (lookup.isPlain)
        return {
          cause: cause(`one level too deep, in ${section.replace(`${lookup.section}:`, '')}`),
          fix: 'Give the properties themselves.',
          tail: '',
        }
      return section === ''
        ? {
            cause: cause(`outside any section (${name})`),
            fix: `Put the settings into the section ${lookup.section}.`,
            tail: '',
          }
        : {
            cause: cause(`in the section ${section} (${name})`),
            fix: `Rename that section to ${lookup.section}, or call settingsFrom(sources, { section: '${section}' }).`,
            tail: '',
          }
    }
  return undefined
}
