// Paths that a page names and that are not there: a map is only worth its truth.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const PATH = /(?:^|`)((?:packages|apps|docs|scripts)\/[\w./-]*\w\/?)(?=[`\s])/gm

export function deadPaths(root: string, pages: readonly string[]): readonly string[] {
  return pages.flatMap((page) => {
    const named = [...readFileSync(join(root, page), 'utf8').matchAll(PATH)].map(([, path = '']) => path)
    return [...new Set(named)]
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${page} names ${path}, which is not there`)
  })
}
