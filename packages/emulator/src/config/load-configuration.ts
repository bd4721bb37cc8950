/** Reads and checks a configuration: a file, or an object in process. */
import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { checkMembers, type Path, pathOf } from '../control/check.ts'
import { readClientKey, type ReadKey } from './client-keys.ts'
import type { ConfiguredKey, EmulatorConfig } from './configuration.ts'
import { configurationMembers } from './configuration-members.ts'
import { parseJsonDocument } from './json-document.ts'

export interface LoadedConfiguration {
  readonly config: EmulatorConfig
  /** Of each client, in their order. */
  readonly keys: readonly (readonly ReadKey[])[]
  /** Of each client, the file that its private key is in, absolute: its own or the configuration's. `undefined`: in none. */
  readonly keyFiles: readonly (string | undefined)[]
  /** Runs a step; what it throws is told with its place in the file. @throws TypeError */
  readonly at: <T>(path: Path, step: () => T | Promise<T>) => Promise<T>
}

/**
 * `given`: a path from the working directory, or the object itself. `files` gets the file and those that its keys are in, absolute,
 * also those that cannot be read. @throws TypeError with file, line and column.
 */
export async function loadConfiguration(
  given: string | EmulatorConfig,
  files: Set<string>,
): Promise<LoadedConfiguration> {
  const { value, place, folder, file } = typeof given === 'string' ? await readDocument(given, files) : ofObject(given)
  const at = async <T>(path: Path, step: () => T | Promise<T>): Promise<T> => {
    try {
      return await step()
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error
      throw new TypeError(`${place([...path, ...(pathOf(error) ?? [])])} ${error.message}`, { cause: error })
    }
  }
  const config: EmulatorConfig = await at([], () => checkMembers(value, configurationMembers, 'the configuration'))
  const keyAt = (key: ConfiguredKey, path: Path): Promise<ReadKey> =>
    at(path, () =>
      readClientKey(key, (shown) => {
        const keyFile = resolve(folder, shown)
        files.add(keyFile)
        return readText(keyFile, shown)
      }),
    )
  const keys: (readonly ReadKey[])[] = []
  for (const [client, { keys: configured = [] }] of (config.clients ?? []).entries()) {
    keys.push(await Promise.all(configured.map((key, index) => keyAt(key, ['clients', client, 'keys', index]))))
  }
  const keyFiles = (config.clients ?? []).map(({ keys: configured = [] }, client) => {
    const index = (keys[client] ?? []).findIndex(({ d }) => d !== undefined)
    const own = configured[index]?.file
    return own === undefined ? (index < 0 ? undefined : file) : resolve(folder, own)
  })
  return { config, keys, keyFiles, at }
}

interface Source {
  readonly value: unknown
  /** What a message begins with. */
  readonly place: (path: Path) => string
  readonly folder: string
  /** `undefined`: an object. */
  readonly file: string | undefined
}

async function readDocument(path: string, files: Set<string>): Promise<Source> {
  const file = resolve(path)
  files.add(file)
  const name = basename(file)
  const { value, position } = parseJsonDocument(await readText(file, path), name)
  return { value, place: (at) => `${name}:${position(at)}`, folder: dirname(file), file }
}

function ofObject(value: unknown): Source {
  const written = (path: Path): string =>
    path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('')
  return { value, place: (path) => `config${written(path)}:`, folder: process.cwd(), file: undefined }
}

async function readText(file: string, shown: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new TypeError(`${shown} cannot be read (${code}); put the file there, or correct its path`, { cause: error })
  }
}
