// `npm run api` writes packages/*/api.md; with `--check` it says which are out of date, and writes nothing.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { apiPage } from './api/api-page.ts'
import { publicPackages, root } from './workspace.ts'

const checking = process.argv.includes('--check')
for (const one of publicPackages()) {
  const path = join(one.folder, 'api.md')
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const now = apiPage(one)
  if (before === now) continue
  if (!checking) {
    writeFileSync(path, now)
    console.log(`wrote ${relative(root, path)}`)
    continue
  }
  console.error(
    `${relative(root, path)} is not what ${one.name} exports. Run \`npm run api\`, and add a changeset for it:`,
  )
  for (const line of difference(before, now)) console.error(`  ${line}`)
  process.exitCode = 1
}

/** Lines that only one of the two has. */
function difference(before: string, now: string): readonly string[] {
  const [old, fresh] = [before.split('\n'), now.split('\n')]
  return [
    ...old.filter((line) => !fresh.includes(line)).map((line) => `- ${line}`),
    ...fresh.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ]
}
