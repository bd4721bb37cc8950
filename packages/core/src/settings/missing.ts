/** The message of a required setting that no source has. It names only sources that this call was given. */
import { KV_REFERENCE_TEXT } from '../keys/placeholder.ts'
import type { SourceLayer } from '../sources/source-loader.ts'
import type { Found, Lookup } from './lookup.ts'
import { SECTION_KEYS, VALUES, isOurs } from './setting-names.ts'

const KEY_NAMES = SECTION_KEYS.map((name) => name.toLowerCase()).filter((name) => name.includes('jwk'))

/** The parts of a message, in the order in which they are read. Each is whole sentences, or empty. */
export interface Explanation {
  /** Follows the setting's name. */
  readonly cause: string
  readonly fix: string
  /** Where we looked. Several messages of one error may share this text. */
  readonly tail: string
  /** The fix in a few words, for a list of several. Absent: `set` and the setting's name. */
  readonly step?: string | undefined
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
  const tail = [...reasons(lookup, searched), ...lookedIn(lookup, searched)].join(' ')
  const store = isKey(name) ? present.find((source) => isAskedInVain(lookup, source)) : undefined
  const secret = store && empty.length === 0 ? wayToSet(lookup, [store], name) : undefined
  if (store !== undefined && secret !== undefined) {
    // The name of the store tells its kind, so the last two words are enough: "Key Vault my-kv has no secret X".
    const [short = secret] = /\S+ \S+$/.exec(secret) ?? []
    return {
      cause: `is missing: ${store.name} has no ${short}.`,
      fix: `Create that ${short.split(' ', 1)[0]} with ${value}.`,
      tail,
      step: `create the ${secret}`,
    }
  }
  const asked = present.length > 0 ? present : searched
  const file = asked.find(isCheckedIn)
  const way = wayToSet(lookup, asked, name)
  const isMoved = way === undefined && isKey(name) && file !== undefined
  const fix = isMoved
    ? `${file.name} is usually checked in, so ${setKey(lookup, [], name, value)}.`
    : `Set it to ${value}${way === undefined ? '' : `, as ${way}`}.`
  const place = isMoved ? `environment variable ${variableOf(lookup, name)}` : way
  return {
    cause: `is missing${empty.length === 0 ? '' : `: empty in ${empty.join(', ')}`}.`,
    fix,
    tail,
    step: place && `set ${withArticle(lookup, name, place)[0]}`,
  }
}

/** If every source is empty and a file is absent, the program was started in the wrong folder. That one cause explains all missing settings. */
export function explainNothing({
  layers,
  section,
}: Lookup): { readonly cause: string; readonly fix: string } | undefined {
  const file = layers.flatMap(({ absent }) => absent).find((place) => /(?:^|[/\\])[^./\\]+\.json$/i.test(place))
  if (file === undefined || layers.some(({ layer }) => [...layer.keys()].some((key) => isOurs(key, section))))
    return undefined
  return {
    cause: `there is no file ${file}, and no other source has settings.`,
    fix: `Start the program in the folder of ${file.replace(/.*[/\\]/, '')}`,
  }
}

/** A higher source may replace a placeholder, so the message says why such a source gave nothing. */
export function explainPlaceholder(lookup: Lookup, { level, key }: Found): Explanation {
  const cause = 'still holds a placeholder text.'
  const name = nameIn(lookup, key)
  const others = reasons(lookup, from(lookup, level + 1)).join(' ')
  const value = isKey(name) ? VALUES['EncodedJwk'] : VALUES[name]
  const replace = `Replace it${value === undefined ? '' : ` with ${value}`}.`
  if (!isKey(name) || value === undefined) return { cause, fix: replace, tail: others }
  if (lookup.isPlain) {
    const kept = 'which is best kept outside the code, such as in process.env'
    return { cause, fix: `Set it to ${value}, ${kept}.`, tail: others }
  }
  const move = moveOf(lookup, { level, key }, value)
  if (move === undefined) return { cause, fix: replace, tail: others }
  const { removed, set } = move
  if (others === '') return { cause, fix: `${removed} and ${set}.`, tail: '' }
  const own = set.charAt(0).toUpperCase() + set.slice(1)
  return {
    cause,
    fix: `${removed}. Then do one of two things. (a) ${others} Put the key there. (b) Or without it: ${own}.`,
    tail: '',
  }
}

/** App Service resolves references in its own settings, but not in files. */
export function explainReference(lookup: Lookup, { level, key }: Found): string {
  if (!/\.json$/i.test(lookup.layers[level]?.name ?? '')) return KV_REFERENCE_TEXT
  const hasEnv = from(lookup, level + 1).some((one) =>
    one.nameOf?.(key, lookup.section)?.includes('environment variable'),
  )
  return `is a Key Vault reference, which App Service does not resolve in a file. ${removal(lookup, { level, key })} and set ${key.replaceAll(':', '__')} to the reference, under Environment variables of the app in the Azure portal.${hasEnv ? '' : ` ${ADD_ENV}.`}`
}

/** Where to move a key that is in a file that is usually checked in. `undefined`: the key may stay. `removed`: the setting to remove, if it has another name than `key`. */
export function moveKey(
  lookup: Lookup,
  { level, key }: Pick<Found, 'level' | 'key'>,
  value: string,
  removed: string = key,
): string | undefined {
  const move = moveOf(lookup, { level, key }, value, removed)
  return move && `${move.removed} and ${move.set}.`
}

function moveOf(
  lookup: Lookup,
  { level, key }: Pick<Found, 'level' | 'key'>,
  value: string,
  removed: string = key,
): { readonly removed: string; readonly set: string } | undefined {
  const source = lookup.layers[level]
  if (source === undefined || !isCheckedIn(source)) return undefined
  const name = nameIn(lookup, key)
  const above = from(lookup, level + 1).filter(({ absent }) => absent.length === 0)
  // In a file a key may be a tree; in other sources it is one text.
  return {
    removed: removal(lookup, { level, key: removed }),
    set: setKey(lookup, above, /^Jwks?\b/i.test(name) ? 'EncodedJwk' : name, value),
  }
}

const nameIn = ({ section }: Lookup, key: string): string =>
  key.toLowerCase().startsWith(`${section.toLowerCase()}:`) ? key.slice(section.length + 1) : key

/** A key that is a tree is removed as a whole. */
const removal = (lookup: Lookup, { level, key }: Pick<Found, 'level' | 'key'>): string =>
  `Remove ${nameIn(lookup, key).split(':', 1)[0]} from ${lookup.layers[level]?.name ?? ''}`

/** How to set a key in one of these sources, but never in a file. Without such a source, in the environment. */
function setKey(lookup: Lookup, sources: readonly SourceLayer[], name: string, value: string): string {
  const way = wayToSet(lookup, sources, name)
  if (way === undefined) return `set the environment variable ${variableOf(lookup, name)} to ${value}. ${ADD_ENV}`
  const [place, note] = withArticle(lookup, name, way)
  return `set ${place} to ${value}${note}`
}

/** `the environment variable X`, `S:X in vault`; and the note in brackets after it. */
function withArticle(lookup: Lookup, name: string, way: string): readonly [place: string, note: string] {
  const note = / \(.*\)$/.exec(way)?.[0] ?? ''
  const kept = way.slice(0, way.length - note.length)
  return [`${kept.startsWith(lookup.path(name)) ? '' : 'the '}${kept}`, note]
}

const ADD_ENV = 'Then add fromEnv() last in settingsFrom([…])'
const variableOf = (lookup: Lookup, name: string): string => lookup.path(name).replaceAll(':', '__')

const isKey = (name: string): boolean => /jwk/i.test(name)

/** A JSON file by a path in the project. Platforms mount their files elsewhere. */
const isCheckedIn = ({ name }: SourceLayer): boolean => /\.json$/i.test(name) && !/^(?:[/\\]|[a-z]:)/i.test(name)

/** Highest first. A part that was not asked for anything has no name. */
const from = ({ layers }: Lookup, level: number): readonly SourceLayer[] =>
  layers
    .slice(level)
    .filter(({ name }) => name !== '')
    .toReversed()

/** The source was asked, and has nothing of the section: its warning is about the whole section. */
const isAskedInVain = ({ section }: Lookup, { layer, warnings }: SourceLayer): boolean =>
  layer.size === 0 && warnings.some(({ key }) => key.toLowerCase() === section.toLowerCase())

/** The source could not be asked, such as a vault without an address. */
const isSilent = (lookup: Lookup, source: SourceLayer): boolean =>
  source.layer.size === 0 && source.warnings.length > 0 && !isAskedInVain(lookup, source)

/** Why sources were not asked. */
const reasons = (lookup: Lookup, sources: readonly SourceLayer[]): readonly string[] =>
  sources.filter((source) => isSilent(lookup, source)).flatMap(({ warnings }) => warnings.map(({ message }) => message))

function lookedIn(lookup: Lookup, sources: readonly SourceLayer[]): readonly string[] {
  const places = sources.flatMap((source) => {
    if (source.absent.length === 0) return isSilent(lookup, source) ? [] : [source.name]
    const isFine = explainNothing(lookup) === undefined && sources.some(({ absent }) => absent.length === 0)
    return source.absent.map(
      (place) => `${place} (no such ${/\.\w+$/.test(place) ? 'file' : 'folder'}${isFine ? ', which is fine' : ''})`,
    )
  })
  return places.length === 0 ? [] : [`Looked in: ${[...new Set(places)].join(', ')}.`]
}

/**
 * How to set the name in one source that answered and looks for the name. For a key: a store of secrets, else the highest
 * source, but never a file that is checked in. For all other settings: the lowest source.
 */
function wayToSet(lookup: Lookup, sources: readonly SourceLayer[], name: string): string | undefined {
  const path = lookup.path(name)
  const ways = sources
    .filter((source) => !isSilent(lookup, source) && !(isKey(name) && isCheckedIn(source)))
    .map(({ name: source, nameOf }) => (nameOf ? nameOf(path, lookup.section) : `${path} in ${source}`))
    .map((way) =>
      isKey(name) && way?.startsWith('environment variable')
        ? `${way} (on your own machine in .env, read by node --env-file=.env)`
        : way,
    )
    .filter((way) => way !== undefined)
  const store = ways.find((way) => !way.startsWith('environment variable') && !way.startsWith(path))
  return isKey(name) ? (store ?? ways[0]) : ways.at(-1)
}

/** The setting in a section of another name. Such a section counts if `maskinporten` is in its name, or if it holds a key. */
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
          cause: cause('one level too deep'),
          fix: `Pass config.${section.replace(`${lookup.section}:`, '')}, not config.`,
          tail: '',
        }
      return section === ''
        ? {
            cause: cause(`at the top level of ${name}`),
            fix: `Put them inside { "${lookup.section}": { … } }.`,
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
