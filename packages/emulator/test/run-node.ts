/** A Node process of its own, with only what its environment tells it. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Undefined, or why what a Node process fetches does not come to the emulator. For `skip`. */
export const proxyUnheeded: string | undefined = process.allowedNodeEnvironmentFlags.has('--use-env-proxy')
  ? undefined
  : `Node ${process.versions.node} does not heed HTTPS_PROXY; 22.21, 24.5 and newer do`

export interface Outcome {
  readonly code: number
  readonly printed: string
  readonly errors: string
}

/** Runs a module that is given as text; what it imports is looked for where this package looks. */
export function runNode(source: string, environment: Readonly<Record<string, string>>): Promise<Outcome> {
  return runFile(process.execPath, ['--input-type=module', '--eval', source], environment)
}

export function runFile(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string = fileURLToPath(new URL('..', import.meta.url)),
): Promise<Outcome> {
  return new Promise((resolve) => {
    const { PATH, HOME, NODE_OPTIONS } = process.env
    const env = { PATH, HOME, NODE_OPTIONS, ...environment }
    execFile(file, args, { cwd, env }, (error, printed, errors) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, printed, errors }),
    )
  })
}
