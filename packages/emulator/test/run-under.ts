/** The command `maskinporten-emulator run`, from its source, around a command of its own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { type Outcome, runFile } from './run-node.ts'

const cli: string = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
export const emulate: readonly string[] = ['--conditions=@maskinporten-kit/source', cli]

export interface Around {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** The working directory. */
  readonly folder?: string
}

export function runAround(command: readonly string[], { args = [], env = {}, folder }: Around = {}): Promise<Outcome> {
  return runFile(process.execPath, [...emulate, 'run', ...args, '--', ...command], env, folder)
}

/** Each file with its content; what is not text is written as JSON. */
export async function folderWith(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'emulator-run-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    await writeFile(join(folder, name), text, { mode: 0o755 })
  }
  return folder
}
