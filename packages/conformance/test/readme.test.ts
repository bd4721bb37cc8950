import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { versionOf } from './in-tree/index.ts'

const textOf = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

it('names the version of vitest that is tested, which is the floor of the peer range', () => {
  const tested = versionOf(createRequire(import.meta.url).resolve('vitest/package.json'))
  expect(textOf('../README.md')).toContain(`| vitest | ${tested} |`)
  expect(textOf('../package.json')).toContain(`"vitest": "^${tested}"`)
})
