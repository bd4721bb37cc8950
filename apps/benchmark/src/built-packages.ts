/** The packages as they are published: start-up and size are theirs, not those of the sources. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../', import.meta.url))
const compiler = fileURLToPath(new URL('./bin/tsc', import.meta.resolve('typescript/package.json')))

/** @throws Error with the compiler's words. */
export async function build(packages: readonly string[]): Promise<void> {
  for (const name of packages) {
    // One after another: the adapters read core's declarations.
    await run(process.execPath, [compiler, '-p', `packages/${name}/tsconfig.build.json`], { cwd: root }).catch(
      (error: unknown) => {
        throw new Error(`${name} does not compile: ${String(Reflect.get(Object(error), 'stdout'))}`)
      },
    )
  }
}
