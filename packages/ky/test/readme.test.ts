import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { versionOf } from '../../conformance/test/in-tree/index.ts'
import { expect, it } from 'vitest'

const folder = join(import.meta.dirname, '..')

it('names the versions of ky that are tested', () => {
  // ky exports no package.json.
  const [tested, refused] = ['ky', 'ky1'].map((name) => versionOf(join(folder, 'node_modules', name, 'package.json')))
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(
    `${tested}; on ${refused?.replace(/\.\d+$/, '')} nothing is sent`,
  )
})
