/** A key that is named on the command line by its file, or comes on standard input. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { CommandFailed } from '../failure.ts'
import { type KeyFiles, keyFilesOf } from './write-key.ts'

/** More than any key with its certificate chain, bytes. */
const LARGEST = 1_000_000

/** `-`: standard input. @throws CommandFailed `usage` */
export async function readKeyFile(file: string): Promise<string> {
  const content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8').catch(() => unreadable(file))
  if (content.length <= LARGEST) return content
  throw new CommandFailed('usage', {
    en: `${file} is too large to be a key`,
    nb: `${file} er for stor til å være en nøkkel`,
  })
}

/** What `keys create` wrote in this folder, when nothing else is named; `undefined`: nothing. */
export async function defaultKeyText(kind: keyof KeyFiles, folder = '.'): Promise<string | undefined> {
  return readFile(join(folder, keyFilesOf()[kind]), 'utf8').catch(() => undefined)
}

function unreadable(file: string): never {
  throw new CommandFailed('usage', {
    en: `${file} cannot be read; name the file of a key, such as that of maskinporten keys create`,
    nb: `${file} kan ikke leses; oppgi filen til en nøkkel, som den fra maskinporten keys create`,
  })
}
