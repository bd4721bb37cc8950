/** Finds values by name in all layers, and collects what is wrong, so that all of it is reported at once. */
import type { SettingsProblem } from '../errors.ts'
import type { ConfigEntry, ConfigLayer } from '../sources/config-source.ts'
import type { SourceLayer } from '../sources/source-loader.ts'
import { knownKeys } from './setting-names.ts'
import { quote } from '../quote.ts'
import { unsetReason, unsetText } from '../keys/placeholder.ts'

/** A value in one layer. */
export interface Found {
  /** As the layer spells it. */
  readonly key: string
  readonly origin: string
  /** Trimmed; the elements of a list, joined by spaces. */
  readonly text: string
  readonly level: number
  readonly entry: ConfigEntry
}

export class Lookup {
  readonly problems: SettingsProblem[] = []
  readonly warnings: SettingsProblem[] = []
  readonly layers: readonly SourceLayer[]
  readonly section: string
  readonly #sourceWarnings: readonly SettingsProblem[]

  constructor(layers: readonly SourceLayer[], section: string, sourceWarnings: readonly SettingsProblem[]) {
    this.layers = layers
    this.#sourceWarnings = sourceWarnings
    this.section = section
  }

  problem(code: string, at: { readonly key: string; readonly origin: string }, message: string): void {
    this.problems.push({ code, key: at.key, origin: at.origin, message: `${at.key} ${message}` })
  }

  warn(code: string, at: { readonly key: string; readonly origin: string }, message: string): void {
    this.warnings.push({ code, key: at.key, origin: at.origin, message: `${at.key} ${message}` })
  }

  /** Full path of a name: in the section, but for those of NAIS. */
  path(name: string): string {
    return name.startsWith('MASKINPORTEN_') ? name : `${this.section}:${name}`
  }

  /** What one layer has under a name, empty or not. */
  valueIn(level: number, name: string): Found | undefined {
    const layer = this.layers[level]?.layer
    const path = this.path(name).toLowerCase()
    if (layer === undefined) return undefined
    const elements = listOf(layer, path)
    const entry = elements[0] ?? layer.get(path)
    if (entry === undefined) return undefined
    const text =
      elements.length > 0 ? elements.map((element) => element.reveal() ?? '').join(' ') : (entry.reveal() ?? '')
    return { key: entry.key, origin: entry.origin, text: text.trim(), level, entry }
  }

  /** What one layer has under any of the names that says something. Two that differ are a conflict. */
  filledIn(
    level: number,
    names: readonly string[],
    normal: (text: string) => string = (text) => text,
  ): Found | undefined {
    const found = names.map((name) => this.valueIn(level, name)).filter((one) => one !== undefined)
    return this.#agreed(
      found.filter((one) => unsetReason(one.text, one.key) === undefined),
      normal,
    )
  }

  /** .NET's rule: the highest layer that has one of the names decides, even with nothing under it. */
  highest(names: readonly string[], normal: (text: string) => string = (text) => text): Found | undefined {
    for (let level = this.layers.length - 1; level >= 0; level--) {
      const found = names.map((name) => this.valueIn(level, name)).filter((one) => one !== undefined)
      if (found.length > 0) return this.#agreed(found, normal)
    }
    return undefined
  }

  /** Two spellings of one setting, each with its own layers: two values are a conflict. */
  highestOfEach(names: readonly string[], normal: (text: string) => string = (text) => text): Found | undefined {
    return this.#agreed(
      names.map((name) => this.highest([name])).filter((one) => one !== undefined),
      normal,
    )
  }

  #agreed(all: readonly Found[], normal: (text: string) => string): Found | undefined {
    const [first, ...others] = all.filter((one) => {
      if (unsetReason(one.text) === 'CONFIG_KV_REFERENCE') this.unset('CONFIG_KV_REFERENCE', one)
      return one.text !== '' && unsetReason(one.text) !== 'CONFIG_KV_REFERENCE'
    })
    for (const other of others) if (first && normal(first.text) !== normal(other.text)) this.conflict(first, other)
    return first
  }

  unset(code: 'CONFIG_PLACEHOLDER' | 'CONFIG_KV_REFERENCE', found: Found): void {
    this.problem(code, found, unsetText(code, found.key))
  }

  /** Of values that may be shown. */
  conflict(one: Found, other: Found): void {
    const says = (found: Found): string => `is ${quote(found.text)} in ${found.origin}`
    this.problem('CONFIG_CONFLICT', one, `${says(one)} and ${other.key} ${says(other)}. Keep one of them.`)
  }

  /** A required value that no layer has: where it is empty, where it is not, and how it is named there. `names`: the documented one first, the one of NAIS last. */
  missing(names: readonly string[]): void {
    const key = this.path(names[0] ?? '')
    const paths = names.map((name) => this.path(name).toLowerCase())
    const said = this.#sourceWarnings.find((one) => paths.includes(one.key.toLowerCase()))
    if (said !== undefined) {
      this.problems.push(said)
      return
    }
    const seen: string[] = []
    for (const [level, { name }] of [...this.layers.entries()].toReversed()) {
      if (name === '') continue // A part that was not asked for anything.
      const found = names.map((one) => this.valueIn(level, one)).find((one) => one !== undefined)
      const reason = found && unsetReason(found.text, found.key)
      if (found && reason && reason !== 'CONFIG_MISSING') {
        this.unset(reason, found)
        return
      }
      seen.push(found ? `empty in ${found.origin}` : `not in ${name}`)
    }
    this.problem(
      'CONFIG_MISSING',
      {
        key,
        origin: this.layers
          .map(({ name }) => name)
          .filter((name) => name !== '')
          .join(', '),
      },
      `is missing: ${seen.join(', ') || 'there is no source'}.${this.#lookAlikes(names.at(-1) ?? '')} Set it there: as environment variable ${key.replaceAll(':', '__')}, as Key Vault secret ${key.replaceAll(':', '--')}.`,
    )
  }

  /** Names seen in hand-written code; they are not read. */
  #lookAlikes(name: string): string {
    const alike = LOOK_ALIKES[name]
    const all = [...new Set(this.layers.flatMap(({ layer }) => [...layer.values()].map(({ key }) => key)))]
    const set = all.filter(
      (key) => /^MASKINPORTEN_/i.test(key) && alike?.test(key) && !knownKeys('').includes(key.toUpperCase()),
    )
    return set.map((key) => ` ${key} is set but not read; the name is ${name}.`).join('')
  }
}

const LOOK_ALIKES: Readonly<Record<string, RegExp>> = {
  MASKINPORTEN_CLIENT_JWK: /KEY|JWK|PEM|PFX|NOKKEL/i,
  MASKINPORTEN_CLIENT_ID: /CLIENT_?ID|KLIENT|INTEGRATION/i,
  MASKINPORTEN_WELL_KNOWN_URL: /URL|ENV|DISCOVERY|AUDIENCE/i,
}

/** `scope:0`, `scope:1` … in order. */
function listOf(layer: ConfigLayer, path: string): readonly ConfigEntry[] {
  const prefix = `${path}:`
  const elements: [number, ConfigEntry][] = []
  for (const [key, entry] of layer) {
    const index = key.startsWith(prefix) ? key.slice(prefix.length) : ''
    if (/^\d+$/.test(index)) elements.push([Number(index), entry])
  }
  return elements.toSorted(([a], [b]) => a - b).map(([, entry]) => entry)
}
