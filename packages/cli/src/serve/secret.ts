/** The secret of the token service's callers: in a file, so that it is in no list of processes. */
import { randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { CommandFailed } from '../failure.ts'
import { writeFileWhole } from '../files/write-file.ts'
import type { Terminal } from '../terminal.ts'

/** Characters. A shorter one can be tried out. */
const SHORTEST = 16

/** What the file holds; a file that is not there is made, for its owner alone, with a new secret in it. */
export async function secretFrom(file: string, terminal: Terminal): Promise<string> {
  const secret = (await read(file)) ?? (await create(file, terminal))
  if (secret.length < SHORTEST || /\s/.test(secret))
    throw new CommandFailed('settings', {
      en: `${file} holds no secret of at least ${SHORTEST} characters without spaces: delete it, and a new one is made`,
      nb: `${file} inneholder ingen hemmelighet på minst ${SHORTEST} tegn uten mellomrom: slett den, så lages en ny`,
    })
  return secret
}

async function read(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw unusable(file, error)
  }
}

async function create(file: string, terminal: Terminal): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  try {
    await writeFileWhole(file, `${secret}\n`, { isPrivate: true })
  } catch (error) {
    // Another process may have been faster.
    const there = await read(file)
    if (there === undefined) throw error
    return there
  }
  terminal.say({ en: `A new secret is in ${file}.`, nb: `En ny hemmelighet ligger i ${file}.` })
  return secret
}

/** Says so when others on this machine can read the secret. Secrets that Kubernetes mounts are such files. */
export async function warnOfReaders(file: string, terminal: Terminal): Promise<void> {
  if (process.platform === 'win32') return
  const { mode } = await stat(file)
  if ((mode & 0o077) === 0) return
  terminal.say({
    en: `${file} can be read by others on this machine: chmod 600 ${file}`,
    nb: `${file} kan leses av andre på denne maskinen: chmod 600 ${file}`,
  })
}

function unusable(file: string, error: unknown): CommandFailed {
  return new CommandFailed('settings', {
    en: `the secret in ${file} cannot be used (${codeOf(error)})`,
    nb: `hemmeligheten i ${file} kan ikke brukes (${codeOf(error)})`,
  })
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown')
