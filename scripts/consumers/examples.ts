// Every TypeScript block of every README, as somebody who copies it would have it, in a project with the packed packages.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { typeScriptBlocks } from '../readmes/blocks.ts'
import { publicPackages, root } from '../workspace.ts'

export interface Example {
  /** 'packages/fetch/README.md:12': where its fence is. */
  readonly place: string
  /** In the project's folder. */
  readonly file: string
  readonly code: string
  readonly runs: boolean
}

export function writeExamples(folder: string): readonly Example[] {
  mkdirSync(join(folder, 'readmes'))
  const readmes = ['README.md', ...publicPackages().map(({ short }) => `packages/${short}/README.md`)]
  const examples = readmes.flatMap((readme) =>
    typeScriptBlocks(readFileSync(join(root, readme), 'utf8')).map(({ line, code, runs }) => ({
      place: `${readme}:${line}`,
      file: `readmes/${readme.replaceAll('/', '-').replace('.md', '')}-${line}.ts`,
      // A block without imports is a module too, so that two of them do not share their names.
      code: `${code}\nexport {}\n`,
      runs,
    })),
  )
  for (const { file, code } of examples) writeFileSync(join(folder, file), code)
  return examples
}
