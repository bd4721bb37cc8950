// The compilers and runtimes that users have, from the npm registry: each once, kept between runs.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { mustRun } from '../run-command.ts'
import { readJson, record, root } from '../workspace.ts'

const TYPESCRIPT: readonly string[] = ['5.8.3', '5.9.3', '6.0.3', '7.0.2']
/** The newest of each line that is supported, and that packages' `engines` allow. */
const NODE: readonly string[] = ['22.23.3', '24.21.0', '26.10.0']
const BUN = '1.4.5'
const DENO = '2.9.6'

const BUN_PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@oven/bun-linux-x64',
  'linux-arm64': '@oven/bun-linux-aarch64',
  'darwin-x64': '@oven/bun-darwin-x64',
  'darwin-arm64': '@oven/bun-darwin-aarch64',
  'win32-x64': '@oven/bun-windows-x64',
  'win32-arm64': '@oven/bun-windows-aarch64',
}
const DENO_PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@deno/linux-x64-glibc',
  'linux-arm64': '@deno/linux-arm64-glibc',
  'darwin-x64': '@deno/darwin-x64',
  'darwin-arm64': '@deno/darwin-arm64',
  'win32-x64': '@deno/win32-x64',
  'win32-arm64': '@deno/win32-arm64',
}

export interface Runtime {
  /** 'Node 22.23.3'. */
  readonly name: string
  /** The command that runs a script whose path follows. */
  readonly command: readonly string[]
  readonly isNode: boolean
}

export interface Tools {
  readonly compilers: readonly { readonly name: string; readonly command: readonly string[] }[]
  readonly runtimes: readonly Runtime[]
  /** Runtimes that the registry has no binary of for this platform. */
  readonly missing: readonly string[]
}

interface Choice {
  /** Alias → 'npm:package@version'. */
  readonly wanted: Readonly<Record<string, string>>
  readonly runtimes: readonly {
    readonly name: string
    /** Where it is installed; undefined: it is the one that runs this. */
    readonly alias: string | undefined
    readonly words: readonly string[]
  }[]
  readonly missing: readonly string[]
}

/** What there is for a platform ('linux-x64'). Without any Node on the registry, the one that runs this stands in. */
export function toolsFor(platform: string): Choice {
  const nodePackage = record(readJson(join(root, 'scripts', 'node-packages.json'))[platform])['name']
  const wanted: Record<string, string> = Object.fromEntries(
    TYPESCRIPT.map((version) => [`typescript-${version}`, `npm:typescript@${version}`]),
  )
  const runtimes: Choice['runtimes'][number][] = []
  const missing: string[] = []
  const want = (name: string, from: unknown, version: string, words: readonly string[]): void => {
    if (typeof from !== 'string') return void missing.push(`${name} ${version}`)
    const alias = `${name.toLowerCase()}-${version}`
    wanted[alias] = `npm:${from}@${version}`
    runtimes.push({ name: `${name} ${version}`, alias, words })
  }
  for (const version of NODE) want('Node', nodePackage, version, [])
  if (runtimes.length === 0) runtimes.push({ name: `Node ${process.versions.node}`, alias: undefined, words: [] })
  want('Bun', BUN_PACKAGES[platform], BUN, ['run'])
  want('Deno', DENO_PACKAGES[platform], DENO, ['run', '--allow-all', '--node-modules-dir=manual'])
  return { wanted, runtimes, missing }
}

export async function installTools(): Promise<Tools> {
  const { wanted, runtimes, missing } = toolsFor(`${process.platform}-${process.arch}`)
  const modules = join(await install(wanted), 'node_modules')
  return {
    compilers: TYPESCRIPT.map((version) => ({
      name: `TypeScript ${version}`,
      command: [process.execPath, join(modules, `typescript-${version}`, 'bin', 'tsc')],
    })),
    runtimes: runtimes.map(({ name, alias, words }) => ({
      name,
      command: [alias === undefined ? process.execPath : binaryOf(join(modules, alias)), ...words],
      isNode: name.startsWith('Node'),
    })),
    missing,
  }
}

/** Into a folder named for what is in it, so that another version is another folder. */
async function install(dependencies: Readonly<Record<string, string>>): Promise<string> {
  const text = JSON.stringify({ private: true, dependencies })
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12)
  const folder = join(root, 'node_modules', '.consumer-tools', hash)
  if (existsSync(folder)) return folder
  const unfinished = `${folder}-${process.pid}`
  mkdirSync(unfinished, { recursive: true })
  writeFileSync(join(unfinished, 'package.json'), text)
  await mustRun(['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], {
    cwd: unfinished,
  })
  renameSync(unfinished, folder)
  for (const old of readdirSync(dirname(folder)).filter((one) => one !== hash)) {
    rmSync(join(dirname(folder), old), { recursive: true })
  }
  return folder
}

/** Where the packages keep it: bin/node, bin/bun, deno, with .exe on Windows. */
function binaryOf(folder: string): string {
  const names = ['node', 'bun', 'deno'].flatMap((name) => [name, `${name}.exe`])
  const found = names
    .flatMap((name) => [join(folder, 'bin', name), join(folder, name)])
    .find((path) => existsSync(path))
  if (found === undefined)
    throw new Error(`no binary in ${folder}; look where its package keeps it, and say so in scripts/consumers/tools.ts`)
  return found
}
