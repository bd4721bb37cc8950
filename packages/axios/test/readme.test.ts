import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { versionOf } from '../../conformance/test/in-tree/index.ts'
import { expect, it } from 'vitest'

const require = createRequire(import.meta.url)
const textOf = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

it('names the versions of axios that are tested, of which the oldest is the floor of the peer range', () => {
  const [oldest, newest] = ['axios-floor', 'axios'].map((name) => versionOf(require.resolve(`${name}/package.json`)))
  expect(textOf('../README.md')).toContain(`${oldest}, the oldest that passes, and ${newest},`)
  expect(textOf('../package.json')).toContain(`"axios": "^${oldest}"`)
})
