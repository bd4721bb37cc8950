// What the scripts need to know of the workspace, read from its manifests.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { parse } from 'yaml'

export const root: string = dirname(import.meta.dirname)
export const scope = '@maskinporten-kit/'

export type Json = Readonly<Record<string, unknown>>

export interface PublicPackage {
  /** '@maskinporten-kit/core'. */
  readonly name: string
  /** 'core', the folder under packages/. */
  readonly short: string
  readonly folder: string
  readonly manifest: Json
}

export function readJson(path: string): Json {
  return record(JSON.parse(readFileSync(path, 'utf8')))
}

export function readYaml(path: string): Json {
  return record(parse(readFileSync(path, 'utf8')))
}

/** Package → range of `catalog` in pnpm-workspace.yaml. */
export function catalog(from: string = root): Json {
  const path = join(from, 'pnpm-workspace.yaml')
  return existsSync(path) ? record(readYaml(path)['catalog']) : {}
}

/** The package of an import: 'a' for 'a/b', and '@a/b' for '@a/b/c'. */
export function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** The value when it is an object, else an empty one: manifests leave fields out. */
export function record(value: unknown): Json {
  return isRecord(value) ? value : {}
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null
}

/** All packages that are published, in the order of their names. */
export function publicPackages(from: string = root): readonly PublicPackage[] {
  return readdirSync(join(from, 'packages'))
    .toSorted()
    .map((short) => ({ short, folder: join(from, 'packages', short) }))
    .map(({ short, folder }) => ({
      short,
      folder,
      name: `${scope}${short}`,
      manifest: readJson(join(folder, 'package.json')),
    }))
    .filter(({ manifest }) => manifest['private'] !== true)
}

const pnpmModules = join(root, 'scripts', 'pnpm', 'node_modules')

/** The pnpm that the set-up has verified. */
export const pnpm: readonly string[] = [process.execPath, join(pnpmModules, 'pnpm', 'bin', 'pnpm.mjs')]

/** For a command that itself looks for pnpm on PATH, as turbo and changesets do: its binary for this platform. */
export function withPnpm(env: NodeJS.ProcessEnv = process.env): { readonly PATH: string } {
  const binaries = join(pnpmModules, '@pnpm')
  const folders = [...readdirSync(binaries).map((name) => join(binaries, name)), join(root, 'node_modules', '.bin')]
  return { PATH: [...folders, env['PATH'] ?? ''].join(delimiter) }
}
