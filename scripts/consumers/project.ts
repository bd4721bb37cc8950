// An empty project, far from this workspace, into which a user installs the tarballs.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Tarball } from '../release/rehearsal.ts'
import { mustRun } from '../run-command.ts'
import { pnpm, publicPackages, record, root, type Json } from '../workspace.ts'

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
  const ours = Object.fromEntries(tarballs.map(({ name, path }) => [name, `file:${path}`]))
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      name: 'consumer',
      private: true,
      type: 'module',
      dependencies: { ...ours, ...(await foreign()) },
    }),
  )
  await mustRun(
    ['npm', 'install', '--no-audit', '--no-fund', '--no-package-lock', '--strict-peer-deps', '--prefer-offline'],
    { cwd: folder },
  )
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
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What a user installs beside ours: their peers, at the versions this workspace is tested with. */
async function foreign(): Promise<Json> {
  const peers = publicPackages().flatMap(({ manifest }) => Object.keys(record(manifest['peerDependencies'])))
  const names = [...new Set(['@types/node', ...peers])].filter((name) => !name.startsWith('@maskinporten-kit/'))
  const catalog = record(
    record(JSON.parse(await mustRun([...pnpm, 'config', 'get', 'catalog', '--json'], { cwd: root }))),
  )
  return Object.fromEntries(names.map((name) => [name, catalog[name] ?? '*']))
}
