import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

const { file, from, to } = JSON.parse(process.env['MUTANT'] ?? '{}')

/** The tree as it is, but for one change in memory. */
export default defineConfig({
  ...base,
  plugins: [
    {
      name: 'mutant',
      enforce: 'pre' as const,
      load(id: string): string | undefined {
        const path = id.split('?')[0] ?? ''
        if (!path.endsWith(`/packages/core/src/${file}`)) return undefined
        return readFileSync(path, 'utf8').replace(from, () => to)
      },
    },
  ],
  test: { ...base.test, typecheck: { enabled: false }, reporters: ['json'], fsModuleCache: false },
})
