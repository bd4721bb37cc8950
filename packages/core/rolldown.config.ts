// One file for each export and one that they share: seventy small ones take a process three times as long to import.
import type { RolldownOptions } from 'rolldown'

const config: RolldownOptions = {
  input: { index: 'src/index.ts', adapter: 'src/adapter.ts', internal: 'src/internal.ts' },
  external: /^jose\//,
  platform: 'neutral',
  output: {
    dir: 'dist',
    cleanDir: true,
    sourcemap: true,
    sourcemapExcludeSources: true,
    chunkFileNames: '[name].js',
    // A file in ASCII is read and compiled faster: any other character makes V8 keep all of it in two bytes a character.
    charset: 'ascii',
    // The comments are in src, which is published too.
    comments: { legal: true, annotation: true, jsdoc: false },
    codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] },
  },
}

export default config
