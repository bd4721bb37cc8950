// What the changesets of a tree would release, and what changesets lets pass there and semantic versioning does not.
import { getReleasePlan } from '@changesets/get-release-plan'
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { mustRun, runCommand } from '../run-command.ts'
import { publicPackages, record, root, scope, withPnpm, type PublicPackage } from '../workspace.ts'

const CORE = `${scope}core`

export interface Release {
  readonly name: string
  readonly type: 'major' | 'minor' | 'patch'
  readonly oldVersion: string
  readonly newVersion: string
}

/** As changesets itself computes it. */
export async function releasePlan(tree: string = root): Promise<readonly Release[]> {
  const { releases } = await getReleasePlan(tree)
  return releases.filter((release) => release.type !== 'none')
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

export function releaseBreaches(packages: readonly PublicPackage[], releases: readonly Release[]): readonly string[] {
  const found: string[] = []
  const coreBreaks = typeOf(CORE, releases) === 'major'
  for (const { name, manifest } of packages) {
    const type = typeOf(name, releases)
    // changesets answers a major of core with a patch of those that have it as a peer: their users' installs would break.
    if (coreBreaks && type !== 'major' && CORE in record(manifest['peerDependencies']))
      found.push(`${name}: a major of ${CORE}, its peer, is a major of its own; add '${name}': major to a changeset`)
    if (type === undefined && manifest['version'] === '0.0.0')
      found.push(`${name}: was never released and has no changeset; add '${name}': major to one`)
  }
  // Below 1.0 a minor of core would leave the peer ranges of a patch behind it.
  for (const { name, newVersion } of releases)
    if (newVersion.startsWith('0.'))
      found.push(
        `${name}: would become ${newVersion}; every package starts at 1.0.0: say '${name}': major in its changeset`,
      )
  return found
}

/**
 * A changed `api.md` without a changeset: a change to the public surface that nobody would be told of. Compares with the
 * tag of the version last released; where git has none, nothing is known and nothing is said.
 */
export async function unannounced(releases: readonly Release[], tree: string = root): Promise<readonly string[]> {
  const found: string[] = []
  for (const { name, folder, manifest } of publicPackages(tree)) {
    const path = relative(tree, join(folder, 'api.md'))
    const tag = `${name}@${String(manifest['version'])}`
    const { code, output } = await runCommand(['git', 'show', `${tag}:${path}`], { cwd: tree })
    if (code !== 0 || !existsSync(join(tree, path)) || readFileSync(join(tree, path), 'utf8') === output) continue
    const type = typeOf(name, releases)
    if (type === 'minor' || type === 'major') continue
    found.push(
      `${path} differs from ${tag}, and no changeset says so; add '${name}': minor, or major if a name went away`,
    )
  }
  return found
}

function typeOf(name: string, releases: readonly Release[]): Release['type'] | undefined {
  return releases.find((release) => release.name === name)?.type
}
