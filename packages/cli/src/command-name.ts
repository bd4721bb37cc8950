/** How the command is called where it runs now, for the lines that people copy. */

const PACKAGE = '@maskinporten-kit/cli'

export interface Started {
  /** The script, as the system was told it: a link is not followed. */
  readonly script: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * `maskinporten` is on the path only where it is installed for the whole machine. In a project it is found by npx, and
 * without any installation only by the name of its package: npx would fetch another one called `maskinporten`.
 */
export function commandName({ script, env }: Started = startedNow()): string {
  const path = script.replaceAll('\\', '/')
  if (isFetched(path)) return `npx ${PACKAGE}`
  const isByNpm = env['npm_command'] === 'exec' || env['npm_lifecycle_event'] === 'npx'
  return isByNpm || path.includes('/node_modules/') ? 'npx maskinporten' : 'maskinporten'
}

/** Whether it runs from a cache, with no installation that the next command would find. */
export const isInstalled = ({ script }: Started = startedNow()): boolean => !isFetched(script.replaceAll('\\', '/'))

const isFetched = (path: string): boolean => /\/(?:_npx|dlx(?:-[^/]*)?)\//.test(path)

const startedNow = (): Started => ({ script: process.argv[1] ?? '', env: process.env })
