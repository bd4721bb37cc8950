// A child process with its output kept, for steps that show it only when they fail.
import { spawn } from 'node:child_process'
import { isAbsolute } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

export interface Outcome {
  readonly code: number | null
  readonly output: string
}

export interface CommandOptions {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv | undefined
}

/** Resolves whatever the exit code is; rejects only when the command does not start. */
export function runCommand([command = '', ...words]: readonly string[], options: CommandOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      cwd: options.cwd,
      // There, npm and the tools of .bin are scripts. A path may hold blanks, and goes through no shell.
      shell: process.platform === 'win32' && !isAbsolute(command) && command !== 'node' && command !== 'git',
      stdio: ['ignore', 'pipe', 'pipe'],
      // Under `npm run --silent` npm would keep its reasons to itself.
      env: { ...process.env, NO_COLOR: '1', npm_config_loglevel: 'error', ...options.env },
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      resolve({ code, output: stripVTControlCharacters(Buffer.concat(chunks).toString('utf8')) })
    })
  })
}

/** The same, and an exit code other than 0 is an error that says what the command said. */
export async function mustRun(command: readonly string[], options: CommandOptions): Promise<string> {
  const { code, output } = await runCommand(command, options)
  if (code !== 0) throw new Error(`\`${command.join(' ')}\` failed with ${String(code)}:\n${output.trim()}`)
  return output
}
