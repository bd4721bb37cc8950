// What a user would run into: each of these says what went wrong, or nothing.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { runCommand } from '../run-command.ts'
import type { Project } from './project.ts'
import type { Runtime, Tools } from './tools.ts'

export async function compile(
  project: Pick<Project, 'folder'>,
  { name, command }: Tools['compilers'][number],
): Promise<readonly string[]> {
  const found: string[] = []
  for (const config of ['nodenext', 'bundler', 'commonjs', 'web']) {
    const { code, output } = await runCommand([...command, '-p', `tsconfig.${config}.json`, '--pretty', 'false'], {
      cwd: project.folder,
    })
    // What is indented goes on with the complaint above it.
    const complaints = output.trim().split(/\n(?=\S)/)
    const ours = complaints.filter((one) => !isForeign(one))
    // Ended so, it complained; otherwise it crashed, whatever it had said before.
    const complained = code === 1 || code === 2
    if (code === 0 || (complained && ours.length === 0)) continue
    found.push(`${name}, ${config}: ended with ${String(code)}:\n${ours.join('\n').trim()}`)
  }
  return found
}

/** A complaint about another's types, which they have with or without us. */
function isForeign(complaint: string): boolean {
  return /^node_modules\/(?!@maskinporten-kit\/)\S+: error TS\d+/.test(complaint)
}

/** Every entry by `import` and by `require()`: they load, and give the same names. */
export async function load(project: Project, { name, command }: Runtime): Promise<readonly string[]> {
  const specifiers = project.entries.map(({ specifier }) => specifier)
  const [imported, required] = await Promise.all(
    ['imports.mjs', 'requires.cjs'].map((file) =>
      runCommand([...command, file, ...specifiers], { cwd: project.folder }),
    ),
  )
  if (imported?.code !== 0) return [`${name}, import: ${imported?.output.trim() ?? ''}`]
  if (required?.code !== 0) return [`${name}, require: ${required?.output.trim() ?? ''}`]
  if (imported.output !== required.output)
    return [`${name}: import gives ${imported.output}, require ${required.output}`]
  return imported.output.includes('[]') ? [`${name}: an entry exports nothing: ${imported.output}`] : []
}

/** The packed exams, sat by the packed packages: as somebody with an adapter of their own runs them. */
export async function sit(project: Project, { name, command }: Runtime): Promise<readonly string[]> {
  const vitest = join('node_modules', 'vitest', 'vitest.mjs')
  const words = ['run', 'exams.test.mjs', '--reporter=default', '--testTimeout=60000']
  const { code, output } = await runCommand([...command, vitest, ...words], { cwd: project.folder })
  return code === 0 && /Tests +\d+ passed/.test(stripVTControlCharacters(output))
    ? []
    : [`${name}: the exams, sat from the packed packages: ${output.trim()}`]
}

export async function runCommands(project: Project, { name, command }: Runtime): Promise<readonly string[]> {
  const found: string[] = []
  for (const bin of project.commands) {
    const { code, output } = await runCommand([...command, bin.path, '--help'], { cwd: project.folder })
    if (code !== 0) found.push(`${name}: \`${bin.name} --help\` ended with ${String(code)}: ${output.trim()}`)
  }
  return found
}

/** A token and a call with it, against an emulator that runs as its own process. */
export async function talk(project: Project, runtime: Runtime, emulator: string): Promise<readonly string[]> {
  const { code, output } = await runCommand([...runtime.command, 'talk.mjs'], {
    cwd: project.folder,
    env: { EMULATOR: emulator },
  })
  return code === 0 && output.includes('"status":200')
    ? []
    : [`${runtime.name} cannot do the main job: ${output.trim()}`]
}

export interface Served {
  /** What talk.mjs needs to know, as JSON. */
  readonly emulator: string
  stop(): void
}

export function serve(project: Pick<Project, 'folder'>): Promise<Served> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(project.folder, 'serve.mjs')], {
      cwd: project.folder,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let [said, wrong] = ['', '']
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      wrong += text
    })
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('\n')) resolve({ emulator: said.trim(), stop: () => void child.stdin.end() })
    })
    child.on('error', reject)
    child.on('close', (code) => {
      reject(new Error(`the packed emulator ended with ${String(code)}: ${wrong.trim()}`))
    })
  })
}
