/** Runs the command as users do: a process of its own, from the sources. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface RunOptions {
  readonly cwd?: string | undefined
  /** Over those of this process. `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** What standard input holds. Default: nothing, and it is at its end. */
  readonly input?: string | undefined
}

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export const cliFile: string = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

/** The arguments of Node, before the words. */
export const nodeArguments: readonly string[] = ['--conditions=@maskinporten-kit/source', cliFile]

/** Settings of whoever runs the tests are not those of the test. The locale is English. */
export function environmentWith(over: RunOptions['env'] = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) =>
      !/^(?:maskinporten|kvsetting|azure_|nais_|node_env|dotnet_|aspnetcore_|lc_|lang|force_color|no_color|npm_)/i.test(
        name,
      ),
  )
  return { ...Object.fromEntries(own), LANG: 'C', NODE_NO_WARNINGS: '1', ...over }
}

/** Never rejects for a command that fails: its exit code says it. */
export function maskinporten(words: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { cwd, env, input } = options
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeArguments, ...words], { cwd, env: environmentWith(env) })
    const texts = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => (texts[name] += text))
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code: code ?? (signal === 'SIGINT' ? 130 : 143), ...texts }))
    // A command that reads nothing may end before this is written.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input ?? '')
  })
}
