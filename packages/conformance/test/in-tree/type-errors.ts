/** What the compiler says of a user's project: for globals and module kinds that this workspace's own configuration has not. */
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The errors in the project in `folder`, one a line. Those in core's sources are left out: a user gets declarations
 * instead, and the sources need not fit every set of globals.
 */
export async function typeErrorsIn(folder: URL): Promise<readonly string[]> {
  const compiler = join(createRequire(import.meta.url).resolve('typescript/package.json'), '..', 'bin', 'tsc')
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [compiler, '--pretty', 'false', '-p', fileURLToPath(folder)], (_, out) => resolve(out))
  })
  return output.split('\n').filter((line) => /error TS\d+/.test(line) && !/(^|\/)core\/src\//.test(line))
}
