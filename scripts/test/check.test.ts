import { describe, expect, it } from 'vitest'
import { leftOut, NODES } from '../consumers/tools.ts'
import { notesIn } from '../note.ts'
import { readJson, record, root } from '../workspace.ts'
import { join } from 'node:path'

describe('a step that passes', () => {
  it('is heard for its notes, and for nothing else', () => {
    const output = ['core: 9 kB of 12 kB', 'note: left out: Bun', '  note: inside', 'note: two'].join('\r\n')
    expect(notesIn(output)).toEqual(['note: left out: Bun', 'note: two'])
    expect(notesIn('all well\n')).toEqual([])
  })
})

describe('the runtimes that consumers are tried on', () => {
  it('are three Nodes, Bun and Deno, each by its hash or its platform, wherever the registry has them', () => {
    const { optionalDependencies } = readJson(join(root, 'scripts', 'consumers', 'tools', 'package.json'))
    expect(NODES).toHaveLength(3)
    for (const [platform, packages] of Object.entries(readJson(join(root, 'scripts', 'node-packages.json')))) {
      const hashes = record(record(packages)['integrity'])
      for (const hash of Object.values(hashes)) expect(hash).toMatch(/^sha512-\S{88}$/)
      // The registry has not each of them for macOS and Windows; those that are missing are said to be left out.
      if (platform.startsWith('linux-')) expect(Object.keys(hashes)).toEqual(expect.arrayContaining([...NODES]))
      const [os = '', cpu = ''] = platform.replace('-', ' ').split(' ')
      const named = Object.keys(record(optionalDependencies)).filter((name) =>
        new RegExp(`${os.replace('win32', 'win(dows|32)')}-${cpu.replace('arm64', '(arm64|aarch64)')}`).test(name),
      )
      expect(named).toEqual([expect.stringMatching(/^@deno/), expect.stringMatching(/^@oven/)])
    }
  })

  it('are said to be left out where there is no binary of them', () => {
    const found = [{ name: 'Node 24.21.0', command: [] }]
    expect(leftOut({ nodes: found, others: [{ name: 'Bun', command: [] }] })).toEqual([
      expect.stringMatching(/^Node 22\./),
      expect.stringMatching(/^Node 26\./),
      'Deno',
    ])
  })
})
