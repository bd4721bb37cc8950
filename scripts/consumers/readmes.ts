// Every TypeScript block of every README, as somebody who copies it would have it: in a project with the packed
// packages. All are compiled; those marked `run` are run against an emulator.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { typeScriptBlocks } from '../readmes/blocks.ts'
import { runCommand } from '../run-command.ts'
import { publicPackages, record, root } from '../workspace.ts'
import type { Project } from './project.ts'
import type { Runtime, Tools } from './tools.ts'

interface Example {
  /** 'packages/fetch/README.md:12'. */
  readonly place: string
  /** In the project's folder. */
  readonly file: string
  readonly code: string
  readonly runs: boolean
}

const FOLDER = 'readmes'

export function writeExamples(project: Project): readonly Example[] {
  mkdirSync(join(project.folder, FOLDER))
  const readmes = [root, ...publicPackages().map(({ folder }) => folder)].map((folder) => join(folder, 'README.md'))
  const examples = readmes
    .filter((path) => existsSync(path))
    .flatMap((path) => {
      const shown = relative(root, path)
      return typeScriptBlocks(readFileSync(path, 'utf8')).map(({ line, code, runs }) => ({
        place: `${shown}:${line}`,
        file: join(FOLDER, `${shown.replaceAll(/[/\\]/g, '-').replace('.md', '')}-${line}.ts`),
        // A block without imports is a module too, so that two of them do not share their names.
        code: `${code}\nexport {}\n`,
        runs,
      }))
    })
  for (const { file, code } of examples) writeFileSync(join(project.folder, file), code)
  const extended = {
    extends: './tsconfig.nodenext.json',
    compilerOptions: { lib: ['es2024', 'dom', 'esnext.disposable'] },
    include: [FOLDER],
  }
  writeFileSync(join(project.folder, 'tsconfig.readmes.json'), JSON.stringify(extended))
  return examples
}

export async function compileExamples(
  project: Project,
  examples: readonly Example[],
  { command }: Tools['compilers'][number],
): Promise<readonly string[]> {
  if (examples.length === 0) return []
  const { code, output } = await runCommand([...command, '-p', 'tsconfig.readmes.json', '--pretty', 'false'], {
    cwd: project.folder,
  })
  if (code === 0) return []
  let said = output.trim()
  for (const { place, file } of examples) said = said.replaceAll(file.replaceAll('\\', '/'), place)
  return [`READMEs (lines count from the fence):\n${said}`]
}

export async function runExamples(
  project: Project,
  examples: readonly Example[],
  { command }: Runtime,
  emulator: string,
): Promise<readonly string[]> {
  const found: string[] = []
  const { settings, addresses } = record(JSON.parse(emulator))
  writeFileSync(join(project.folder, 'appsettings.json'), JSON.stringify({ MaskinportenSettings: settings }))
  for (const { place, file, code } of examples.filter(({ runs }) => runs)) {
    let local = code
    for (const [real, emulated] of Object.entries(record(addresses))) local = local.replaceAll(real, String(emulated))
    const path = join(project.folder, file.replace('.ts', '.run.ts'))
    writeFileSync(path, local)
    const outcome = await runCommand([...command, path], { cwd: project.folder })
    if (outcome.code !== 0) found.push(`${place} does not run: ${outcome.output.trim()}`)
  }
  return found
}
