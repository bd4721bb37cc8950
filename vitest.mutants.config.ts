import { defineConfig, type ViteUserConfig } from 'vitest/config'
import base from './vitest.config.ts'

/** What Stryker runs against each mutant (stryker.config.json): core's own tests, without the type checker and a long fuzz. */
const config: ViteUserConfig = defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['packages/core/test/**/*.test.ts'],
    typecheck: { enabled: false },
    env: { FUZZ_RUNS: '100' },
  },
})

export default config
