/** Which hosts a Node of the command looks up by itself: behind a heeded proxy it looks up none of the emulated ones. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from './run-environment.ts'

export interface NodeLookups {
  /** `--require` of what notes the hosts, behind the caller's own options. */
  readonly variables: Readonly<Record<string, string>>
  /** Each once, in lower case. */
  hosts(): Promise<readonly string[]>
}

/** `folder`: where the module is written that each Node of the command loads first, and what it notes. */
export async function watchLookups(
  folder: string,
  inherited: Environment,
  args: readonly string[],
): Promise<NodeLookups> {
  const options = inherited['NODE_OPTIONS'] ?? ''
  // Under the permission model it may read no file that it was not allowed to.
  if ([...args, ...options.split(/\s+/)].some((arg) => /^--(?:experimental-)?permission$/.test(arg))) {
    return { variables: {}, hosts: () => Promise.resolve([]) }
  }
  const [hook, list] = [join(folder, 'lookups.cjs'), join(folder, 'lookups.txt')]
  await writeFile(hook, source(list))
  // In NODE_OPTIONS a backslash within quotes escapes.
  const quoted = hook.replaceAll(/["\\]/g, String.raw`\$&`)
  return {
    variables: { NODE_OPTIONS: `${options} --require "${quoted}"`.trim() },
    async hosts() {
      const noted = await readFile(list, 'utf8').catch(() => '')
      return [...new Set(noted.split('\n').filter((host) => host !== ''))]
    },
  }
}

/** CommonJS, for every Node that there is. It changes no answer, and fails silently. */
function source(list: string): string {
  return `'use strict'
const dns = require('dns')
const { appendFileSync } = require('fs')
const noted = new Set()
function note(host) {
  const name = String(host).toLowerCase()
  if (noted.has(name) || !/[a-z]/.test(name) || name === 'localhost' || name.includes(':')) return
  noted.add(name)
  try {
    appendFileSync(${JSON.stringify(list)}, name + '\\n')
  } catch {}
}
for (const holder of [dns, dns.promises]) {
  const lookup = holder && holder.lookup
  if (!lookup) continue
  const noting = function (host) {
    note(host)
    return Reflect.apply(lookup, this, arguments)
  }
  try {
    holder.lookup = Object.defineProperties(noting, Object.getOwnPropertyDescriptors(lookup))
  } catch {}
}
`
}
