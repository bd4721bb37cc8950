// The compilers and runtimes that users have, from the npm registry, kept between runs: those of tools/package.json, and
// the newest Node of each line that is supported, and that packages' `engines` allow.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from '../run-command.ts'
import { verifiedNode } from '../verified-node.mjs'
import { readJson, record, root } from '../workspace.ts'

export const NODES: readonly string[] = ['22.23.3', '24.21.0', '26.10.0']
const MANIFEST: string = join(import.meta.dirname, 'tools', 'package.json')

export interface Tool {
  /** 'Node 22.23.3', 'TypeScript 5.8'. */
  readonly name: string
  /** The command that runs a script, or compiles by the options, that follow. */
  readonly command: readonly string[]
}

interface Tools {
  readonly compilers: readonly Tool[]
  readonly nodes: readonly Tool[]
  /** Bun and Deno. */
  readonly others: readonly Tool[]
}

export async function installTools(): Promise<Tools> {
  const modules = join(await installOnce(), 'node_modules')
  const compilers = Object.keys(record(readJson(MANIFEST)['dependencies'])).map((alias) => ({
    name: alias.replace('typescript-', 'TypeScript '),
    command: [process.execPath, join(modules, alias, 'bin', 'tsc')],
  }))
  const nodes: Tool[] = []
  for (const version of NODES) {
    const binary = await verifiedNode(version)
    if (binary !== undefined) nodes.push({ name: `Node ${version}`, command: [binary] })
  }
  // Without any Node on the registry for this platform, the one that runs this stands in.
  if (nodes.length === 0) nodes.push({ name: `Node ${process.versions.node}`, command: [process.execPath] })
  const [bun] = globSync(join(modules, '@oven', 'bun-*', 'bin', 'bun{,.exe}'))
  const [deno] = globSync(join(modules, '@deno', '*', 'deno{,.exe}'))
  const others: Tool[] = []
  if (bun !== undefined) others.push({ name: 'Bun', command: [bun, 'run'] })
  if (deno !== undefined)
    others.push({ name: 'Deno', command: [deno, 'run', '--allow-all', '--node-modules-dir=manual'] })
  return { compilers, nodes, others }
}

/** What a run leaves out, since the registry has no binary of it for this platform. */
export function leftOut({ nodes, others }: Omit<Tools, 'compilers'>): readonly string[] {
  const wanted = [...NODES.map((version) => `Node ${version}`), 'Bun', 'Deno']
  return wanted.filter((name) => ![...nodes, ...others].some((one) => one.name === name))
}

/** Into a folder named for what is in it, so that another version is another folder. */
async function installOnce(): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(MANIFEST)).digest('hex').slice(0, 12)
  const all = join(root, 'node_modules', '.consumer-tools')
  const folder = join(all, hash)
  if (existsSync(folder)) return folder
  rmSync(all, { recursive: true, force: true })
  const unfinished = join(all, `${hash}-${process.pid}`)
  mkdirSync(unfinished, { recursive: true })
  cpSync(MANIFEST, join(unfinished, 'package.json'))
  await mustRun(['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], {
    cwd: unfinished,
  })
  renameSync(unfinished, folder)
  return folder
}
