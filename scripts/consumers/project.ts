// An empty project, far from this workspace, into which a user installs the tarballs.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Tarball } from '../release/rehearsal.ts'
import { mustRun } from '../run-command.ts'
import { pnpm, publicPackages, record, root, type Json } from '../workspace.ts'

/** What users bundle and test with: the newest of each. rolldown's is the workspace's own. */
const BUILD_TOOLS: Readonly<Record<string, string>> = {
  '@babel/preset-env': '7.29.14',
  'edge-runtime': '4.0.1',
  esbuild: '0.28.2',
  jest: '30.5.2',
  rolldown: '1.2.19',
  webpack: '5.113.0',
}

export interface Entry {
  /** '@maskinporten-kit/core/adapter'. */
  readonly specifier: string
}

export interface Project {
  readonly folder: string
  readonly entries: readonly Entry[]
  readonly commands: readonly { readonly name: string; readonly path: string }[]
  remove(): void
}

export async function createProject(tarballs: readonly Tarball[]): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'))
  cpSync(join(root, 'scripts', 'consumers', 'project'), folder, { recursive: true })
  await install(folder, tarballs, { ...(await foreign()), ...BUILD_TOOLS })
  return {
    folder,
    entries: publicPackages().flatMap(({ name, manifest }) =>
      Object.entries(record(manifest['exports']))
        .filter(([, target]) => typeof target !== 'string')
        .map(([key]) => ({ specifier: `${name}${key.slice(1)}` })),
    ),
    commands: publicPackages().flatMap(({ name, manifest }) =>
      Object.entries(record(manifest['bin'])).map(([command, path]) => ({
        name: command,
        path: join(folder, 'node_modules', name, String(path)),
      })),
    ),
    remove: () => removeFolder(folder),
  }
}

/** A project with a server of the packed emulator, some of our packages, by their short names, and what others it needs. */
export async function createHost(
  sources: string,
  tarballs: readonly Tarball[],
  ours: readonly string[],
  others: Readonly<Record<string, string>>,
): Promise<Pick<Project, 'folder' | 'remove'>> {
  const folder = mkdtempSync(join(tmpdir(), `${sources}-`))
  cpSync(join(root, 'scripts', 'consumers', sources), folder, { recursive: true })
  cpSync(join(root, 'scripts', 'consumers', 'project', 'serve.mjs'), join(folder, 'serve.mjs'))
  await install(
    folder,
    tarballs.filter(({ short }) => ours.includes(short) || short === 'emulator'),
    others,
  )
  return { folder, remove: () => removeFolder(folder) }
}

async function install(folder: string, tarballs: readonly Tarball[], others: Json): Promise<void> {
  const ours = Object.fromEntries(tarballs.map(({ name, path }) => [name, `file:${path}`]))
  const manifest: Json = { name: 'consumer', private: true, type: 'module', dependencies: { ...ours, ...others } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const words = ['--no-audit', '--no-fund', '--no-package-lock', '--strict-peer-deps', '--prefer-offline']
  await mustRun(['npm', 'install', '--ignore-scripts', ...words], { cwd: folder })
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** What the code of READMEs imports and no package of ours has for a peer. */
const OF_READMES: readonly string[] = ['axios-cache-interceptor']

/** What a user installs beside ours: their peers, and more that READMEs use, at the versions this workspace is tested with. */
async function foreign(): Promise<Json> {
  const manifests = publicPackages().map(({ manifest }) => manifest)
  const peers = manifests.flatMap((manifest) => Object.keys(record(manifest['peerDependencies'])))
  const tested = new Map(manifests.flatMap((manifest) => Object.entries(record(manifest['devDependencies']))))
  const more = Object.fromEntries(OF_READMES.map((name) => [name, tested.get(name)]))
  const names = [...new Set(['@types/node', ...peers])].filter((name) => !name.startsWith('@maskinporten-kit/'))
  const catalog = record(
    record(JSON.parse(await mustRun([...pnpm, 'config', 'get', 'catalog', '--json'], { cwd: root }))),
  )
  return { ...Object.fromEntries(names.map((name) => [name, catalog[name] ?? '*'])), ...more }
}
