// The declarations behind a .d.ts entry: what it exports, and what is not exported but seen through that.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { isNode, walk, type SyntaxNode } from '../structure/source-file.ts'

export interface Declaration {
  readonly name: string
  /** Its text without comments. */
  readonly text: string
}

interface Module {
  readonly path: string
  readonly text: string
  readonly comments: readonly { readonly start: number; readonly end: number }[]
  /** Local name → the statements that declare it (overloads and merged interfaces are several). */
  readonly declared: ReadonlyMap<string, readonly SyntaxNode[]>
  /** Local name → where it is imported from. */
  readonly imported: ReadonlyMap<string, Origin>
  /** Exported name → local name, or where it is re-exported from. */
  readonly exported: ReadonlyMap<string, string | Origin>
  /** `declare module 'x' { … }` and `declare global { … }`. */
  readonly augmentations: readonly SyntaxNode[]
}

interface Origin {
  readonly specifier: string
  readonly name: string
}

export interface Surface {
  readonly exported: readonly Declaration[]
  /** Reached from a signature above, but not exported: changing it changes the surface too. */
  readonly seenThrough: readonly Declaration[]
  readonly augmentations: readonly string[]
}

export function readSurface(entry: string): Surface {
  const modules = new Map<string, Module>()
  const load = (path: string): Module => {
    const known = modules.get(path) ?? readModule(path)
    modules.set(path, known)
    return known
  }
  const found = new Map<string, Declaration>()
  const exported: Declaration[] = []
  const queue: Located[] = []
  const take = (located: Located, name: string, list: Declaration[]): void => {
    const key = `${located.module.path}#${located.local}`
    if (found.has(key)) return
    const nodes = located.module.declared.get(located.local) ?? []
    const declaration = { name, text: nodes.map((node) => textOf(located.module, node)).join('\n') }
    found.set(key, declaration)
    list.push(declaration)
    queue.push(located)
  }
  const first = load(entry)
  for (const name of first.exported.keys()) {
    const located = locate(load, first, name)
    if (located === undefined) exported.push({ name, text: `export { ${name} } from a package outside` })
    else take(located, name, exported)
  }
  const seenThrough: Declaration[] = []
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const name of namesIn(next)) {
      const located = resolveLocal(load, next.module, name)
      if (located !== undefined) take(located, located.local, seenThrough)
    }
  }
  const augmentations = [...modules.values()].flatMap((module) =>
    module.augmentations.map((node) => textOf(module, node)),
  )
  return { exported: byName(exported), seenThrough: byName(seenThrough), augmentations: augmentations.toSorted() }
}

interface Located {
  readonly module: Module
  readonly local: string
}

type Load = (path: string) => Module

/** Follows `export { a } from './b.js'` to the file that declares it; undefined when that is another package's. */
function locate(load: Load, module: Module, name: string): Located | undefined {
  const target = module.exported.get(name)
  if (target === undefined) throw new Error(`${module.path} has no export ${name}`)
  if (typeof target === 'string') return resolveLocal(load, module, target)
  return follow(load, module, target)
}

function resolveLocal(load: Load, module: Module, local: string): Located | undefined {
  if (module.declared.has(local)) return { module, local }
  const origin = module.imported.get(local)
  return origin === undefined ? undefined : follow(load, module, origin)
}

function follow(load: Load, module: Module, { specifier, name }: Origin): Located | undefined {
  if (!specifier.startsWith('.')) return undefined
  return locate(load, load(join(dirname(module.path), specifier.replace(/\.(js|ts)$/, '.d.ts'))), name)
}

function namesIn({ module, local }: Located): ReadonlySet<string> {
  const names = new Set<string>()
  for (const node of module.declared.get(local) ?? []) {
    walk(node, [], (one) => {
      if (one.type === 'Identifier') names.add(String(one['name']))
    })
  }
  names.delete(local)
  return names
}

const augmenting: ReadonlySet<string> = new Set(['TSModuleDeclaration', 'TSGlobalDeclaration'])

function readModule(path: string): Module {
  const text = readFileSync(path, 'utf8')
  const { program, comments, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path} does not parse: ${errors[0].message}`)
  const declared = new Map<string, SyntaxNode[]>()
  const imported = new Map<string, Origin>()
  const exported = new Map<string, string | Origin>()
  const augmentations: SyntaxNode[] = []
  const declare = (node: SyntaxNode, isExported: boolean): void => {
    for (const name of declaredNames(node)) {
      declared.set(name, [...(declared.get(name) ?? []), node])
      if (isExported) exported.set(name, name)
    }
  }
  for (const statement of program.body) {
    if (!isNode(statement)) continue
    if (augmenting.has(statement.type)) augmentations.push(statement)
    else if (statement.type === 'ImportDeclaration') readImport(statement, imported)
    else if (statement.type === 'ExportNamedDeclaration') {
      if (isNode(statement['declaration'])) declare(statement['declaration'], true)
      else readExport(statement, exported)
    } else declare(statement, false)
  }
  return { path, text, comments, declared, imported, exported, augmentations }
}

function declaredNames(node: SyntaxNode): readonly string[] {
  if (node.type === 'VariableDeclaration') return children(node, 'declarations').map((one) => nameOf(one['id']))
  return isNode(node['id']) ? [nameOf(node['id'])] : []
}

function readImport(node: SyntaxNode, imported: Map<string, Origin>): void {
  const specifier = literal(node['source'])
  for (const one of children(node, 'specifiers')) {
    const name = one.type === 'ImportSpecifier' ? nameOf(one['imported']) : 'default'
    imported.set(nameOf(one['local']), { specifier, name })
  }
}

function readExport(node: SyntaxNode, exported: Map<string, string | Origin>): void {
  for (const one of children(node, 'specifiers')) {
    const local = nameOf(one['local'])
    exported.set(
      nameOf(one['exported']),
      isNode(node['source']) ? { specifier: literal(node['source']), name: local } : local,
    )
  }
}

/** The words of the declaration alone: comments explain it, and may change without changing what it is. */
function textOf(module: Module, { start, end }: SyntaxNode): string {
  let text = ''
  let from = start
  for (const comment of module.comments.filter((one) => one.start >= start && one.end <= end)) {
    text += module.text.slice(from, comment.start)
    from = comment.end
  }
  return `${text}${module.text.slice(from, end)}`
    .replaceAll(/^\s*\n/gm, '')
    .replaceAll(/[ \t]+$/gm, '')
    .replace(/^(export |declare )*/, '')
    .trim()
}

function children(node: SyntaxNode, key: string): readonly SyntaxNode[] {
  const list = node[key]
  return Array.isArray(list) ? list.filter(isNode) : []
}

function nameOf(node: unknown): string {
  return isNode(node) ? String(node['name'] ?? node['value']) : ''
}

function literal(node: unknown): string {
  return isNode(node) ? String(node['value']) : ''
}

function byName(list: readonly Declaration[]): readonly Declaration[] {
  return list.toSorted((one, other) => (one.name < other.name ? -1 : 1))
}
