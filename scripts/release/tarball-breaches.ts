// What only the packed tarball shows, before publint and attw look at it.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { packageName } from '../package-name.ts'
import { readSourceFile } from '../structure/source-file.ts'
import { readJson, record, type Json } from '../workspace.ts'
import type { Tarball } from './rehearsal.ts'

export function tarballBreaches(tarball: Tarball): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tarball-'))
  try {
    execFileSync('tar', ['-xzf', tarball.path, '-C', folder])
    const inside = join(folder, 'package')
    const manifest = readJson(join(inside, 'package.json'))
    const found = [...rangeBreaches(manifest), ...missingTargets(inside, manifest), ...unlisted(inside, manifest)]
    if (JSON.stringify(manifest['exports']).includes('/source"')) found.push('its exports keep the source condition')
    for (const file of ['README.md', 'LICENSE']) if (!existsSync(join(inside, file))) found.push(`${file} is not in it`)
    return found.map((why) => `${tarball.name}: ${why}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function rangeBreaches(manifest: Json): string[] {
  return ['dependencies', 'peerDependencies', 'optionalDependencies'].flatMap((field) =>
    Object.entries(record(manifest[field]))
      .filter(([, range]) => /^(workspace|catalog|file|link):/.test(String(range)))
      .map(([name, range]) => `"${field}" of the packed manifest still says ${name}: ${String(range)}`),
  )
}

function missingTargets(folder: string, manifest: Json): string[] {
  const targets = [manifest['main'], manifest['types'], manifest['bin'], manifest['exports']].flatMap(strings)
  return targets.filter((path) => !existsSync(join(folder, path))).map((path) => `${path} is named, but not packed`)
}

function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return Object.values(record(value)).flatMap(strings)
}

/** An import of the shipped code that no manifest field promises: it resolves here and nowhere else. */
function unlisted(folder: string, manifest: Json): string[] {
  const promised = new Set([
    String(manifest['name']),
    ...['dependencies', 'peerDependencies', 'optionalDependencies'].flatMap((field) =>
      Object.keys(record(manifest[field])),
    ),
  ])
  return readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(js|d\.ts)$/.test(file))
    .map((file) => join(folder, 'dist', file))
    .flatMap((path) =>
      readSourceFile(path)
        .imports.map(({ text }) => text)
        .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
        .map(packageName)
        .filter((name) => !promised.has(name))
        .map((name) => `${relative(folder, path)} imports ${name}, which no dependency of its manifest brings`),
    )
}
