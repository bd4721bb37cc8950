/** What is sent: method, headers and body, from the words of the command line. */
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { CommandFailed } from '../failure.ts'

/** The words before the flags: `[METHOD] TARGET`. */
export function methodAndTarget(
  words: readonly string[],
  hasBody: boolean,
): { readonly method: string; readonly word: string } {
  const [first = '', second, ...others] = words
  if (others.length > 0)
    throw new CommandFailed('usage', {
      en: `call takes a method and one address, and ${words.length} words were given: put an address with & or spaces in quotes`,
      nb: `call tar en metode og én adresse, men fikk ${words.length} ord: sett anførselstegn rundt en adresse med & eller mellomrom`,
    })
  if (second === undefined) return { method: hasBody ? 'POST' : 'GET', word: first }
  const method = first.toUpperCase()
  if (hasBody && (method === 'GET' || method === 'HEAD'))
    throw new CommandFailed('usage', {
      en: `${method} has no body: leave --body out, or name another method`,
      nb: `${method} har ingen body: ta bort --body, eller oppgi en annen metode`,
    })
  if (/^[A-Z]+$/.test(method)) return { method, word: second }
  throw new CommandFailed('usage', {
    en: `"${first}" is not a method: write call [METHOD] ADDRESS, such as call POST altinn/storage:/…`,
    nb: `"${first}" er ikke en metode: skriv call [METODE] ADRESSE, som call POST altinn/storage:/…`,
  })
}

/** `Name: value`, or `@FILE` with such lines, so that a subscription key stays out of the list of processes. */
export async function headersOf(given: readonly string[] = []): Promise<Headers> {
  const headers = new Headers()
  for (const one of given)
    for (const line of one.startsWith('@') ? await linesOf(one.slice(1)) : [one]) add(headers, line)
  return headers
}

async function linesOf(file: string): Promise<readonly string[]> {
  return (await read(file))
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
}

/** The value is in no message: it may be a key. */
function add(headers: Headers, line: string): void {
  const [, name = '', value = ''] = /^([^:]*):(.*)$/s.exec(line) ?? []
  if (name.trim().toLowerCase() === 'authorization')
    throw new CommandFailed('usage', {
      en: '--header has an Authorization of its own: leave it out, since the token goes there',
      nb: '--header har en egen Authorization: ta den bort, for tokenet skal stå der',
    })
  try {
    headers.append(name.trim(), value.trim())
  } catch {
    throw new CommandFailed('usage', {
      en: `--header takes 'Name: value' or @FILE with such lines; ${name.trim() === '' ? 'a name is missing' : 'this is none'}`,
      nb: `--header tar 'Navn: verdi' eller @FIL med slike linjer; ${name.trim() === '' ? 'et navn mangler' : 'dette er ikke det'}`,
    })
  }
}

export interface Body {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where no header says it. */
  readonly type: string
}

/** Read whole, so that it can be sent again after a 401. `-` is standard input. */
export async function bodyOf(file: string | undefined): Promise<Body | undefined> {
  if (file === undefined) return undefined
  const content = file === '-' ? await buffer(process.stdin) : await read(file)
  const bytes = new Uint8Array(content)
  return { bytes, type: typeOf(file, content) }
}

const TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.xml': 'application/xml',
  '.txt': 'text/plain; charset=utf-8',
  '.pdf': 'application/pdf',
}

function typeOf(file: string, bytes: Buffer): string {
  const byName = TYPES[extname(file).toLowerCase()]
  if (byName !== undefined) return byName
  const start = bytes.subarray(0, 200).toString('utf8').trimStart()
  if (/^[{[]/.test(start)) return 'application/json'
  return start.startsWith('<') ? 'application/xml' : 'application/octet-stream'
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new CommandFailed('usage', {
      en: `${file} cannot be read (${code})`,
      nb: `${file} kan ikke leses (${code})`,
    })
  }
}
