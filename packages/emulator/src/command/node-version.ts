/** The Node behind a command, and whether it goes where HTTPS_PROXY says. */
import { execFile } from 'node:child_process'
import { basename } from 'node:path'
import type { Environment } from './run-environment.ts'

/** Commands that start the `node` of PATH. */
const launchers = /^(?:npm|npx|pnpm|yarn|tsx|vitest|next|func)(?:\.cmd)?$/

/** Like 'v22.20.0'. Undefined: the command is no Node's, or does not tell. */
export function nodeVersion(command: string, env: Environment): Promise<string | undefined> {
  if (command === process.execPath) return Promise.resolve(process.version)
  const name = basename(command)
  const node = /^node(?:\.exe)?$/.test(name) ? command : launchers.test(name) ? 'node' : undefined
  if (node === undefined) return Promise.resolve(undefined)
  return new Promise((resolve) => {
    execFile(node, ['--version'], { env, timeout: 5_000 }, (error, printed) =>
      resolve(error ? undefined : /^v\d+\.\d+\.\d+/.exec(printed)?.[0]),
    )
  })
}

/** NODE_USE_ENV_PROXY, for `fetch` and for `node:https`: Node's documentation of the command line. */
export function heedsProxy(version: string): boolean {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21)
}
