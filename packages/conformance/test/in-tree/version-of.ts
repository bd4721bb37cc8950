import { readFileSync } from 'node:fs'

/** `version` in the package.json at this path. */
export function versionOf(path: string): string {
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'))
  const version: unknown =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest && manifest.version
  if (typeof version !== 'string') throw new Error(`${path} has no version`)
  return version
}
