export default {
  input: 'bundles/app.mjs',
  platform: 'node',
  output: { file: 'bundles/rolldown.cjs', format: 'cjs', codeSplitting: false },
}
