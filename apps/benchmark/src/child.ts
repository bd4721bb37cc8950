/** A Node process that says one line of JSON about itself. As its users run it: from the built packages, no types to strip. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The numbers that it said, by name. */
export async function numbersOf(
  script: URL,
  words: readonly string[],
  { flags = [], env = {} }: { readonly flags?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Readonly<Record<string, number>>> {
  const { stdout } = await run(process.execPath, [...flags, fileURLToPath(script), ...words], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    maxBuffer: 10_000_000,
  })
  const said: unknown = JSON.parse(stdout)
  if (typeof said !== 'object' || said === null) throw new TypeError(`${fileURLToPath(script)} said no JSON object`)
  return Object.fromEntries(
    Object.entries(said).map(([name, value]) => [name, typeof value === 'number' ? value : Number.NaN]),
  )
}
