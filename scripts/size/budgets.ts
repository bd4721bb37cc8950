// What an import may weigh in a user's bundle: minified, gzipped, chunks of `import()` counted.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Budget {
  readonly name: string
  readonly path: string
  readonly import: string
  readonly ignore: readonly string[]
  /** What the check holds it to. */
  readonly limit: string
  /** What it should be, where that is not reached: the check says by how much it is missed. */
  readonly goal?: string
}

const adapter = (short: string, value: string): Budget => ({
  name: short,
  path: `packages/${short}/dist/index.js`,
  import: `{ ${value} }`,
  ignore: ['@maskinporten-kit/core', 'axios', 'ky'],
  limit: '1.5 kB',
})
const core: Omit<Budget, 'name' | 'ignore' | 'limit'> = {
  // Its modules, so that a breach can name them: the one file that is built of them weighs the same.
  path: 'packages/core/src/index.ts',
  import: '{ createMaskinporten }',
}

export const budgets: readonly Budget[] = [
  // The goals are missed: settings in three dialects, the key parser and the engine weigh what they do. Until then it may not grow.
  { ...core, name: 'core', ignore: ['jose'], limit: '26 kB', goal: '12 kB' },
  { ...core, name: 'core with jose', ignore: [], limit: '26.3 kB', goal: '16 kB' },
  adapter('fetch', 'maskinportenFetch'),
  adapter('axios', 'maskinportenAxios'),
  adapter('ky', 'maskinportenKy'),
]

/** As much of a rolldown bundle as is read here. */
type Bundle = Readonly<
  Record<string, { readonly modules?: Readonly<Record<string, { readonly renderedLength: number }>> }>
>

/** size-limit says how much, not what: this notes which modules went in, and how long each is there. */
function noteModules(name: string): object {
  return {
    name: 'note-modules',
    generateBundle(_options: unknown, bundle: Bundle): void {
      const modules = Object.values(bundle).flatMap((chunk) => Object.entries(chunk.modules ?? {}))
      const lengths = modules.map(([id, { renderedLength }]) => [id, renderedLength] as const)
      const folder = process.env['SIZE_NOTES']
      if (folder !== undefined) writeFileSync(join(folder, `${name}.json`), JSON.stringify(Object.fromEntries(lengths)))
    },
  }
}

const config: readonly object[] = budgets.map((budget) => ({
  name: budget.name,
  import: budget.import,
  ignore: budget.ignore,
  limit: budget.limit,
  path: join(import.meta.dirname, '..', '..', budget.path),
  gzip: true,
  modifyRolldownConfig: (rolldown: object) => ({ ...rolldown, plugins: [noteModules(budget.name)] }),
}))

// size-limit reads a configuration's default export.
export default config
