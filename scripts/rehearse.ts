// A release without publishing, into .release/: a copy of the tree, versioned by its changesets and packed. What the gates
// examine and the consumers install is what would be published, version numbers and ranges included. Needs the packages
// built. `npm run release:dry` also installs from there.
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { versionTree } from './release/releases.ts'
import { packedTarballs, rehearsalFolder, tarballFolder } from './release/tarballs.ts'
import { mustRun } from './run-command.ts'
import { pnpm, publicPackages, root } from './workspace.ts'

for (const folder of [rehearsalFolder, tarballFolder]) rmSync(folder, { recursive: true, force: true })
mkdirSync(tarballFolder, { recursive: true })
await copyTree()
await versionTree(rehearsalFolder)
const filters = publicPackages().flatMap(({ name }) => ['--filter', name])
await mustRun([...pnpm, ...filters, '-r', 'pack', '--pack-destination', tarballFolder], { cwd: rehearsalFolder })
for (const { name, version, path } of packedTarballs()) console.log(`${name}@${version}  ${path}`)

/** As git would commit it, with what the build made; its packages are installed. */
async function copyTree(): Promise<void> {
  const listed = await mustRun(['git', 'ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root })
  const dists = publicPackages().map(({ short }) => `packages/${short}/dist`)
  for (const path of [...listed.split('\0').filter((one) => one !== ''), ...dists]) {
    if (!existsSync(join(root, path))) continue
    mkdirSync(dirname(join(rehearsalFolder, path)), { recursive: true })
    cpSync(join(root, path), join(rehearsalFolder, path), { recursive: true })
  }
  // Its own checks take the pnpm that this tree has verified.
  const modules = join('scripts', 'pnpm', 'node_modules')
  symlinkSync(join(root, modules), join(rehearsalFolder, modules), 'junction')
  await mustRun([...pnpm, 'install', '--frozen-lockfile', '--prefer-offline'], { cwd: rehearsalFolder })
}
