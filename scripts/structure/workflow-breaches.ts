// What a workflow may do is said job by job, and what it runs is pinned: a tag can be moved, a commit cannot.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readYaml, record, type Json } from '../workspace.ts'

const PINNED = /^\s*(?:- )?uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/
/** All that a job with an identity token may run by itself: an install by a lockfile's hashes, which runs no package's code. */
const INSTALL = /^(?:npm ci|pnpm install --frozen-lockfile)\b(?=.* --ignore-scripts\b)[^;&|\\]*$/
/** And the way to the pnpm that it has installed. */
const PNPM_ON_PATH = 'echo "$PWD/scripts/pnpm/node_modules/@pnpm/exe.linux-x64" >> "$GITHUB_PATH"'

export function workflowBreaches(root: string): readonly string[] {
  const folder = join(root, '.github', 'workflows')
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((file) => {
    const found: string[] = []
    // The version of a commit stands in a comment, which the parsed workflow has not.
    for (const [index, line] of readFileSync(join(folder, file), 'utf8').split('\n').entries())
      if (/^\s*(- )?uses:/.test(line) && !PINNED.test(line))
        found.push(`${index + 1}: not pinned by a commit with its version behind it: ${line.trim()}`)
    const { permissions, jobs } = readYaml(join(folder, file))
    for (const [name, job] of Object.entries(record(jobs))) found.push(...ownCodeWithAToken(name, record(job)))
    if (JSON.stringify(permissions) !== '{}') found.push(' has no `permissions: {}` at the top')
    return found.map((why) => `.github/workflows/${file}:${why}`)
  })
}

/** Whoever has an identity token can publish as this project: what runs beside it is pinned, and none of it ours. */
function ownCodeWithAToken(name: string, { permissions, steps }: Json): readonly string[] {
  if (permissions !== 'write-all' && record(permissions)['id-token'] !== 'write') return []
  return Object.values(record(steps))
    .filter((step) => 'run' in record(step))
    .map((step) => JSON.stringify(record(step)['run']))
    .filter((run) => run !== JSON.stringify(PNPM_ON_PATH) && !INSTALL.test(run.slice(1, -1)))
    .map((run) => ` the job ${name} runs more than an install by a lockfile beside \`id-token: write\`: ${run}`)
}
