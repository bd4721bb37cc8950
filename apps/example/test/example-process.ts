/** The example as a process of its own, with empty folders to write into and no right to write elsewhere. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface ExampleProcess {
  readonly child: ChildProcess
  stdout(): string
  stderr(): string
  /** Once the output has it. Rejects when the process ends before. */
  seen(pattern: RegExp): Promise<RegExpExecArray>
  /** The exit code, or the signal's name. */
  readonly ended: Promise<number | string>
}

export interface Place {
  /** The working directory. */
  readonly folder: string
  start(...words: string[]): ExampleProcess
  /** What lies in the home, the temporary and the working folder. */
  leftovers(): Promise<readonly string[]>
  remove(): Promise<void>
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export async function openPlace(files: Readonly<Record<string, string>> = {}): Promise<Place> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'example-test-')))
  const [home, temporary, folder] = [join(root, 'home'), join(root, 'temporary'), join(root, 'work')]
  for (const one of [home, temporary, folder]) await mkdir(one)
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const running: ExampleProcess[] = []
  return {
    folder,
    start(...words) {
      const started = run(words, { home, temporary, folder })
      running.push(started)
      return started
    },
    async leftovers() {
      const found = await Promise.all([home, temporary, folder].map((one) => readdir(one)))
      return found.flat()
    },
    async remove() {
      for (const { child, ended } of running) {
        child.kill('SIGKILL')
        await ended
      }
      await rm(root, { recursive: true, force: true })
    },
  }
}

function run(
  words: readonly string[],
  { home, temporary, folder }: { readonly home: string; readonly temporary: string; readonly folder: string },
): ExampleProcess {
  const flags = [
    '--disable-warning=ExperimentalWarning',
    '--permission',
    '--allow-fs-read=*',
    `--allow-fs-write=${join(temporary, '*')}`,
  ]
  // Node 25 and later ask leave for the network too.
  if (process.allowedNodeEnvironmentFlags.has('--allow-net')) flags.push('--allow-net')
  const child = spawn(process.execPath, [...flags, '--conditions=@maskinporten-kit/source', main, ...words], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      USERPROFILE: home,
      TMPDIR: temporary,
      TEMP: temporary,
      TMP: temporary,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  const looking = new Set<() => void>()
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString()
    for (const look of looking) look()
  })
  child.stderr.on('data', (text: Buffer) => (err += text.toString()))
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'nothing'))
  })
  return {
    child,
    ended,
    stdout: () => out,
    stderr: () => err,
    seen: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(out)
          if (found) resolve(found)
        }
        looking.add(look)
        void ended.then(() => reject(new Error(`ended without ${String(pattern)}:\n${out}\n${err}`)))
        look()
      }),
  }
}
