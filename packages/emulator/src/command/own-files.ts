/** What else the command itself reads settings from: files of variables, and the user secrets of .NET. */
import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { isJsonObject, parseJsonObject } from '../json.ts'
import type { Environment } from './run-environment.ts'
import type { RuntimeName } from './runtime.ts'

/** The command, as far as it can be told what it reads. */
export interface Reading {
  /** Its words, and the scripts behind it. */
  readonly texts: readonly string[]
  /** `undefined`: it cannot be told. */
  readonly runtime: RuntimeName | undefined
}

export interface VariableFile {
  /** As the command has it: '.env'. */
  readonly name: string
  readonly variables: Environment
}

/** The later ones count; over all of them counts the environment itself, for Node as for dotenv. */
export async function readVariableFiles({ texts, runtime }: Reading, folder: string): Promise<readonly VariableFile[]> {
  const loads = runtime === 'bun' || ((runtime === 'node' || runtime === undefined) && (await dependsOnDotenv(folder)))
  const names = [...(loads ? ['.env'] : []), ...filesOfOptions(texts, runtime)]
  const read = await Promise.all(
    [...new Set(names)].map(async (name) => {
      // One that is not there is the command's own to tell of.
      const text = await readFile(resolve(folder, name), 'utf8').catch(() => undefined)
      return text === undefined ? [] : [{ name, variables: { ...parseEnv(text) } }]
    }),
  )
  return read.flat()
}

/** `--env-file=.env`, `--env-file .env` and, of Deno, `--env-file` alone. */
function filesOfOptions(texts: readonly string[], runtime: RuntimeName | undefined): readonly string[] {
  const words = texts.flatMap((text) =>
    // A word of the command may have spaces; a script is many words.
    text.startsWith('--env-file') ? [text] : (text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []),
  )
  return words.flatMap((word, at) => {
    const [option, , value] = /^--env-file(-if-exists)?(?:=(.+))?$/.exec(word) ?? []
    if (option === undefined) return []
    const next = words[at + 1]
    if (value !== undefined) return [unquoted(value)]
    return runtime === 'deno' ? ['.env'] : next === undefined ? [] : [unquoted(next)]
  })
}

function unquoted(text: string): string {
  return text.replaceAll(/^["']|["']$/g, '')
}

async function dependsOnDotenv(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '')
  const { dependencies, devDependencies } = parseJsonObject(text) ?? {}
  return [dependencies, devDependencies].some((all) => isJsonObject(all) && Object.hasOwn(all, 'dotenv'))
}

export interface UserSecrets {
  readonly id: string
  readonly path: string
}

/**
 * Of the only project file of the folder; for `Development` alone, as the host of .NET takes them. `undefined`: the command
 * reads none. Where they are: `PathHelper` of Microsoft.Extensions.Configuration.UserSecrets.
 */
export async function findUserSecrets(
  { runtime }: Reading,
  env: Environment,
  folder: string,
): Promise<UserSecrets | undefined> {
  if (runtime !== undefined && runtime !== 'dotnet') return undefined
  const environment = env['DOTNET_ENVIRONMENT'] ?? env['ASPNETCORE_ENVIRONMENT'] ?? ''
  if (!/^(?:|development)$/i.test(environment.trim())) return undefined
  const projects = (await readdir(folder).catch((): string[] => [])).filter((name) => /\.(?:cs|fs|vb)proj$/i.test(name))
  const [project, another] = projects
  if (project === undefined || another !== undefined) return undefined
  const text = (await readFile(join(folder, project), 'utf8')).replaceAll(/<!--[^]*?-->/g, '')
  const [, id] = /<UserSecretsId\b[^>]*>\s*([\w.-]+)\s*<\/UserSecretsId>/i.exec(text) ?? []
  if (id === undefined || /^\.+$/.test(id)) return undefined
  const { APPDATA = '', HOME = '', DOTNET_USER_SECRETS_FALLBACK_DIR: fallback = '' } = env
  if (APPDATA !== '') return { id, path: join(APPDATA, 'Microsoft', 'UserSecrets', id, 'secrets.json') }
  const home = [HOME, homedir(), fallback].find((one) => one !== '') ?? ''
  return { id, path: join(home, '.microsoft', 'usersecrets', id, 'secrets.json') }
}
