import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tarballBreaches } from '../release/tarball-breaches.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarballs-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** What is said of a package of these files. */
function breachesOf(files: Readonly<Record<string, string>>): readonly string[] {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'package', path)), { recursive: true })
    writeFileSync(join(folder, 'package', path), text)
  }
  const path = join(folder, 'a.tgz')
  execFileSync('tar', ['-czf', path, '-C', folder, 'package'])
  return tarballBreaches({ name: 'a', short: 'a', version: '1.0.0', path })
}

const whole = {
  'README.md': '# A',
  LICENSE: 'MIT',
  'package.json': JSON.stringify({ name: 'a', dependencies: { b: '^1.0.0' }, peerDependencies: { '@c/d': '^1.0.0' } }),
  'dist/index.js': `import { join } from 'node:path'\nimport b from 'b/c'\nexport * from './x.js'\nexport { d } from '@c/d/e'`,
}

it('finds nothing in a whole package', () => {
  expect(breachesOf(whole)).toEqual([])
})

it('names a range that only the workspace knows, and a file that is not in it', () => {
  const { LICENSE: _, ...rest } = whole
  const manifest = { name: 'a', dependencies: { b: '^1.0.0' }, peerDependencies: { '@c/d': 'workspace:^' } }
  expect(breachesOf({ ...rest, 'package.json': JSON.stringify(manifest) })).toEqual([
    'a: "peerDependencies" of the packed manifest still says @c/d: workspace:^',
    'a: LICENSE is not in it',
  ])
})

it.each([
  ['an import', 'dist/index.js', `import { vi } from 'vitest'`],
  ['an export', 'dist/x/y.js', `export { vi } from 'vitest/node'`],
  ['all exports', 'dist/x.js', `export * from 'vitest'`],
  ['an import at run time', 'dist/x.js', `export const a = () => import('vitest')`],
  ['a type', 'dist/x.d.ts', `import type { Vi } from 'vitest'\nexport declare const a: Vi`],
])('names %s that no dependency brings', (_, path, text) => {
  expect(breachesOf({ ...whole, [path]: text })).toEqual([
    `a: ${path} imports vitest, which no dependency of its manifest brings`,
  ])
})
