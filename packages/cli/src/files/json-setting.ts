/** One setting in a JSON file of settings: the rest of the file stays as it is, with its comments and its order. */
import { access, constants, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type JSONPath, type Node, type ParseError, applyEdits, modify, parseTree } from 'jsonc-parser'
import { CommandFailed } from '../failure.ts'
import { writeFileWhole } from './write-file.ts'

const BOM = '\uFEFF'

/**
 * Writes a text at a path such as `MaskinportenSettings:ClientId`, whatever the case of the names in the file, and
 * whether it is nested or flat there. A file that is not there is made.
 *
 * @throws CommandFailed `settings` when the file is no JSON object, or has a name on the way twice: which one counts depends
 * on who reads it; `failed` when it cannot be written.
 */
export async function setJsonSetting(path: string, setting: string, value: string): Promise<void> {
  const { content, isThere } = await withSetting(path, setting, value)
  await writeFileWhole(path, content, { isReplacing: isThere })
}

/** Before something elsewhere is made that the file must keep. @throws CommandFailed when the setting cannot be written there. */
export async function checkJsonSetting(path: string, setting: string): Promise<void> {
  await withSetting(path, setting, '')
  // The file is written beside its place and moved there, so that the folder decides.
  await access(dirname(path), constants.W_OK).catch(() => {
    throw new CommandFailed('failed', {
      en: `${path} cannot be written; look at its folder and who may write there`,
      nb: `${path} kan ikke skrives; se på mappen og hvem som kan skrive der`,
    })
  })
}

async function withSetting(
  path: string,
  setting: string,
  value: string,
): Promise<{ readonly content: string; readonly isThere: boolean }> {
  const read = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  const mark = read?.startsWith(BOM) === true ? BOM : ''
  const before = read === undefined || read.trim() === '' ? '{}\n' : read.slice(mark.length)
  const faults: ParseError[] = []
  const root = parseTree(before, faults, { allowTrailingComma: true })
  if (faults.length > 0 || root?.type !== 'object') throw broken(path)
  refuseTwice(root, setting.split(':'), path)
  const place = placeOf(root, setting)
  try {
    const edits = modify(before, place, value, {
      formattingOptions: formattingOf(before),
      // A new one goes first: behind the last, it would take over the comment on that line.
      getInsertionIndex: () => 0,
    })
    return { content: mark + applyEdits(before, edits), isThere: read !== undefined }
  } catch {
    throw new CommandFailed('settings', {
      en: `${path} has no room for ${setting}, since something over it is not an object; write {} there`,
      nb: `${path} har ikke plass til ${setting}, siden noe over den ikke er et objekt; skriv {} der`,
    })
  }
}

const broken = (path: string): CommandFailed =>
  new CommandFailed('settings', {
    en: `${path} is no whole JSON object, so nothing was written into it; correct it first`,
    nb: `${path} er ikke et helt JSON-objekt, så ingenting ble skrevet i den; rett den først`,
  })

/** Names are the same in any case. */
function refuseTwice(node: Node | undefined, parts: readonly string[], path: string): void {
  const [part, ...rest] = parts
  if (node?.type !== 'object' || part === undefined) return
  const found = (node.children ?? []).filter(
    ({ children: [name] = [] }) => String(name?.value).toLowerCase() === part.toLowerCase(),
  )
  if (found.length > 1)
    throw new CommandFailed('settings', {
      en: `${path} has ${part} twice in one place; delete one of them first`,
      nb: `${path} har ${part} to ganger på samme sted; slett den ene først`,
    })
  refuseTwice(found[0]?.children?.[1], rest, path)
}

/** Where it is, or where it belongs: under the names that are there already. */
function placeOf(root: Node | undefined, setting: string): JSONPath {
  return find(root, setting.split(':')) ?? setting.split(':')
}

/** `undefined`: no name of this node begins the path. */
function find(node: Node | undefined, parts: readonly string[]): string[] | undefined {
  if (node?.type !== 'object') return undefined
  for (const { children: [name, value] = [] } of node.children ?? []) {
    const key = String(name?.value)
    const own = key.split(':')
    if (own.length > parts.length) continue
    if (!own.every((part, index) => part.toLowerCase() === parts[index]?.toLowerCase())) continue
    const rest = parts.slice(own.length)
    if (rest.length === 0) return [key]
    if (value?.type === 'object') return [key, ...(find(value, rest) ?? rest)]
  }
  return undefined
}

/** As the file has it; a new one has two spaces. */
function formattingOf(text: string): {
  readonly insertSpaces: boolean
  readonly tabSize: number
  readonly eol: string
} {
  const [, indent = '  '] = /\n([ \t]+)\S/.exec(text) ?? []
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  }
}
