// Lists in which a package must stand, and that no other check reads: what a page says of the tree, and the linter's rules.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publicPackages, record, scope } from '../workspace.ts'

export function mapBreaches(root: string): readonly string[] {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8')
  if (!existsSync(join(root, 'CONTRIBUTING.md'))) return []
  const [map, readme, budgets] = [read('CONTRIBUTING.md'), read('README.md'), read('scripts/size/budgets.ts')]
  const lists = linterLists(read('.oxlintrc.json'))
  const breaches = foldersOf(root)
    .filter((folder) => !new RegExp(`^${folder}(?:\\s|$)`, 'm').test(map))
    .map((folder) => `CONTRIBUTING.md: "Where things are" has no line for ${folder}`)
  for (const { short, folder } of publicPackages(root)) {
    if (!readme.includes(`[\`${short}\`](packages/${short})`))
      breaches.push(`README.md: "Packages" has no row for packages/${short}`)
    const wanted = isAdapter(join(folder, 'src')) ? [IMPORTS, 'no-restricted-globals', 'house/no-disposal'] : [IMPORTS]
    for (const rule of wanted)
      if (lists[rule]?.some((names) => names.some((name) => matches(short, name))) !== true)
        breaches.push(`.oxlintrc.json: no override of ${rule} names packages/${short}`)
    if (wanted.length > 1 && !budgets.includes(`['core', '${short}']`))
      breaches.push(`scripts/size/budgets.ts: has no 'core with ${short}'`)
  }
  return breaches
}

const IMPORTS = 'no-restricted-imports'

function foldersOf(root: string): string[] {
  return ['packages', 'apps']
    .filter((top) => existsSync(join(root, top)))
    .flatMap((top) => readdirSync(join(root, top)).map((short) => `${top}/${short}`))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
}

/** Rule → for each override that has it, the packages that its files name: `['fetch', 'config-*']`. */
function linterLists(text: string): Readonly<Record<string, readonly (readonly string[])[]>> {
  const { overrides } = record(JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, '')))
  const lists: Record<string, (readonly string[])[]> = {}
  for (const { files, rules } of Object.values(record(overrides)).map(record))
    for (const rule of Object.keys(record(rules)))
      (lists[rule] ??= []).push(Object.values(record(files)).flatMap((glob) => packagesOf(String(glob))))
  return lists
}

/** Of `packages/{a,b-*}/src/…`. One for all packages names none. */
function packagesOf(glob: string): readonly string[] {
  const [, names = ''] = /^packages\/\{?([^}/]+)\}?\//.exec(glob) ?? []
  return names.split(',').filter((name) => name !== '' && name !== '*')
}

const matches = (short: string, name: string): boolean =>
  name.endsWith('*') ? short.startsWith(name.slice(0, -1)) : short === name

/** An adapter is what imports `core/adapter`, and not its types alone. */
function isAdapter(src: string): boolean {
  const sources = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  const imported = new RegExp(`^import \\{[^}]*\\} from '${scope}core/adapter'`, 'm')
  return sources.some((path) => imported.test(readFileSync(join(src, path), 'utf8')))
}
