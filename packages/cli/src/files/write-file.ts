/** Files are written whole or not at all, and what is there stays unless it was asked to be replaced. */
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { access, link, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CommandFailed } from '../failure.ts'
import type { Text } from '../language.ts'

export interface WriteOptions {
  /** Only the owner may read it: mode 0600, also where it replaces a file that others could read. */
  readonly isPrivate?: boolean | undefined
  /** A file that is there is replaced: `--force`, or the caller has read it and adds to it. */
  readonly isReplacing?: boolean | undefined
}

const PRIVATE_MODE = 0o600
const PUBLIC_MODE = 0o644

/**
 * Writes a file beside its place first, and moves it there once it is on the disk: whoever reads the place finds the
 * old content or the new one, also after a kill.
 *
 * @throws CommandFailed `usage` when it is there already and may not be replaced.
 */
export async function writeFileWhole(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
  { isPrivate = false, isReplacing = false }: WriteOptions = {},
): Promise<void> {
  // A link stays a link: what it leads to is replaced. A secret goes to no other place than was named.
  const place = isReplacing && !isPrivate ? await realpath(path).catch(() => path) : path
  const mode = isPrivate ? PRIVATE_MODE : isReplacing ? await modeOf(place) : PUBLIC_MODE
  const beside = join(dirname(place), `.${basename(place)}.${randomUUID().slice(0, 8)}.tmp`)
  unfinished.add(beside)
  try {
    const file = await open(beside, 'wx', mode)
    try {
      await file.writeFile(content)
      // The umask may have narrowed what a replaced file had.
      if (isReplacing && process.platform !== 'win32') await file.chmod(mode)
      await file.sync()
    } finally {
      await file.close()
    }
    await (isReplacing ? rename(beside, place) : moveToFree(beside, place))
    await syncFolder(dirname(place))
  } catch (error) {
    throw codeOf(error) === 'EEXIST' ? thereAlready(path) : unwritable(path, error)
  } finally {
    await rm(beside, { force: true })
    unfinished.delete(beside)
  }
}

/**
 * Before work that takes long, or changes something elsewhere. `instead`: the way out that harms nothing.
 *
 * @throws CommandFailed `usage` that names the first one that is there.
 */
export async function refuseExisting(paths: readonly string[], instead?: Text): Promise<void> {
  for (const path of paths) if (await isThere(path)) throw thereAlready(path, instead)
}

export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** Those that a signal would leave behind. */
const unfinished = new Set<string>()
process.on('exit', () => {
  for (const path of unfinished) rmSync(path, { force: true })
})

/** A second name for the file fails when the place is taken; a rename would replace what is there. */
async function moveToFree(beside: string, place: string): Promise<void> {
  try {
    await link(beside, place)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error
    // Some file systems have no hard links: the place is taken first, then filled.
    await (await open(place, 'wx', PRIVATE_MODE)).close()
    await rename(beside, place)
  }
}

async function modeOf(place: string): Promise<number> {
  return stat(place).then(
    (found) => found.mode & 0o777,
    () => PUBLIC_MODE,
  )
}

/** So that the name outlives a power cut, too. Windows opens no folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } catch {
    // Some file systems sync no folders; the file itself is written.
  } finally {
    await opened.close()
  }
}

const ways: Text = {
  en: 'move it away, name another file, or give --force',
  nb: 'flytt den, velg et annet navn, eller bruk --force',
}

const thereAlready = (path: string, instead: Text = ways): CommandFailed =>
  new CommandFailed('usage', {
    en: `${path} is there already, and nothing is overwritten; ${instead.en}`,
    nb: `${path} finnes fra før, og ingenting overskrives; ${instead.nb}`,
  })

function unwritable(path: string, error: unknown): unknown {
  const code = codeOf(error)
  if (code === undefined) return error
  return new CommandFailed('failed', {
    en: `${path} cannot be written (${code}); look at its folder and who may write there`,
    nb: `${path} kan ikke skrives (${code}); se på mappen og hvem som kan skrive der`,
  })
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
