// What one source file imports and names, read from its syntax tree, so that a comment or a string deceives nobody.
import { readFileSync } from 'node:fs'
import { parseSync, visitorKeys } from 'oxc-parser'

export interface Place {
  readonly line: number
  readonly text: string
}

export interface SourceFile {
  readonly imports: readonly Place[]
  readonly starExports: readonly Place[]
  /** Free identifiers, each once. */
  readonly globals: readonly Place[]
  readonly doubleCasts: readonly Place[]
  readonly topLevelAwaits: readonly Place[]
  /** `using` and `await using`. */
  readonly disposals: readonly Place[]
  readonly comments: readonly Place[]
}

export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [name: string]: unknown
}

export function readSourceFile(path: string): SourceFile {
  const text = readFileSync(path, 'utf8')
  const parsed = parseSync(path, text)
  const broken = parsed.errors[0]
  if (broken !== undefined) throw new Error(`${path} does not parse: ${broken.message}`)
  const at = (start: number, words: string): Place => ({ line: text.slice(0, start).split('\n').length, text: words })
  const [imports, starExports, globals, doubleCasts, topLevelAwaits, disposals]: Place[][] = [[], [], [], [], [], []]
  walk(parsed.program, [], (node, parents) => {
    const module = moduleOf(node)
    if (module !== undefined) imports?.push(at(node.start, module))
    if (node.type === 'ExportAllDeclaration') starExports?.push(at(node.start, 'export *'))
    if (isFreeIdentifier(node, parents.at(-1))) globals?.push(at(node.start, String(node['name'])))
    if (isDoubleCast(node)) doubleCasts?.push(at(node.start, 'as unknown as'))
    const kind = String(node['kind'])
    if (node.type === 'VariableDeclaration' && kind.endsWith('using')) disposals?.push(at(node.start, kind))
    if (isAwait(node) && !parents.some(isFunction)) topLevelAwaits?.push(at(node.start, 'await'))
  })
  return {
    imports: imports ?? [],
    starExports: starExports ?? [],
    globals: globals ?? [],
    doubleCasts: doubleCasts ?? [],
    topLevelAwaits: topLevelAwaits ?? [],
    disposals: disposals ?? [],
    comments: parsed.comments.map((comment) => at(comment.start, comment.value.trim())),
  }
}

export function walk(
  value: unknown,
  parents: SyntaxNode[],
  visit: (node: SyntaxNode, parents: SyntaxNode[]) => void,
): void {
  if (!isNode(value)) return
  visit(value, parents)
  const inside = [...parents, value]
  for (const key of visitorKeys[value.type] ?? []) {
    const child = value[key]
    for (const one of Array.isArray(child) ? child : [child]) walk(one, inside, visit)
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

function moduleOf(node: SyntaxNode): string | undefined {
  const words = node['arguments']
  const required = node.type === 'CallExpression' && isNode(node['callee']) && node['callee']['name'] === 'require'
  const literal: unknown = required && Array.isArray(words) ? words.at(0) : node['source']
  return isNode(literal) && typeof literal['value'] === 'string' ? literal['value'] : undefined
}

function isFreeIdentifier(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (node.type !== 'Identifier' || parent === undefined) return false
  if (parent.type === 'MemberExpression' && parent['property'] === node && parent['computed'] === false) {
    return isNode(parent['object']) && parent['object']['name'] === 'globalThis'
  }
  const named = parent['key'] === node && parent['computed'] === false && parent['shorthand'] !== true
  return !named && !parent.type.startsWith('TS')
}

function isDoubleCast(node: SyntaxNode): boolean {
  const inner = node['expression']
  return node.type === 'TSAsExpression' && isNode(inner) && inner.type === 'TSAsExpression'
}

function isAwait(node: SyntaxNode): boolean {
  return node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node['await'] === true)
}

function isFunction(node: SyntaxNode): boolean {
  return /Function|MethodDefinition|StaticBlock/.test(node.type)
}
