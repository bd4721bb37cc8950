import { describe, expect, it } from 'vitest'
import { toolsFor } from '../consumers/tools.ts'
import { notesIn } from '../note.ts'
import { readJson, root } from '../workspace.ts'
import { join } from 'node:path'

describe('a step that passes', () => {
  it('is heard for its notes, and for nothing else', () => {
    const output = ['core: 9 kB of 12 kB', 'note: left out: Bun', '  note: inside', 'note: two'].join('\r\n')
    expect(notesIn(output)).toEqual(['note: left out: Bun', 'note: two'])
    expect(notesIn('all well\n')).toEqual([])
  })
})

describe('the runtimes that consumers are tried on', () => {
  const names = (platform: string): readonly string[] => toolsFor(platform).runtimes.map(({ name }) => name)

  it('are three Nodes, Bun and Deno where the registry has them, with nothing left out', () => {
    for (const platform of Object.keys(readJson(join(root, 'scripts', 'node-packages.json')))) {
      expect(names(platform).map((name) => name.replace(/[.\d]+$/, 'x'))).toEqual([
        ...Array.from({ length: 3 }, () => 'Node x'),
        'Bun x',
        'Deno x',
      ])
      expect(toolsFor(platform).missing).toEqual([])
    }
  })

  it('are this Node where it has no other, and what is left out is said', () => {
    expect(names('win32-arm64')[0]).toBe(`Node ${process.versions.node}`)
    expect(toolsFor('win32-arm64').missing).toEqual([
      expect.stringMatching(/^Node 22\./),
      expect.stringMatching(/^Node 24\./),
      expect.stringMatching(/^Node 26\./),
    ])
    expect(toolsFor('freebsd-x64').missing.join()).toMatch(/Bun .*,Deno /)
  })
})
