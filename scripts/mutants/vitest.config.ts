import { readFileSync } from 'node:fs'
import { defineConfig, type ViteUserConfig } from 'vitest/config'
import base from '../../vitest.config.ts'
import { record } from '../workspace.ts'

const mutant = record(JSON.parse(process.env['MUTANT'] ?? '{}'))
const [file, from, to] = [mutant['file'], mutant['from'], mutant['to']].map(String)

/** The tree as it is, but for one change in memory. */
const config: ViteUserConfig = defineConfig({
  ...base,
  plugins: [
    {
      name: 'mutant',
      enforce: 'pre' as const,
      load(id: string): string | undefined {
        const path = id.split('?')[0] ?? ''
        if (!path.endsWith(`/packages/core/src/${file ?? ''}`)) return undefined
        return readFileSync(path, 'utf8').replace(from ?? '', () => to ?? '')
      },
    },
  ],
  test: { ...base.test, typecheck: { enabled: false }, reporters: ['json'], fsModuleCache: false },
})

export default config
