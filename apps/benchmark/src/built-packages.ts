/** The packages as they are published: start-up and size are theirs, not those of the sources. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = new URL('../../../', import.meta.url)

/**
 * Each by the `build` script of its own manifest: how it is built is not this app's to know.
 * @throws Error with what the script said.
 */
export async function build(packages: readonly string[]): Promise<void> {
  for (const name of packages) {
    const cwd = fileURLToPath(new URL(`packages/${name}/`, root))
    // One after another: the adapters read core's declarations.
    await run(process.execPath, ['--run', 'build'], { cwd }).catch((error: unknown) => {
      // The compiler's words are on standard output, what else fails is in the message.
      throw new Error(
        `packages/${name} does not build: ${String(error)}\n${String(Reflect.get(Object(error), 'stdout'))}`,
      )
    })
  }
}
