import { join } from 'node:path'
import webpack from 'webpack'

webpack(
  {
    mode: 'production',
    target: 'node',
    // It takes a minute for Azure's SDK, and shows nothing of ours.
    optimization: { minimize: false },
    entry: './bundles/app.mjs',
    output: { path: join(import.meta.dirname), filename: 'webpack.cjs', chunkFilename: 'webpack-[id].cjs' },
  },
  (error, stats) => {
    if (error) throw error
    if (!stats.hasErrors()) return
    console.error(stats.toString({ all: false, errors: true }))
    process.exitCode = 1
  },
)
