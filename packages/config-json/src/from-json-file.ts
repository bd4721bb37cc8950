/** One JSON file as a source. */
import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import {
  type ConfigLayer,
  type ConfigSource,
  type LoadContext,
  MaskinportenError,
  createConfigLayer,
} from '@maskinporten-kit/core'
import { jsonError, parseJson } from './parse-json.ts'

const REFRESH_MS = 5_000
const SHORTEST_REFRESH_MS = 1_000

export interface JsonFileOptions {
  /** Absence is no error: the file gives nothing. Default false. */
  readonly optional?: boolean | undefined
  /** How often the file is read again, milliseconds. Default 5,000, at least 1,000; 0: never. */
  readonly refreshMs?: number | undefined
  /** What errors and `describe()` call it. Default: the path as given. */
  readonly name?: string | undefined
}

/**
 * A JSON file: a whole tree, read as .NET reads `appsettings.json`. Altinn's mounted `maskinporten-settings.json` is one.
 * Read again by its content, so that an atomic rename and a Kubernetes `..data` swap are seen.
 *
 * Its `load` rejects with `settings_invalid` (`JSON_SYNTAX`, `JSON_DUPLICATE_KEY`, `JSON_TOP_LEVEL`) or
 * `settings_unavailable` (`JSON_NOT_FOUND`, `JSON_READ`).
 *
 * @throws TypeError when `path` is not text.
 */
export function fromJsonFile(path: string, options: JsonFileOptions = {}): ConfigSource {
  checkPath('fromJsonFile', 'file', path)
  const name = options.name ?? path
  return {
    name,
    refreshMs: refreshOf(options.refreshMs),
    load: (context) => loadFile(path, name, options.optional ?? false, context),
  }
}

/** From plain JavaScript it may be anything. */
export function checkPath(of: string, what: string, path: unknown): void {
  if (typeof path === 'string' && path !== '') return
  const kind =
    path === ''
      ? 'an empty text'
      : path === null || path === undefined
        ? String(path)
        : typeof path === 'object'
          ? 'an object'
          : `a ${typeof path}`
  throw new TypeError(`${of} takes the path of a ${what} as text; it got ${kind}`)
}

export function refreshOf(refreshMs: number = REFRESH_MS): number | undefined {
  return refreshMs > 0 ? Math.max(refreshMs, SHORTEST_REFRESH_MS) : undefined
}

/** A file that was there and is gone is an error, optional or not: the provider then keeps what it had. */
export async function loadFile(
  path: string,
  name: string,
  optional: boolean,
  { previous, signal, warn, absent }: LoadContext,
): Promise<ConfigLayer> {
  const bytes = await readBytes(path, name, signal)
  if (bytes === undefined) {
    const twin = await twinOf(path)
    const slip = twin === undefined ? '' : ` There is ${twin}, which differs in case.`
    if (!optional || (previous?.size ?? 0) > 0) {
      const hint = `Create ${name}, or call fromJsonFile(path, { optional: true }).`
      throw new MaskinportenError('settings_unavailable', `${name} is not there.${slip} ${hint}`, {
        detail: 'JSON_NOT_FOUND',
        hint,
      })
    }
    if (twin !== undefined)
      warn({ code: 'JSON_NAME_CASE', key: name, message: `${name} is not there.${slip} Rename it.` })
    else absent?.(resolve(path))
    return new Map()
  }
  const version = createHash('sha256').update(bytes).digest('base64url').slice(0, 12)
  if (previous !== undefined && [...previous.values()].some((entry) => entry.version === version)) return previous
  const placed = parseJson(decode(bytes, name), name)
  const lines = new Map(placed.map(({ key, line }) => [key, line]))
  const values = Object.fromEntries(placed.map(({ key, value }) => [key, value]))
  return createConfigLayer(values, { origin: (key) => `${name}:${lines.get(key) ?? 1}`, version })
}

export async function readBytes(path: string, name: string, signal: AbortSignal): Promise<Buffer | undefined> {
  try {
    return await readFile(path, { signal })
  } catch (error) {
    signal.throwIfAborted()
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    const hint = 'Check its owner and mode.'
    throw new MaskinportenError('settings_unavailable', `${name} cannot be read (${code}). ${hint}`, {
      detail: 'JSON_READ',
      hint,
      retryable: true,
    })
  }
}

/** 'ENOENT', and the like. By shape: in Jest, Node's own errors are of another `Error` class than the one that is seen here. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'no code'
}

/** UTF-8, or UTF-16 with its byte order mark, as Windows shells write it. */
export function decode(bytes: Buffer, name: string): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw jsonError('JSON_SYNTAX', `${name}:1:1`, 'is not UTF-8 text. Save it as UTF-8.')
  }
}

/** A name in the same folder that differs in case only. */
export async function twinOf(path: string): Promise<string | undefined> {
  const name = basename(path)
  const names = await readdir(dirname(path)).catch(() => [])
  const twins = names.filter((other) => other.toLowerCase() === name.toLowerCase())
  const twin = twins.includes(name) ? name : twins.toSorted()[0]
  return twin === undefined ? undefined : join(dirname(path), twin)
}
