// What the manifests of published packages must agree on, since publint and attw see one package at a time.
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { catalog, readJson, record, scope, type Json } from '../workspace.ts'

const SOURCE = `${scope}source`
const SET_UP = 'node scripts/setup.mjs'

export function manifestBreaches(root: string): readonly string[] {
  const versions = catalog(root)
  const breaches = hookless(root)
  for (const short of readdirSync(join(root, 'packages'))) {
    const path = join(root, 'packages', short, 'package.json')
    const manifest = existsSync(path) ? readJson(path) : { private: true }
    if (manifest['private'] === true) continue
    for (const why of [
      ...unexpected(join(root, 'packages', short), manifest),
      ...strangePeers(short, manifest),
      ...pinned(manifest, versions),
    ])
      breaches.push(`packages/${short}/package.json: must say: ${why}`)
  }
  return breaches
}

/** npm runs a command's `pre…` first; without one, the command fails in a fresh clone, where nothing is installed. */
function hookless(root: string): string[] {
  const path = join(root, 'package.json')
  const scripts = record(existsSync(path) ? readJson(path)['scripts'] : undefined)
  return Object.keys(scripts)
    .filter((name) => scripts[`pre${name}`] !== SET_UP && scripts[name] !== SET_UP)
    .map((name) => `package.json: must say: "pre${name}" is ${SET_UP}`)
}

/** The fields of which there is one right value, in this order of their keys. */
function unexpected(folder: string, manifest: Json): readonly string[] {
  const short = basename(folder)
  const forOperators = existsSync(join(folder, 'monitoring')) ? ['monitoring'] : []
  const { exports: exported, repository, publishConfig } = manifest
  const data = Object.values(record(exported)).flatMap(
    (target) => /^\.\/((?!package)[^/]+\.json)$/.exec(String(target))?.[1] ?? [],
  )
  const entries = Object.entries(record(exported)).filter(([, target]) => typeof target !== 'string')
  const ordered = (conditions: readonly string[]): Json =>
    Object.fromEntries(
      Object.entries(record(exported)).map(([key, target]) => [
        key,
        typeof target === 'string' ? target : pick(record(target), conditions),
      ]),
    )
  const [main, ...subpaths] = entries.map(([key, target]) => [key.slice(2), record(target)] as const)
  // `moduleResolution: node` reads no "exports".
  const types = Object.fromEntries(subpaths.map(([subpath, target]) => [subpath, [target['types']]]))
  const fields: readonly (readonly [field: string, is: unknown, right: unknown])[] = [
    ['name', manifest['name'], `${scope}${short}`],
    ['type', manifest['type'], 'module'],
    ['sideEffects', manifest['sideEffects'], false],
    ['license', manifest['license'], 'MIT'],
    ['files', manifest['files'], ['dist', 'src', ...forOperators, ...data]],
    ['engines', manifest['engines'], { node: '>=22' }],
    ['repository.directory', record(repository)['directory'], `packages/${short}`],
    ['main', manifest['main'], main?.[1]['default']],
    ['types', manifest['types'], main?.[1]['types']],
    ['typesVersions', manifest['typesVersions'], subpaths.length > 0 ? { '*': types } : undefined],
    ['exports', exported, ordered([SOURCE, 'types', 'default'])],
    ['publishConfig.access', record(publishConfig)['access'], 'public'],
    ['publishConfig.exports', record(publishConfig)['exports'], ordered(['types', 'default'])],
  ]
  return fields
    .filter(([, is, right]) => JSON.stringify(is) !== JSON.stringify(right))
    .map(([field, , right]) => `"${field}" is ${JSON.stringify(right) ?? 'absent'}`)
}

function pick(target: Json, conditions: readonly string[]): Json {
  return Object.fromEntries(conditions.map((condition) => [condition, target[condition] ?? 'a path']))
}

/** knip refuses a dependency that nothing imports, and knows of no peers. */
function strangePeers(short: string, manifest: Json): readonly string[] {
  return Object.keys(record(manifest['peerDependencies']))
    .filter((name) => name.startsWith(scope) && name !== `${scope}core` && short !== 'conformance')
    .map((name) => `"peerDependencies" of ours are core alone, not ${name}`)
}

/** A dependency at one exact version keeps its security patches from users until we release. */
function pinned(manifest: Json, versions: Json): readonly string[] {
  return Object.entries(record(manifest['dependencies']))
    .map(([name, range]) => [name, String(range === 'catalog:' ? versions[name] : range)] as const)
    .filter(([, range]) => !range.startsWith('^') && !range.startsWith('workspace:'))
    .map(([name, range]) => `"dependencies" ${name} is a caret range, not ${range}`)
}
