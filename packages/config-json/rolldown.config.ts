// jsonc-parser's `main` is a UMD build that loads its parts by a `require` of its own, so that esbuild and rolldown make
// bundles of it that do not run (jsonc-parser 3.3.1). Its ES module is bundled in here.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { RolldownOptions } from 'rolldown'

const { resolve } = createRequire(import.meta.url)
const license = readFileSync(resolve('jsonc-parser/LICENSE.md'), 'utf8').trim()

const config: RolldownOptions = {
  input: { index: 'src/index.ts' },
  external: [/^@maskinporten-kit\//, /^node:/],
  platform: 'neutral',
  resolve: { mainFields: ['module'] },
  output: {
    dir: 'dist',
    cleanDir: true,
    sourcemap: true,
    sourcemapExcludeSources: true,
    postFooter: `/*! With parts of jsonc-parser:\n\n${license}\n*/`,
  },
}

export default config
