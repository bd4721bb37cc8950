// What the scripts need to know of the workspace, read from its manifests.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

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

/** 'pnpm@12.21.0', the one place where its version is written. */
export const packageManager: string = String(readJson(join(root, 'package.json'))['packageManager'])

/** pnpm itself, as on a machine that has only npm. */
export const pnpm: readonly string[] = ['npx', '--yes', packageManager]

/** A command that itself looks for pnpm on PATH, as turbo and changesets do. */
export function withPnpm(command: string): readonly string[] {
  return ['npx', '--yes', '-p', packageManager, '-c', command]
}
