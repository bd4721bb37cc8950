// @peculiar/x509 and what it depends on are 213 modules of CommonJS in Node, which cost each test that starts an emulator
// 0.3 s of processor time. In one file, without what is not used, they cost a quarter of it. tsc writes all other files.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { RolldownOptions } from 'rolldown'

/** These two work by being loaded: as a polyfill, and with its table of algorithms. */
const worksByLoading = /\/node_modules\/(?:reflect-metadata|@peculiar\/x509)\/|\/src\//

const config: RolldownOptions = {
  input: { 'certificate-libraries': 'src/tokens/certificate-libraries.ts' },
  platform: 'node',
  resolve: { mainFields: ['module', 'main'] },
  treeshake: { moduleSideEffects: (id) => worksByLoading.test(id.replaceAll('\\', '/')) },
  output: {
    dir: 'dist/tokens',
    sourcemap: true,
    sourcemapExcludeSources: true,
    postFooter: ({ modules }) => noticesOf(Object.keys(modules)),
  },
  plugins: [
    {
      name: 'no types of what is bundled',
      // No type that callers see is made of them, and they name packages that callers do not have.
      closeBundle: () => ['d.ts', 'd.ts.map'].forEach((end) => rmSync(`dist/tokens/certificate-libraries.${end}`)),
    },
  ],
}

/** @throws Error for a package without a licence. */
function noticesOf(modules: readonly string[]): string {
  const folders = modules.flatMap((id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0] ?? [])
  return [...new Set(folders)].map(noticeOf).join('\n')
}

function noticeOf(folder: string): string {
  const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly name: string }
  const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt'].map((one) => join(folder, one)).find(existsSync)
  if (file === undefined) throw new Error(`${name} has no licence to be named`)
  return `/*! With parts of ${name}:\n\n${readFileSync(file, 'utf8').trim().replaceAll('*/', '* /')}\n*/`
}

export default config
