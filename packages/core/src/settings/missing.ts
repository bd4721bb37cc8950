/** What to say of a required setting that no source has: built from the sources of this call, not from those that exist. */
import type { SourceLayer } from '../sources/source-loader.ts'
import type { Found, Lookup } from './lookup.ts'
import { SECTION_KEYS, VALUES } from './setting-names.ts'

const KEY_NAMES = SECTION_KEYS.filter((name) => /jwk/i.test(name)).map((name) => name.toLowerCase())

/** Where it was looked for, what is set in another place, and how to set it. */
export function missingText(lookup: Lookup, name: string, names: readonly string[]): string {
  const { layers, isPlain } = lookup
  const elsewhere = inOtherSection(lookup, names)
  const to = VALUES[name] === undefined ? '' : ` to ${VALUES[name]}`
  if (isPlain) return `is missing. ${elsewhere ?? `Set it${to}.`}`
  if (layers.length === 0) return 'is missing: there is no source. Give settingsFrom a list of them.'
  const searched = from(lookup, 0)
  const places = searched.flatMap((source) => {
    const found = names.map((one) => lookup.valueIn(layers.indexOf(source), one)).find((one) => one !== undefined)
    if (found !== undefined) return `empty in ${found.origin}`
    if (source.absent.length > 0) return source.absent.map((place) => `there is no ${place}`)
    return isSilent(source) ? [] : `not in ${source.name}`
  })
  const found = searched.filter(({ absent }) => absent.length === 0)
  const ways = waysToSet(lookup, found.length > 0 ? found : searched, name)
  const where = places.length > 0 ? `: ${places.join(', ')}.` : '.'
  return [`is missing${where}`, ...reasons(searched), elsewhere ?? `Set it${to}${ways && `, as ${ways}`}.`].join(' ')
}

/** A source above it may replace a placeholder. */
export function placeholderText(lookup: Lookup, { level, key }: Found): string {
  const above = from(lookup, level + 1).filter(({ absent }) => absent.length === 0)
  const ways = waysToSet(lookup, above, key.replace(`${lookup.section}:`, ''))
  return ['still holds a placeholder text.', ...reasons(above), `Replace it${ways && `, or set ${ways}`}.`].join(' ')
}

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

/** As each source that answered writes the name, if it looks for it. */
function waysToSet(lookup: Lookup, sources: readonly SourceLayer[], name: string): string {
  const path = lookup.path(name)
  const ways = sources
    .filter((source) => !isSilent(source))
    .map(({ name: source, nameOf }) => (nameOf ? nameOf(path, lookup.section) : `${path} in ${source}`))
  return [...new Set(ways)].filter((way) => way !== undefined).join(' or ')
}

/** The setting in a section of another name: only where that section is Maskinporten's by its name or by a key in it. */
function inOtherSection(lookup: Lookup, names: readonly string[]): string | undefined {
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  for (const { layer } of lookup.layers)
    for (const [path, { key, origin }] of layer) {
      const end = path.lastIndexOf(':') + 1
      const section = key.slice(0, Math.max(0, end - 1))
      if (!wanted.has(path.slice(end)) || path.startsWith('maskinporten_')) continue
      if (section.toLowerCase() === lookup.section.toLowerCase()) continue
      if (!/maskinporten/i.test(section) && !KEY_NAMES.some((name) => layer.has(path.slice(0, end) + name))) continue
      if (lookup.isPlain) return `${key} is one level too deep. Give the properties themselves.`
      const [place, option] =
        section === '' ? ['no section', ''] : [`the section ${section}`, `, or give the option section: '${section}'`]
      return `${key} (${origin}) is in ${place}. Move it to ${lookup.section}${option}.`
    }
  return undefined
}
