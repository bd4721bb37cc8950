// A process that serves until it is stopped.
import { spawn } from 'node:child_process'

export interface Started {
  /** What it said when it was ready: the match of `ready`. */
  readonly said: string
  readonly stop: () => Promise<void>
}

/** Resolves once what it prints matches; its first group, if there is one, is what it `said`. */
export function start(
  [command = '', ...words]: readonly string[],
  ready: RegExp,
  { cwd, env }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Started> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' })
    const ended = new Promise<void>((settle) => {
      child.on('close', () => settle())
    })
    const stop = (): Promise<void> => {
      child.kill()
      return ended
    }
    let output = ''
    const hear = (text: string): void => {
      output += text
      const [all, said = all] = ready.exec(output) ?? []
      if (said !== undefined) resolve({ said, stop })
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    child.on('error', reject)
    child.on('close', (code) => {
      const reason = /Uncaught.*/.exec(output)?.[0] ?? output.trim()
      reject(new Error(`\`${[command, ...words].join(' ')}\` ended with ${String(code)}: ${reason}`))
    })
  })
}
