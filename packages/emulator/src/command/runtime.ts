/** What a command runs on, behind shells, `#!`, npx and npm's scripts: as far as it can be told without running it. */
import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { basename, delimiter, join, resolve } from 'node:path'
import type { Environment } from './run-environment.ts'
import { createScripts, type Scripts } from './scripts.ts'

export type RuntimeName = 'node' | 'bun' | 'deno' | 'python' | 'ruby' | 'php' | 'java' | 'dotnet' | 'go' | 'curl'

export interface Runtime {
  readonly name: RuntimeName
  /** The program itself: the `node` whose version counts. */
  readonly program: string
}

export interface Surroundings {
  readonly env: Environment
  readonly folder: string
  /** Aborted: no Node is waited for. */
  readonly stopped?: AbortSignal | undefined
}

/** By the program's name, without version and extension. */
const programs: readonly (readonly [RegExp, RuntimeName])[] = [
  [/^(?:node|nodejs)[\d.]*$/, 'node'],
  [/^(?:bun|bunx)$/, 'bun'],
  [/^deno$/, 'deno'],
  [/^(?:python|pypy|pytest|uvicorn|gunicorn|flask|django-admin|uv|uvx|poetry|pipenv|hatch)[\d.]*$/, 'python'],
  [/^(?:ruby|bundle|bundler|rake|rails|rspec|jruby)[\d.]*$/, 'ruby'],
  [/^(?:php|composer|phpunit|artisan)[\d.]*$/, 'php'],
  [/^(?:java|mvn|mvnw|mvnd|gradle|gradlew|sbt|kotlin|scala|jbang|clojure|lein)$/, 'java'],
  [/^dotnet$/, 'dotnet'],
  [/^go$/, 'go'],
  [/^(?:curl|wget)$/, 'curl'],
]

/** They start the `node` of PATH. */
const onNode =
  /^(?:npm|npx|pnpm|pnpx|yarn|tsx|ts-node|vitest|jest|mocha|next|nest|vite|func|nodemon|concurrently|turbo|playwright)$/
const packageManagers = /^(?:npm|pnpm|yarn)$/
const shells = /^(?:sh|bash|dash|zsh|ksh|ash|busybox)$/
/** Words that stand before the program that counts. */
const before = /^(?:exec|env|command|time|nohup|nice|cross-env|dotenv|dotenvx|op|doppler|stdbuf|setsid|xvfb-run)$/

/** `undefined`: it cannot be told. */
export async function runtimeOf(
  command: readonly string[],
  surroundings: Surroundings,
  scripts: Scripts = createScripts(),
): Promise<Runtime | undefined> {
  const [program, ...args] = withoutPrefixes(command)
  if (program === undefined) return undefined
  const name = basename(program.replaceAll('\\', '/')).replace(/\.(?:exe|cmd|bat|ps1)$/i, '')
  const inner = (words: readonly string[]): Promise<Runtime | undefined> => runtimeOf(words, surroundings, scripts)
  if (shells.test(name)) {
    const flag = args.findIndex((arg) => /^-[a-z]*c$/.test(arg))
    const script = args.find((arg) => !arg.startsWith('-'))
    const text = flag >= 0 ? args[flag + 1] : script && (await scripts.file(resolve(surroundings.folder, script)))
    return ofScript(text ?? '', inner)
  }
  if (packageManagers.test(name)) {
    const text = await scripts.ofPackage(args, surroundings.folder)
    const found = text === undefined ? undefined : await ofScript(text, inner)
    return found ?? { name: 'node', program: 'node' }
  }
  const [, known] = programs.find(([pattern]) => pattern.test(name)) ?? []
  if (known !== undefined) return { name: known, program }
  const file = scripts.mayLook() ? await find(program, surroundings) : undefined
  const [line = '', ...rest] = file === undefined ? [] : (await scripts.file(file)).split('\n')
  const [, interpreter] = /^#!\s*(.+?)\s*$/.exec(line) ?? []
  if (interpreter !== undefined) {
    const words = interpreter.split(/\s+/)
    return shells.test(basename(withoutPrefixes(words)[0] ?? '')) ? ofScript(rest.join('\n'), inner) : inner(words)
  }
  return onNode.test(name) ? { name: 'node', program: 'node' } : undefined
}

function withoutPrefixes(command: readonly string[]): readonly string[] {
  const first = command.findIndex(
    (word) => !before.test(basename(word)) && !/^[A-Za-z_]\w*=/.test(word) && !word.startsWith('-'),
  )
  // A program's own options come after it; those of `env` before.
  return first <= 0 || !isPrefix(command[0]) ? command : command.slice(first)
}

function isPrefix(word = ''): boolean {
  return before.test(basename(word)) || /^[A-Za-z_]\w*=/.test(word)
}

/** The first of its commands whose runtime is known. */
async function ofScript(
  text: string,
  inner: (words: readonly string[]) => Promise<Runtime | undefined>,
): Promise<Runtime | undefined> {
  for (const command of text.split(/\n|;|&&?|\|\|?|\(|\)/)) {
    const words = command.match(/"[^"]*"|'[^']*'|[^\s"']+/g)?.map((word) => word.replaceAll(/^["']|["']$/g, '')) ?? []
    if (words.length === 0 || words[0]?.startsWith('#') === true) continue
    const found = await inner(words)
    if (found) return found
  }
  return undefined
}

/** Where a program stands: by its path, or in PATH. `undefined`: nowhere. */
export async function find(program: string, { env, folder }: Surroundings): Promise<string | undefined> {
  const folders = /[\\/]/.test(program)
    ? [folder]
    : [join(folder, 'node_modules/.bin'), ...(env['PATH'] ?? '').split(delimiter)]
  for (const one of folders.filter((path) => path !== '')) {
    const path = resolve(one, program)
    const there = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (there) return path
  }
  return undefined
}

/** Like 'v22.20.0'. Undefined: it does not tell. */
export function nodeVersion(program: string, { env, folder, stopped }: Surroundings): Promise<string | undefined> {
  if (program === process.execPath) return Promise.resolve(process.version)
  return new Promise((done) => {
    execFile(program, ['--version'], { env, cwd: folder, signal: stopped, timeout: 5_000 }, (error, printed) =>
      done(error ? undefined : /^v\d+\.\d+\.\d+/.exec(printed)?.[0]),
    )
  })
}

/** NODE_USE_ENV_PROXY, for `fetch` and for `node:https`: Node's documentation of the command line. */
export function heedsProxy(version: string): boolean {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21)
}
