// One file for each export: seventy small ones take a process three times as long to import.
import type { RolldownOptions } from 'rolldown'

const config: RolldownOptions = {
  input: { index: 'src/index.ts', adapter: 'src/adapter.ts', internal: 'src/internal.ts' },
  external: /^jose\//,
  platform: 'neutral',
  output: { dir: 'dist', cleanDir: true, sourcemap: true, sourcemapExcludeSources: true, chunkFileNames: '[name].js' },
}

export default config
