import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { versionOf } from '../../conformance/test/in-tree/index.ts'
import { expect, it } from 'vitest'

const require = createRequire(import.meta.url)
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it.each([
  ['openapi-fetch', 2, require.resolve('openapi-fetch/package.json')],
  // ky and fetch-cookie export no package.json.
  ['ky', 2, join(import.meta.dirname, '..', 'node_modules', 'ky', 'package.json')],
  ['node-fetch', 2, require.resolve('node-fetch/package.json')],
  ['cross-fetch', 2, require.resolve('cross-fetch/package.json')],
  ['fetch-cookie', 2, join(import.meta.dirname, '..', 'node_modules', 'fetch-cookie', 'package.json')],
  ['@types/node', 1, require.resolve('@types/node/package.json')],
  ['@cloudflare/workers-types', 1, require.resolve('@cloudflare/workers-types/package.json')],
])('names the version of %s that is tested', (name, parts, path) => {
  expect(readme).toContain(`${name} ${versionOf(path).split('.').slice(0, parts).join('.')}`)
})
