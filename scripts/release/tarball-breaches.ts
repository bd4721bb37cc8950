// What only the packed tarball shows, and neither publint nor attw looks for.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseSync } from 'oxc-parser'
import { packageName, readJson, record, type Json } from '../workspace.ts'
import type { Tarball } from './tarballs.ts'

const FIELDS = ['dependencies', 'peerDependencies', 'optionalDependencies']

export function tarballBreaches(tarball: Tarball): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tarball-'))
  try {
    execFileSync('tar', ['-xzf', tarball.path, '-C', folder])
    const inside = join(folder, 'package')
    const manifest = readJson(join(inside, 'package.json'))
    const found = [...rangeBreaches(manifest), ...unlisted(inside, manifest)]
    for (const file of ['README.md', 'LICENSE']) if (!existsSync(join(inside, file))) found.push(`${file} is not in it`)
    return found.map((why) => `${tarball.name}: ${why}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** publint refuses `file:` and `link:` only. */
function rangeBreaches(manifest: Json): string[] {
  return FIELDS.flatMap((field) =>
    Object.entries(record(manifest[field]))
      .filter(([, range]) => /^(workspace|catalog):/.test(String(range)))
      .map(([name, range]) => `"${field}" of the packed manifest still says ${name}: ${String(range)}`),
  )
}

/** An import of the shipped code that no manifest field promises: it resolves here and nowhere else. */
function unlisted(folder: string, manifest: Json): string[] {
  const promised = new Set([
    String(manifest['name']),
    ...FIELDS.flatMap((field) => Object.keys(record(manifest[field]))),
  ])
  return readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(js|d\.ts)$/.test(file))
    .map((file) => join(folder, 'dist', file))
    .flatMap((path) =>
      importsOf(path)
        .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
        .map(packageName)
        .filter((name) => !promised.has(name))
        .map((name) => `${relative(folder, path)} imports ${name}, which no dependency of its manifest brings`),
    )
}

function importsOf(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8')
  const { staticImports, staticExports, dynamicImports } = parseSync(path, text).module
  return [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? [])),
    ...dynamicImports.flatMap(
      ({ moduleRequest: { start, end } }) => /^(['"])(.*)\1$/.exec(text.slice(start, end))?.[2] ?? [],
    ),
  ]
}
