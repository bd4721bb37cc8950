import { expect, it } from 'vitest'
import { importOf } from '../size/budgets.ts'
import { differences, shortPath } from '../size/weights.ts'

it('weighs what the README imports first from a package', () => {
  const readme = [
    "import { createMaskinporten, settingsFrom } from '@maskinporten-kit/core'",
    "import { maskinportenFetch } from '@maskinporten-kit/fetch'",
    "import { somethingElse } from '@maskinporten-kit/core'",
  ].join('\n')
  expect(importOf('core', readme)).toBe('{ createMaskinporten, settingsFrom }')
  expect(importOf('fetch', readme)).toBe('{ maskinportenFetch }')
  expect(() => importOf('ky', readme)).toThrow('README.md imports nothing from @maskinporten-kit/ky')
  for (const short of ['core', 'fetch', 'axios', 'ky']) expect(importOf(short)).toMatch(/^\{ \w.* \}$/)
})

it('names the file that grew, the one that grew most first', () => {
  const before = { 'core/a.ts': 100, 'core/gone.ts': 20, 'core/same.ts': 5, 'core/b.ts': 10 }
  expect(differences(before, { 'core/a.ts': 90, 'core/same.ts': 5, 'core/b.ts': 2_010, 'core/new.ts': 50 })).toEqual([
    { file: 'core/b.ts', from: 10, to: 2_010 },
    { file: 'core/new.ts', from: 0, to: 50 },
    { file: 'core/a.ts', from: 100, to: 90 },
    { file: 'core/gone.ts', from: 20, to: 0 },
  ])
})

it('names a file of a dependency without its version', () => {
  expect(shortPath('/a', '/a/node_modules/.pnpm/jose@6.2.17/node_modules/jose/dist/x.js')).toBe('jose/dist/x.js')
  expect(shortPath('/a', '/a/packages/core/src/errors.ts')).toBe('packages/core/src/errors.ts')
})
