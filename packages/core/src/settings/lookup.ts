/** Finds values by name in all layers, and collects what is wrong, so that all of it is reported at once. */
import type { SettingsProblem } from '../errors.ts'
import { unsetReason } from '../keys/placeholder.ts'
import type { ConfigEntry, ConfigLayer } from '../sources/config-source.ts'
import type { SourceLayer } from '../sources/source-loader.ts'
import { unquoted } from './fields.ts'
import { type Explanation, explainMissing, explainPlaceholder, explainReference } from './missing.ts'

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

type Place = Pick<Found, 'key' | 'origin'>

export interface ExplainedProblem {
  /** Its message is `text` and `tail`. */
  readonly problem: SettingsProblem
  /** The setting's name. */
  readonly subject: string
  /** `text` without the subject before it; `undefined`: it begins with something else. */
  readonly words: string | undefined
  readonly text: string
  /** What was looked at. */
  readonly tail: string
  /** Of `Explanation`. */
  readonly step: string | undefined
}

export class Lookup {
  readonly problems: SettingsProblem[] = []
  readonly warnings: SettingsProblem[] = []
  readonly layers: readonly SourceLayer[]
  readonly section: string
  /** The settings are one plain object, so messages name its properties. */
  readonly isPlain: boolean
  readonly #sourceWarnings: readonly SettingsProblem[]
  /** Lower-cased path → the warnings that concern it. */
  readonly #related = new Map<string, string[]>()
  /** Of a missing setting: the paths of all its names, and the parts of its message. */
  readonly #missing = new Map<SettingsProblem, Explanation & { readonly paths: readonly string[] }>()

  constructor(
    layers: readonly SourceLayer[],
    section: string,
    sourceWarnings: readonly SettingsProblem[],
    isPlain = false,
  ) {
    this.layers = layers
    this.section = section
    this.isPlain = isPlain
    this.#sourceWarnings = sourceWarnings
  }

  problem(code: string, at: Place, message: string): void {
    this.problems.push(this.#report(code, at, message))
  }

  /** `concerns`: the path of another setting. If that setting is wrong, its error carries this warning. */
  warn(code: string, at: Place, message: string, concerns: string = at.key): void {
    const warning = this.#report(code, at, message)
    this.warnings.push(warning)
    this.#relate(concerns, warning.message)
  }

  #relate(key: string, message: string): void {
    const path = key.toLowerCase()
    this.#related.set(path, [...(this.#related.get(path) ?? []), message])
  }

  #report(code: string, { key, origin }: Place, words: string): SettingsProblem {
    return { code, key, origin, message: `${this.#shown(key)} ${this.#shown(words)}` }
  }

  readonly #shown = (text: string): string => (this.isPlain ? text.replaceAll(`${this.section}:`, '') : text)

  /** The problems, each with the warnings that concern its setting. Such a warning says what to do, so the general advice is left out. */
  get explained(): readonly ExplainedProblem[] {
    for (const { key, message } of this.#sourceWarnings) this.#relate(key, message)
    return this.problems.map((problem) => {
      const parts = this.#missing.get(problem)
      const paths = parts?.paths ?? [problem.key.toLowerCase()]
      const subject = this.#shown(problem.key)
      const related = paths.flatMap((path) => this.#related.get(path) ?? []).filter((one) => one !== problem.message)
      const own =
        parts === undefined
          ? [problem.message]
          : [`${subject} ${parts.cause}`, ...(related.length === 0 ? [parts.fix] : [])]
      const text = [...own, ...new Set(related)].join(' ')
      const tail = parts?.tail ?? ''
      const message = tail === '' ? text : `${text} ${tail}`
      const words = text.startsWith(`${subject} `) ? text.slice(subject.length + 1) : undefined
      const step = related.length === 0 ? parts?.step : undefined
      return { problem: { ...problem, message }, subject, words, text, tail, step }
    })
  }

  /** Full path of a name: in the section, except those of NAIS. */
  path(name: string): string {
    return name.startsWith('MASKINPORTEN_') ? name : `${this.section}:${this.name(name)}`
  }

  /** As the user writes the name: properties begin with a small letter. */
  name(name: string): string {
    return this.isPlain ? name.charAt(0).toLowerCase() + name.slice(1) : name
  }

  /** As that source writes it: `MaskinportenSettings__Kid` in the environment. */
  nameIn(source: SourceLayer | undefined, name: string): string {
    return source?.nameOf?.(this.path(name), this.section)?.replace(/^.* /, '') ?? this.path(name)
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
    // Docker's `--env-file` keeps the quotes of `NAME=""`.
    const shown = /^(["'`])\s*\1$/.test(text.trim()) ? '' : text.trim()
    return { key: entry.key, origin: entry.origin, text: shown, level, entry }
  }

  /** What one layer has under any of the names, without blanks and placeholders. Two that differ are a conflict. */
  filledIn(level: number, names: readonly string[], normal?: (text: string) => string): Found | undefined {
    const found = this.#valuesIn(level, names)
    return this.#agreed(
      found.filter((one) => unsetReason(one.text, one.key) === undefined),
      normal,
    )
  }

  /** Whether any layer has one of the names, with a text. */
  hasAny(names: readonly string[]): boolean {
    return [...this.layers.keys()].some((level) => this.#valuesIn(level, names).some(({ text }) => text !== ''))
  }

  /** .NET's rule: the highest layer that has one of the names decides, even with nothing under it. */
  highest(names: readonly string[], normal?: (text: string) => string): Found | undefined {
    for (let level = this.layers.length - 1; level >= 0; level--) {
      const found = this.#valuesIn(level, names)
      if (found.length > 0) return this.#agreed(found, normal)
    }
    return undefined
  }

  /** Two spellings of one setting, each with its own layers: two values are a conflict. */
  highestOfEach(names: readonly string[], normal?: (text: string) => string): Found | undefined {
    return this.#agreed(
      names.map((name) => this.highest([name])).filter((one) => one !== undefined),
      normal,
    )
  }

  #valuesIn(level: number, names: readonly string[]): readonly Found[] {
    return names.map((name) => this.valueIn(level, name)).filter((one) => one !== undefined)
  }

  #agreed(all: readonly Found[], normal = (text: string): string => text): Found | undefined {
    const bare = all.map((one) => this.#withoutQuotes(one))
    const [first, ...others] = bare.filter((one) => {
      const isReference = unsetReason(one.text) === 'CONFIG_KV_REFERENCE'
      if (isReference) this.problem('CONFIG_KV_REFERENCE', one, explainReference(this, one))
      return one.text !== '' && !isReference
    })
    for (const other of others) if (first && normal(first.text) !== normal(other.text)) this.conflict(first, other)
    return first
  }

  /** Quotes around a JWK are for the reader of keys: it knows what may be in the text. */
  #withoutQuotes(found: Found): Found {
    const text = /jwk/i.test(found.key) ? found.text : unquoted(found.text)
    if (text === found.text) return found
    const isReported = ({ code, key, origin }: SettingsProblem): boolean =>
      code === 'CONFIG_QUOTES' && key === found.key && origin === found.origin
    if (!this.warnings.some(isReported))
      this.warn('CONFIG_QUOTES', found, 'has quotes around it; they were taken off. Delete them.')
    return { ...found, text }
  }

  conflict(one: Found, other: Found): void {
    const place = ({ key, origin }: Found): string => (origin.endsWith(key) ? origin : `${origin} (${key})`)
    const words = `is set twice with different values: in ${one.origin} and in ${place(other)}. Delete one of them.`
    this.problem('CONFIG_CONFLICT', one, words)
  }

  /** A required value that no layer has. `names`: the documented one first, the one of NAIS last. */
  missing(names: readonly string[]): void {
    const paths = names.map((name) => this.path(name).toLowerCase())
    const warned = this.#sourceWarnings.find((one) => paths.includes(one.key.toLowerCase()))
    if (warned !== undefined) {
      this.problems.push(warned)
      return
    }
    for (const level of [...this.layers.keys()].toReversed()) {
      const found = this.#valuesIn(level, names)[0]
      const reason = found && unsetReason(found.text, found.key)
      if (found === undefined || reason === undefined || reason === 'CONFIG_MISSING') continue
      if (reason === 'CONFIG_PLACEHOLDER') this.#explain(reason, found, explainPlaceholder(this, found), [])
      else this.problem(reason, found, explainReference(this, found))
      return
    }
    const name = (this.#usesNais ? names.at(-1) : names[0]) ?? ''
    const origin = this.layers
      .map((one) => one.name)
      .filter((one) => one !== '')
      .join(', ')
    this.#explain('CONFIG_MISSING', { key: this.path(name), origin }, explainMissing(this, name, names), paths)
  }

  #explain(code: string, at: Place, parts: Explanation, paths: readonly string[]): void {
    const problem = this.#report(code, at, parts.cause)
    this.problems.push(problem)
    this.#missing.set(problem, { ...parts, paths: paths.length > 0 ? paths : [at.key.toLowerCase()] })
  }

  get #usesNais(): boolean {
    const has = (prefix: string): boolean =>
      this.layers.some(({ layer }) => [...layer.keys()].some((key) => key.startsWith(prefix)))
    return has('maskinporten_') && !has(`${this.section.toLowerCase()}:`)
  }
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
