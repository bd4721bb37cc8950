// What a bundle weighed when it was last written down, file by file, and what has changed since.
import { relative, sep } from 'node:path'

export interface Difference {
  readonly file: string
  readonly from: number
  readonly to: number
}

/** The files whose length differs, what grew most first. A file that is new or gone counts as 0 on the other side. */
export function differences(
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, number>>,
): readonly Difference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .map((file) => ({ file, from: Number(before[file] ?? 0), to: now[file] ?? 0 }))
    .filter(({ from, to }) => from !== to)
    .toSorted((one, other) => other.to - other.from - (one.to - one.from))
}

/** 'packages/core/src/errors.ts', 'jose/dist/webapi/…': the same on every machine, whatever version a dependency has. */
export function shortPath(root: string, id: string): string {
  return relative(root, id)
    .split(sep)
    .join('/')
    .replace(/^.*node_modules\//, '')
}
