/** A folder with one file a setting, as Kubernetes mounts a Secret: NAIS, Skip, .NET's KeyPerFile. */
import { createHash } from 'node:crypto'
import { readdir, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  type ConfigEntry,
  type ConfigLayer,
  type ConfigSource,
  type LoadContext,
  MaskinportenError,
  createConfigLayer,
} from '@maskinporten-kit/core'
import { checkPath, codeOf, decode, readBytes, refreshOf } from './from-json-file.ts'

/** What the link to the files of now is called in a mounted Secret. */
const CURRENT = '..data'
/** A swap may take the files away while they are read. */
const TRIES = 3

export interface DirectoryOptions {
  /** Absence is no error: the folder gives nothing. Default false. */
  readonly optional?: boolean | undefined
  /** How often the folder is read again, milliseconds. Default 5,000, at least 1,000; 0: never. */
  readonly refreshMs?: number | undefined
  /** What errors and `describe()` call it. Default: the path as given. */
  readonly name?: string | undefined
}

/**
 * A folder such as `/var/run/secrets/nais.io/maskinporten`: a file's name is the setting's (`MASKINPORTEN_CLIENT_ID`,
 * `MaskinportenSettings__ClientId`, or `ClientId` of the section), its content the value, without one line break at
 * the end. Files of other names are not read. All files are of one version, also while a Kubernetes `..data` link is
 * swapped.
 *
 * Its `load` rejects with `settings_unavailable`, detail `DIRECTORY_NOT_FOUND` when the folder, or a file that was there
 * before, is not there, or a link in it leads nowhere, and `JSON_READ` when one cannot be read; with `settings_invalid`,
 * detail `CONFIG_CONFLICT`, when two files are one setting and differ.
 *
 * @throws TypeError when `path` is not text.
 */
export function fromDirectory(path: string, options: DirectoryOptions = {}): ConfigSource {
  checkPath('fromDirectory', 'folder', path)
  const name = options.name ?? path
  return {
    name,
    refreshMs: refreshOf(options.refreshMs),
    nameOf: (key, section) => `file ${name}/${key.startsWith(`${section}:`) ? key.slice(section.length + 1) : key}`,
    load: (context) => loadDirectory(path, name, options.optional ?? false, context),
  }
}

async function loadDirectory(
  path: string,
  name: string,
  optional: boolean,
  context: LoadContext,
): Promise<ConfigLayer> {
  for (let tried = 1; ; tried++) {
    const current = await realpath(join(path, CURRENT)).catch(() => undefined)
    const layer = await readVersion(path, current ?? path, name, context)
    const isSame = (await realpath(join(path, CURRENT)).catch(() => undefined)) === current
    if (typeof layer === 'object' && (isSame || tried === TRIES)) return withoutLoss(layer, context)
    if (!isSame || tried < TRIES) continue
    if (typeof layer === 'string') throw gone(layer, 'leads nowhere')
    if (layer === undefined) {
      if (optional && (context.previous?.size ?? 0) === 0) {
        context.absent?.(resolve(path))
        return new Map()
      }
      throw gone(name, 'is not there')
    }
  }
}

/** `undefined`: the folder is not there. A text: the file of it that is named there and is not there. */
async function readVersion(
  path: string,
  folder: string,
  name: string,
  context: LoadContext,
): Promise<ConfigLayer | string | undefined> {
  const [names, current] = await Promise.all([namesIn(path, name, context), namesIn(folder, name, context)])
  if (names === undefined || current === undefined) return undefined
  const layer = new Map<string, ConfigEntry>()
  for (const file of names) {
    const key = keyOf(file, context)
    if (key === undefined) continue
    const place = join(current.includes(file) ? folder : path, file)
    const bytes = await readBytes(place, `${name}/${file}`, context.signal)
    if (bytes === undefined) return `${name}/${file}`
    const entry = entryOf(key, bytes, `${name}/${file}`)
    const other = layer.get(key.toLowerCase())
    if (other !== undefined && other.reveal() !== entry.reveal()) throw conflict(entry, other)
    layer.set(key.toLowerCase(), entry)
  }
  return layer
}

async function namesIn(folder: string, name: string, { signal }: LoadContext): Promise<readonly string[] | undefined> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    signal.throwIfAborted()
    return entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('..')).map((entry) => entry.name)
  } catch (error) {
    signal.throwIfAborted()
    const code = codeOf(error)
    if (code === 'ENOENT') return undefined
    const hint = code === 'ENOTDIR' ? 'Give the folder, or use fromJsonFile.' : 'Check its owner and mode.'
    throw new MaskinportenError('settings_unavailable', `${name} cannot be read as a folder (${code}). ${hint}`, {
      detail: 'DIRECTORY_READ',
      hint,
      retryable: true,
    })
  }
}

/** `__` is `:`, as in variables; a bare name is the section's, if it is a setting. The folder may hold other things. */
function keyOf(file: string, { section, keys }: LoadContext): string | undefined {
  const key = file.replaceAll('__', ':')
  if (/:|^maskinporten_/i.test(key)) return key
  return keys.find((one) => one.toLowerCase() === `${section}:${key}`.toLowerCase())
}

function entryOf(key: string, bytes: Buffer, origin: string): ConfigEntry {
  const version = createHash('sha256').update(bytes).digest('base64url').slice(0, 12)
  const value = decode(bytes, origin).replace(/\r?\n$/, '')
  const [entry] = createConfigLayer({ [key]: value }, { origin, version }).values()
  if (entry === undefined) throw new TypeError('a layer of one value has one entry')
  return entry
}

/** A file that was there and is gone is an error: the provider then keeps what it had. */
function withoutLoss(layer: ConfigLayer, { previous }: LoadContext): ConfigLayer {
  const lost = [...(previous ?? [])].find(([path]) => !layer.has(path))
  if (lost !== undefined) throw gone(lost[1].origin, 'is gone')
  return layer
}

function gone(what: string, how: string): MaskinportenError {
  const hints: Readonly<Record<string, string>> = {
    'is gone': 'Put it back, or start anew without it.',
    'leads nowhere': 'Correct the link, or delete it.',
  }
  const hint = hints[how] ?? `Mount ${what}, or call fromDirectory(path, { optional: true }).`
  return new MaskinportenError('settings_unavailable', `${what} ${how}. ${hint}`, {
    detail: 'DIRECTORY_NOT_FOUND',
    hint,
  })
}

function conflict(one: ConfigEntry, other: ConfigEntry): MaskinportenError {
  const hint = 'Keep one of the two files.'
  const message = `${one.origin} and ${other.origin} are one setting with two values. ${hint}`
  const problems = [{ code: 'CONFIG_CONFLICT', key: one.key, origin: `${one.origin}, ${other.origin}`, message }]
  return new MaskinportenError('settings_invalid', message, { detail: 'CONFIG_CONFLICT', hint, problems })
}
