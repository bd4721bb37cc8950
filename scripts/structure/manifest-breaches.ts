// What the manifests of published packages must agree on, since publint and attw see one package at a time.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJson, record, scope, type Json } from '../workspace.ts'

const SOURCE = `${scope}source`
const SET_UP = 'node scripts/setup.mjs'

export function manifestBreaches(root: string): readonly string[] {
  return [...hookless(root), ...packageBreaches(root)]
}

/** npm runs a command's `pre…` first; without one, the command fails in a fresh clone, where nothing is installed. */
function hookless(root: string): readonly string[] {
  const path = join(root, 'package.json')
  const scripts = record(existsSync(path) ? readJson(path)['scripts'] : undefined)
  return Object.keys(scripts)
    .filter((name) => scripts[`pre${name}`] !== SET_UP && scripts[name] !== SET_UP)
    .map((name) => `package.json: must say: "pre${name}" is ${SET_UP}`)
}

function packageBreaches(root: string): readonly string[] {
  const catalog = catalogOf(root)
  return readdirSync(join(root, 'packages')).flatMap((name) => {
    const path = join(root, 'packages', name, 'package.json')
    if (!existsSync(path)) return []
    const manifest = readJson(path)
    const found = manifest['private'] === true ? [] : [...published(name, manifest), ...pinned(manifest, catalog)]
    return found.map((why) => `packages/${name}/package.json: ${why}`)
  })
}

/** A dependency at one exact version keeps its security patches from users until we release. */
function pinned(manifest: Json, catalog: ReadonlyMap<string, string>): readonly string[] {
  return Object.entries(record(manifest['dependencies']))
    .map(([name, range]) => [name, range === 'catalog:' ? (catalog.get(name) ?? 'absent') : String(range)] as const)
    .filter(([, range]) => !range.startsWith('^') && !range.startsWith('workspace:'))
    .map(([name, range]) => `must say: "dependencies" ${name} is a caret range, not ${range}`)
}

/** Package → range of `catalog` in pnpm-workspace.yaml. */
function catalogOf(root: string): ReadonlyMap<string, string> {
  const path = join(root, 'pnpm-workspace.yaml')
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const [, body = ''] = /^catalog:\n((?: .*\n)*)/m.exec(text) ?? []
  return new Map([...body.matchAll(/^ +'?([^'\s:]+)'?: (\S+)$/gm)].map(([, name = '', range = '']) => [name, range]))
}

function published(name: string, manifest: Json): readonly string[] {
  const exported = record(manifest['exports'])
  const shipped = record(record(manifest['publishConfig'])['exports'])
  const rules: readonly (readonly [boolean, string])[] = [
    [manifest['name'] === `${scope}${name}`, `"name" is ${scope}${name}`],
    [manifest['type'] === 'module', '"type" is module'],
    [manifest['sideEffects'] === false, '"sideEffects" is false'],
    [manifest['license'] === 'MIT', '"license" is MIT'],
    [
      same(manifest['files'], ['dist', 'src']) || same(manifest['files'], ['dist', 'src', 'monitoring']),
      '"files" are dist and src, and monitoring where operators get files',
    ],
    [same(manifest['engines'], { node: '>=22' }), '"engines" is node >=22'],
    [record(manifest['repository'])['directory'] === `packages/${name}`, `"repository.directory" is packages/${name}`],
    [record(manifest['publishConfig'])['access'] === 'public', '"publishConfig.access" is public'],
    [
      // knip refuses a dependency that nothing imports, and knows of no peers.
      Object.keys(record(manifest['peerDependencies'])).every(
        (one) => !one.startsWith(scope) || one === `${scope}core` || name === 'conformance',
      ),
      '"peerDependencies" of ours are core alone',
    ],
    [
      typeof manifest['main'] === 'string' && typeof manifest['types'] === 'string',
      '"main" and "types" stand at the top',
    ],
    [
      same(record(record(manifest['typesVersions'])['*']), typesOfSubpaths(exported)),
      '"typesVersions" say where the types of each subpath are, for `moduleResolution: node`, which reads no "exports"',
    ],
    [same(without(exported), shipped), '"publishConfig.exports" is "exports" without the source condition'],
    ...Object.entries(exported)
      .filter(([, target]) => typeof target !== 'string')
      .map(([key, target]): readonly [boolean, string] => [
        same(Object.keys(record(target)), [SOURCE, 'types', 'default']),
        `"exports" of ${key} are ${SOURCE}, types, default, in this order`,
      ]),
  ]
  return rules.filter(([holds]) => !holds).map(([, rule]) => `must say: ${rule}`)
}

/** `{ adapter: ['./dist/adapter.d.ts'] }`. */
function typesOfSubpaths(exported: Json): Json {
  return Object.fromEntries(
    Object.entries(exported)
      .filter(([key, target]) => key !== '.' && typeof target !== 'string')
      .map(([key, target]) => [key.slice(2), [record(target)['types']]]),
  )
}

function without(exported: Json): Json {
  return Object.fromEntries(
    Object.entries(exported).map(([key, target]) => [
      key,
      typeof target === 'string'
        ? target
        : Object.fromEntries(Object.entries(record(target)).filter(([condition]) => condition !== SOURCE)),
    ]),
  )
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
