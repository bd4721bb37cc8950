/** What the settings of the app itself say: its files, and over them the variables of the command. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseJsonDocument } from '../config/json-document.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { findUserSecrets, type Reading, readVariableFiles } from './own-files.ts'
import type { Environment } from './run-environment.ts'

/** A value, and the file or the variable that has it. */
export interface Setting {
  readonly value: unknown
  readonly from: string
  readonly isVariable: boolean
}

/** By name in lower case. What is blank is not there. */
export type Settings = ReadonlyMap<string, Setting>

export interface OwnSettings {
  /** Of the section `MaskinportenSettings`. */
  readonly section: Settings
  /** Variables that NAIS and Skip set: `MASKINPORTEN_CLIENT_ID` and others. */
  readonly nais: Settings
  /** Files that cannot be read, a sentence each. No sentence quotes a file. */
  readonly problems: readonly string[]
}

const sectionName = 'MaskinportenSettings'

/**
 * Over `appsettings.json` comes the file of the environment that DOTNET_ENVIRONMENT, ASPNETCORE_ENVIRONMENT or NODE_ENV names.
 * Where that file is not there, or none is named: `appsettings.Development.json`, as `dotnet run` takes it. Then the file that
 * `MaskinportenSettingsFilepath` names, the user secrets of .NET, and last the variables: those of the files that the command
 * reads, and over them its environment.
 */
export async function readOwnSettings(
  env: Environment,
  folder: string,
  reading: Reading = { texts: [], runtime: undefined },
): Promise<OwnSettings> {
  const section = new Map<string, Setting>()
  const nais = new Map<string, Setting>()
  const problems: string[] = []
  const add = (to: Map<string, Setting>, name: string, setting: Setting): void => {
    if (!isBlank(setting.value)) to.set(name.toLowerCase(), setting)
  }
  const variableFiles = await readVariableFiles(reading, folder)
  const all = Object.fromEntries(
    [...variableFiles.map(({ variables: own }) => own), env].flatMap(Object.entries<string | undefined>),
  )
  let mounted = all['MaskinportenSettingsFilepath']
  const addFile = async (name: string, path = name): Promise<void> => {
    const content = await readJsonFile(resolve(folder, path), name, problems)
    if (!content) return
    for (const [key, value] of entriesOf(content)) add(section, key, { value, from: name, isVariable: false })
    for (const [key, { value }] of variables(textsOf(content)))
      add(section, key, { value, from: name, isVariable: false })
    const other = Object.entries(content).find(([key]) => /^MaskinportenSettingsFilepath$/i.test(key))?.[1]
    if (typeof other === 'string' && isBlank(mounted)) mounted = other
  }
  for (const name of await namesOfFiles(all, folder)) await addFile(name)
  if (mounted !== undefined && !isBlank(mounted)) await addFile(mounted)
  const secrets = await findUserSecrets(reading, env, folder)
  if (secrets && existsSync(secrets.path)) await addFile(`user secrets ${secrets.id}`, secrets.path)
  const addVariables = (own: Environment, file?: string): void => {
    // A variable of a file is no variable yet: one of the environment would take its place.
    const told = (setting: Setting): Setting =>
      file === undefined ? setting : { ...setting, from: file, isVariable: false }
    for (const [name, setting] of variables(own)) add(section, name, told(setting))
    for (const [name, value] of Object.entries(own)) {
      if (/^MASKINPORTEN_/i.test(name)) add(nais, name, told({ value, from: name, isVariable: true }))
    }
  }
  for (const { name, variables: own } of variableFiles) addVariables(own, name)
  addVariables(env)
  return { section, nais, problems }
}

async function namesOfFiles(env: Environment, folder: string): Promise<readonly string[]> {
  const there = await readdir(folder).catch((): string[] => [])
  const named = (environment: string | undefined): string | undefined => {
    const wanted = `appsettings${environment === undefined ? '' : `.${environment}`}.json`.toLowerCase()
    return there.find((name) => name.toLowerCase() === wanted)
  }
  const variable = ['DOTNET_ENVIRONMENT', 'ASPNETCORE_ENVIRONMENT', 'NODE_ENV'].find((name) => !isBlank(env[name]))
  const environment = variable === undefined ? undefined : env[variable]?.trim()
  const own = environment === undefined ? undefined : named(environment)
  return [named(undefined), own ?? named('Development')].filter((name) => name !== undefined)
}

async function readJsonFile(path: string, name: string, problems: string[]): Promise<JsonObject | undefined> {
  try {
    const { value } = parseJsonDocument(await readFile(path, 'utf8'), name)
    if (isJsonObject(value)) return value
    problems.push(`${name} is not a JSON object, so it is left out; write it as one`)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    if (code !== undefined) problems.push(`${name} cannot be read (${code}), so it is left out`)
    else problems.push(`${error instanceof Error ? error.message : name}; until then it is left out`)
  }
  return undefined
}

/** Of the section, nested or as `MaskinportenSettings:ClientId`. */
function entriesOf(content: JsonObject): readonly (readonly [string, unknown])[] {
  return Object.entries(content).flatMap(([name, value]): readonly (readonly [string, unknown])[] => {
    if (name.toLowerCase() === sectionName.toLowerCase()) return isJsonObject(value) ? Object.entries(value) : []
    const [, inner] = /^MaskinportenSettings:([^:]+)$/i.exec(name) ?? []
    return inner === undefined ? [] : [[inner, value]]
  })
}

/** `MaskinportenSettings:Scope:0`, as user secrets have it, is read as the variable of that name. */
function textsOf(content: JsonObject): Environment {
  return Object.fromEntries(
    Object.entries(content).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

/** `MaskinportenSettings__Scope__0` is the first of a list, and `MaskinportenSettings__Jwk__kty` a member. */
function variables(env: Environment): ReadonlyMap<string, Setting> {
  const found = new Map<string, Setting>()
  const inner = new Map<string, Map<string, unknown>>()
  for (const [variable, text] of Object.entries(env)) {
    const [, path = ''] = /^\uFEFF?MaskinportenSettings(?:__|:)(.+)$/i.exec(variable) ?? []
    const [name = '', member] = path.split(/__|:/)
    if (name === '' || text === undefined) continue
    if (member === undefined) {
      found.set(name, { value: text, from: variable, isVariable: true })
      continue
    }
    const members = inner.get(name) ?? new Map<string, unknown>()
    inner.set(name, members.set(member, text))
    const isList = [...members.keys()].every((key) => /^\d+$/.test(key))
    const sorted = [...members].toSorted(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item)
    const value = isList ? sorted : Object.fromEntries(members)
    found.set(name, { value, from: `${sectionName}__${name}`, isVariable: true })
  }
  return found
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}
