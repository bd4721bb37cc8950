// What the READMEs' imports may weigh in a user's bundle: minified, gzipped, chunks of `import()` counted.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { record, readJson, root, scope } from '../workspace.ts'

/** A budget and each file's share, as they were when `npm run size -- --write` last wrote them. */
export const WEIGHTS: string = join(root, 'scripts', 'size', 'weights.json')

/** How much more than the written weight is allowed. */
const GROWTH = 1.03
/** In bytes: an adapter without core and without its client. */
const ADAPTER_LIMIT = 1_600

const CORE = `${scope}core`

/** The packages whose imports are weighed together, by their short names, and what the bundle leaves out. */
const budgets: Readonly<Record<string, readonly [packages: readonly string[], ignore: readonly string[]]>> = {
  core: [['core'], []],
  'core with fetch': [['core', 'fetch'], []],
  'core with axios': [['core', 'axios'], ['axios']],
  'core with ky': [['core', 'ky'], ['ky']],
  fetch: [['fetch'], [CORE]],
  axios: [['axios'], [CORE, 'axios']],
  ky: [['ky'], [CORE, 'ky']],
}

/** '{ createMaskinporten, settingsFrom }': what the README imports first from a package. */
export function importOf(short: string, readme: string = readFileSync(join(root, 'README.md'), 'utf8')): string {
  const [, names] = new RegExp(`^import (\\{.*\\}) from '${scope}${short}'$`, 'm').exec(readme) ?? []
  if (names === undefined)
    throw new Error(`README.md imports nothing from ${scope}${short}; mend scripts/size/budgets.ts`)
  return names
}

/** As much of a rolldown bundle as is read here. */
type Bundle = Readonly<
  Record<string, { readonly modules?: Readonly<Record<string, { readonly code: string | null }>> }>
>

/** size-limit says how much, not what: this notes which files went in, and the length of each there. */
function noteFiles(name: string): object {
  return {
    name: 'note-files',
    generateBundle(_options: unknown, bundle: Bundle): void {
      const files = Object.values(bundle).flatMap((chunk) => Object.entries(chunk.modules ?? {}))
      const lengths = files.map(([id, { code }]) => [id, lengthOf(code ?? '')] as const)
      const folder = process.env['SIZE_NOTES']
      if (folder !== undefined) writeFileSync(join(folder, `${name}.json`), JSON.stringify(Object.fromEntries(lengths)))
    },
  }
}

/** Without comments and indentation, which the minifier takes away. */
function lengthOf(code: string): number {
  let text = ''
  let from = 0
  for (const { start, end } of parseSync('file.js', code).comments) {
    text += code.slice(from, start)
    from = end
  }
  return `${text}${code.slice(from)}`.replaceAll(/\s+/g, ' ').trim().length
}

const written = readJson(WEIGHTS)
const config: readonly object[] = Object.entries(budgets).map(([name, [packages, ignore]]) => ({
  name,
  // From the sources, so that a file can be named. The built packages weigh the same within 0.2 %.
  import: Object.fromEntries(
    packages.map((short) => [join(root, 'packages', short, 'src', 'index.ts'), importOf(short)]),
  ),
  ignore,
  limit: `${ignore.includes(CORE) ? ADAPTER_LIMIT : Math.floor(Number(record(written[name])['bytes']) * GROWTH)} B`,
  gzip: true,
  modifyRolldownConfig: (rolldown: object) => ({
    ...rolldown,
    resolve: { conditionNames: [`${scope}source`, 'import', 'default'] },
    plugins: [noteFiles(name)],
  }),
}))

// size-limit reads a configuration's default export.
export default config
