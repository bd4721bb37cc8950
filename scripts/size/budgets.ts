// What the READMEs' imports may weigh in a user's bundle: minified, gzipped, chunks of `import()` counted.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { record, readJson, root, scope } from '../workspace.ts'

/** A budget and each file's share, as they were when `npm run size -- --write` last wrote them. */
export const WEIGHTS: string = join(root, 'scripts', 'size', 'weights.json')

/** How much more than the written weight is allowed. */
const GROWTH = 1.03
/** An adapter without core and without its client. */
const ADAPTER_LIMIT = 1_600

interface Budget {
  readonly name: string
  /** The packages whose imports are weighed together, by their short names. */
  readonly packages: readonly string[]
  /** What the bundle leaves out. */
  readonly ignore: readonly string[]
  /** In bytes. */
  readonly limit: number
}

const written = readJson(WEIGHTS)
const grown = (name: string): number => Math.floor(Number(record(written[name])['bytes']) * GROWTH)
const withCore = (name: string, packages: readonly string[], ignore: readonly string[] = []): Budget => ({
  name,
  packages,
  ignore,
  limit: grown(name),
})
const adapter = (short: string): Budget => ({
  name: short,
  packages: [short],
  ignore: [`${scope}core`, 'axios', 'ky'],
  limit: ADAPTER_LIMIT,
})

const budgets: readonly Budget[] = [
  withCore('core', ['core']),
  withCore('core with fetch', ['core', 'fetch']),
  withCore('core with axios', ['core', 'axios'], ['axios']),
  withCore('core with ky', ['core', 'ky'], ['ky']),
  adapter('fetch'),
  adapter('axios'),
  adapter('ky'),
]

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

const config: readonly object[] = budgets.map(({ name, packages, ignore, limit }) => ({
  name,
  // From the sources, so that a file can be named. The built packages weigh the same within 0.2 %.
  import: Object.fromEntries(
    packages.map((short) => [join(root, 'packages', short, 'src', 'index.ts'), importOf(short)]),
  ),
  ignore,
  limit: `${limit} B`,
  gzip: true,
  modifyRolldownConfig: (rolldown: object) => ({
    ...rolldown,
    resolve: { conditionNames: [`${scope}source`, 'import', 'default'] },
    plugins: [noteFiles(name)],
  }),
}))

// size-limit reads a configuration's default export.
export default config
