// Every package as its users get it: publint, attw, for the oldest resolution (node10) too, and our own look at the tarball.
import { readFileSync } from 'node:fs'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, it } from 'vitest'
import { packedTarballs } from '../release/tarballs.ts'
import { tarballBreaches } from '../release/tarball-breaches.ts'
import { mustRun } from '../run-command.ts'
import { root } from '../workspace.ts'

const ATTW = ['node', 'node_modules/@arethetypeswrong/cli/dist/index.js', '--no-emoji', '--no-color'] as const
// What ES modules alone are: CommonJS requires them as such, from Node 20.19 on.
const RULES = ['--profile', 'strict', '--ignore-rules', 'cjs-resolves-to-esm'] as const

describe.concurrent.each(packedTarballs())('$name', (tarball) => {
  it('is what publint accepts', async () => {
    const file = readFileSync(tarball.path)
    const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength)
    const { messages, pkg } = await publint({ pack: { tarball: bytes }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
  })

  it('has types that each resolution finds', async () => {
    await mustRun([...ATTW, tarball.path, ...RULES], { cwd: root })
  })

  it('depends on what it imports, and on nothing that only the workspace has', () => {
    expect(tarballBreaches(tarball)).toEqual([])
  })
})
