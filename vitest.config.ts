import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { pastTheProxy } from './scripts/loopback.ts'

// A proxy cannot answer that a name does not exist, as a test of such a name wants it.
Object.assign(process.env, pastTheProxy(process.env, ['.invalid']), {
  NODE_OPTIONS: quietened(process.env['NODE_OPTIONS']),
})

/**
 * Tests of commands expect nothing on standard error, and some Nodes warn there of themselves: 22.21 and later of their
 * proxy agent, 24.0 to 24.2 of the types they strip. Tests that give a process its own environment pass NODE_OPTIONS on.
 */
function quietened(own = ''): string {
  const types = /^24\.[0-2]\./.test(process.versions.node) ? ['--disable-warning=ExperimentalWarning'] : []
  return [own, '--disable-warning=UNDICI-EHPA', ...types].join(' ').trim()
}

const conditions = ['@maskinporten-kit/source', 'module', 'node', 'default']

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@maskinporten-kit/source', 'node', 'default'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
    // The type checker reads all that tsconfig.json includes, so a type error anywhere in the sources fails the tests.
    typecheck: {
      enabled: true,
      include: ['packages/*/test/**/*.test-d.ts', 'scripts/test/**/*.test-d.ts'],
      checker: 'tsc',
      tsconfig: 'tsconfig.json',
    },
    // One module graph a worker: 59 files went from 8.9 s to 1.4 s. So tests must not share module state, and nothing here has any.
    isolate: false,
    testTimeout: 20_000,
    reporters: ['default', './scripts/count-reporter.ts'],
  },
})

export default config
