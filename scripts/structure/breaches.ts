// What no linter can say of a source file: that it silences the linter, or that its name says nothing.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const VAGUE = /^(utils?|helpers?|common|misc|types|shared)\.ts$/
const SILENCED = /(oxlint|eslint)-disable|@ts-(ignore|nocheck)/

export function sourceBreaches(root: string): readonly string[] {
  return readdirSync(join(root, 'packages'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /^[^/]+\/src\/.*\.ts$/.test(path))
    .flatMap((path) => {
      const lines = readFileSync(join(root, 'packages', path), 'utf8').split('\n')
      const found = lines.flatMap((line, index) =>
        SILENCED.test(line) ? [`:${index + 1}: a check is silenced (${line.trim()}); mend what it says`] : [],
      )
      if (VAGUE.test(basename(path))) found.push(': the name says nothing; name it for its one thing')
      return found.map((why) => `packages/${path}${why}`)
    })
}
