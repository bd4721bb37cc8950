/** Which hosts a Node of the command looks up by itself: behind a heeded proxy it looks up none of the emulated ones. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Environment } from './run-environment.ts'

export interface NodeLookups {
  /** `--require` of what notes the hosts, behind the caller's own options. */
  readonly variables: Readonly<Record<string, string>>
  /** Each once, in lower case. */
  hosts(): Promise<readonly string[]>
}

/** A file of the package: from its source and from its build, the same. It stays when the run has ended. */
const hook: string = fileURLToPath(new URL('../../src/command/lookups.cjs', import.meta.url))

/** `folder`: where the list is written. `texts`: the command's words, and the scripts behind it. */
export function watchLookups(folder: string, inherited: Environment, texts: readonly string[]): NodeLookups {
  const options = inherited['NODE_OPTIONS'] ?? ''
  // Under the permission model it may read no file that it was not allowed to.
  if ([...texts, options].some((text) => /(?<![^\s"'=])--(?:experimental-)?permission(?![^\s"'])/.test(text))) {
    return { variables: {}, hosts: () => Promise.resolve([]) }
  }
  const list = join(folder, 'lookups.txt')
  // In NODE_OPTIONS a backslash within quotes escapes.
  const quoted = hook.replaceAll(/["\\]/g, String.raw`\$&`)
  return {
    variables: { NODE_OPTIONS: `${options} --require "${quoted}"`.trim(), EMULATED_MASKINPORTEN_LOOKUPS: list },
    async hosts() {
      const noted = await readFile(list, 'utf8').catch(() => '')
      return [...new Set(noted.split('\n').filter((host) => host !== ''))]
    },
  }
}
