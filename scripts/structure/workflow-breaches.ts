// What a workflow may do is said job by job, and what it runs is pinned: a tag can be moved, a commit cannot.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const PINNED = /^\s*(?:- )?uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/

/** All that a job with an identity token may run by itself: an install by a lockfile's hashes, which runs no package's code. */
const INSTALL = /^(?:- )?run: (?:npm ci|pnpm install --frozen-lockfile)\b(?=.* --ignore-scripts\b)[^;&|]*$/
/** And the way to the pnpm that it has installed. */
const PNPM_ON_PATH = '- run: echo "$PWD/scripts/pnpm/node_modules/@pnpm/exe.linux-x64" >> "$GITHUB_PATH"'

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
    found.push(...ownCodeWithAToken(lines))
    if (!lines.includes('permissions: {}')) found.push('1: has no `permissions: {}` at the top')
    return found.map((why) => `.github/workflows/${file}:${why}`)
  })
}

/** Whoever has an identity token can publish as this project: what runs beside it is pinned, and none of it ours. */
function ownCodeWithAToken(lines: readonly string[]): readonly string[] {
  const starts = lines.flatMap((line, index) => (/^(?: {2})?\S/.test(line) ? [index] : []))
  return starts.flatMap((start, nth) => {
    const job = lines.slice(start, starts[nth + 1])
    if (!job.some((line) => /^\s+(?:permissions: )?(?:\{.*)?id-token: write\b/.test(line))) return []
    return job.flatMap((line, index) =>
      /^(?:- )?run:/.test(line.trim()) && !INSTALL.test(line.trim()) && line.trim() !== PNPM_ON_PATH
        ? [`${start + index + 1}: runs more than an install by a lockfile beside \`id-token: write\`: ${line.trim()}`]
        : [],
    )
  })
}
