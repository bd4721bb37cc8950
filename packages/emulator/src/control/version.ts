/** The package's version, from its manifest: two folders up from here, in `src` as in `dist`. */
import { readFileSync } from 'node:fs'
import { parseJsonObject } from '../json.ts'

export function packageVersion(): string {
  const manifest = parseJsonObject(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return String(manifest?.['version'])
}
