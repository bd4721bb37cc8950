// What the changesets of a tree would release, as changesets itself computes it.
import { getReleasePlan } from '@changesets/get-release-plan'
import { root } from '../workspace.ts'

export interface Release {
  readonly name: string
  readonly type: 'major' | 'minor' | 'patch'
  readonly oldVersion: string
  readonly newVersion: string
}

export async function releasePlan(tree: string = root): Promise<readonly Release[]> {
  const { releases } = await getReleasePlan(tree)
  return releases.filter((release) => release.type !== 'none')
}
