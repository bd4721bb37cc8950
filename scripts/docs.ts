// `npm run docs` writes the reference pages; with `--check` it says which are out of date, and writes nothing. Either way a
// code or a setting without an entry in the catalogue fails, an entry without a code or a setting, and a path on the map
// that is not there.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { catalogueBreaches, errorsPage } from './docs/errors-page.ts'
import { deadPaths } from './docs/named-paths.ts'
import { settingBreaches, settingsPage } from './docs/settings-page.ts'
import { root } from './workspace.ts'

const checking = process.argv.includes('--check')
const found = [
  ...catalogueBreaches(),
  ...settingBreaches(),
  ...deadPaths(root, ['CONTRIBUTING.md', 'docs/extending.md']),
]
const pages = {
  'docs/en/reference/errors.md': errorsPage('en'),
  'docs/nb/reference/errors.md': errorsPage('nb'),
  'docs/en/reference/settings.md': await settingsPage(),
}
for (const [name, page] of Object.entries(pages)) {
  const path = join(root, name)
  if (existsSync(path) && readFileSync(path, 'utf8') === page) continue
  if (checking) found.push(`${name} is not what the catalogue and the sources say: run \`npm run docs\``)
  else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, page)
    console.log(`wrote ${name}`)
  }
}
for (const line of found) console.error(line)
if (found.length > 0) process.exitCode = 1
