// What a workflow may do is said job by job, and what it runs is pinned: a tag can be moved, a commit cannot.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const PINNED = /^\s*(?:- )?uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/

export function workflowBreaches(root: string): readonly string[] {
  const folder = join(root, '.github', 'workflows')
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((file) => {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n')
    const found = lines.flatMap((line, index) =>
      /^\s*(- )?uses:/.test(line) && !PINNED.test(line)
        ? [`${index + 1}: not pinned by a commit with its version behind it: ${line.trim()}`]
        : [],
    )
    if (!lines.includes('permissions: {}')) found.push('1: has no `permissions: {}` at the top')
    return found.map((why) => `.github/workflows/${file}:${why}`)
  })
}
