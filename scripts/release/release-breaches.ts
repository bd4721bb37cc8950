// What changesets lets pass, and semantic versioning does not.
import { record, scope, type PublicPackage } from '../workspace.ts'
import type { Release } from './plan.ts'

const CORE = `${scope}core`

export function releaseBreaches(packages: readonly PublicPackage[], releases: readonly Release[]): readonly string[] {
  return [...silentPatches(packages, releases), ...neverReleased(packages, releases), ...belowOne(releases)]
}

/** changesets answers a major of core with a patch of those that have it as a peer: their users' installs would break. */
function silentPatches(packages: readonly PublicPackage[], releases: readonly Release[]): readonly string[] {
  if (typeOf(CORE, releases) !== 'major') return []
  return packages
    .filter(({ manifest }) => CORE in record(manifest['peerDependencies']))
    .filter(({ name }) => typeOf(name, releases) !== 'major')
    .map(
      ({ name }) => `${name}: a major of ${CORE}, its peer, is a major of its own; add '${name}': major to a changeset`,
    )
}

function neverReleased(packages: readonly PublicPackage[], releases: readonly Release[]): readonly string[] {
  return packages
    .filter(({ name, manifest }) => manifest['version'] === '0.0.0' && typeOf(name, releases) === undefined)
    .map(({ name }) => `${name}: was never released and has no changeset; add '${name}': major to one`)
}

/** Below 1.0 a minor of core would leave the peer ranges of a patch behind it. */
function belowOne(releases: readonly Release[]): readonly string[] {
  return releases
    .filter(({ newVersion }) => newVersion.startsWith('0.'))
    .map(({ name, newVersion }) => `${name}: would become ${newVersion}; every package starts at 1.0.0`)
}

function typeOf(name: string, releases: readonly Release[]): string | undefined {
  return releases.find((release) => release.name === name)?.type
}
