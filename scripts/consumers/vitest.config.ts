// The checks of the packed packages are tests too: `vitest run --config scripts/consumers/vitest.config.ts`.
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const MINUTE = 60_000

const config: ViteUserConfig = defineConfig({
  test: {
    dir: import.meta.dirname,
    include: ['*.test.ts'],
    // Two cores are kept busy, and no more: this must pass in time on a machine with two.
    maxConcurrency: 2,
    fileParallelism: false,
    testTimeout: 10 * MINUTE,
    hookTimeout: 10 * MINUTE,
    // What stands in a test's output is a note, which `check` shows.
    disableConsoleIntercept: true,
  },
})

export default config
