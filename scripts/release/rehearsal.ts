// A release without publishing: a copy of the tree, versioned by its changesets and packed. What the gates examine and
// the consumers install is what would be published, version numbers and ranges included.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from '../run-command.ts'
import { copyTree } from '../tree.ts'
import { pnpm, publicPackages, readJson, root, withPnpm } from '../workspace.ts'
import { releasePlan } from './plan.ts'

const rehearsalFolder = join(root, '.release', 'rehearsal')
const tarballFolder = join(root, '.release', 'tarballs')

export interface Tarball {
  readonly name: string
  readonly short: string
  readonly version: string
  readonly path: string
}

/** Needs the packages built. Resolves to what it packed. */
export async function rehearse(): Promise<readonly Tarball[]> {
  for (const folder of [rehearsalFolder, tarballFolder]) rmSync(folder, { recursive: true, force: true })
  mkdirSync(tarballFolder, { recursive: true })
  await copyTree(rehearsalFolder, { built: true })
  await versionTree(rehearsalFolder)
  const filters = publicPackages().flatMap(({ name }) => ['--filter', name])
  await mustRun([...pnpm, ...filters, '-r', 'pack', '--pack-destination', tarballFolder], { cwd: rehearsalFolder })
  return packedTarballs()
}

/** With nothing to release, as right after a release, the versions stand: `changeset version` would exit 1. */
export async function versionTree(tree: string): Promise<void> {
  if ((await releasePlan(tree)).length === 0) return
  // It formats by `pnpm exec`, which would install first: into the packages of another tree, where a tree shares them.
  await mustRun(['changeset', 'version'], {
    cwd: tree,
    env: { ...withPnpm(), pnpm_config_verify_deps_before_run: 'false' },
  })
}

/** What the last rehearsal packed. */
export function packedTarballs(): readonly Tarball[] {
  if (!existsSync(tarballFolder)) throw new Error('nothing is packed yet; run `npm run check -- build rehearsal` first')
  return publicPackages(rehearsalFolder).map(({ name, short, folder }) => {
    const version = String(readJson(join(folder, 'package.json'))['version'])
    const file = readdirSync(tarballFolder).find((one) => one === `maskinporten-kit-${short}-${version}.tgz`)
    if (file === undefined) throw new Error(`${name}@${version} was not packed; run \`npm run check -- rehearsal\``)
    return { name, short, version, path: join(tarballFolder, file) }
  })
}
