// Every `code` and `detail` that the sources of the published packages can raise, read from their syntax trees.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { publicPackages } from '../workspace.ts'

/** They raise none of ours: the emulator speaks for the servers, the exams for vitest, the command for a person. */
const SILENT: ReadonlySet<string> = new Set(['emulator', 'conformance', 'cli'])
const CODE = /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)*$/

export interface RaisedCodes {
  /** Of the union `MaskinportenErrorCode`. */
  readonly codes: readonly string[]
  /** Detail → the short names of the packages that raise it. */
  readonly details: ReadonlyMap<string, ReadonlySet<string>>
}

interface Texts {
  /** Codes that stand as the value, or as the type, of a property `code` or `detail`. */
  readonly named: ReadonlySet<string>
  /** Every other text that could be a code, comparisons and types left out. */
  readonly others: ReadonlySet<string>
  readonly codes: readonly string[]
}

/** `prefixes`: how codes begin that are handed on as plain arguments, `KEY_` in `refuse('KEY_IS_PATH', …)`. */
export function raisedCodes(prefixes: ReadonlySet<string>, root?: string): RaisedCodes {
  const files = publicPackages(root)
    .filter(({ short }) => !SILENT.has(short))
    .flatMap(({ short, folder }) => sourcesIn(join(folder, 'src')).map((path) => ({ short, texts: textsIn(path) })))
  const named = new Set(files.flatMap(({ texts }) => [...texts.named]))
  const details = new Map<string, Set<string>>()
  for (const { short, texts } of files) {
    const passed = [...texts.others].filter((text) => named.has(text) || prefixes.has(prefixOf(text)))
    for (const code of [...texts.named, ...passed]) details.set(code, (details.get(code) ?? new Set()).add(short))
  }
  return { codes: files.flatMap(({ texts }) => texts.codes), details }
}

/** Every text in capitals that stands as a `code` or `detail` in this folder of a package. */
export function codesUnder(folder: string): ReadonlySet<string> {
  return new Set(sourcesIn(folder).flatMap((path) => [...textsIn(path).named]))
}

/** `KEY_` of `KEY_IS_PATH`; '' of a single word, which is no prefix. */
export function prefixOf(code: string): string {
  return /^[A-Z]+_/.exec(code)?.[0] ?? ''
}

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file))
}

function textsIn(path: string): Texts {
  const { program } = parseSync(path, readFileSync(path, 'utf8'))
  const named = new Set<string>()
  const others = new Set<string>()
  const codes: string[] = []
  /** Where texts begin that raise nothing. */
  const skipped = new Set<number>()
  const take = (values: readonly string[]): void => {
    for (const value of values) if (CODE.test(value)) named.add(value)
  }
  new Visitor({
    TSTypeAliasDeclaration: (node) => {
      if (node.id.name === 'MaskinportenErrorCode') codes.push(...textsOf(node.typeAnnotation))
    },
    TSPropertySignature: (node) => {
      if (isCodeName(node.key)) take(textsOf(node.typeAnnotation?.typeAnnotation))
    },
    Property: (node) => {
      if (isCodeName(node.key)) take(textsOf(node.value))
    },
    BinaryExpression: (node) => {
      for (const side of [node.left, node.right]) skipped.add(side.start)
    },
    TSLiteralType: (node) => {
      skipped.add(node.literal.start)
    },
    Literal: (node) => {
      if (typeof node.value === 'string' && CODE.test(node.value) && !skipped.has(node.start)) others.add(node.value)
    },
    TemplateLiteral: (node) => {
      for (const text of textsOf(node)) if (CODE.test(text)) others.add(text)
    },
  }).visit(program)
  return { named, others, codes }
}

interface Node {
  readonly type: string
  readonly [name: string]: unknown
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

function isCodeName(key: unknown): boolean {
  return isNode(key) && /^(?:code|detail)$/.test(String(key['name'] ?? key['value']))
}

/** The texts that an expression, or a type, can be: both sides of a condition, each member of a union. */
function textsOf(node: unknown): readonly string[] {
  if (!isNode(node)) return []
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? [node['value']] : []
  if (node.type === 'TemplateLiteral') return textsOfTemplate(node)
  const parts = { ConditionalExpression: ['consequent', 'alternate'], TSUnionType: ['types'] }[node.type] ?? [
    'literal',
    'expression',
  ]
  return parts.flatMap((part) => [node[part]].flat().flatMap(textsOf))
}

/** Each text that a template can be, where its parts are known: `KEY_UNWRAPPED_${isList ? 'LIST' : 'JSON'}`. */
function textsOfTemplate(node: Node): readonly string[] {
  const quasis = [node['quasis']].flat().map((quasi) => (isNode(quasi) ? cookedOf(quasi['value']) : ''))
  const parts = [node['expressions']].flat().map(textsOf)
  return parts.reduce<readonly string[]>(
    (texts, part, index) => texts.flatMap((text) => part.map((one) => `${text}${one}${quasis[index + 1] ?? ''}`)),
    quasis.slice(0, 1),
  )
}

function cookedOf(value: unknown): string {
  return typeof value === 'object' && value !== null && 'cooked' in value ? String(value.cooked) : ''
}
