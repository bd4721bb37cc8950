import { spawn } from 'node:child_process'
import { chmod, lstat, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { writeFileWhole } from '../src/files/write-file.ts'

let folder = ''
let file = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-files-'))
  file = join(folder, 'key.json')
})
afterEach(() => rm(folder, { recursive: true }))

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777

describe('writeFileWhole', () => {
  test('makes a private file for its owner alone, and leaves nothing beside it', async () => {
    await writeFileWhole(file, 'secret', { isPrivate: true })
    expect(await modeOf(file)).toBe(0o600)
    expect(await readdir(folder)).toEqual(['key.json'])
  })

  test('never replaces what is there, also when twenty write at once', async () => {
    const writes = Array.from({ length: 20 }, (_, at) => writeFileWhole(file, String(at)))
    const ended = await Promise.allSettled(writes)
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const winner = ended.findIndex(({ status }) => status === 'fulfilled')
    expect(await readFile(file, 'utf8')).toBe(String(winner))
    await expect(writeFileWhole(file, 'other')).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('--force'),
    })
    expect(await readdir(folder)).toEqual(['key.json'])
  })

  test('replaces where asked: the mode of a public file stays, and a private one is narrowed', async () => {
    await writeFile(file, 'old')
    await chmod(file, 0o640)
    await writeFileWhole(file, 'new', { isReplacing: true })
    expect(await modeOf(file)).toBe(0o640)
    await writeFileWhole(file, 'newer', { isReplacing: true, isPrivate: true })
    expect(await modeOf(file)).toBe(0o600)
  })

  test('keeps a link, and replaces what it leads to', async () => {
    const real = join(folder, 'real.json')
    await writeFile(real, 'old')
    await symlink(real, file)
    await writeFileWhole(file, 'new', { isReplacing: true })
    expect((await lstat(file)).isSymbolicLink()).toBe(true)
    expect(await readFile(real, 'utf8')).toBe('new')
  })

  test('follows no link with a secret: the link itself is replaced', async () => {
    const real = join(folder, 'shared.json')
    await writeFile(real, 'old', { mode: 0o644 })
    await symlink(real, file)
    await writeFileWhole(file, 'secret', { isReplacing: true, isPrivate: true })
    expect([(await lstat(file)).isSymbolicLink(), await modeOf(file), await readFile(file, 'utf8')]).toEqual([
      false,
      0o600,
      'secret',
    ])
    expect(await readFile(real, 'utf8')).toBe('old')
  })

  test('says which folder is missing, and what a folder in its place is', async () => {
    await expect(writeFileWhole(join(folder, 'no', 'key.json'), 'x')).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('ENOENT'),
    })
  })

  test('killed at any moment leaves the old content or the new one', { timeout: 60_000 }, async () => {
    const module = fileURLToPath(new URL('../src/files/write-file.ts', import.meta.url))
    const [old, fresh] = ['o'.repeat(200_000), 'n'.repeat(200_000)]
    const script = `const { writeFileWhole } = await import(${JSON.stringify(module)})
process.stdout.write('begun')
for (;;) for (const text of [${JSON.stringify(old)}, ${JSON.stringify(fresh)}]) await writeFileWhole(${JSON.stringify(file)}, text, { isReplacing: true })`
    await writeFile(join(folder, 'loop.mjs'), script)
    await writeFile(file, old)
    for (let round = 0; round < 5; round++) {
      const args = ['--conditions=@maskinporten-kit/source', join(folder, 'loop.mjs')]
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      await new Promise((resolve) => child.stdout.once('data', resolve))
      await new Promise((resolve) => setTimeout(resolve, 7 * round + 3))
      const ended = new Promise((resolve) => child.once('close', resolve))
      child.kill('SIGKILL')
      await ended
      const content = await readFile(file, 'utf8')
      expect(content === old || content === fresh).toBe(true)
    }
  })
})
