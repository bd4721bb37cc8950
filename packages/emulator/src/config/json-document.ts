/** JSON with comments and trailing commas, and where in its text each value stands. */
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { Path } from '../control/check.ts'

export interface JsonDocument {
  readonly value: unknown
  /** `line:column`, each from 1, of a value or of a member's name; of the nearest thing around it when it is not there. */
  readonly position: (path: Path) => string
}

/** @throws TypeError with `name:line:column` and not a word of the text. */
export function parseJsonDocument(text: string, name: string): JsonDocument {
  const at = (offset: number): string => {
    const before = text.slice(0, offset)
    const line = before.split('\n').length
    return `${line}:${offset - before.lastIndexOf('\n')}`
  }
  const fail = (offset: number, what: string): never => {
    throw new TypeError(`${name}:${at(offset)} ${what}`)
  }
  const errors: ParseError[] = []
  // A byte order mark is no JSON, and Windows writes it.
  const root = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true })
  const [first] = errors
  if (first) return fail(first.offset, `is not JSON (${printParseErrorCode(first.error)}); correct it there`)
  if (!root) return fail(0, 'is empty; write an object, or let `maskinporten-emulator init` write one')
  return {
    value: valueOf(root, fail),
    position(path) {
      for (let length = path.length; length >= 0; length--) {
        const node = findNodeAtLocation(root, path.slice(0, length))
        if (!node) continue
        const named = node.parent?.type === 'property' ? node.parent : node
        return at(named.offset)
      }
      return at(0)
    },
  }
}

/** jsonc-parser's own reading takes the last of two members of one name, and loses one that is called `__proto__`. */
function valueOf(node: Node, fail: (offset: number, what: string) => never): unknown {
  if (node.type === 'array') return (node.children ?? []).map((child) => valueOf(child, fail))
  if (node.type !== 'object') return node.value
  const members = new Map<string, unknown>()
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? []
    if (!key || !value) continue
    const name = String(key.value)
    if (members.has(name)) fail(property.offset, `has \`${name}\` twice; keep one of them`)
    members.set(name, valueOf(value, fail))
  }
  return Object.fromEntries(members)
}
