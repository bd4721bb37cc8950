// A copy of this tree as git would commit it, for what must not touch the original.
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { mustRun } from './run-command.ts'
import { pnpm, publicPackages, root } from './workspace.ts'

/** With what the build made, when `built`; its packages are installed. */
export async function copyTree(folder: string, { built }: { readonly built: boolean }): Promise<void> {
  const listed = await mustRun(['git', 'ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root })
  const dists = built ? publicPackages().map(({ short }) => `packages/${short}/dist`) : []
  for (const path of [...listed.split('\0'), ...dists]) {
    if (path === '' || !existsSync(join(root, path))) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(root, path), join(folder, path), { recursive: true })
  }
  // Its own checks take the pnpm that this tree has verified.
  symlinkSync(
    join(root, 'scripts', 'pnpm', 'node_modules'),
    join(folder, 'scripts', 'pnpm', 'node_modules'),
    'junction',
  )
  await mustRun([...pnpm, 'install', '--frozen-lockfile', '--prefer-offline'], { cwd: folder })
}
