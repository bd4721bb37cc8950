/** What to say of a required setting that no source has: built from the sources of this call, not from those that exist. */
import type { SourceLayer } from '../sources/source-loader.ts'
import type { Found, Lookup } from './lookup.ts'
import { SECTION_KEYS, VALUES } from './setting-names.ts'

/** Where it was looked for, what is set in another place, and how to set it. */
export function missingText(lookup: Lookup, name: string, names: readonly string[]): string {
  const { layers, isPlain } = lookup
  const to = VALUES[name] === undefined ? '' : ` to ${VALUES[name]}`
  const elsewhere = inOtherSections(lookup, names)
  if (isPlain) return `is missing. ${elsewhere || `Set it${to}.`}`
  if (layers.length === 0) return 'is missing: there is no source. Give settingsFrom a list of them.'
  const searched = layers.toReversed().filter(isNamed)
  const places = searched.flatMap((source) => {
    const level = layers.indexOf(source)
    const found = names.map((one) => lookup.valueIn(level, one)).find((one) => one !== undefined)
    if (found !== undefined) return [`empty in ${found.origin}`]
    return source.warnings.length > 0 ? [] : (absences(source) ?? [`not in ${source.name}`])
  })
  const where = places.length > 0 ? `: ${places.join(', ')}.` : '.'
  return [
    `is missing${where}`,
    ...warningsOf(searched),
    elsewhere || `Set it${to}${as(waysToSet(lookup, searched, name))}.`,
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** A source above it may replace a placeholder. */
export function placeholderText(lookup: Lookup, { level, key }: Found): string {
  const above = lookup.layers
    .slice(level + 1)
    .toReversed()
    .filter(isNamed)
  const name = key.slice(lookup.section.length + 1)
  const ways = waysToSet(lookup, above, key.startsWith('MASKINPORTEN_') ? key : name)
  const or = ways.length > 0 ? `, or set ${ways.join(' or ')}` : ''
  return ['still holds a placeholder text.', ...warningsOf(above), `Replace it${or}.`].join(' ')
}

/** A source's part that was not asked for anything has no name. */
const isNamed = ({ name }: SourceLayer): boolean => name !== ''

const absences = ({ absent }: SourceLayer): readonly string[] | undefined =>
  absent.length > 0 ? absent.map((place) => `there is no ${place}`) : undefined

/** Why a source gave nothing: no vault is named, none of the secrets is there. */
const warningsOf = (sources: readonly SourceLayer[]): readonly string[] => [
  ...new Set(sources.flatMap(({ layer, warnings }) => (layer.size === 0 ? warnings : []))),
]

const as = (ways: readonly string[]): string => (ways.length === 0 ? '' : `, as ${ways.join(' or ')}`)

/** As each source that answered writes the name, if it looks for it. */
function waysToSet(lookup: Lookup, sources: readonly SourceLayer[], name: string): readonly string[] {
  const answered = sources.filter(
    ({ layer, absent, warnings }) => layer.size > 0 || absent.length + warnings.length === 0,
  )
  const asked = answered.length > 0 ? answered : sources.filter(({ warnings }) => warnings.length === 0)
  return [...new Set(asked.flatMap((source) => written(lookup, source, name) ?? []))]
}

/** How one source writes a setting's name; `undefined`: it does not look for it. */
function written(lookup: Lookup, { name: source, nameOf }: SourceLayer, name: string): string | undefined {
  const path = lookup.path(name)
  return nameOf === undefined ? `${path} in ${source}` : nameOf(path, lookup.section)
}

const KEY_NAMES = SECTION_KEYS.filter((name) => /jwk/i.test(name)).map((name) => name.toLowerCase())

/** The setting in a section of another name: only where that section is Maskinporten's by its name or by a key in it. */
function inOtherSections(lookup: Lookup, names: readonly string[]): string {
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  for (const { layer } of lookup.layers)
    for (const [path, { key, origin }] of layer) {
      const end = path.lastIndexOf(':')
      const section = key.slice(0, Math.max(0, end))
      const isOurs =
        /maskinporten/i.test(section) ||
        KEY_NAMES.some((name) => layer.has(`${section}:${name}`.toLowerCase().replace(/^:/, '')))
      if (!wanted.has(path.slice(end + 1)) || section.toLowerCase() === lookup.section.toLowerCase() || !isOurs)
        continue
      if (path.startsWith('maskinporten_')) continue
      if (lookup.isPlain)
        return `It is one level too deep: ${key.slice(lookup.section.length + 1)}. Give the properties themselves.`
      const place = section === '' ? 'in no section' : `in the section ${section}`
      const option = section === '' ? '' : `, or give the option section: '${section}'`
      return `${key} (${origin}) is ${place}. Move it to ${lookup.section}${option}.`
    }
  return ''
}
