/** Keeps files with secrets out of version control. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { CommandFailed } from '../failure.ts'
import { isThere, writeFileWhole } from './write-file.ts'

/**
 * Adds the files to the `.gitignore` of their folder, when the folder is in a git work tree and git would not ignore
 * them already. Returns the files of that kind that were added. The files need not be there yet.
 */
export async function ignoreInGit(paths: readonly string[]): Promise<readonly string[]> {
  const added: string[] = []
  for (const path of paths) if (await ignoreOne(resolve(path))) added.push(path)
  return added
}

/** Whether the folder, or one above it, is a git work tree. */
async function isInWorkTree(folder: string): Promise<boolean> {
  for (let here = resolve(folder); ; here = dirname(here)) {
    if (await isThere(join(here, '.git'))) return true
    if (dirname(here) === here) return false
  }
}

async function ignoreOne(path: string): Promise<boolean> {
  const folder = dirname(path)
  if (!(await isInWorkTree(folder)) || (await isIgnored(path))) return false
  return addLines(folder, [`/${basename(path)}`])
}

/** Adds the lines that the `.gitignore` of the folder lacks. Returns whether there were any. */
export async function addLines(folder: string, lines: readonly string[]): Promise<boolean> {
  const file = join(folder, '.gitignore')
  const before = await readOrEmpty(file)
  const there = new Set(before.split(/\r?\n/).map((line) => line.trim()))
  const missing = lines.filter((line) => !there.has(line))
  if (missing.length === 0) return false
  const start = before === '' || before.endsWith('\n') ? before : `${before}\n`
  await writeFileWhole(file, `${start}${missing.join('\n')}\n`, { isReplacing: true })
  return true
}

/** One that is there and cannot be read would be lost when it is replaced. */
async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    if (code === 'ENOENT') return ''
    throw new CommandFailed('failed', {
      en: `${file} cannot be read (${code}), so nothing was added to it; look at who may read it`,
      nb: `${file} kan ikke leses (${code}), så ingenting ble lagt til; se på hvem som kan lese den`,
    })
  }
}

/** As git itself says; without git on this machine, the lines of `.gitignore` tell. */
function isIgnored(path: string): Promise<boolean> {
  return new Promise((resolvePromise) => {
    execFile('git', ['-C', dirname(path), 'check-ignore', '-q', '--', path], (error) => resolvePromise(error === null))
  })
}
