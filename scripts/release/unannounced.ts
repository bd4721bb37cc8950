// A changed `api.md` without a changeset: a change to the public surface that nobody would be told of.
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { runCommand } from '../run-command.ts'
import { publicPackages, root } from '../workspace.ts'
import type { Release } from './plan.ts'

/** Compares with the tag of the version last released; where git has none, nothing is known and nothing is said. */
export async function unannounced(releases: readonly Release[], tree: string = root): Promise<readonly string[]> {
  const found: string[] = []
  for (const { name, folder, manifest } of publicPackages(tree)) {
    const path = relative(tree, join(folder, 'api.md'))
    const tag = `${name}@${String(manifest['version'])}`
    const { code, output } = await runCommand(['git', 'show', `${tag}:${path}`], { cwd: tree })
    if (code !== 0 || !existsSync(join(tree, path)) || readFileSync(join(tree, path), 'utf8') === output) continue
    const type = releases.find((release) => release.name === name)?.type
    if (type === 'minor' || type === 'major') continue
    found.push(
      `${path} differs from ${tag}, and no changeset says so; add '${name}': minor, or major if a name went away`,
    )
  }
  return found
}
